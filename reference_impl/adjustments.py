"""Counts, adjustments, investigations and deviations: how both systems keep and show them.

The warehouse writes them when they happen, MES when the message about them arrives; both write the
same records from the same message. Sources: URS-ADJ-001, URS-ADJ-002.
"""

from __future__ import annotations

import json

from sqlalchemy import bindparam, select

from contracts.model.counts import DeviationClass, DeviationState
from contracts.model.inspection_adjustments import (
    AdjustmentRow,
    Adjustments,
    CountRow,
    Counts,
    DeviationRow,
    Deviations,
    InvestigationRow,
    Investigations,
)
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.messages.adjustments import CountCompleted, InventoryAdjusted
from reference_impl.records.counting import next_number
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.stock import quantity, text
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import (
    adjustments,
    counts,
    deviations,
    investigations,
    lot_uses,
)

_COUNTS = Statement(select(counts).order_by(counts.c.count_id))
_ADJUSTMENTS = Statement(select(adjustments).order_by(adjustments.c.adjustment_id))
_INVESTIGATIONS = Statement(select(investigations).order_by(investigations.c.investigation_id))
_DEVIATIONS = Statement(select(deviations).order_by(deviations.c.deviation_id))
_USES = Statement(
    select(lot_uses.c.order_id)
    .where(lot_uses.c.lot_id == bindparam("lot_id"))
    .order_by(lot_uses.c.order_id)
)


def note_use(work: Work, lot_id: str, order_id: str) -> None:
    """Remember that the batch of an order used a lot."""
    if work.find(lot_uses, lot_id, order_id) is None:
        work.create(lot_uses, lot_id=lot_id, order_id=order_id)


def orders_that_used(connection: Connection, lot_id: str) -> tuple[str, ...]:
    """The orders whose batches used a lot."""
    return tuple(row["order_id"] for row in connection.rows(_USES, lot_id=lot_id))


# implements FRS-ADJ-001
def keep_count(work: Work, fact: CountCompleted) -> None:
    """Record a count."""
    work.create(
        counts, count_id=fact.count_id, ordinal=next_number(work.connection, "counts"),
        recount_of=fact.recount_of, container=fact.container, lot_id=fact.lot_id,
        location_id=fact.location_id, book=text(fact.book), counted=text(fact.counted),
        unit=fact.book.unit.value, counted_by=fact.counted_by,
        counted_at=microseconds(fact.counted_at),
    )


# implements FRS-ADJ-013
def keep_adjustment(work: Work, fact: InventoryAdjusted) -> None:
    """Record an adjustment with its investigation and, where there is one, its deviation."""
    at = microseconds(fact.adjusted_at)
    work.create(
        adjustments, adjustment_id=fact.adjustment_id, count_id=fact.count_id,
        recount_id=fact.recount_id, container=fact.container, lot_id=fact.lot_id,
        before=text(fact.before), after=text(fact.after), unit=fact.before.unit.value,
        counted_by=fact.counted_by, recounted_by=fact.recounted_by,
        approved_by=fact.approved_by, signature_id=fact.signature.signature_id,
        investigation_id=fact.investigation_id, deviation_id=fact.deviation_id, adjusted_at=at,
    )
    work.create(
        investigations, investigation_id=fact.investigation_id, source=fact.adjustment_id,
        cause=fact.cause.value, finding=fact.reason, opened_at=at,
    )
    if fact.deviation_id:
        work.create(
            deviations, deviation_id=fact.deviation_id, source=fact.adjustment_id,
            deviation_class=DeviationClass.INVENTORY_DIFFERENCE.value,
            state=DeviationState.OPEN.value, affected_lots=json.dumps(fact.affected_lots),
            affected_orders=json.dumps(fact.affected_orders), opened_at=at,
        )


def show_counts(connection: Connection, settings: Settings, _: int) -> Counts:
    """All counts."""
    return Counts(
        rows=tuple(
            CountRow(
                count_id=row["count_id"], recount_of=row["recount_of"],
                container=row["container"], lot_id=row["lot_id"],
                location_id=row["location_id"], book=quantity(row, "book"),
                counted=quantity(row, "counted"),
                difference=quantity(row, "counted") - quantity(row, "book"),
                counted_by=row["counted_by"],
                counted_at=from_microseconds(row["counted_at"], settings.site_zone),
            )
            for row in connection.rows(_COUNTS)
        )
    )


def show_adjustments(connection: Connection, settings: Settings, _: int) -> Adjustments:
    """All adjustments."""
    return Adjustments(
        rows=tuple(
            AdjustmentRow(
                adjustment_id=row["adjustment_id"], count_id=row["count_id"],
                recount_id=row["recount_id"], container=row["container"], lot_id=row["lot_id"],
                before=quantity(row, "before"), after=quantity(row, "after"),
                delta=quantity(row, "after") - quantity(row, "before"),
                counted_by=row["counted_by"], recounted_by=row["recounted_by"],
                approved_by=row["approved_by"], signature_id=row["signature_id"],
                investigation_id=row["investigation_id"], deviation_id=row["deviation_id"],
                adjusted_at=from_microseconds(row["adjusted_at"], settings.site_zone),
            )
            for row in connection.rows(_ADJUSTMENTS)
        )
    )


def show_investigations(connection: Connection, settings: Settings, _: int) -> Investigations:
    """All investigation records."""
    return Investigations(
        rows=tuple(
            InvestigationRow(
                investigation_id=row["investigation_id"], source=row["source"],
                cause=row["cause"], finding=row["finding"],
                opened_at=from_microseconds(row["opened_at"], settings.site_zone),
            )
            for row in connection.rows(_INVESTIGATIONS)
        )
    )


def show_deviations(connection: Connection, settings: Settings, _: int) -> Deviations:
    """All deviations."""
    return Deviations(
        rows=tuple(
            DeviationRow(
                deviation_id=row["deviation_id"], deviation_class=row["deviation_class"],
                source=row["source"], state=row["state"],
                affected_lots=tuple(json.loads(row["affected_lots"])),
                affected_orders=tuple(json.loads(row["affected_orders"])),
                opened_at=from_microseconds(row["opened_at"], settings.site_zone),
            )
            for row in connection.rows(_DEVIATIONS)
        )
    )


SHOWS = {
    "counts": show_counts,
    "adjustments": show_adjustments,
    "investigations": show_investigations,
    "deviations": show_deviations,
}
