"""A released lot whose retest date is reached goes back into quarantine; the warehouse is told.

Source: URS-EXP-001.
"""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from contracts.model.identifiers import Id
from contracts.model.instants import microseconds
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages.lot_status import LotStatusChanged
from reference_impl.mes.lot_status import decide, expire_lots, next_expiry
from reference_impl.records.counting import next_lasting_number
from reference_impl.records.work import Work
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import lots
from reference_impl.system import Job

_DUE = Statement(
    select(lots)
    .where(lots.c.status == LotStatus.RELEASED.value, lots.c.retest_at <= bindparam("now"))
    .order_by(lots.c.retest_at, lots.c.lot_id)
)
_NEXT = Statement(
    select(func.min(lots.c.retest_at).label("at"))
    .where(lots.c.status == LotStatus.RELEASED.value)
)


# implements FRS-EXP-007
def quarantine_due_lots(work: Work) -> int:
    """Set every released lot that has to be tested again to QUARANTINE. Returns: how many."""
    due = work.connection.rows(_DUE, now=microseconds(work.now))
    for lot in due:
        number = next_lasting_number(work.connection, "retest")
        decide(work, lot, _change(work, lot, Id(f"{lot['lot_id']}-retest-{number}")))
    return len(due)


def next_retest(connection: Connection) -> int | None:
    """The next instant at which a released lot has to be tested again, in microseconds."""
    row = connection.row(_NEXT)
    return row["at"] if row else None


# What becomes of lots by their dates alone.
BY_DATE = (
    Job(expire_lots, next_expiry),
    Job(quarantine_due_lots, next_retest),
)


def _change(work: Work, lot: Row, change_id: Id) -> LotStatusChanged:
    return LotStatusChanged(
        change_id=change_id, lot_id=lot["lot_id"], material_id=lot["material_id"],
        from_status=LotStatus(lot["status"]), to_status=LotStatus.QUARANTINE,
        reason_code=StatusReason.RETEST_DUE, reason="the retest date was reached",
        decided_by=work.settings.system, decided_at=work.now, effective_at=work.now,
        station=work.actor.station,
    )
