"""What is inside what: how both systems keep, follow and show the tree of units.

Sources: URS-AGG-001, URS-PAK-003, URS-STA-006.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.identifiers import Sscc
from contracts.model.inspection_packing import (
    AggregationRow,
    Aggregations,
    ShipmentRow,
    Shipments,
    UnitRow,
)
from contracts.model.instants import from_microseconds, write_timestamp
from contracts.model.messages.shipping import ShipmentConfirmed
from reference_impl.domain import packing as rules
from reference_impl.domain.lot_status import LotInUse
from reference_impl.domain.shipping import ON_HOLD, check_unlocked
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.stock import quantity, retest_instant, status_of, text
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.remembering import KEPT_MAX, Remembered
from reference_impl.store.tables import aggregations, containers, lots, shipments

_INSIDE = Statement(
    select(aggregations).where(aggregations.c.parent == bindparam("parent"))
    .order_by(aggregations.c.child)
)
_ALL = Statement(select(aggregations).order_by(aggregations.c.child))
_SHIPMENTS = Statement(
    select(shipments).order_by(shipments.c.shipment_id, shipments.c.sscc)
)
_WITH_LOT = (
    select(containers, lots.c.status.label("lot_status"), lots.c.material_id, lots.c.lot,
           lots.c.expires_on, lots.c.expires_at, lots.c.retest_at)
    .join(lots, lots.c.lot_id == containers.c.lot_id)
)
_HELD = Statement(_WITH_LOT.where(containers.c.sscc == bindparam("sscc")))
_ALL_HELD = Statement(_WITH_LOT.order_by(containers.c.sscc))


def parent_of(work: Work, child: str) -> str | None:
    """The unit that something stands in; None where it stands on its own."""
    row = work.find(aggregations, child)
    return row["parent"] if row else None


def content_of(work: Work, sscc: str) -> list[Row]:
    """The containers in stock that a unit is or holds, at every level, with their lots."""
    held = work.connection.row(_HELD, sscc=sscc)
    found = [held] if held is not None and quantity(held).value > 0 else []
    for row in work.connection.rows(_INSIDE, parent=sscc):
        if row["child"].startswith("(00)"):
            found += content_of(work, row["child"].removeprefix("(00)"))
    return found


def lots_in(content: Iterable[Row]) -> list[LotInUse]:
    """The lots of a content; a container that is stricter than its lot counts as it is."""
    return [_lot_inside(row) for row in content]


def _lot_inside(row: Row) -> LotInUse:
    return LotInUse(
        row["lot_id"], status_of(row, row["lot_status"]), from_microseconds(row["expires_at"]),
        retest_instant(row),
    )


_LOT_INSIDE = Remembered(_lot_inside)


# implements FRS-AGG-001
# implements FRS-PAK-016
def check_children(work: Work, parent: str, children: Sequence[str]) -> Refusal | None:
    """Refuse what would make no tree, is not in stock, is locked, or is expired."""
    refusal = rules.check_distinct(children, "children") or rules.check_no_cycle(
        parent, ancestors_of(work, parent), children
    )
    if refusal:
        return refusal
    for index, child in enumerate(children):
        content = content_of(work, child)
        if not content:
            return Refusal(Code.UNKNOWN_UNIT, f"children[{index}]", f"{child} holds nothing")
        inside, path = lots_in(content), f"children[{index}]"
        refusal = check_unlocked(inside, path) or rules.check_in_date(inside, work.now, path)
        if refusal:
            return refusal
    keys = [rules.logistic_unit(child) for child in children]
    return rules.check_unpacked([parent_of(work, key) for key in keys], "children")


def keep_shipment(work: Work, fact: ShipmentConfirmed) -> None:
    """Keep who has what now. Source: 21 CFR 211.150(b)."""
    for item in fact.content:
        work.create(
            shipments, shipment_id=fact.shipment_id, sscc=item.sscc, handling_unit=item.unit,
            customer_id=fact.customer_id, consignee=fact.consignee, lot_id=item.lot_id,
            quantity=text(item.quantity), unit=item.quantity.unit.value,
            shipped_at=write_timestamp(fact.shipped_at),
        )


def show_aggregations(connection: Connection, _: Settings, __: int) -> Aggregations:
    """What is inside what, and each unit in stock with all that it holds."""
    rows = connection.rows(_ALL)
    inside: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["child"].startswith("(00)"):
            inside[row["parent"]].append(row["child"].removeprefix("(00)"))
    held = {r["sscc"]: r for r in connection.rows(_ALL_HELD) if Decimal(r["quantity"]) > 0}
    units = (_unit(sscc, _within(sscc, inside, held)) for sscc in sorted({*held, *inside}))
    return Aggregations(
        rows=tuple(map(_AGGREGATION_ROW, rows)),
        units=tuple(unit for unit in units if unit),
    )


def show_shipments(connection: Connection, _: Settings, __: int) -> Shipments:
    """All that left the site."""
    return Shipments(
        rows=tuple(
            ShipmentRow(
                shipment_id=row["shipment_id"], customer_id=row["customer_id"],
                consignee=row["consignee"], unit=row["handling_unit"], sscc=row["sscc"],
                lot_id=row["lot_id"], quantity=quantity(row), shipped_at=row["shipped_at"],
            )
            for row in connection.rows(_SHIPMENTS)
        )
    )


def ancestors_of(work: Work, sscc: str) -> list[str]:
    """The units that a unit stands in, innermost first."""
    found: list[str] = []
    above = parent_of(work, rules.logistic_unit(sscc))
    while above is not None and above not in found:
        found.append(above)
        above = parent_of(work, rules.logistic_unit(above))
    return found


def _within(sscc: str, inside: dict[str, list[str]], held: dict[str, Row]) -> list[Row]:
    found = [held[sscc]] if sscc in held else []
    for child in inside.get(sscc, ()):
        found += _within(child, inside, held)
    return found


def _aggregation_row(row: Row) -> AggregationRow:
    return AggregationRow(child=row["child"], parent=row["parent"], cause=row["cause"])


_AGGREGATION_ROW = Remembered(_aggregation_row)


def _unit(sscc: str, content: list[Row]) -> UnitRow | None:
    if not content:
        return None
    inside = [_LOT_INSIDE(row) for row in content]
    return _unit_row(
        sscc, tuple(sorted({held.lot_id for held in inside})),
        any(held.status in ON_HOLD for held in inside),
    )


@lru_cache(KEPT_MAX)
def _unit_row(sscc: str, lot_ids: tuple[str, ...], is_locked: bool) -> UnitRow:
    return UnitRow(sscc=Sscc(sscc), lot_ids=lot_ids, locked=is_locked)
