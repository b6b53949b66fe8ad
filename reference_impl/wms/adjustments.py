"""Counting in the warehouse: one counts, another recounts, a third lets the book follow.

Sources: URS-ADJ-001, URS-ADJ-002.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import (
    ApproveAdjustment,
    CountDifference,
    CountDifferences,
    RecordCount,
)
from contracts.model.identifiers import Id, Sscc
from contracts.model.instants import from_microseconds
from contracts.model.messages import MESSAGES
from contracts.model.messages.adjustments import CountCompleted, InventoryAdjusted
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.quantities import NonNegativeQuantity, Quantity
from reference_impl.adjustments import keep_adjustment, keep_count, orders_that_used
from reference_impl.domain import adjustments as rules
from reference_impl.domain.reasons import check_reason
from reference_impl.domain.scans import scanned_fields
from reference_impl.identifiers import derived_id
from reference_impl.link.outbox import About, put
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.stock import quantity, text
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import adjustments, containers, counts, lots
from reference_impl.wms import allocation
from reference_impl.wms.movements import Movement, Spot, post_movement

_RECOUNTS = Statement(
    select(counts)
    .where(counts.c.recount_of == bindparam("count_id"))
    .order_by(counts.c.ordinal.desc())
)
_ALL_RECOUNTS = Statement(
    select(counts).where(counts.c.recount_of.is_not(None)).order_by(counts.c.ordinal)
)
_ONE = Statement(select(counts).where(counts.c.count_id == bindparam("count_id")))
_SETTLED = Statement(
    select(adjustments.c.adjustment_id).where(adjustments.c.count_id == bindparam("count_id"))
)
_BOOK = Statement(select(containers).where(containers.c.sscc == bindparam("sscc")))
# The other side of an adjustment's double entry: no place, what the book had wrong.
_NOWHERE = "ADJUSTMENT"


def record_count(work: Work, command: RecordCount) -> Refusal | None:
    """Somebody counted a container: MES is told, the stock stays as it is."""
    container = find_scanned(work, command.scan)
    if isinstance(container, Refusal):
        return container
    booked = _booked(container)
    refusal = rules.check_count(booked, command.counted, command.location_id)
    if refusal is None and command.recount_of:
        first = _count(work.connection, command.recount_of)
        refusal = rules.check_recount(first, booked.sscc, work.actor.account)
    if refusal:
        return refusal
    fact = CountCompleted(
        count_id=command.count_id, recount_of=command.recount_of,
        location_id=command.location_id, container=booked.sscc,
        material_id=_material_of(work, container), lot_id=container["lot_id"],
        book=_not_negative(booked.content), counted=command.counted,
        difference=command.counted - booked.content, counted_by=Id(work.actor.account),
        counted_at=work.now, station=Id(work.actor.station),
    )
    keep_count(work, fact)
    about = About(f"container/{booked.sscc}", command.recount_of or command.count_id)
    put(work, MESSAGES["count-completed"], fact, about)
    return None


# implements FRS-ADJ-002
# implements FRS-ADJ-003
def find_scanned(work: Work, scan: str) -> Row | Refusal:
    """The container whose label was scanned."""
    fields = scanned_fields(scan)
    if isinstance(fields, Refusal):
        return fields
    sscc = fields["00"]
    return work.find(containers, sscc) or Refusal(Code.UNKNOWN_CONTAINER, "scan", sscc)


# implements FRS-ADJ-009
# implements FRS-ADJ-012
def approve_adjustment(
    work: Work, command: ApproveAdjustment, accounts: Accounts
) -> Refusal | None:
    """A supervisor who counted neither time lets the book follow the recount."""
    first = _first_count(work.connection, command.count_id)
    if first is None:
        return Refusal(Code.UNKNOWN_COUNT, "countId", command.count_id)
    settled = work.connection.row(_SETTLED, count_id=first.count_id)
    if settled:
        return Refusal(Code.COUNT_SETTLED, "countId", f"by {settled['adjustment_id']}")
    recount = _latest_recount(work.connection, first.count_id)
    container = work.find(containers, first.booked.sscc)
    assert container is not None
    refusal = check_reason(command.reason) or rules.check_approval(
        first, recount, _booked(container), work.actor.account
    )
    if refusal:
        return refusal
    assert recount is not None
    record = ("adjustments", command.adjustment_id)
    manifest = accounts.sign_command(work, command, command.signature, record)
    if isinstance(manifest, Refusal):
        return manifest
    work.cause = replace(work.cause, reason=command.reason)
    _adjust(work, _fact(work, command, (first, recount), container, manifest), container)
    return None


def count_differences(connection: Connection, settings: Settings) -> CountDifferences:
    """Recounted differences that wait for approval, with both counts."""
    latest: dict[str, Row] = {
        row["recount_of"]: row for row in connection.rows(_ALL_RECOUNTS)
    }
    waiting = [
        _difference(connection, settings, recount)
        for first, recount in latest.items()
        if quantity(recount, "counted") != quantity(recount, "book")
        and connection.row(_SETTLED, count_id=first) is None
    ]
    return CountDifferences(rows=tuple(waiting))


def _difference(connection: Connection, settings: Settings, recount: Row) -> CountDifference:
    first = connection.row(_ONE, count_id=recount["recount_of"])
    book = connection.row(_BOOK, sscc=recount["container"])
    assert first is not None
    assert book is not None
    return CountDifference(
        count_id=first["count_id"], recount_id=recount["count_id"],
        container=recount["container"], lot_id=recount["lot_id"],
        location_id=book["location_id"], book=quantity(book),
        first_counted=quantity(first, "counted"), first_counted_by=first["counted_by"],
        recounted=quantity(recount, "counted"), recounted_by=recount["counted_by"],
        recounted_at=from_microseconds(recount["counted_at"], settings.site_zone),
        difference=quantity(recount, "counted") - quantity(recount, "book"),
    )


def _adjust(work: Work, fact: InventoryAdjusted, container: Row) -> None:
    work.change(containers, fact.container, quantity=text(fact.after))
    inside = Spot(fact.container, fact.location_id)
    outside = Spot(_NOWHERE, _NOWHERE)
    source, target = (outside, inside) if fact.delta.value > 0 else (inside, outside)
    difference = Quantity(value=abs(fact.delta.value), unit=fact.delta.unit)
    post_movement(work, Movement(
        f"adjustment/{fact.adjustment_id}", fact.lot_id, difference, source, target
    ))
    keep_adjustment(work, fact)
    allocation.follow_content(work, fact.container, _material_of(work, container))
    about = About(f"container/{fact.container}", fact.count_id)
    put(work, MESSAGES["inventory-adjusted"], fact, about)


def _fact(
    work: Work, command: ApproveAdjustment, both: tuple[rules.Count, rules.Count],
    container: Row, manifest: SignatureManifest,
) -> InventoryAdjusted:
    first, recount = both
    book, delta = recount.booked.content, recount.difference
    above = work.settings.deviation_above
    is_deviation = rules.opens_deviation(book, delta, above.percent, above.amount)
    lot_id = container["lot_id"]
    return InventoryAdjusted(
        adjustment_id=command.adjustment_id, count_id=Id(first.count_id),
        recount_id=Id(recount.count_id), location_id=container["location_id"],
        container=first.booked.sscc, material_id=_material_of(work, container), lot_id=lot_id,
        before=_not_negative(book), after=_not_negative(recount.counted), delta=delta,
        cause=command.cause, reason=command.reason,
        investigation_id=derived_id(command.adjustment_id, "INV"),
        deviation_id=derived_id(command.adjustment_id, "DEV") if is_deviation else None,
        affected_lots=(lot_id,), affected_orders=orders_that_used(work.connection, lot_id),
        counted_by=Id(first.counted_by), recounted_by=Id(recount.counted_by),
        approved_by=Id(work.actor.account), adjusted_at=work.now,
        station=Id(work.actor.station), signature=manifest,
    )


def _count(connection: Connection, count_id: str) -> rules.Count | None:
    row = connection.row(_ONE, count_id=count_id)
    return _read(row) if row else None


# implements FRS-ADJ-005
def _first_count(connection: Connection, count_id: str) -> rules.Count | None:
    """The first count of a difference, named by itself or by its recount."""
    row = connection.row(_ONE, count_id=count_id)
    if row is not None and row["recount_of"]:
        row = connection.row(_ONE, count_id=row["recount_of"])
    return _read(row) if row else None


def _latest_recount(connection: Connection, count_id: str) -> rules.Count | None:
    row = connection.row(_RECOUNTS, count_id=count_id)
    return _read(row) if row else None


def _read(row: Row) -> rules.Count:
    booked = rules.Booked(Sscc(row["container"]), row["location_id"], quantity(row, "book"))
    return rules.Count(
        row["count_id"], row["counted_by"], booked, quantity(row, "counted"),
        is_recount=row["recount_of"] is not None,
    )


def _booked(container: Row) -> rules.Booked:
    return rules.Booked(Sscc(container["sscc"]), container["location_id"], quantity(container))


def _material_of(work: Work, container: Row) -> Id:
    lot = work.find(lots, container["lot_id"])
    assert lot is not None
    return Id(lot["material_id"])


def _not_negative(amount: Quantity) -> NonNegativeQuantity:
    return NonNegativeQuantity(value=amount.value, unit=amount.unit)
