"""Kits, put together and opened."""

from __future__ import annotations

from typing import Any

from contracts.model.commands import AssembleKit, ComponentPlace, StartOrder
from contracts.model.identifiers import Id, ItemName, LotNumber, Sscc, UnitName
from contracts.model.lot_status import LotStatus
from contracts.model.messages.custody import Breaking, TakenOut, UnitDisaggregated
from contracts.model.messages.kits import KitAssembled, KitComponent
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
    Product,
)
from features.contract_checks.domains.facts import Domain, Facts, member, message
from features.contract_checks.world import EXPIRES, LINE, NOW, World
from simulator.namespace import Namespace

_REASON = "because a contract check says so"


def _kit_assembled(world: World, _: Any) -> Facts:
    kit = _kit(world)
    return message(world, "kit-assembled", f"container/{kit}", (
        ("assemblyId", world.fresh("assembly")),
        ("orderId", world.names.id("KIT-ORDER")),
        ("kit", kit),
        ("components", [_component(world, world.label())]),
    ))


def _kit_opened(world: World, _: Any) -> Facts:
    kit = _kit(world)
    return message(world, "kit-opened", f"container/{kit}", (
        ("openingId", world.fresh("opening")),
        ("kit", kit),
        ("container", world.label()),
        ("lotId", world.names.id("KITS")),
        ("components", [_component(world, world.label())]),
        ("locationId", world.names.id("KITTING")),
    ))


def _assemble_kit(world: World, _: Any) -> Facts:
    container, unit = world.take("kit component").split(" ")
    return [
        ("assemblyId", world.fresh("assembly")),
        ("orderId", world.names.id("KIT-ORDER")),
        ("kit", _kit(world)),
        ("components", [{"unit": unit, "container": container}]),
    ]


def _open_kit(world: World, body: Any) -> Facts:
    kit, unit = world.take("loose kit").split(" ")
    facts: Facts = [
        ("openingId", world.fresh("opening")),
        ("kit", kit),
        ("components", [{"unit": unit, "container": world.label()}]),
        ("locationId", world.names.id("KITTING")),
    ]
    if len("".join(str(member(body, "reason")).split())) < 5:
        facts.append(("reason", _REASON))
    return facts


def _kit(world: World) -> str:
    return ItemName.of(world.names.gtin("KIT"), f"K{world.fresh('').rpartition('-')[2]}")


def _component(world: World, container: str) -> dict[str, str]:
    return {
        "unit": ItemName.of(world.names.gtin("PART"), f"S{world.fresh('').rpartition('-')[2]}"),
        "lotId": world.names.id("PARTS"), "lot": world.names.lot_number("PARTS"),
        "container": container,
    }


def _open_components(world: World) -> None:
    """Components that lie in containers, and kits that were put together and lie loose."""
    world.opened |= {"kit component": [], "loose kit": []}
    if world.role is Role.MES:
        world.command(
            "start-order", StartOrder(order_id=Id(world.names.id("KIT-ORDER"))), Duty.PRODUCTION
        )
    for number in range(world.supply):
        case, unit = world.names.sscc(f"PARTS{number}"), _component(world, "")["unit"]
        tote = _lies_in(world, case, unit, "PARTS")
        world.opened["kit component"].append(f"{tote} {unit}")
        kit, part = _kit(world), _component(world, case)
        if world.role is Role.MES:
            held = _lies_in(world, case, part["unit"], "PARTS")
            body = AssembleKit(
                assembly_id=Id(world.fresh("made")), order_id=Id(world.names.id("KIT-ORDER")),
                kit=ItemName(kit),
                components=(ComponentPlace(unit=ItemName(part["unit"]), container=held),),
            )
            world.command("assemble-kit", body, Duty.PACKER)
        else:
            world.tell("kit-assembled", KitAssembled(
                assembly_id=Id(world.fresh("made")), order_id=Id(world.names.id("KIT-ORDER")),
                kit=ItemName(kit), components=(KitComponent.from_json(part),), assembled_at=NOW,
                assembled_by=Id(world.person(Duty.PACKER)), station=Id("CONTRACT"),
            ), f"container/{kit}")
        _lies_in(world, world.names.sscc(f"KITS{number}"), kit, "KITS")
        world.opened["loose kit"].append(f"{kit} {part['unit']}")


def _lies_in(world: World, case: Sscc, unit: str, lot: str) -> Sscc:
    """The partner took a unit out of a case. Returns: the container where it lies."""
    tote = world.label()
    world.tell("unit-disaggregated", UnitDisaggregated(
        disaggregation_id=Id(world.fresh("loose")), parent=case,
        taken_out=(TakenOut(unit=UnitName(unit), into=tote, lot_id=Id(world.names.id(lot))),),
        whole=False, purpose=Breaking.REPACKING, reason=_REASON,
        location_id=Id(world.names.id("KITTING")), disaggregated_at=NOW,
        disaggregated_by=Id(world.person(Duty.PACKER)), station=Id("CONTRACT"),
    ), f"container/{tote}")
    return tote


def _load(names: Namespace, supply: int) -> Load:
    line = BomLine(
        line_id=Id(LINE), material_id=Id(names.id("PART")),
        quantity=PositiveQuantity.of("1 C62"), tolerance_high=Quantity.of("0 C62"),
    )
    product = Product(
        material_id=Id(names.id("KIT")), gtin=names.gtin("KIT"), lot_id=Id(names.id("KITS")),
        lot=LotNumber(names.lot_number("KITS")), expires_on=EXPIRES,
    )
    return Load(
        materials=tuple(
            Material(material_id=Id(names.id(item)), description="example item",
                     gtin=names.gtin(item), base_unit=Unit.EACH) for item in ("PART", "KIT")
        ),
        locations=(Location(location_id=Id(names.id("KITTING")), description="example place"),),
        lots=tuple(
            Lot(lot_id=Id(names.id(lot)), material_id=Id(names.id(item)),
                lot=LotNumber(names.lot_number(lot)), expires_on=EXPIRES,
                status=LotStatus.RELEASED)
            for lot, item in (("PARTS", "PART"), ("KITS", "KIT"))
        ),
        containers=tuple(
            Container(sscc=Sscc(names.sscc(f"{lot}{n}")), lot_id=Id(names.id(lot)),
                      location_id=Id(names.id("KITTING")), quantity=PositiveQuantity.of("2 C62"))
            for lot in ("PARTS", "KITS") for n in range(supply)
        ),
        orders=(Order(order_id=Id(names.id("KIT-ORDER")), bom_id=Id(names.id("BOM")),
                      bom_version=1, lines=(line,), product=product),),
    )


KITS = Domain(
    facts={
        "kit-assembled": _kit_assembled,
        "kit-opened": _kit_opened,
        "assemble-kit": _assemble_kit,
        "open-kit": _open_kit,
    },
    load=_load,
    open_work={Role.MES: _open_components, Role.WMS: _open_components},
)
