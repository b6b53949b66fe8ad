"""Serialised units in a container, and those that are out of use: how both systems keep them.

Sources: URS-RET-002, URS-ADJ-003, URS-PAK-003.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from reference_impl.records.work import Work
from reference_impl.store.database import Statement
from reference_impl.store.flow_tables import serials_out
from reference_impl.store.tables import aggregations

_INSIDE = Statement(
    select(aggregations.c.child).where(aggregations.c.parent == bindparam("parent"))
    .order_by(aggregations.c.child)
)


def units_inside(work: Work, sscc: str) -> dict[str, str]:
    """The units of sale that stand directly in a container, by their serial number."""
    rows = work.connection.rows(_INSIDE, parent=sscc)
    return {
        row["child"].partition("(21)")[2]: row["child"]
        for row in rows if row["child"].startswith("(01)")
    }


def gtin_of(unit: str) -> str:
    """The item of a unit of sale."""
    return unit.removeprefix("(01)").partition("(21)")[0]


# implements FRS-SCR-014
def is_out(work: Work, unit: str) -> bool:
    """Whether a unit was taken out of use."""
    return work.find(serials_out, unit) is not None
