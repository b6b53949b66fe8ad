"""What the lots of a material have to pass, as the tables of both systems keep it.

The laboratory of MES works by it; the warehouse keeps what a migration brought, so that a record
which was migrated there is whole. Sources: URS-LIM-001, URS-MIG-001.
"""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from contracts.model.quality import RequiredTest
from contracts.model.stimulus import Load
from reference_impl.records.work import Work
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.quality_tables import specifications

_ALL = Statement(
    select(specifications).order_by(specifications.c.material_id, specifications.c.test)
)


def load_specifications(work: Work, body: Load) -> int:
    """Take over what the lots of each material have to pass. Returns: how many were new."""
    return sum(
        _keep(work, item.material_id, test)
        for item in body.materials for test in item.required_tests or ()
    )


def stated_tests(connection: Connection) -> dict[str, tuple[RequiredTest, ...]]:
    """The tests of each material that has any, in the order of their names."""
    found: dict[str, tuple[RequiredTest, ...]] = {}
    for row in connection.rows(_ALL):
        found[row["material_id"]] = (*found.get(row["material_id"], ()), _test(row))
    return found


def _keep(work: Work, material_id: str, test: RequiredTest) -> bool:
    if work.find(specifications, material_id, test.test):
        return False
    work.create(
        specifications, material_id=material_id, test=test.test, method=test.method,
        unit=test.unit, low=_text(test.low), high=_text(test.high),
        sets_potency=int(test.sets_potency),
    )
    return True


def _test(row: Row) -> RequiredTest:
    return RequiredTest(
        test=row["test"], method=row["method"], unit=row["unit"], low=_number(row["low"]),
        high=_number(row["high"]), sets_potency=bool(row["sets_potency"]),
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
