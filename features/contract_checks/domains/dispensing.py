"""Dispensing, returns, and the end of an order."""

from __future__ import annotations

from typing import Any

from contracts.model.commands import StartOrder
from contracts.model.identifiers import Id, LotNumber
from contracts.model.lot_status import LotStatus
from contracts.model.messages.dispensing import IssueMode
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.quantities import PositiveQuantity, Quantity, Unit
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import (
    BomLine,
    Container,
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
    Risk,
    RiskRecord,
)
from features.contract_checks.domains.facts import Domain, Facts, member, message
from features.contract_checks.world import EXPIRES, LINE, NOW, PASSWORD, World
from simulator.namespace import Namespace
from simulator.site import EXAMPLE_SIGNING

_TARE = {"value": "0", "unit": "KGM"}
# A line that any weighing of this amount takes above its band.
_NARROW_LINE = "20"
_ABOVE_THE_BAND = {"value": "2", "unit": "KGM"}
_REASON = "because a contract check says so"


def _material_issued(world: World, body: Any) -> Facts:
    source = world.names.sscc(world.fresh("source"))
    computed = member(body, "data", "mode") == IssueMode.BACKFLUSH.value
    data: Facts = [
        ("issueId", world.fresh("issue")),
        ("orderId", world.names.id("WEIGH-ORDER")),
        ("lineId", LINE),
        ("materialId", world.names.id("WEIGHED")),
        ("lotId", world.names.id("WEIGH")),
        ("lot", world.names.lot_number("WEIGH")),
        ("sourceContainer", source),
        ("quantity", world.amount()),
    ]
    if computed:
        absent: Facts = [(name, ...) for name in ("toContainer", "weighing", "verification")
                         if member(body, "data", name) is not None]
        data += absent
    else:
        data += [("toContainer", world.label()), ("weighing", _weighing()),
                 ("verification", _verification(world))]
    return message(world, "material-issued", f"container/{source}", data)


def _material_returned(world: World, _: Any) -> Facts:
    container = world.label()
    return message(world, "material-returned", f"container/{container}", (
        ("returnId", world.fresh("return")),
        ("orderId", world.names.id("WEIGH-ORDER")),
        ("lineId", LINE),
        ("materialId", world.names.id("WEIGHED")),
        ("lotId", world.names.id("WEIGH")),
        ("lot", world.names.lot_number("WEIGH")),
        ("fromContainer", world.names.sscc("WEIGH")),
        ("container", container),
        ("quantity", world.amount()),
        ("toLocation", world.names.id("BOOTH")),
    ))


def _dispense(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("dispenseId", world.fresh("weigh")),
        ("orderId", world.names.id("WEIGH-ORDER")),
        ("lineId", LINE),
        ("scan", f"]C100{world.names.sscc('WEIGH')}"),
        ("gross", world.amount()),
        ("tare", _TARE),
        ("scaleId", world.names.id("SCALE")),
        ("toContainer", world.label()),
        ("verification.userId", _second(world.names)),
        ("verification.password", PASSWORD),
        ("final", False),
    ]
    if member(body, "override") is not None:
        facts += [
            ("lineId", _NARROW_LINE),
            ("gross", _ABOVE_THE_BAND),
            ("override.reason", _REASON),
            ("override.approvals.0.userId", world.person(Duty.QUALITY)),
            ("override.approvals.0.password", PASSWORD),
            ("override.approvals.1.userId", _second(world.names)),
            ("override.approvals.1.password", PASSWORD),
        ]
    if member(body, "net") is not None:
        gross = next(value for name, value in reversed(facts) if name == "gross")
        facts.append(("net", gross))
    return facts


def _return_material(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("returnId", world.fresh("return")),
        ("orderId", world.names.id("WEIGH-ORDER")),
        ("container", world.names.sscc("WEIGH")),
        ("quantity", world.amount()),
        ("newContainer", world.label()),
        ("toLocation", world.names.id("BOOTH")),
    ]
    if member(body, "scan") is not None:
        facts.append(("scan", f"]C100{world.names.sscc('WEIGH')}"))
    return facts


def _complete_order(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("orderId", world.names.id(f"END{world.turn('order to end')}")),
        ("goodQuantity", {"value": "10", "unit": "C62"}),
    ]
    if member(body, "scrapQuantity") is not None:
        facts.append(("scrapQuantity", {"value": "1", "unit": "C62"}))
    return facts


