"""What a record of each master holds here, member by member, as it is published and compared.

Both systems keep all of it: items, places, the bills of materials of orders, and how lots and
serial numbers of an item are written. Source: URS-MDM-001.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from sqlalchemy import bindparam, select

from contracts.model.identifiers import LotNumber, SerialNumber, SiteLotCode
from contracts.model.master_data import MEMBERS, TEXT_MAX, MasterKind
from contracts.record.digests import digest_of
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.remembering import Remembered
from reference_impl.store.tables import bom_lines, locations, materials, orders

Content = dict[str, str]
_COLUMNS = {
    MasterKind.MATERIAL: (
        "description", "gtin", "base_unit", "conversions", "stock_scale", "potency_basis",
        "shelf_life_days", "temperature_class", "hazard_classes", "allergens", "issue_mode",
    ),
    MasterKind.LOCATION: (
        "description", "purpose", "kind", "parent", "equipment_level", "temperature_class",
        "hazard_classes", "allergens", "quarantine", "allowed_statuses", "discrepancy_location",
    ),
}
_LISTS = {"hazard_classes", "allergens", "allowed_statuses"}
_FLAGS = {"quarantine"}
_LINES_MAX = 30

_MATERIALS = Statement(select(materials).order_by(materials.c.material_id))
_MATERIAL = Statement(select(materials).where(materials.c.material_id == bindparam("id")))
_LOCATIONS = Statement(select(locations).order_by(locations.c.location_id))
_LOCATION = Statement(select(locations).where(locations.c.location_id == bindparam("id")))
_ORDERS = Statement(select(orders).order_by(orders.c.order_id))
_ORDER = Statement(select(orders).where(orders.c.order_id == bindparam("id")))
_LINES = Statement(select(bom_lines).order_by(bom_lines.c.order_id, bom_lines.c.line_id))
_LINES_OF = Statement(
    select(bom_lines).where(bom_lines.c.order_id == bindparam("id")).order_by(bom_lines.c.line_id)
)


def content_of(connection: Connection, kind: MasterKind, record_id: str) -> Content | None:
    """The content of a record; None where it is not held here."""
    match kind:
        case MasterKind.MATERIAL:
            row = connection.row(_MATERIAL, id=record_id)
            return _of_row(row, kind) if row else None
        case MasterKind.LOCATION:
            row = connection.row(_LOCATION, id=record_id)
            return _of_row(row, kind) if row else None
        case MasterKind.BOM:
            row = connection.row(_ORDER, id=record_id)
            return _of_bom(row, connection.rows(_LINES_OF, id=record_id)) if row else None
        case MasterKind.LOT_FORMAT:
            known = connection.row(_MATERIAL, id=record_id)
            return dict(_LOT_FORMAT) if known else None


def all_records(connection: Connection) -> Iterator[tuple[MasterKind, str, Mapping[str, str]]]:
    """Every record that is held here, kind by kind."""
    items = connection.rows(_MATERIALS)
    for row in items:
        yield MasterKind.MATERIAL, row["material_id"], _CONTENT(row, MasterKind.MATERIAL)
    for row in items:
        yield MasterKind.LOT_FORMAT, row["material_id"], dict(_LOT_FORMAT)
    for row in connection.rows(_LOCATIONS):
        yield MasterKind.LOCATION, row["location_id"], _CONTENT(row, MasterKind.LOCATION)
    lines: dict[str, list[Row]] = {}
    for row in connection.rows(_LINES):
        lines.setdefault(row["order_id"], []).append(row)
    for row in connection.rows(_ORDERS):
        yield MasterKind.BOM, row["order_id"], _of_bom(row, lines.get(row["order_id"], []))


def _of_row(row: Row, kind: MasterKind) -> Content:
    members = zip(MEMBERS[kind], _COLUMNS[kind], strict=True)
    return {
        member: _fitting(_text(column, row[column]))
        for member, column in members if row[column] is not None
    }


_CONTENT = Remembered(_of_row)


def _text(column: str, value: object) -> str:
    if column in _LISTS:
        return json.dumps(json.loads(str(value)), separators=(",", ":"), ensure_ascii=False)
    return ("yes" if value else "no") if column in _FLAGS else str(value)


def _of_bom(order: Row, lines: list[Row]) -> Content:
    """The bill of an order: what it is called, and what each line asks for."""
    texts = [_line(row) for row in lines]
    content = {
        "bomId": order["bom_id"], "bomVersion": str(order["bom_version"]),
        "approved": "yes" if order["approved"] else "no",
    }
    if len(texts) > _LINES_MAX:
        return {**content, "lines": f"sha256:{digest_of(texts)}"}
    return {**content, **{f"line{n}": _fitting(text) for n, text in enumerate(texts, 1)}}


def _line(row: Row) -> str:
    unit, basis = row["unit"], row["potency_basis"]
    low = row["tolerance_low"] or "0"
    days = row["minimum_shelf_life_days"]
    return (
        f"{row['line_id']}: {row['material_id']} {_plain(row['quantity'])} {unit} "
        f"+{_plain(row['tolerance_high'])} -{_plain(low)}; {days} days"
        + (f"; potency {_plain(basis)}" if basis else "")
    )


def _plain(decimal: str) -> str:
    """A decimal without superfluous zeros."""
    return f"{Decimal(decimal).normalize():f}"


def _fitting(text: str) -> str:
    return text if len(text) <= TEXT_MAX else f"sha256:{digest_of(text)}"


_LOT_FORMAT = dict(zip(
    MEMBERS[MasterKind.LOT_FORMAT],
    (SiteLotCode.pattern, "ISO/IEC 7064 MOD 37-2", LotNumber.pattern, SerialNumber.pattern),
    strict=True,
))
