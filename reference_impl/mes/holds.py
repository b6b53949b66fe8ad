"""MES enters the holds that the warehouse places: from then on nothing of the lot is issued.

A fact is posted even where it surprises; what surprises raises an alarm.
Sources: URS-STA-005, URS-STA-007.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from contracts.model.codes import Refusal
from contracts.model.envelope import Envelope
from contracts.model.instants import from_microseconds
from contracts.model.lot_status import LotStatus
from contracts.model.messages.lot_status import WarehouseHoldPlaced
from reference_impl.domain.holds import check_hold, is_stricter
from reference_impl.domain.lot_status import downgraded_flag
from reference_impl.holds import holds_of, keep_hold, list_issue
from reference_impl.records.work import Work
from reference_impl.store.database import Row, Statement
from reference_impl.store.quality_tables import holds
from reference_impl.store.tables import issues, lots

_ISSUES = Statement(
    select(issues)
    .where(issues.c.lot_id == bindparam("lot_id"))
    .order_by(issues.c.issued_at, issues.c.issue_id)
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
        _tighten(work, lot, fact.to_status)
    _list_issues(work, fact)
    return None


# implements FRS-STA-012
def status_under_holds(work: Work, lot_id: str, begun: LotStatus) -> LotStatus:
    """The status at which a lot is entered whose hold has arrived before the lot itself."""
    status = begun
    for hold in holds_of(work.connection, lot_id):
        held = LotStatus(hold["to_status"])
        status = held if is_stricter(held, status) else status
    return status


def _tighten(work: Work, lot: Row, wanted: LotStatus) -> None:
    flag = downgraded_flag(LotStatus(lot["status"]), wanted, lot["downgraded"])
    work.change(lots, lot["lot_id"], status=wanted.value, downgraded=flag)


def _list_issues(work: Work, fact: WarehouseHoldPlaced) -> None:
    hold = work.find(holds, fact.hold_id)
    assert hold is not None
    for row in work.connection.rows(_ISSUES, lot_id=fact.lot_id):
        issued_at = from_microseconds(row["issued_at"], work.settings.site_zone)
        list_issue(work, hold, row["issue_id"], issued_at)
