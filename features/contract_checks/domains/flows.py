"""Customer returns, transfers in process and scrap."""

from __future__ import annotations

from typing import Any

from contracts.model.commands import Dispense, ShipUnits, SignatureComponents, StartOrder
from contracts.model.identifiers import Id, LotNumber, Sscc
from contracts.model.lot_status import LotStatus
from contracts.model.messages import ReturnReceived
from contracts.model.quantities import PositiveQuantity, Quantity, Unit
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import (
    BomLine,
    Container,
    Customer,
    DispenseLabel,
    Equipment,
    EquipmentKind,
    Load,
    Location,
    Lot,
    Material,
    Order,
    Person,
    Purpose,
)
from features.contract_checks.domains.facts import Domain, Facts, member, message
from features.contract_checks.world import EXPIRES, LINE, NOW, PASSWORD, World
from simulator.namespace import Namespace
from simulator.site import EXAMPLE_SIGNING

_REASON = "because a contract check says so"
_KG = {"value": "1.000", "unit": Unit.KILOGRAM.value}


# --- messages -----------------------------------------------------------------------------------


def _return_received(world: World, _: Any) -> Facts:
    return message(world, "return-received", f"container/{world.label()}", (
        ("returnId", world.fresh("return")),
        ("container", world.label()),
        ("lotId", world.names.id("FLOWS")),
        ("gtin", world.names.gtin("FLOWS")),
        ("quantity", _KG),
        ("serials", []),
    ))


def _wip_transferred(world: World, _: Any) -> Facts:
    sscc = world.label()
    return message(world, "wip-transferred", f"container/{sscc}", (
        ("transferId", world.fresh("transfer")),
        ("container", sscc),
        ("lotId", world.names.id("FLOWS")),
        ("fromLocation", world.names.id("FLOW-BOOTH")),
        ("toLocation", world.names.id("FLOW-AREA")),
    ))


def _material_scrapped(world: World, _: Any) -> Facts:
    return message(world, "material-scrapped", f"container/{world.label()}", (
        ("scrapId", world.fresh("scrap")),
        ("origin", "STOCK"),
        ("orderId", ...),
        ("container", world.names.sscc("FLOW-STOCK")),
        ("lotId", world.names.id("FLOWS")),
        ("gtin", world.names.gtin("FLOWS")),
        ("quantity", _KG),
        ("serials", []),
    ))


# --- commands -----------------------------------------------------------------------------------


def _receive_return(world: World, body: Any) -> Facts:
    shipped = world.take("shipped")
    facts: Facts = [
        ("returnId", world.fresh("return")),
        ("shipmentId", f"{shipped}"),
        ("scan", f"]C100{world.names.sscc(shipped.rpartition('.')[2])}"),
        ("quantity", _KG),
        ("serials", []),
        ("locationId", world.names.id("FLOW-DOCK")),
    ]
    return facts + _reason(body)


def _decide_container(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("decisionId", world.fresh("decision")),
        ("container", world.take("waiting")),
        ("decision", "DESTROY"),
        ("signature.userId", world.person(Duty.QUALITY)),
        ("signature.password", PASSWORD),
        ("secondSignature", ...),
    ]
    return facts + _reason(body)


def _transfer_wip(world: World, _: Any) -> Facts:
    container = world.take("in process")
    return [
        ("transferId", world.fresh("transfer")),
        ("orderId", world.names.id("FLOW-ORDER")),
        ("scan", f"]C100{container}"),
        ("toLocation", world.names.id("FLOW-AREA")),
    ]


def _scrap(world: World, body: Any) -> Facts:
    sscc = world.names.sscc("FLOW-STOCK") if world.role is Role.WMS else world.take("to scrap")
    facts: Facts = [
        ("scrapId", world.fresh("scrap")),
        ("scan", f"]C100{sscc}"),
        ("quantity", {"value": "0.001", "unit": Unit.KILOGRAM.value}),
        ("serials", []),
        ("verification", ...),
    ]
    return facts + _reason(body)


def _reason(body: Any) -> Facts:
    is_short = len("".join(str(member(body, "reason")).split())) < 5
    return [("reason", _REASON)] if is_short else []


# --- what is loaded and opened ------------------------------------------------------------------


def _ship_all(world: World) -> None:
    """One shipment for each return."""
    world.opened["shipped"] = []
    for number in range(world.supply):
        shipment = world.names.id(f"FLOW-SHIPPED.FLOW-OUT{number}")
        body = ShipUnits(
            shipment_id=Id(shipment), customer_id=Id(world.names.id("FLOW-CUSTOMER")),
            ssccs=(world.names.sscc(f"FLOW-OUT{number}"),),
        )
        world.command("ship", body, Duty.SHIPPER)
        world.opened["shipped"].append(shipment)


