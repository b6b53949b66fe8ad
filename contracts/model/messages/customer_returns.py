"""Customer returns: what comes back is held apart until quality has decided.

ISA-95: OperationsPerformance (Inventory), MaterialActual Material Produced at the dock. EPCIS:
ObjectEvent OBSERVE receiving returned with the rma. Source: URS-RET-002; 21 CFR 211.204.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from contracts.model.envelope import Payload
from contracts.model.identifiers import Gtin14, Id, LotNumber, SerialNumber, Sscc
from contracts.model.instants import Day, Timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.messages.lot_status import Text
from contracts.model.quantities import PositiveQuantity
from contracts.model.serials import must_be_counted

Serials = Annotated[tuple[SerialNumber, ...], Field(max_length=1000)]


class ReturnReceived(Payload):
    """WMS → MES. A customer sent a container back; it is in quarantine, whatever its lot is.

    ``container`` left with ``shipment_id``. ``serials`` are the units that came back in it, as many
    as ``quantity`` says; none where the material has no serial numbers.
    """

    return_id: Id
    shipment_id: Id
    customer_id: Id
    rma_id: Id | None = None
    """The returned goods authorisation, where one was given."""
    container: Sscc
    material_id: Id
    gtin: Gtin14 | None = None
    lot_id: Id
    lot: LotNumber
    expires_on: Day
    quantity: PositiveQuantity
    serials: Serials = ()
    status: LotStatus
    """QUARANTINE; a receiver enters it so, whatever stands here."""
    location_id: Id
    reason: Text
    received_at: Timestamp
    received_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.return_id

    @model_validator(mode="after")
    def _serials_are_counted(self) -> Self:
        must_be_counted(self.serials, self.quantity, self.gtin)
        return self
