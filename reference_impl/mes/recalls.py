"""A recall: a lot and all that was made of it is taken from use in both systems, and timed.

The warehouse hears of each lot by ``lot-status-changed``; its answer is when it holds the lot too.
Source: URS-GEN-003.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, func, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import RecallLot
from contracts.model.identifiers import Id
from contracts.model.inspection_tracing import RecalledLot, RecallRow, Recalls
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages.lot_status import LotStatusChanged, SignatureManifest
from contracts.model.verdicts import Outcome
from contracts.record.digests import sha256
from contracts.record.strict_json import read_json
from reference_impl.domain.lot_status import check_transition
from reference_impl.domain.reasons import check_reason
from reference_impl.link.outbox import Sent
from reference_impl.mes.lot_status import decide
from reference_impl.records.accounts import Accounts
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.store.batch_tables import recalled_lots, recalls
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import lots
from reference_impl.tracing import lots_made_of, shipped_of, units_of

_ID_MAX = 64
_RECALLS = Statement(select(recalls).order_by(recalls.c.recalled_at, recalls.c.recall_id))
_LOTS = Statement(
    select(recalled_lots, lots.c.status)
    .join(lots, lots.c.lot_id == recalled_lots.c.lot_id)
    .where(recalled_lots.c.recall_id == bindparam("recall_id"))
    .order_by(recalled_lots.c.lot_id)
)
_TOLD = Statement(
    select(recalled_lots).where(recalled_lots.c.message_id == bindparam("message_id"))
)
_OPEN = (
    select(recalls.c.recall_id, recalls.c.late_at)
    .join(recalled_lots, recalled_lots.c.recall_id == recalls.c.recall_id)
    .where(recalled_lots.c.reached_at.is_(None))
)
_LATE = Statement(
    _OPEN.where(recalls.c.late_at <= bindparam("now")).distinct().order_by(recalls.c.recall_id)
)
_FIRST_OPEN = Statement(select(func.min(_OPEN.subquery().c.late_at).label("at")))


# implements FRS-GEN-001
# implements FRS-GEN-004
# implements FRS-GEN-005
# implements FRS-GEN-006
def recall_lot(work: Work, command: RecallLot, accounts: Accounts) -> Refusal | None:
    """Recall a lot and every lot that was made of it; those beyond use stay as they are."""
    lot = work.find(lots, command.lot_id)
    if lot is None:
        return Refusal(Code.UNKNOWN_LOT, "lotId", command.lot_id)
    named = [work.find(lots, lot_id) for lot_id in lots_made_of(work.connection, command.lot_id)]
    made = [row for row in named if row is not None]
    refusal = check_reason(command.reason)
    if refusal is None and not any(map(_can_be_recalled, made)):
        refusal = check_transition(LotStatus(lot["status"]), LotStatus.RECALLED, "lotId")
    if refusal:
        return refusal
    record = ("recalls", command.recall_id)
    manifest = accounts.sign_command(work, command, command.signature, record, of_quality=True)
    if isinstance(manifest, Refusal):
        return manifest
    late_at = work.now + timedelta(seconds=work.settings.recall_max_s)
    work.create(
        recalls, recall_id=command.recall_id, lot_id=command.lot_id, reason=command.reason,
        recalled_by=work.actor.account, signature_id=manifest.signature_id,
        recalled_at=microseconds(work.now), late_at=microseconds(late_at),
    )
    for row in made:
        _recall_one(work, command, row, manifest)
    return None


# implements FRS-GEN-006
def recall_settled(work: Work, body: bytes, sent: Sent) -> None:
    """The warehouse has answered a change of status: it holds that lot too, if it took it over."""
    if sent.outcome is not Outcome.OK:
        return
    message_id = read_json(body)["id"]
    for row in work.connection.rows(_TOLD, message_id=message_id):
        if row["reached_at"] is None:
            work.change(
                recalled_lots, row["recall_id"], row["lot_id"], reached_at=microseconds(work.now)
            )


# implements FRS-GEN-007
def alarm_late_recalls(work: Work) -> int:
    """Alarm about recalls that the warehouse has not confirmed in time. Returns: how many."""
    late = work.connection.rows(_LATE, now=microseconds(work.now))
    for row in late:
        open_lots = [
            one["lot_id"] for one in work.connection.rows(_LOTS, recall_id=row["recall_id"])
            if one["reached_at"] is None
        ]
        work.alarm("RECALL_NOT_CONFIRMED", f"recall {row['recall_id']}: {', '.join(open_lots)}")
        work.change(recalls, row["recall_id"], late_at=None)
    return len(late)


def next_late_recall(connection: Connection) -> int | None:
    """When the time of the first open recall is up, in microseconds."""
    row = connection.row(_FIRST_OPEN)
    return row["at"] if row else None


def show_recalls(connection: Connection, settings: Settings, _: int) -> Recalls:
    """All recalls, with all units that they are about and those that have left the site."""
    return Recalls(
        rows=tuple(_recall_row(connection, settings, row) for row in connection.rows(_RECALLS))
    )


def _can_be_recalled(lot: Row) -> bool:
    return check_transition(LotStatus(lot["status"]), LotStatus.RECALLED, "") is None


def _recall_one(
    work: Work, command: RecallLot, lot: Row, manifest: SignatureManifest
) -> None:
    recallable = _can_be_recalled(lot)
    message_id = (
        decide(work, lot, _change(work, command, lot, manifest)) if recallable else None
    )
    work.create(
        recalled_lots, recall_id=command.recall_id, lot_id=lot["lot_id"], message_id=message_id,
        reached_at=None if recallable else microseconds(work.now),
    )


def _change(
    work: Work, command: RecallLot, lot: Row, manifest: SignatureManifest
) -> LotStatusChanged:
    name = f"{command.recall_id}-{lot['lot_id']}"
    return LotStatusChanged(
        change_id=Id(name if len(name) <= _ID_MAX else sha256(name.encode())),
        lot_id=lot["lot_id"], material_id=lot["material_id"],
        from_status=LotStatus(lot["status"]), to_status=LotStatus.RECALLED,
        reason_code=StatusReason.QUALITY_DECISION, reason=command.reason,
        decided_by=work.actor.account, decided_at=work.now, effective_at=work.now,
        station=work.actor.station, signature=manifest,
    )


def _recall_row(connection: Connection, settings: Settings, row: Row) -> RecallRow:
    held = connection.rows(_LOTS, recall_id=row["recall_id"])
    reached = [one["reached_at"] for one in held]
    last = None if None in reached else max(reached)
    zone = settings.site_zone
    return RecallRow(
        recall_id=row["recall_id"], lot_id=row["lot_id"], reason=row["reason"],
        recalled_by=row["recalled_by"], signature_id=row["signature_id"],
        recalled_at=from_microseconds(row["recalled_at"], zone),
        reached_at=from_microseconds(last, zone) if last is not None else None,
        lots=tuple(
            RecalledLot(
                lot_id=one["lot_id"], status=LotStatus(one["status"]),
                reached_at=(
                    from_microseconds(one["reached_at"], zone) if one["reached_at"] else None
                ),
            )
            for one in held
        ),
        units=units_of(connection, row["lot_id"]),
        shipped=shipped_of(connection, row["lot_id"]),
    )
