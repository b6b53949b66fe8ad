"""Labels, packs, pallets and shipments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.model.commands import LabelPrinted, PackUnit, PrintLabel, StartOrder, VerifyLabel
from contracts.model.identifiers import Id, LotNumber, SerialNumber, Sscc
from contracts.model.lot_status import LotStatus
from contracts.model.packing import UnitKind
from contracts.model.quantities import Pieces, PositiveQuantity, Quantity, Unit
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import (
    BomLine,
    Container,
    Customer,
    Equipment,
    EquipmentKind,
    Load,
    Location,
    Lot,
    Material,
    Order,
    PackagingLine,
    Product,
    Purpose,
)
from features.contract_checks.domains.facts import Domain, Facts, member, message
from features.contract_checks.world import EXPIRES, LINE, World
from simulator.namespace import Namespace

_ONE = {"value": "1", "unit": Unit.EACH.value}
_REASON = "because a contract check says so"


# --- messages -----------------------------------------------------------------------------------



@dataclass(frozen=True)
class Made:
    """An order and the lot that it makes, by their names in the world."""

    order: str
    lot: str


_MADE = Made("PACK-ORDER", "PACKED")


def _pack_completed(world: World, _: Any) -> Facts:
    sscc = world.label()
    return message(world, "pack-completed", f"container/{sscc}", (
        ("packId", world.fresh("pack")),
        ("sscc", sscc),
        ("orderId", world.names.id("PACK-ORDER")),
        ("materialId", world.names.id("TABLETS")),
        ("gtin", world.names.gtin("TABLETS")),
        ("lotId", world.names.id("PACKED")),
        ("lot", world.names.lot_number("PACKED")),
        ("expiresOn", EXPIRES.isoformat()),
        ("quantity", _ONE),
        ("serials", [world.fresh("sn")]),
        ("locationId", world.names.id("PACKING")),
    ))


def _unit_aggregated(world: World, _: Any) -> Facts:
    parent = world.label()
    return message(world, "unit-aggregated", f"container/{parent}", (
        ("aggregationId", world.fresh("aggregation")),
        ("parent", parent),
        ("children", [world.label()]),
        ("source", ...),
        ("lotId", ...),
        ("locationId", ...),
    ))


def _shipment_confirmed(world: World, _: Any) -> Facts:
    shipment, sscc = world.fresh("shipment"), world.take("in stock")
    content = {
        "unit": sscc, "sscc": sscc, "materialId": world.names.id("TABLETS"),
        "lotId": world.names.id("SHIPPED"), "lot": world.names.lot_number("SHIPPED"),
        "expiresOn": EXPIRES.isoformat(), "quantity": _ONE,
    }
    return message(world, "shipment-confirmed", f"shipment/{shipment}", (
        ("shipmentId", shipment),
        ("customerId", world.names.id("CUSTOMER")),
        ("content", [content]),
    ))


# --- commands -----------------------------------------------------------------------------------


def _print_label(world: World, _: Any) -> Facts:
    return [
        ("labelId", world.fresh("label")),
        ("orderId", world.names.id("PACK-ORDER")),
        ("packagingLineId", world.names.id("PACK-LINE")),
        ("lotId", world.names.id("PACKED")),
        ("printerId", world.names.id("PRINTER")),
        ("reprintOf", ...),
    ]


def _verify_label(world: World, _: Any) -> Facts:
    label_id, _, sscc = world.take("printed").partition(" ")
    return [
        ("verificationId", world.fresh("read")),
        ("labelId", label_id),
        ("scan", f"]C100{sscc}"),
    ]


def _spoil_label(world: World, body: Any) -> Facts:
    facts: Facts = [("spoilId", world.fresh("spoil")), ("labelId", world.take("to spoil"))]
    if len("".join(str(member(body, "reason")).split())) < 5:
        facts.append(("reason", _REASON))
    return facts


def _reconcile_labels(world: World, _: Any) -> Facts:
    return [
        ("reconciliationId", world.fresh("count")),
        ("orderId", world.planned_order()),
        ("applied", 0),
        ("destroyed", 0),
    ]


def _pack_unit(world: World, _: Any) -> Facts:
    return [
        ("packId", world.fresh("pack")),
        ("labelId", world.take("verified")),
        ("serials", [world.fresh("sn")]),
    ]


def _aggregate(world: World, _: Any) -> Facts:
    facts: Facts = [("aggregationId", world.fresh("aggregation"))]
    if world.role is Role.WMS:
        return [*facts, ("parent", world.label()), ("children", [world.take("in stock")])]
    label_id, _, case = world.take("pallet").partition(" ")
    return [*facts, ("labelId", label_id), ("children", [case])]


def _ship(world: World, _: Any) -> Facts:
    return [
        ("shipmentId", world.fresh("shipment")),
        ("customerId", world.names.id("CUSTOMER")),
        ("ssccs", [world.take("in stock")]),
    ]


# --- what is loaded and opened ------------------------------------------------------------------


def _open_packing(world: World) -> None:
    """Labels in each state that a command begins with, as many as good cases may need."""
    order = StartOrder(order_id=Id(world.names.id("PACK-ORDER")))
    world.command("start-order", order, Duty.PRODUCTION)
    kinds = ("printed", "to spoil", "verified", "pallet")
    world.opened |= {kind: [] for kind in kinds}
    for _ in range(world.supply // 2):
        label_id, sscc = _printed(world, UnitKind.PALLET)
        world.opened["printed"].append(f"{label_id} {sscc}")
        world.opened["to spoil"].append(_printed(world, UnitKind.PALLET)[0])
        world.opened["verified"].append(_verified(world, UnitKind.CASE)[0])
        world.opened["pallet"].append(_pallet(world))
    _in_stock(world)


def _in_stock(world: World) -> None:
    """The loaded units that stand in stock, released."""
    world.opened["in stock"] = [world.names.sscc(f"STOCK{n}") for n in range(2 * world.supply)]


def pack_one(world: World, made: Made) -> str:
    """One unit of an order is packed in a case under its verified label. Returns: the case."""
    case_label, case = _verified(world, UnitKind.CASE, made)
    body = PackUnit(
        pack_id=Id(world.fresh("pack")), label_id=Id(case_label),
        serials=(SerialNumber(world.fresh("sn")),),
    )
    world.command("pack-unit", body, Duty.PACKER)
    return case


def _printed(world: World, kind: UnitKind, made: Made = _MADE) -> tuple[str, str]:
    """Print a label. Returns: its id and SSCC; a dash where the system gave none."""
    lot = Id(world.names.id(made.lot)) if kind is UnitKind.CASE else None
    body = PrintLabel(
        label_id=Id(world.fresh("label")), order_id=Id(world.names.id(made.order)),
        packaging_line_id=Id(world.names.id("PACK-LINE")), kind=kind, lot_id=lot,
        quantity=Pieces.of("1 C62"), printer_id=Id(world.names.id("PRINTER")),
    )
    answer = world.command("print-label", body, Duty.PACKER)
    value = answer.value if answer is not None else None
    return body.label_id, value.sscc if isinstance(value, LabelPrinted) else "-"


def _verified(world: World, kind: UnitKind, made: Made = _MADE) -> tuple[str, str]:
    label_id, sscc = _printed(world, kind, made)
    scan = f"]C100{sscc}"
    if kind is UnitKind.CASE:
        names = world.names
        product = f"02{names.gtin('TABLETS')}17{EXPIRES:%y%m%d}10{names.lot_number(made.lot)}"
        scan = f"]d200{sscc}{product}\x1d371"
    body = VerifyLabel(verification_id=Id(world.fresh("read")), label_id=Id(label_id), scan=scan)
    world.command("verify-label", body, Duty.PACKER)
    return label_id, sscc


def _pallet(world: World) -> str:
    """A verified pallet label for one unit, and a packed case of one unit."""
    case = pack_one(world, _MADE)
    return f"{_verified(world, UnitKind.PALLET)[0]} {case}"


def _load(names: Namespace, supply: int) -> Load:
    one = PositiveQuantity.of("1 C62")
    return Load(
        materials=(Material(material_id=Id(names.id("TABLETS")), description="example tablets",
                            gtin=names.gtin("TABLETS"), base_unit=Unit.EACH),),
        locations=(Location(location_id=Id(names.id("PACKING")), purpose=Purpose.PACKING,
                            description="example packaging line"),),
        equipment=(Equipment(equipment_id=Id(names.id("PRINTER")), kind=EquipmentKind.PRINTER,
                             description="example label printer"),),
        lots=(Lot(lot_id=Id(names.id("SHIPPED")), material_id=Id(names.id("TABLETS")),
                  lot=LotNumber(names.lot_number("SHIPPED")), expires_on=EXPIRES,
                  status=LotStatus.RELEASED),),
        containers=tuple(
            Container(sscc=Sscc(names.sscc(f"STOCK{n}")), lot_id=Id(names.id("SHIPPED")),
                      location_id=Id(names.id("PACKING")), quantity=one)
            for n in range(2 * supply)
        ),
        orders=(_order(names),),
        packaging_lines=(PackagingLine(line_id=Id(names.id("PACK-LINE")),
                                       location_id=Id(names.id("PACKING")),
                                       sscc_prefix=names.sscc_range("PACK-LINE")),),
        customers=(Customer(customer_id=Id(names.id("CUSTOMER")), name="Example Wholesale",
                            minimum_shelf_life_days=30),),
    )


def _order(names: Namespace) -> Order:
    line = BomLine(
        line_id=Id(LINE), material_id=Id(names.id("LACTOSE")),
        quantity=PositiveQuantity.of("1 KGM"), tolerance_high=Quantity.of("0 KGM"),
    )
    product = Product(
        material_id=Id(names.id("TABLETS")), gtin=names.gtin("TABLETS"),
        lot_id=Id(names.id("PACKED")), lot=LotNumber(names.lot_number("PACKED")),
        expires_on=EXPIRES,
    )
    return Order(
        order_id=Id(names.id("PACK-ORDER")), bom_id=Id(names.id("BOM")), bom_version=1,
        lines=(line,), product=product,
    )


PACKING = Domain(
    facts={
        "pack-completed": _pack_completed,
        "unit-aggregated": _unit_aggregated,
        "shipment-confirmed": _shipment_confirmed,
        "print-label": _print_label,
        "verify-label": _verify_label,
        "spoil-label": _spoil_label,
        "reconcile-labels": _reconcile_labels,
        "pack-unit": _pack_unit,
        "aggregate": _aggregate,
        "ship": _ship,
    },
    load=_load,
    open_work={Role.MES: _open_packing, Role.WMS: _in_stock},
)
