"""What of a container is set aside for picks; production knows of none."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import bindparam, select

from contracts.model.roles import Role
from reference_impl.records.work import Work
from reference_impl.store.database import Statement
from reference_impl.store.tables import allocations

_SET_ASIDE = Statement(
    select(allocations.c.quantity).where(allocations.c.sscc == bindparam("sscc"))
)


def set_aside_of(work: Work, sscc: str) -> Decimal:
    """How much of a container lines have set aside, in its unit."""
    if work.settings.role is Role.MES:
        return Decimal(0)
    rows = work.connection.rows(_SET_ASIDE, sscc=sscc)
    return sum((Decimal(row["quantity"]) for row in rows), Decimal(0))
