"""MES enters the holds that the warehouse places: from then on nothing of the lot is issued.

A fact is posted even where it surprises; what surprises raises an alarm.
Sources: URS-STA-004, URS-STA-005, URS-STA-007.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select

from contracts.model.codes import Refusal
from contracts.model.counts import DeviationClass
from contracts.model.envelope import Envelope
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.lot_status import LotStatus
from contracts.model.messages.lot_status import LotStatusChanged, WarehouseHoldPlaced
from reference_impl.domain.holds import check_hold, is_stricter
from reference_impl.domain.lot_status import downgraded_flag
from reference_impl.holds import holds_of, keep_hold, list_issue
from reference_impl.identifiers import derived_id
from reference_impl.link.outbox import OPEN, Delivery
from reference_impl.mes.deviations import open_deviation
from reference_impl.mes.lot_status import back_to_quarantine, decide
from reference_impl.records.work import Work
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.quality_tables import hold_issues, holds
from reference_impl.store.tables import issues, lots, order_products, outbox
from reference_impl.tracing import batches_of, lots_made_of

# What the clocks of both systems may differ by and nothing be overlooked.
_CLOCKS_APART = timedelta(minutes=1)
_ISSUES = Statement(
    select(issues)
    .where(issues.c.lot_id == bindparam("lot_id"))
    .order_by(issues.c.issued_at, issues.c.issue_id)
)
# What is made of the issues that are listed with a hold.
_MADE_UNDER = Statement(
    select(order_products.c.lot_id).distinct()
    .join(issues, issues.c.order_id == order_products.c.order_id)
    .join(hold_issues, hold_issues.c.issue_id == issues.c.issue_id)
    .where(hold_issues.c.hold_id == bindparam("hold_id"))
    .order_by(order_products.c.lot_id)
)
# All states are named, because the index begins with them.
_TOLD_SINCE = Statement(
    select(outbox.c.ordinal)
    .where(
        or_(*(outbox.c.state == state.value for state in Delivery)),
        outbox.c.subject == bindparam("subject"),
        or_(
            or_(*(outbox.c.state == state.value for state in OPEN)),
            outbox.c.due_at >= bindparam("since"),
        ),
    )
    .limit(1)
)


# implements FRS-STA-009
# implements FRS-STA-013
def warehouse_hold_placed(
    work: Work, envelope: Envelope[WarehouseHoldPlaced]
) -> Refusal | None:
    """The warehouse holds a lot: the stricter status counts, and what was issued is listed."""
    fact = envelope.data
    refusal = check_hold(fact.from_status, fact.to_status, "data.toStatus")
    if refusal:
        return refusal
    keep_hold(work, fact, work.now)
    lot = work.find(lots, fact.lot_id)
    if lot is None:
        work.alarm("UNKNOWN_LOT", f"hold {fact.hold_id}: {fact.lot_id}")
    elif is_stricter(fact.to_status, LotStatus(lot["status"])):
        _tighten(work, lot, envelope)
    _list_issues(work, fact)
    _block_batches(work, envelope)
    return None


# implements FRS-STA-012
def status_under_holds(work: Work, lot_id: str, begun: LotStatus) -> LotStatus:
    """The status at which a lot is entered whose hold has arrived before the lot itself."""
    status = begun
    for hold in holds_of(work.connection, lot_id):
        held = LotStatus(hold["to_status"])
        status = held if is_stricter(held, status) else status
    return status


# implements FRS-STA-012
def _tighten(work: Work, lot: Row, envelope: Envelope[WarehouseHoldPlaced]) -> None:
    """Enter the status of the hold. Where decisions crossed it, the warehouse is told of it.

    A lot that quality blocked and released again, unaware of the hold, else stays released there.
    """
    fact, present = envelope.data, LotStatus(lot["status"])
    if _told_since(work.connection, fact.lot_id, fact.placed_at - _CLOCKS_APART):
        decide(work, lot, _still_held(work, lot, fact), envelope.id)
        return
    flag = downgraded_flag(present, fact.to_status, lot["downgraded"])
    work.change(lots, lot["lot_id"], status=fact.to_status.value, downgraded=flag)


# implements FRS-STA-044
def _block_batches(work: Work, envelope: Envelope[WarehouseHoldPlaced]) -> None:
    """Where the lot is in batches already a deviation names them, and so none is released.

    What was released of a batch that took material after the hold was placed may be on its way
    out: it goes back to quarantine, and the warehouse is told. Source: URS-STA-004; 211.192.
    """
    fact = envelope.data
    batches = batches_of(work.connection, fact.lot_id)
    if not batches:
        return
    made = tuple(sorted({batch.lot_id for batch in batches if batch.lot_id}))
    open_deviation(
        work, DeviationClass.HELD_MATERIAL_USED, fact.hold_id, (fact.lot_id, *made),
        tuple(batch.order_id for batch in batches),
    )
    for lot_id in _made_under(work.connection, fact):
        lot = work.find(lots, lot_id)
        if lot is not None and lot["status"] == LotStatus.RELEASED.value:
            change_id = derived_id(f"{fact.hold_id}-{lot_id}", "HELD")
            back_to_quarantine(work, lot, change_id, f"it holds {fact.lot_id}", envelope.id)


def _made_under(connection: Connection, fact: WarehouseHoldPlaced) -> list[str]:
    """The lots made of what was issued after a hold was placed, at every level, each once."""
    rows = connection.rows(_MADE_UNDER, hold_id=fact.hold_id)
    made = (lot_id for row in rows for lot_id in lots_made_of(connection, row["lot_id"]))
    return list(dict.fromkeys(made))


def _told_since(connection: Connection, lot_id: str, since: datetime) -> bool:
    """Whether news of a lot is on its way, or got its final answer since an instant."""
    told = connection.row(_TOLD_SINCE, subject=f"lot/{lot_id}", since=microseconds(since))
    return told is not None


def _still_held(work: Work, lot: Row, fact: WarehouseHoldPlaced) -> LotStatusChanged:
    return LotStatusChanged(
        change_id=derived_id(fact.hold_id, "HOLDS"), lot_id=fact.lot_id,
        material_id=lot["material_id"], from_status=LotStatus(lot["status"]),
        to_status=fact.to_status, reason_code=fact.reason_code, reason=fact.reason,
        decided_by=work.settings.system, decided_at=work.now, effective_at=work.now,
        station=work.actor.station,
    )


def _list_issues(work: Work, fact: WarehouseHoldPlaced) -> None:
    hold = work.find(holds, fact.hold_id)
    assert hold is not None
    for row in work.connection.rows(_ISSUES, lot_id=fact.lot_id):
        issued_at = from_microseconds(row["issued_at"], work.settings.site_zone)
        list_issue(work, hold, row["issue_id"], issued_at)
