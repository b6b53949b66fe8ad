"""Picks: production asks the warehouse for material, the warehouse says what it brought.

ISA-95: a pick request is an operations request (Inventory) with material requirements; a
confirmation is a material actual with sublot. EPCIS: a request is no event; a confirmation is an
ObjectEvent OBSERVE picking, then storing with the production supply area as business location.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from contracts.model.envelope import Payload
from contracts.model.identifiers import Gtin14, Id, LotNumber, Sscc
from contracts.model.instants import Timestamp
from contracts.model.lines import with_unique_line_ids
from contracts.model.quantities import PositiveQuantity, Quantity
from contracts.model.wire_model import WireModel

Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class PickLine(WireModel):
    """One material of a pick request (ISA-95 MaterialRequirement, use Consumed)."""

    line_id: Id
    material_id: Id
    gtin: Gtin14 | None = None
    quantity: PositiveQuantity
    tolerance_high: Quantity
    """How much more than ``quantity`` may be brought; same unit, zero or more."""
    minimum_shelf_life_days: Annotated[int, Field(strict=True, ge=0, le=3650)] = 0
    """Full days that must remain until the lot expires, counted at allocation."""

    @model_validator(mode="after")
    def _tolerance_is_in_the_same_unit(self) -> Self:
        if self.tolerance_high.unit is not self.quantity.unit:
            raise ValueError("toleranceHigh is in another unit than quantity")
        if self.tolerance_high.value < 0:
            raise ValueError("toleranceHigh is below zero")
        return self


class PickRequested(Payload):
    """MES → WMS. Bring these materials for an order. Lines are all or nothing."""

    request_id: Id
    order_id: Id
    bom_id: Id
    bom_version: Annotated[int, Field(strict=True, ge=1, le=9999)]
    to_location: Id
    needed_by: Timestamp
    requested_by: Id
    """The person who asked, as MES knows them."""
    station: Id
    lines: Annotated[tuple[PickLine, ...], Field(min_length=1, max_length=50)]

    @property
    def business_key(self) -> str:
        return self.request_id

    @model_validator(mode="after")
    def _line_ids_are_unique(self) -> Self:
        with_unique_line_ids(self.lines)
        return self


class PickCancelled(Payload):
    """MES → WMS. What of a pick request is not picked yet is needed no more; no EPCIS event.

    What was picked before stays picked: of a request that was begun, this is its short close.
    Source: URS-PCK-004.
    """

    cancel_id: Id
    request_id: Id
    order_id: Id
    reason: Text
    cancelled_by: Id
    """The person who cancelled, as MES knows them."""
    station: Id

    @property
    def business_key(self) -> str:
        return self.cancel_id


class PickConfirmed(Payload):
    """WMS → MES. This container now stands at the production supply area.

    ``container`` equals ``source_container`` when a whole container was moved; a part of one
    travels in a container of its own.
    """

    confirmation_id: Id
    request_id: Id
    line_id: Id
    order_id: Id
    material_id: Id
    lot_id: Id
    lot: LotNumber
    source_container: Sscc
    container: Sscc
    quantity: PositiveQuantity
    from_location: Id
    to_location: Id
    scanned_at: Timestamp
    picked_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.confirmation_id
