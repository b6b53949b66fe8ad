"""How both systems show what was inside what, and where that is now which was taken out.

Sources: URS-AGG-002, URS-RET-001.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from contracts.model.inspection_custody import (
    AggregationHistory,
    AggregationPeriod,
    Custody,
    CustodyRow,
)
from contracts.model.instants import from_microseconds
from reference_impl.custody import read_move
from reference_impl.domain.custody import Move, MoveKind, Period, periods_of
from reference_impl.settings import Settings
from reference_impl.store.custody_tables import aggregation_moves, custody
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import aggregations, containers, shipments

_MOVES = Statement(select(aggregation_moves))
_CUSTODY = Statement(
    select(custody).order_by(custody.c.left_at, custody.c.disaggregation_id, custody.c.child)
)
_PARENTS = Statement(select(aggregations))
_PLACES = Statement(select(containers.c.sscc, containers.c.location_id))
_LEFT = Statement(select(shipments.c.sscc, shipments.c.customer_id))


def show_aggregation_history(
    connection: Connection, settings: Settings, _: int
) -> AggregationHistory:
    """Every aggregation that ever was."""
    broken = {(r["child"], r["disaggregation_id"]) for r in connection.rows(_CUSTODY)}
    periods = periods_of(read_move(row) for row in connection.rows(_MOVES))
    return AggregationHistory(
        rows=tuple(_period_row(period, broken, settings) for period in periods)
    )


def show_custody(connection: Connection, settings: Settings, _: int) -> Custody:
    """All that was ever taken out of a unit, and where it is now."""
    whereabouts = _Whereabouts(connection)
    return Custody(
        rows=tuple(
            _custody_row(row, whereabouts, settings) for row in connection.rows(_CUSTODY)
        )
    )


class _Whereabouts:
    """Where everything is now, read once."""

    def __init__(self, connection: Connection) -> None:
        self.parents = {r["child"]: r["parent"] for r in connection.rows(_PARENTS)}
        self._places = {r["sscc"]: r["location_id"] for r in connection.rows(_PLACES)}
        self._customers = {r["sscc"]: r["customer_id"] for r in connection.rows(_LEFT)}
        self._rejoined: dict[tuple[str, str], list[Move]] = defaultdict(list)
        for move in map(read_move, connection.rows(_MOVES)):
            if move.kind is MoveKind.IN:
                for followed in move.follows:
                    self._rejoined[(move.child, followed)].append(move)

    def of(self, child: str) -> dict[str, Any]:
        """Place, or customer, of a unit or of what it stands in."""
        for unit in self._upwards(child):
            if unit in self._customers:
                return {"with_customer": self._customers[unit]}
            if unit in self._places:
                return {"now_at": self._places[unit]}
        return {}

    def rejoined_by(self, child: str, disaggregation_id: str) -> str | None:
        """The first aggregation that followed."""
        found = self._rejoined[(child, disaggregation_id)]
        return min(found, key=lambda move: (move.at, move.cause)).cause if found else None

    def _upwards(self, child: str) -> list[str]:
        found = [child.removeprefix("(00)")]
        above = self.parents.get(child)
        while above is not None and above not in found:
            found.append(above)
            above = self.parents.get(f"(00){above}")
        return found


def _period_row(
    period: Period, broken: set[tuple[str, str]], settings: Settings
) -> AggregationPeriod:
    begin, end = period.begin, period.end
    zone = settings.site_zone
    return AggregationPeriod(
        child=begin.child, parent=begin.parent, since=begin.at.astimezone(zone),
        cause=begin.cause, by=begin.by,
        follows=tuple(d for d in begin.follows if (begin.child, d) in broken),
        until=end.at.astimezone(zone) if end else None, ended_by=end.cause if end else None,
    )


def _custody_row(row: Row, whereabouts: _Whereabouts, settings: Settings) -> CustodyRow:
    child, disaggregation_id = row["child"], row["disaggregation_id"]
    return CustodyRow(
        disaggregation_id=disaggregation_id, child=child, left=row["parent"],
        left_at=from_microseconds(row["left_at"], settings.site_zone), left_by=row["left_by"],
        station=row["station"], purpose=row["purpose"], reason=row["reason"],
        put_at=row["location_id"], put_into=row["into"],
        now_in=whereabouts.parents.get(child),
        rejoined_by=whereabouts.rejoined_by(child, disaggregation_id),
        **whereabouts.of(child),
    )
