"""Lots, containers, pick lines: how both systems read them, and show them to others."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from contracts.model.identifiers import SiteLotCode, Sscc
from contracts.model.inspection import (
    AllocationRow,
    ContainerRow,
    Containers,
    Genealogy,
    GenealogyRow,
    Inventory,
    InventoryRow,
    LotRow,
    Lots,
    PickRow,
    Picks,
)
from contracts.model.instants import from_microseconds
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Quantity, Unit
from reference_impl.domain.lot_status import LotInUse
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.remembering import KEPT_MAX, Remembered
from reference_impl.store.tables import containers, genealogy, lots, materials, pick_lines

# From the laxest to the strictest: a container is never laxer than its lot.
STRICTNESS = (
    LotStatus.RELEASED, LotStatus.QUARANTINE, LotStatus.BLOCKED, LotStatus.EXPIRED,
    LotStatus.REJECTED, LotStatus.RECALLED, LotStatus.CLOSED,
)
_STOCK = Statement(
    select(containers, lots.c.status.label("lot_status"), lots.c.material_id)
    .join(lots, lots.c.lot_id == containers.c.lot_id)
    .order_by(containers.c.sscc)
)
_LOTS = Statement(
    select(lots, materials.c.gtin)
    .join(materials, materials.c.material_id == lots.c.material_id, isouter=True)
    .order_by(lots.c.lot_id)
)
_CONTAINERS = Statement(select(containers).order_by(containers.c.sscc))
_GENEALOGY = Statement(select(genealogy).order_by(genealogy.c.child, genealogy.c.parent))
_PICKS = Statement(select(pick_lines).order_by(pick_lines.c.request_id, pick_lines.c.line_id))
_LOT = Statement(select(lots).where(lots.c.lot_id == bindparam("lot_id")))


def quantity(row: Row, column: str = "quantity") -> Quantity:
    """The quantity that a row holds."""
    return Quantity(value=Decimal(row[column]), unit=Unit(row["unit"]))


def text(amount: Quantity) -> str:
    """The decimal text of a quantity, as a column keeps it."""
    return f"{amount.value:f}"


def lot_in_use(connection: Connection, lot_id: str) -> LotInUse | None:
    """What has to be known of a lot before it is used."""
    row = connection.row(_LOT, lot_id=lot_id)
    return read_lot(row) if row else None


def read_lot(row: Row) -> LotInUse:
    """The lot that a row of the table holds."""
    return LotInUse(
        row["lot_id"], LotStatus(row["status"]), from_microseconds(row["expires_at"]),
        retest_instant(row),
    )


def retest_instant(row: Row) -> datetime | None:
    """From when on a lot has to be tested again; None where nobody said so."""
    return from_microseconds(row["retest_at"]) if row["retest_at"] is not None else None


# implements FRS-RET-033
def status_of(container: Row, lot_status: str) -> LotStatus:
    """The status that counts for a container: its own, where it is stricter than its lot."""
    own = LotStatus(container["status"] or lot_status)
    return max(own, LotStatus(lot_status), key=STRICTNESS.index)


def lot_inside(container: Row, lot: LotInUse) -> LotInUse:
    """A lot as it counts in one container."""
    return replace(lot, status=status_of(container, lot.status))


def show_inventory(connection: Connection, _: Settings, __: int) -> Inventory:
    """Stock per material, lot, location and status; emptied containers do not count.

    A fact in a foreign unit is taken over with an alarm, so a place may hold amounts of two units.
    """
    sums: dict[tuple[str, str, str, LotStatus, str], Quantity] = {}
    for row in connection.rows(_STOCK):
        key, held = _HELD(row)
        sums[key] = sums[key] + held if key in sums else held
    return Inventory(
        rows=tuple(
            _inventory_row(k, text(sums[k]))
            for k in sorted(sums)
            if sums[k].value != 0
        )
    )


@lru_cache(KEPT_MAX)
def _inventory_row(key: tuple[str, str, str, LotStatus, str], amount: str) -> InventoryRow:
    """By the text of the amount: 1.0 and 1.00 are equal, and are not shown alike."""
    return InventoryRow(
        material_id=key[0], lot_id=key[1], location_id=key[2], status=key[3],
        quantity=Quantity(value=Decimal(amount), unit=Unit(key[4])),
    )


def _held(row: Row) -> tuple[tuple[str, str, str, LotStatus, str], Quantity]:
    """Where a container counts, and what it holds."""
    key = (row["material_id"], row["lot_id"], row["location_id"],
           status_of(row, row["lot_status"]), row["unit"])
    return key, quantity(row)


_HELD = Remembered(_held)


def show_lots(connection: Connection, settings: Settings, _: int) -> Lots:
    """All lots."""
    zone = settings.site_zone
    return Lots(rows=tuple(_LOT_ROW(row, zone) for row in connection.rows(_LOTS)))


def _lot_row(row: Row, zone: ZoneInfo) -> LotRow:
    released, retest = row["released_at"], retest_instant(row)
    return LotRow(
        lot_id=row["lot_id"], material_id=row["material_id"], lot=row["lot"], gtin=row["gtin"],
        lot_code=SiteLotCode(row["lot_code"]) if row["lot_code"] else None,
        status=LotStatus(row["status"]), expires_on=date.fromisoformat(row["expires_on"]),
        expires_at=from_microseconds(row["expires_at"], zone),
        released_at=from_microseconds(released, zone) if released else None,
        retest_on=date.fromisoformat(row["retest_on"]) if row["retest_on"] else None,
        retest_at=retest.astimezone(zone) if retest else None,
    )


_LOT_ROW = Remembered(_lot_row)


def show_containers(connection: Connection, _: Settings, __: int) -> Containers:
    """All containers."""
    return Containers(rows=tuple(map(_CONTAINER_ROW, connection.rows(_CONTAINERS))))


def _container_row(row: Row) -> ContainerRow:
    return ContainerRow(
        sscc=row["sscc"], lot_id=row["lot_id"], location_id=row["location_id"],
        quantity=quantity(row), status=LotStatus(row["status"]) if row["status"] else None,
    )


_CONTAINER_ROW = Remembered(_container_row)


def show_genealogy(connection: Connection, _: Settings, __: int) -> Genealogy:
    """All links from parent to child."""
    return Genealogy(
        rows=tuple(
            GenealogyRow(
                child=row["child"], parent=row["parent"], quantity=quantity(row),
                cause=row["cause"],
            )
            for row in connection.rows(_GENEALOGY)
        )
    )


def show_picks(
    connection: Connection, allocated: dict[tuple[str, str], tuple[AllocationRow, ...]]
) -> Picks:
    """All pick request lines, with what the warehouse set aside for each."""
    return Picks(
        rows=tuple(
            PickRow(
                request_id=row["request_id"], line_id=row["line_id"], order_id=row["order_id"],
                material_id=row["material_id"], requested=quantity(row, "requested"),
                picked=quantity(row, "picked"), state=row["state"],
                allocations=allocated.get((row["request_id"], row["line_id"]), ()),
            )
            for row in connection.rows(_PICKS)
        )
    )


def allocation_rows(rows: list[Row]) -> dict[tuple[str, str], tuple[AllocationRow, ...]]:
    """Allocations by request and line."""
    found: dict[tuple[str, str], tuple[AllocationRow, ...]] = defaultdict(tuple)
    for row in rows:
        shown = AllocationRow(
            container=Sscc(row["sscc"]), lot_id=row["lot_id"], quantity=quantity(row)
        )
        found[(row["request_id"], row["line_id"])] += (shown,)
    return found


SHOWS: dict[str, Any] = {
    "inventory": show_inventory,
    "lots": show_lots,
    "containers": show_containers,
    "genealogy": show_genealogy,
}
