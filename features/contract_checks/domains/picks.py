"""Orders and picks."""

from __future__ import annotations

from typing import Any

from contracts.model.commands import StartOrder
from contracts.model.identifiers import Id, LotNumber
from contracts.model.lot_status import LotStatus
from contracts.model.messages.picks import PickLine, PickRequested
from contracts.model.quantities import PositiveQuantity, Quantity, Unit
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import (
    BomLine,
    Container,
    Load,
    Location,
    Lot,
    Material,
    Order,
    Purpose,
)
from features.contract_checks.domains.facts import Domain, Facts, member, message
from features.contract_checks.world import EXPIRES, LINE, NOW, World
from simulator.namespace import Namespace

_SHELF_LIFE_MAX_DAYS = 300


def _pick_requested(world: World, body: Any) -> Facts:
    order = world.planned_order()
    line: dict[str, Any] = {
        "lineId": LINE,
        "materialId": world.names.id("LACTOSE"),
        "quantity": world.amount(),
        "toleranceHigh": {"value": "0.050", "unit": "KGM"},
        "minimumShelfLifeDays": _SHELF_LIFE_MAX_DAYS,
    }
    lines = member(body, "data", "lines")
    if isinstance(lines, list) and lines and member(lines[0], "gtin") is not None:
        line["gtin"] = world.names.gtin("LACTOSE")
    return message(world, "pick-requested", f"order/{order}", (
        ("requestId", world.fresh("request")),
        ("orderId", order),
        ("bomId", world.names.id("BOM")),
        ("bomVersion", 1),
        ("toLocation", world.names.id("STAGING")),
        ("lines", [line]),
    ))


def _pick_confirmed(world: World, _: Any) -> Facts:
    container = world.label()
    return message(world, "pick-confirmed", f"container/{container}", (
        ("confirmationId", world.fresh("scan")),
        ("requestId", world.names.id("SCAN-REQUEST")),
        ("lineId", LINE),
        ("orderId", world.names.id("SCAN-ORDER")),
        ("materialId", world.names.id("SCANNED")),
        ("lotId", world.names.id("SCAN")),
        ("lot", world.names.lot_number("SCAN")),
        ("sourceContainer", world.names.sscc("SCAN")),
        ("container", container),
        ("quantity", world.amount()),
        ("fromLocation", world.names.id("RACK")),
        ("toLocation", world.names.id("STAGING")),
    ))


def _start_order(world: World, _: Any) -> Facts:
    return [("orderId", world.planned_order())]


def _request_pick(world: World, _: Any) -> Facts:
    return [
        ("requestId", world.fresh("request")),
        ("orderId", world.names.id("ORDER")),
        ("toLocation", world.names.id("STAGING")),
        ("lines", [{"lineId": LINE, "quantity": world.amount()}]),
    ]


def _confirm_pick(world: World, _: Any) -> Facts:
    return [
        ("confirmationId", world.fresh("scan")),
        ("requestId", world.names.id("SCAN-REQUEST")),
        ("lineId", LINE),
        ("scan", f"]C100{world.names.sscc('SCAN')}"),
        ("quantity", world.amount()),
        ("toContainer", world.label()),
    ]


# --- what is loaded and opened ------------------------------------------------------------------


def _start(world: World) -> None:
    body = StartOrder(order_id=Id(world.names.id("ORDER")))
    world.command("start-order", body, Duty.PRODUCTION)


def _request(world: World) -> None:
    """The request whose line is confirmed bit by bit."""
    line = PickLine(
        line_id=Id(LINE), material_id=Id(world.names.id("SCANNED")),
        quantity=PositiveQuantity.of("10000 KGM"), tolerance_high=Quantity.of("0 KGM"),
    )
    order = Id(world.names.id("SCAN-ORDER"))
    payload = PickRequested(
        request_id=Id(world.names.id("SCAN-REQUEST")), order_id=order,
        bom_id=Id(world.names.id("BOM")), bom_version=1,
        to_location=Id(world.names.id("STAGING")), needed_by=NOW,
        requested_by=Id(world.person(Duty.PRODUCTION)), station=Id("CONTRACT"), lines=(line,),
    )
    world.tell("pick-requested", payload, f"order/{order}")


def _load(names: Namespace, supply: int) -> Load:
    lots = [("STOCK", "LACTOSE", LotStatus.RELEASED), ("SCAN", "SCANNED", LotStatus.RELEASED)]
    lots += [(f"HOLD{n}", "HELD", LotStatus.QUARANTINE) for n in range(supply)]
    orders = [("ORDER", "LACTOSE"), ("SCAN-ORDER", "SCANNED")]
    orders += [(f"PLAN{n}", "LACTOSE") for n in range(supply)]
    return Load(
        materials=tuple(
            Material(material_id=Id(names.id(name)), description=f"example material {name}",
                     gtin=names.gtin(name), base_unit=Unit.KILOGRAM)
            for name in ("LACTOSE", "SCANNED", "HELD")
        ),
        locations=(
            Location(location_id=Id(names.id("RACK")), description="example rack"),
            Location(location_id=Id(names.id("STAGING")), purpose=Purpose.STAGING,
                     description="example supply area"),
        ),
        lots=tuple(_lot(names, *lot) for lot in lots),
        containers=tuple(_container(names, lot) for lot in ("STOCK", "SCAN")),
        orders=tuple(_order(names, *order) for order in orders),
    )


def _lot(names: Namespace, lot: str, material: str, status: LotStatus) -> Lot:
    return Lot(
        lot_id=Id(names.id(lot)), material_id=Id(names.id(material)),
        lot=LotNumber(names.lot_number(lot)), expires_on=EXPIRES,
        status=status,
    )


def _container(names: Namespace, lot: str) -> Container:
    return Container(
        sscc=names.sscc(lot), lot_id=Id(names.id(lot)), location_id=Id(names.id("RACK")),
        quantity=PositiveQuantity.of("1000000 KGM"),
    )


def _order(names: Namespace, order: str, material: str) -> Order:
    line = BomLine(
        line_id=Id(LINE), material_id=Id(names.id(material)),
        quantity=PositiveQuantity.of("100000 KGM"), tolerance_high=Quantity.of("0.050 KGM"),
    )
    return Order(
        order_id=Id(names.id(order)), bom_id=Id(names.id("BOM")), bom_version=1, lines=(line,)
    )


PICKS = Domain(
    facts={
        "pick-requested": _pick_requested,
        "pick-confirmed": _pick_confirmed,
        "start-order": _start_order,
        "request-pick": _request_pick,
        "confirm-pick": _confirm_pick,
    },
    load=_load,
    open_work={Role.MES: _start, Role.WMS: _request},
)
