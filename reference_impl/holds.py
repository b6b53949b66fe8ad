"""Holds that the warehouse placed: how both systems keep and show them, and what was issued first.

Both list an issue by the same rule over the same facts: it was made after the hold was placed.
Since MES issues nothing of a lot once it has entered its hold, whatever is listed came before the
hold, and both systems say so. Sources: URS-STA-005, URS-STA-007.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from contracts.model.inspection_quality import HoldRow, Holds
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.messages.lot_status import WarehouseHoldPlaced
from reference_impl.records.counting import next_number
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.quality_tables import hold_issues, holds

_ALL = Statement(select(holds).order_by(holds.c.placed_at, holds.c.hold_id))
_LISTED = Statement(select(hold_issues).order_by(hold_issues.c.ordinal))
_OF_LOT = Statement(
    select(holds).where(holds.c.lot_id == bindparam("lot_id")).order_by(holds.c.placed_at)
)


def keep_hold(work: Work, fact: WarehouseHoldPlaced, recorded_at: datetime | None) -> None:
    """Record a hold; ``recorded_at`` is when MES entered it, None while that is not known."""
    work.create(
        holds, hold_id=fact.hold_id, lot_id=fact.lot_id, from_status=fact.from_status.value,
        to_status=fact.to_status.value, reason_code=fact.reason_code.value, reason=fact.reason,
        placed_by=fact.placed_by, placed_at=microseconds(fact.placed_at),
        recorded_at=microseconds(recorded_at) if recorded_at else None,
    )


def holds_of(connection: Connection, lot_id: str) -> list[Row]:
    """The holds of a lot, oldest first."""
    return list(connection.rows(_OF_LOT, lot_id=lot_id))


# implements FRS-STA-013
def list_issue(work: Work, hold: Row, issue_id: str, issued_at: datetime) -> None:
    """List an issue that was made after a hold was placed, and before MES had entered it."""
    at = microseconds(issued_at)
    recorded = hold["recorded_at"]
    if at <= hold["placed_at"] or (recorded is not None and at > recorded):
        return
    if work.find(hold_issues, hold["hold_id"], issue_id) is None:
        work.create(
            hold_issues, hold_id=hold["hold_id"], issue_id=issue_id,
            ordinal=next_number(work.connection, "hold issues"),
        )


def show_holds(connection: Connection, settings: Settings, _: int) -> Holds:
    """All holds of the warehouse with what was issued before them."""
    listed: dict[str, list[str]] = {}
    for row in connection.rows(_LISTED):
        listed.setdefault(row["hold_id"], []).append(row["issue_id"])
    return Holds(
        rows=tuple(
            HoldRow.model_validate({
                **{name: row[name] for name in row.keys()},  # noqa: SIM118
                "placed_at": from_microseconds(row["placed_at"], settings.site_zone),
                "recorded_at": _instant(row["recorded_at"], settings),
                "issued_before": tuple(listed.get(row["hold_id"], ())),
            })
            for row in connection.rows(_ALL)
        )
    )


def _instant(value: int | None, settings: Settings) -> datetime | None:
    return from_microseconds(value, settings.site_zone) if value is not None else None