def _weighing() -> dict[str, Any]:
    return {"gross": {"value": "1", "unit": "KGM"}, "tare": _TARE, "scaleId": "SCALE-1"}


def _verification(world: World) -> dict[str, Any]:
    return {
        "signatureId": world.fresh("signature"), "personId": _second(world.names),
        "printedName": "Example second dispenser", "role": Duty.DISPENSER.value,
        "meaning": "Verified", "signedAt": "2026-06-01T08:00:00+02:00",
    }


def _second(names: Namespace) -> str:
    return names.id("p.dispenser2")


# --- what is loaded and opened ------------------------------------------------------------------


def _start(world: World) -> None:
    for order in ("WEIGH-ORDER", *(f"END{n}" for n in range(world.supply))):
        body = StartOrder(order_id=Id(world.names.id(order)))
        world.command("start-order", body, Duty.PRODUCTION)


def _load(names: Namespace, supply: int) -> Load:
    weighed = [(LINE, "WEIGHED", "100000 KGM"), (_NARROW_LINE, "WEIGHED", "1 KGM")]
    computed = [(LINE, "COMPUTED", "1 KGM")]
    return Load(
        people=(Person(
            person_id=Id(_second(names)), printed_name="Example second dispenser",
            duties=(Duty.DISPENSER,), password=PASSWORD, signing=EXAMPLE_SIGNING,
        ),),
        materials=(_material(names, "WEIGHED"), _computed_material(names)),
        locations=(Location(location_id=Id(names.id("BOOTH")), purpose=Purpose.DISPENSING,
                            description="example booth"),),
        equipment=(Equipment(equipment_id=Id(names.id("SCALE")), kind=EquipmentKind.SCALE,
                             description="example scale"),),
        lots=(_lot(names, "WEIGH", "WEIGHED"), _lot(names, "COMPUTE", "COMPUTED")),
        containers=(_container(names, "WEIGH"), _container(names, "COMPUTE")),
        orders=(
            _order(names, "WEIGH-ORDER", weighed),
            *(_order(names, f"END{n}", computed) for n in range(supply)),
        ),
    )


def _material(names: Namespace, name: str) -> Material:
    return Material(
        material_id=Id(names.id(name)), description=f"example material {name}",
        gtin=names.gtin(name), base_unit=Unit.KILOGRAM,
    )


def _computed_material(names: Namespace) -> Material:
    signature = SignatureManifest(
        signature_id=Id(names.id("SIG")), person_id=Id(names.id("p.quality")),
        printed_name="Example quality", role=Id(Duty.QUALITY.value), meaning="Approved",
        signed_at=NOW,
    )
    record = RiskRecord(
        record_id=Id(names.id("RISK")), is_active=False, risk=Risk.LOW, signature=signature
    )
    return _material(names, "COMPUTED").model_copy(
        update={"issue_mode": IssueMode.BACKFLUSH, "risk_record": record}
    )


def _lot(names: Namespace, lot: str, material: str) -> Lot:
    return Lot(
        lot_id=Id(names.id(lot)), material_id=Id(names.id(material)),
        lot=LotNumber(names.lot_number(lot)), expires_on=EXPIRES, status=LotStatus.RELEASED,
    )


def _container(names: Namespace, lot: str) -> Container:
    return Container(
        sscc=names.sscc(lot), lot_id=Id(names.id(lot)), location_id=Id(names.id("BOOTH")),
        quantity=PositiveQuantity.of("1000000 KGM"),
    )


def _order(names: Namespace, order: str, lines: list[tuple[str, str, str]]) -> Order:
    return Order(
        order_id=Id(names.id(order)), bom_id=Id(names.id("BOM")), bom_version=1,
        size=PositiveQuantity.of("1000 C62"),
        dispense_label=DispenseLabel(
            product="Example tablets", strength="5 mg", batch=LotNumber("B-1")
        ),
        lines=tuple(
            BomLine(line_id=Id(line), material_id=Id(names.id(material)),
                    quantity=PositiveQuantity.of(amount), tolerance_high=Quantity.of("0 KGM"))
            for line, material, amount in lines
        ),
    )


DISPENSING = Domain(
    facts={
        "material-issued": _material_issued,
        "material-returned": _material_returned,
        "dispense": _dispense,
        "return-material": _return_material,
        "complete-order": _complete_order,
    },
    load=_load,
    open_work={Role.MES: _start},
)
