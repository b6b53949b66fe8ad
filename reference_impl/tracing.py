"""Where a lot went and what is in a unit: recursive queries over indexed links, in both systems.

Lots are joined through batches (what was issued to an order is in the lot that it makes), units
through parts taken out of them and through the pallets that they stand on. A trace follows sets, so
it ends where rework leads in a circle. Rows become answers without being validated once more: there
may be tens of thousands, and this system wrote them itself. Sources: URS-GEN-001, URS-GEN-002.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.sql.selectable import LateralFromClause

from contracts.model.codes import Code, Refusal
from contracts.model.identifiers import Id
from contracts.model.inspection_packing import ShipmentRow
from contracts.model.inspection_tracing import (
    BackwardTrace,
    ForwardTrace,
    TracedBatch,
    TracedUnit,
)
from contracts.model.instants import read_timestamp
from contracts.model.quantities import Quantity, Unit
from reference_impl.settings import Settings
from reference_impl.store.batch_tables import batch_inputs
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import (
    aggregations,
    containers,
    genealogy,
    lots,
    order_products,
    shipments,
)

_SSCC_KEY = "(00)"


def _made_of() -> CTE:
    """The lot ``start`` and every lot that it went into."""
    start = select(cast(bindparam("start"), Text).label("lot_id"))
    found = start.cte("affected", recursive=True)
    return found.union(
        select(order_products.c.lot_id)
        .join(batch_inputs, batch_inputs.c.order_id == order_products.c.order_id)
        .join(found, found.c.lot_id == batch_inputs.c.lot_id)
        .where(batch_inputs.c.used == 1)
    )


def _units_with(affected: CTE, *, in_one_term: bool = False) -> CTE:
    """Containers of these lots, parts taken out of them, and what any of it stands on."""
    held = select(containers.c.sscc, containers.c.lot_id).where(
        containers.c.lot_id.in_(select(affected.c.lot_id))
    )
    found = held.cte("unit", recursive=True)
    taken_out = genealogy.c.parent == found.c.sscc
    stands_on = aggregations.c.child == literal(_SSCC_KEY).op("||")(found.c.sscc)
    if in_one_term:
        onward = _either(
            select(genealogy.c.child.label("sscc")).where(taken_out),
            select(aggregations.c.parent).where(stands_on),
        )
        return found.union(select(onward.c.sscc, found.c.lot_id).join(onward, true()))
    return found.union(
        select(genealogy.c.child, found.c.lot_id).join(found, taken_out),
        select(aggregations.c.parent, found.c.lot_id).join(found, stands_on),
    )


def _inside(*, in_one_term: bool = False) -> CTE:
    """The unit ``start``, all that stands in it, and what its parts were taken out of."""
    start = select(cast(bindparam("start"), Text).label("sscc"))
    found = start.cte("inside", recursive=True)
    key_length = len(_SSCC_KEY)
    is_unit = func.substr(aggregations.c.child, 1, key_length) == _SSCC_KEY
    children = select(func.substr(aggregations.c.child, key_length + 1).label("sscc"))
    sources = select(genealogy.c.parent)
    stands_in = aggregations.c.parent == found.c.sscc
    came_from = genealogy.c.child == found.c.sscc
    if in_one_term:
        inward = _either(children.where(stands_in, is_unit), sources.where(came_from))
        return found.union(select(inward.c.sscc).join(inward, true()).select_from(found))
    return found.union(
        children.join(found, stands_in).where(is_unit), sources.join(found, came_from)
    )


def _either(one: Select[Any], other: Select[Any]) -> LateralFromClause:
    """Two ways onward in one term: PostgreSQL lets only the last term of a union recur."""
    return union_all(one, other).lateral()


def _went_into(inside: CTE) -> CTE:
    """The lots of these units, and all lots that they were made of."""
    held = select(containers.c.lot_id).join(inside, inside.c.sscc == containers.c.sscc).distinct()
    found = held.cte("origin", recursive=True)
    return found.union(
        select(batch_inputs.c.lot_id)
        .join(order_products, order_products.c.order_id == batch_inputs.c.order_id)
        .join(found, found.c.lot_id == order_products.c.lot_id)
        .where(batch_inputs.c.used == 1)
    )


def _about(unit: CTE, origin: CTE) -> tuple[Select[Any], ...]:
    """The units in their order, the lots of origin, and the batches that made those."""
    return (
        select(unit).order_by(unit.c.sscc, unit.c.lot_id),
        select(origin.c.lot_id).order_by(origin.c.lot_id),
        select(order_products.c.order_id, order_products.c.lot_id)
        .where(order_products.c.lot_id.in_(select(origin.c.lot_id)))
        .order_by(order_products.c.order_id),
    )


_AFFECTED, _ORIGIN = _made_of(), _went_into(_inside())
_UNIT = _units_with(_AFFECTED)
# The same for PostgreSQL; SQLite has no LATERAL.
_UNIT_LATERAL = _units_with(_AFFECTED, in_one_term=True)
_ORIGIN_LATERAL = _went_into(_inside(in_one_term=True))
_LOTS = Statement(select(_AFFECTED.c.lot_id).order_by(_AFFECTED.c.lot_id))
_BATCHES = Statement(
    select(batch_inputs.c.order_id, order_products.c.lot_id).distinct()
    .join(order_products, order_products.c.order_id == batch_inputs.c.order_id, isouter=True)
    .where(batch_inputs.c.lot_id.in_(select(_AFFECTED.c.lot_id)), batch_inputs.c.used == 1)
    .order_by(batch_inputs.c.order_id)
)
_UNITS, _ORIGINS, _MADE_BY = (
    Statement(on_sqlite, on_postgres)
    for on_sqlite, on_postgres in zip(
        _about(_UNIT, _ORIGIN), _about(_UNIT_LATERAL, _ORIGIN_LATERAL), strict=True
    )
)
_SHIPPED = Statement(
    select(shipments)
    .where(shipments.c.lot_id.in_(select(_AFFECTED.c.lot_id)))
    .order_by(shipments.c.shipment_id, shipments.c.sscc)
)
_LOT = Statement(select(lots.c.lot_id).where(lots.c.lot_id == bindparam("lot_id")))
_PARENT = Statement(
    select(aggregations.c.parent).where(aggregations.c.child == bindparam("child"))
)


# implements FRS-GEN-001
# implements FRS-GEN-003
def trace_forward(connection: Connection, _: Settings, lot_id: str) -> ForwardTrace | Refusal:
    """Every batch, unit and consignee that material of a lot went into."""
    if connection.row(_LOT, lot_id=lot_id) is None:
        return Refusal(Code.UNKNOWN_LOT, "query:lotId", lot_id)
    return ForwardTrace(
        lot_id=lot_id, batches=batches_of(connection, lot_id),
        units=units_of(connection, lot_id), shipped=shipped_of(connection, lot_id),
    )


# implements FRS-GEN-002
def trace_backward(connection: Connection, _: Settings, unit: str) -> BackwardTrace | Refusal:
    """Every lot that went into a unit; a unit of sale is looked up by the unit that it is in."""
    around = connection.row(_PARENT, child=unit)
    start = around["parent"] if around and not unit.isdigit() else unit
    found = connection.rows(_ORIGINS, start=start)
    if not found:
        return Refusal(Code.UNKNOWN_UNIT, "query:unit", unit)
    return BackwardTrace(
        unit=unit, batches=_batches(connection.rows(_MADE_BY, start=start)),
        lots=tuple(row["lot_id"] for row in found),
    )


def lots_made_of(connection: Connection, lot_id: str) -> list[str]:
    """A lot and every lot that it went into."""
    return [row["lot_id"] for row in connection.rows(_LOTS, start=lot_id)]


def batches_of(connection: Connection, lot_id: str) -> tuple[TracedBatch, ...]:
    """Every batch that material of a lot, or of what was made of it, is in."""
    return _batches(connection.rows(_BATCHES, start=lot_id))


def units_of(connection: Connection, lot_id: str) -> tuple[TracedUnit, ...]:
    """Every unit that holds or held material of a lot, or what was made of it."""
    inside: dict[Id, list[Id]] = defaultdict(list)
    for row in connection.rows(_UNITS, start=lot_id):
        inside[row["sscc"]].append(row["lot_id"])
    return tuple(
        TracedUnit.model_construct(sscc=sscc, lot_ids=tuple(held))
        for sscc, held in inside.items()
    )


def shipped_of(connection: Connection, lot_id: str) -> tuple[ShipmentRow, ...]:
    """What of it has left the site, with its consignee. Source: 21 CFR 211.150(b)."""
    return tuple(
        ShipmentRow.model_construct(
            shipment_id=row["shipment_id"], customer_id=row["customer_id"],
            consignee=row["consignee"], unit=row["handling_unit"], sscc=row["sscc"],
            lot_id=row["lot_id"], quantity=_amount(row["quantity"], row["unit"]),
            shipped_at=_instant(row["shipped_at"]),
        )
        for row in connection.rows(_SHIPPED, start=lot_id)
    )


# Cases of one product hold the same, and those of one shipment left at one instant.
@lru_cache(maxsize=1024)
def _amount(value: str, unit: str) -> Quantity:
    return Quantity(value=Decimal(value), unit=Unit(unit))


@lru_cache(maxsize=1024)
def _instant(written: str) -> datetime:
    return read_timestamp(written)


def _batches(rows: Iterable[Row]) -> tuple[TracedBatch, ...]:
    return tuple(TracedBatch(order_id=row["order_id"], lot_id=row["lot_id"]) for row in rows)


SELECTS = {"trace-forward": trace_forward, "trace-backward": trace_backward}
