"""The daily comparison of stock: the shell asks the partner, with no transaction open.

Source: URS-REC-001.
"""

from __future__ import annotations

from contracts.model.instants import microseconds
from contracts.model.roles import Role
from reference_impl.mes.reconciling import next_reconciliation, reconcile_daily
from reference_impl.records.asking import Answers
from reference_impl.records.work import Cause
from reference_impl.system import System
from reference_impl.web.asking import with_answers


async def reconcile_when_due(system: System) -> None:
    """Compare where the last comparison was a day ago. MES alone compares."""
    if system.settings.role is not Role.MES:
        return
    with system.database.reading() as connection:
        due, now = next_reconciliation(connection), microseconds(system.now(connection))
    if due is not None and due <= now:
        await with_answers(system, lambda known: _compare(system, known))


def _compare(system: System, known: Answers) -> None:
    with system.work(system.itself(), Cause("daily reconciliation", "jobs"), known) as work:
        reconcile_daily(work)
