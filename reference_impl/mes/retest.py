"""A released lot whose retest date is reached goes back into quarantine; the warehouse is told.

Source: URS-EXP-001.
"""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from contracts.model.instants import microseconds
from contracts.model.lot_status import LotStatus, StatusReason
from reference_impl.mes.lot_status import (
    change_by_system,
    decide,
    expire_lots,
    next_expiry,
)
from reference_impl.records.counting import next_lasting_number
from reference_impl.records.work import Work
from reference_impl.store.database import Connection, Statement
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
        decide(work, lot, change_by_system(
            work, lot, f"{lot['lot_id']}-retest-{number}", LotStatus.QUARANTINE,
            (StatusReason.RETEST_DUE, "the retest date was reached"),
        ))
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
