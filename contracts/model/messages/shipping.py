"""Messages about shipping: what left the site, and for whom.

Source: URS-PAK-004; 21 CFR 211.150(b): by lot and consignee, so that a recall finds everything.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from contracts.model.envelope import Payload
from contracts.model.identifiers import Id, LotNumber, Sscc
from contracts.model.instants import Day, Timestamp
from contracts.model.quantities import PositiveQuantity
from contracts.model.wire_model import WireModel


class ShippedContent(WireModel):
    """What one container holds that left in ``unit``, the outermost one; it may be that itself."""

    unit: Sscc
    sscc: Sscc
    material_id: Id
    lot_id: Id
    lot: LotNumber
    expires_on: Day
    quantity: PositiveQuantity


class ShipmentConfirmed(Payload):
    """WMS → MES. Closed units left the site for a consignee, with this content at every level."""

    shipment_id: Id
    customer_id: Id
    consignee: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    content: Annotated[tuple[ShippedContent, ...], Field(min_length=1, max_length=5000)]
    shipped_at: Timestamp
    shipped_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.shipment_id

    @model_validator(mode="after")
    def _containers_are_distinct(self) -> Self:
        named = [item.sscc for item in self.content]
        if len(set(named)) != len(named):
            raise ValueError("a container left twice")
        return self
