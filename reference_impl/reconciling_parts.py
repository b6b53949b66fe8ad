"""Reconciliation: what both roles show, and what MES does with it.

Sources: URS-REC-001, URS-REC-003, URS-REC-004.
"""

from __future__ import annotations

from reference_impl.mes import reconciling
from reference_impl.records.accounts import Accounts
from reference_impl.stock_picture import SHOWS
from reference_impl.system import Job, Part


def stock_picture_part() -> Part:
    """Stock and messages as the partner compares them."""
    return Part(shows=dict(SHOWS))


def reconciling_part(accounts: Accounts) -> Part:
    """Comparisons, differences, and their closing. The shell compares when it is time."""
    return Part(
        commands={
            "reconcile-stock": reconciling.reconcile_stock,
            "close-difference": lambda work, body: reconciling.close_difference(
                work, body, accounts
            ),
        },
        shows={"reconciliations": reconciling.show_reconciliations},
        jobs=(Job(lambda _: 0, reconciling.next_reconciliation),),
    )
