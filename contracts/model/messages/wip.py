"""Work in process that moves: production brings what it has weighed out to another of its places.

ISA-95: OperationsPerformance (Production), MaterialActual consumed at one place and produced at the
other. EPCIS: ObjectEvent OBSERVE departing in_transit, then arriving in_progress.
Source: URS-WIP-001; 21 CFR 211.188(b).
"""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from contracts.model.envelope import Payload
from contracts.model.identifiers import Id, LotNumber, Sscc
from contracts.model.instants import Timestamp
from contracts.model.quantities import PositiveQuantity


class WipTransferred(Payload):
    """MES → WMS. A dispensed container went from one production location to another, whole."""

    transfer_id: Id
    order_id: Id
    line_id: Id
    container: Sscc
    material_id: Id
    lot_id: Id
    lot: LotNumber
    quantity: PositiveQuantity
    """What of it is in process: neither returned, scrapped nor consumed."""
    from_location: Id
    to_location: Id
    transferred_at: Timestamp
    transferred_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.transfer_id

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if self.from_location == self.to_location:
            raise ValueError("it goes to where it is")
        return self
