"""Production learns what was counted, and what the book says since.

A fact is posted even where it surprises; what surprises raises an alarm.
Sources: URS-ADJ-001, URS-ADJ-002.
"""

from __future__ import annotations

from contracts.model.codes import Code, Refusal
from contracts.model.envelope import Envelope
from contracts.model.messages.adjustments import CountCompleted, InventoryAdjusted
from reference_impl.adjustments import keep_adjustment, keep_count
from reference_impl.records.work import Work
from reference_impl.stock import quantity, text
from reference_impl.store.tables import containers, counts, deviations, investigations


def count_completed(work: Work, envelope: Envelope[CountCompleted]) -> Refusal | None:
    """The warehouse counted a container; the mirror of its stock stays as it is."""
    fact = envelope.data
    keep_count(work, fact)
    if work.find(containers, fact.container) is None:
        work.alarm("UNKNOWN_CONTAINER", f"count {fact.count_id}: {fact.container}")
    return None


# implements FRS-ADJ-016
def inventory_adjusted(work: Work, envelope: Envelope[InventoryAdjusted]) -> Refusal | None:
    """The book of a container changed: mirror, investigation and deviation follow."""
    fact = envelope.data
    if work.find(investigations, fact.investigation_id):
        return Refusal(Code.ALREADY_EXISTS, "data.investigationId", fact.investigation_id)
    if fact.deviation_id and work.find(deviations, fact.deviation_id):
        return Refusal(Code.ALREADY_EXISTS, "data.deviationId", fact.deviation_id)
    keep_adjustment(work, fact)
    _check_four_eyes(work, fact)
    container = work.find(containers, fact.container)
    surprise = None
    if container is None:
        surprise = "UNKNOWN_CONTAINER"
    elif container["unit"] != fact.delta.unit.value:
        surprise = "UNIT_NOT_BASE_UNIT"
    elif (quantity(container) + fact.delta).value < 0:
        surprise = "QUANTITY_ABOVE_CONTENT"
    if container is None or surprise:
        work.alarm(str(surprise), f"adjustment {fact.adjustment_id}: {fact.container}")
        return None
    work.change(containers, fact.container, quantity=text(quantity(container) + fact.delta))
    return None


def _check_four_eyes(work: Work, fact: InventoryAdjusted) -> None:
    """Alarm where one person stands behind both counts, or behind a count and the approval."""
    detail = f"adjustment {fact.adjustment_id} by {fact.approved_by}"
    if fact.approved_by in (fact.counted_by, fact.recounted_by):
        work.alarm("COUNTER_MAY_NOT_APPROVE", detail)
    if fact.counted_by == fact.recounted_by:
        work.alarm("RECOUNT_BY_COUNTER", detail)
    recount = work.find(counts, fact.recount_id)
    if recount is None or recount["recount_of"] != fact.count_id:
        work.alarm("RECOUNT_MISSING", detail)