def _open_production(world: World) -> None:
    """What production needs: dispensed containers, and such as wait for a decision."""
    _dispense_all(world)
    world.opened["waiting"] = []
    for _ in range(world.supply):
        container = Sscc(world.label())
        world.tell("return-received", ReturnReceived(
            return_id=Id(world.fresh("return")), shipment_id=Id(world.names.id("FLOW-SHIPPED")),
            customer_id=Id(world.names.id("FLOW-CUSTOMER")), container=container,
            material_id=Id(world.names.id("FLOWS")), lot_id=Id(world.names.id("FLOWS")),
            lot=LotNumber(world.names.lot_number("FLOWS")), expires_on=EXPIRES,
            quantity=PositiveQuantity.of("1.000 KGM"), status=LotStatus.QUARANTINE,
            location_id=Id(world.names.id("FLOW-DOCK")), reason=_REASON, received_at=NOW,
            received_by=Id(world.person(Duty.RECEIVER)), station=Id("CONTRACT"),
        ), f"container/{container}")
        world.opened["waiting"].append(container)


def _dispense_all(world: World) -> None:
    """A dispensed container for each transfer and each scrap."""
    order = Id(world.names.id("FLOW-ORDER"))
    world.command("start-order", StartOrder(order_id=order), Duty.PRODUCTION)
    world.opened |= {"in process": [], "to scrap": []}
    for number in range(2 * world.supply):
        container = Sscc(world.label())
        body = Dispense(
            dispense_id=Id(world.fresh("flow-dispense")), order_id=order, line_id=Id(LINE),
            scan=f"]C100{world.names.sscc('FLOW-STAGED')}",
            gross=PositiveQuantity.of("1.100 KGM"), tare=Quantity.of("0.100 KGM"),
            scale_id=Id(world.names.id("FLOW-SCALE")), to_container=container,
            verification=_second(world),
        )
        world.command("dispense", body, Duty.DISPENSER)
        world.opened["in process" if number % 2 else "to scrap"].append(container)


def _second(world: World) -> SignatureComponents:
    return SignatureComponents(
        user_id=Id(world.names.id("p.flow-verifier")), password=PASSWORD, meaning="Verified"
    )


def _load(names: Namespace, supply: int) -> Load:
    def container(name: str, place: str, amount: str) -> Container:
        return Container(
            sscc=names.sscc(name), lot_id=Id(names.id("FLOWS")), location_id=Id(names.id(place)),
            quantity=PositiveQuantity.of(amount),
        )

    def place(name: str, purpose: Purpose) -> Location:
        return Location(location_id=Id(names.id(name)), purpose=purpose, description=name.title())

    return Load(
        people=(Person(person_id=Id(names.id("p.flow-verifier")),
                       printed_name="Example verifier", duties=(Duty.DISPENSER,),
                       password=PASSWORD, signing=EXAMPLE_SIGNING),),
        materials=(Material(material_id=Id(names.id("FLOWS")), base_unit=Unit.KILOGRAM,
                            description="example material in flow", gtin=names.gtin("FLOWS")),),
        locations=(
            place("FLOW-DOCK", Purpose.RECEIVING), place("FLOW-BOOTH", Purpose.DISPENSING),
            place("FLOW-AREA", Purpose.STAGING), place("FLOW-RACK", Purpose.STORAGE),
        ),
        equipment=(Equipment(equipment_id=Id(names.id("FLOW-SCALE")), kind=EquipmentKind.SCALE,
                             description="example scale"),),
        lots=(Lot(lot_id=Id(names.id("FLOWS")), material_id=Id(names.id("FLOWS")),
                  lot=LotNumber(names.lot_number("FLOWS")), expires_on=EXPIRES,
                  status=LotStatus.RELEASED),),
        containers=(
            container("FLOW-STOCK", "FLOW-RACK", "1000000 KGM"),
            container("FLOW-STAGED", "FLOW-BOOTH", "1000000 KGM"),
            *(container(f"FLOW-OUT{n}", "FLOW-RACK", "1.000 KGM") for n in range(supply)),
        ),
        orders=(Order(
            order_id=Id(names.id("FLOW-ORDER")), bom_id=Id(names.id("FLOW-BOM")), bom_version=1,
            lines=(BomLine(line_id=Id(LINE), material_id=Id(names.id("FLOWS")),
                           quantity=PositiveQuantity.of("1000000 KGM"),
                           tolerance_high=Quantity.of("0 KGM")),),
            dispense_label=DispenseLabel(product="Example", strength="5 mg",
                                         batch=LotNumber("B1")),
        ),),
        customers=(Customer(customer_id=Id(names.id("FLOW-CUSTOMER")), name="Example Wholesale",
                            minimum_shelf_life_days=0),),
    )


FLOWS = Domain(
    facts={
        "return-received": _return_received,
        "wip-transferred": _wip_transferred,
        "material-scrapped": _material_scrapped,
        "receive-return": _receive_return,
        "transfer-wip": _transfer_wip,
        "scrap": _scrap,
        "decide-container": _decide_container,
    },
    load=_load,
    open_work={Role.WMS: _ship_all, Role.MES: _open_production},
)
