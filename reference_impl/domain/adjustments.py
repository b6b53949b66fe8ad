"""When a count may be recorded, and when the book may follow it.

Sources: URS-ADJ-001, URS-ADJ-002.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from contracts.model.codes import Code, Refusal
from contracts.model.identifiers import Sscc
from contracts.model.quantities import Quantity


@dataclass(frozen=True)
class Booked:
    """A container as the book has it."""

    sscc: Sscc
    location_id: str
    content: Quantity


@dataclass(frozen=True)
class Count:
    """One count: what the book said at that moment, what was found, by whom."""

    count_id: str
    counted_by: str
    booked: Booked
    counted: Quantity
    is_recount: bool = False

    @property
    def difference(self) -> Quantity:
        """Counted minus book."""
        return self.counted - self.booked.content


# implements FRS-ADJ-004
# implements FRS-ADJ-015
def check_count(booked: Booked, counted: Quantity, location_id: str) -> Refusal | None:
    """Refuse a count in another unit, or at a place where the book does not have the container."""
    if counted.unit is not booked.content.unit:
        return Refusal(Code.UNIT_NOT_BASE_UNIT, "counted.unit", f"it is {booked.content.unit}")
    if location_id != booked.location_id:
        return Refusal(
            Code.CONTAINER_ELSEWHERE, "locationId", f"the book has it at {booked.location_id}"
        )
    return None


# implements FRS-ADJ-005
# implements FRS-ADJ-006
def check_recount(first: Count | None, sscc: str, counter: str) -> Refusal | None:
    """Refuse a recount of nothing, of another container, or by the person who counted first."""
    if first is None or first.is_recount or first.booked.sscc != sscc:
        return Refusal(Code.UNKNOWN_COUNT, "recountOf", f"it is no first count of {sscc}")
    if first.counted_by == counter:
        return Refusal(Code.RECOUNT_BY_COUNTER, "recountOf", f"{counter} counted it first")
    return None


# implements FRS-ADJ-007
# implements FRS-ADJ-008
# implements FRS-ADJ-010
# implements FRS-ADJ-011
def check_approval(
    first: Count, recount: Count | None, booked: Booked, approver: str
) -> Refusal | None:
    """Refuse to adjust without a recount, by a counter, without a difference, on moved stock."""
    if recount is None:
        return Refusal(Code.RECOUNT_MISSING, "countId", f"{first.count_id} has no recount")
    if approver in (first.counted_by, recount.counted_by):
        return Refusal(
            Code.COUNTER_MAY_NOT_APPROVE, "signature.userId", f"{approver} counted it"
        )
    if recount.difference.value == 0:
        return Refusal(Code.NO_DIFFERENCE, "countId", f"the recount found {recount.counted}")
    if booked != recount.booked:
        return Refusal(
            Code.STOCK_MOVED, "countId",
            f"at the recount {recount.booked.content} at {recount.booked.location_id}, "
            f"now {booked.content} at {booked.location_id}",
        )
    return None


# implements FRS-ADJ-014
def opens_deviation(book: Quantity, delta: Quantity, percent: Decimal, amount: Decimal) -> bool:
    """Whether a difference is above the site's share of the book, or above its amount."""
    size = abs(delta.value)
    return size * 100 > book.value * percent or size > amount
