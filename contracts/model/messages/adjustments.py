"""Counts and adjustments: what was counted, and what the book says after four eyes agreed.

ISA-95: OperationsPerformance (Inventory) with MaterialActual Inventoried, the counted amount
absolute, book and difference as properties. EPCIS: ObjectEvent OBSERVE cycle_counting.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from contracts.model.counts import AdjustmentCause
from contracts.model.envelope import Payload
from contracts.model.identifiers import Id, Sscc
from contracts.model.instants import Timestamp
from contracts.model.messages.lot_status import SignatureManifest, Text
from contracts.model.quantities import NonNegativeQuantity, Quantity, UnitMismatch


class CountCompleted(Payload):
    """WMS → MES. A container was counted; a difference of zero is told as well.

    ``difference`` is counted minus book, negative where something is missing. Stock stays as it is.
    """

    count_id: Id
    recount_of: Id | None = None
    """The first count, where this is a recount of it by another person."""
    location_id: Id
    container: Sscc
    material_id: Id
    lot_id: Id
    book: NonNegativeQuantity
    counted: NonNegativeQuantity
    difference: Quantity
    counted_by: Id
    counted_at: Timestamp
    station: Id

    @property
    def business_key(self) -> str:
        return self.count_id

    @model_validator(mode="after")
    def _difference_is_counted_minus_book(self) -> Self:
        _must_sum("difference", self.book, self.difference, self.counted)
        return self


class InventoryAdjusted(Payload):
    """WMS → MES. The book of a container was set to what the recount found.

    ``delta`` is after minus before. The receiver applies it to its mirror, so that a pick of the
    same container that arrives earlier or later does no harm.
    """

    adjustment_id: Id
    count_id: Id
    recount_id: Id
    location_id: Id
    container: Sscc
    material_id: Id
    lot_id: Id
    before: NonNegativeQuantity
    after: NonNegativeQuantity
    delta: Quantity
    cause: AdjustmentCause
    reason: Text
    investigation_id: Id
    deviation_id: Id | None = None
    """The deviation that was opened, where the difference is above the site's threshold."""
    affected_lots: Annotated[tuple[Id, ...], Field(min_length=1, max_length=1000)]
    affected_orders: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()
    """Production orders whose batches used an affected lot."""
    counted_by: Id
    recounted_by: Id
    approved_by: Id
    adjusted_at: Timestamp
    station: Id
    signature: SignatureManifest

    @property
    def business_key(self) -> str:
        return self.adjustment_id

    @model_validator(mode="after")
    def _delta_is_after_minus_before(self) -> Self:
        _must_sum("delta", self.before, self.delta, self.after)
        return self


def _must_sum(name: str, before: Quantity, change: Quantity, after: Quantity) -> None:
    try:
        total = before + change
    except UnitMismatch as exc:
        raise ValueError(f"{name} is in another unit") from exc
    if total != after:
        raise ValueError(f"{name} is not what the other two amounts give")
