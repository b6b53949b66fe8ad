"""Deviations, actions, results, equipment, and holds of the warehouse."""

from __future__ import annotations

from typing import Any

from contracts.model.commands import InvestigateDeviation, OpenCapa
from contracts.model.counts import AdjustmentCause
from contracts.model.identifiers import Id, LotNumber
from contracts.model.lot_status import LotStatus
from contracts.model.messages.adjustments import InventoryAdjusted
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.messages.samples import SampleTaken
from contracts.model.quality import EquipmentState, RequiredTest, RiskItem
from contracts.model.quantities import NonNegativeQuantity, PositiveQuantity, Quantity, Unit
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import Equipment, EquipmentKind, Load, Lot, Material, Person
from features.contract_checks.domains.facts import Domain, Facts, member, message
from features.contract_checks.world import EXPIRES, NOW, PASSWORD, World
from simulator.namespace import Namespace
from simulator.site import EXAMPLE_SIGNING

_REASON = "because a contract check says so"
_TEST, _UNIT = "APPEARANCE", "C62"
_RISK = {"riskItemId": "RISK-1", "version": 2}
_RERUN = {"runId": "RUN-1", "bundleSha256": "0f" * 32}
_EFFECT = {"checkedOn": NOW.date().isoformat(), "verdict": "EFFECTIVE", "finding": _REASON}


def _hold_lot(world: World, body: Any) -> Facts:
    return [
        ("holdId", world.fresh("hold")),
        ("lotId", world.names.id(f"FREE{world.turn('hold')}")),
        ("toStatus", LotStatus.BLOCKED.value),
        *_said(body, "reason"),
    ]


def _hold_placed(world: World, _: Any) -> Facts:
    lot = world.fresh("lot")
    return message(world, "warehouse-hold-placed", f"lot/{lot}", (
        ("holdId", world.fresh("hold")),
        ("lotId", lot),
        ("fromStatus", LotStatus.RELEASED.value),
        ("toStatus", LotStatus.BLOCKED.value),
    ))


def _open_deviation(world: World, body: Any) -> Facts:
    return [
        ("deviationId", world.fresh("deviation")),
        ("affectedLots", [world.names.id("TESTED")]),
        ("affectedOrders", []),
        *_said(body, "occasion"),
    ]


def _investigate(world: World, body: Any) -> Facts:
    return [
        ("findingId", world.fresh("finding")),
        ("deviationId", _deviation(world.names, "OPEN")),
        *_said(body, "finding"),
    ]


def _close_deviation(world: World, body: Any) -> Facts:
    return [
        ("closureId", world.fresh("closure")),
        ("deviationId", _deviation(world.names, str(world.turn("deviation")))),
        *_signed(world, Duty.QUALITY),
        *_said(body, "conclusion"),
    ]


def _open_capa(world: World, body: Any) -> Facts:
    return [
        ("capaId", world.fresh("capa")),
        ("deviationIds", [_deviation(world.names, "OPEN")]),
        *_said(body, "action"),
    ]


def _close_capa(world: World, _: Any) -> Facts:
    return [
        ("closureId", world.fresh("closure")),
        ("capaId", world.names.id(f"CAPA{world.turn('capa')}")),
        ("changeId", "CHANGE-1"),
        ("riskItem", _RISK),
        ("rerun", _RERUN),
        ("effectiveness", _EFFECT),
        *_signed(world, Duty.QUALITY),
    ]


def _record_result(world: World, body: Any) -> Facts:
    given = member(body, "retestOn") is not None
    return [
        *([("retestOn", EXPIRES.isoformat())] if given else []),
        ("resultId", world.fresh("result")),
        ("sampleId", world.names.id(f"TESTED{world.turn('sample')}")),
        ("test", _TEST),
        ("unit", _UNIT),
        ("review.userId", world.names.id("p.reviewer")),
        ("review.password", PASSWORD),
    ]


def _maintain(world: World, body: Any) -> Facts:
    return [
        ("maintenanceId", world.fresh("maintenance")),
        ("equipmentId", world.names.id(f"DEVICE{world.turn('device')}")),
        ("toState", EquipmentState.IN_MAINTENANCE.value),
        *_signed(world, Duty.TECHNICIAN),
        *_said(body, "reason"),
    ]


def _calibrate(world: World, body: Any) -> Facts:
    facts: Facts = [
        ("calibrationId", world.fresh("calibration")),
        ("equipmentId", world.names.id("CALIBRATED")),
        *_signed(world, Duty.TECHNICIAN),
    ]
    if member(body, "validUntil") is not None:
        facts.append(("validUntil", EXPIRES.isoformat()))
    return facts


def _signed(world: World, duty: Duty) -> Facts:
    return [("signature.userId", world.person(duty)), ("signature.password", PASSWORD)]


def _said(body: Any, name: str) -> Facts:
    """A text that is long enough, where the generated one is not."""
    is_short = len("".join(str(member(body, name)).split())) < 5
    return [(name, _REASON)] if is_short else []


# --- what is loaded and opened ------------------------------------------------------------------


def _open_quality(world: World) -> None:
    """Samples to test, deviations to close, actions to close."""
    for number in range(world.supply):
        _tell_sample(world, f"TESTED{number}")
        _tell_deviation(world, str(number))
        world.command("investigate-deviation", InvestigateDeviation(
            finding_id=Id(world.fresh("finding")), finding=_REASON,
            deviation_id=Id(_deviation(world.names, str(number))),
        ), Duty.QUALITY)
        world.command("open-capa", OpenCapa(
            capa_id=Id(world.names.id(f"CAPA{number}")), action=_REASON,
            deviation_ids=(Id(_deviation(world.names, str(number))),),
            risk_item=RiskItem(risk_item_id=Id("RISK-1"), version=1),
        ), Duty.QUALITY)
    _tell_deviation(world, "OPEN")


def _tell_sample(world: World, name: str) -> None:
    source = world.names.sscc(f"OF-{name}")
    world.tell("sample-taken", SampleTaken(
        sample_id=Id(world.names.id(name)), material_id=Id(world.names.id("TESTED")),
        lot_id=Id(world.names.id("TESTED")), source_container=source,
        sample_container=world.label(), quantity=PositiveQuantity.of("0.1 KGM"),
        location_id=Id(world.names.id("RACK")), sampled_at=NOW, sampled_by=Id("p.sampler"),
        station=Id("CONTRACT"),
    ), f"container/{source}")


def _tell_deviation(world: World, name: str) -> None:
    kilograms, container = NonNegativeQuantity.of, world.names.sscc(f"ADJUSTED-{name}")
    lot = Id(world.names.id("TESTED"))
    world.tell("inventory-adjusted", InventoryAdjusted(
        adjustment_id=Id(world.names.id(f"ADJUSTED-{name}")), count_id=Id("COUNT"),
        recount_id=Id("RECOUNT"), location_id=Id(world.names.id("RACK")), container=container,
        material_id=lot, lot_id=lot, before=kilograms("25 KGM"), after=kilograms("20 KGM"),
        delta=Quantity.of("-5 KGM"), cause=AdjustmentCause.SPILLAGE, reason=_REASON,
        investigation_id=Id(world.names.id(f"FOUND-{name}")),
        deviation_id=Id(_deviation(world.names, name)), affected_lots=(lot,),
        counted_by=Id("p.counter"), recounted_by=Id("p.recounter"),
        approved_by=Id("p.supervisor"), adjusted_at=NOW, station=Id("CONTRACT"),
        signature=SignatureManifest(
            signature_id=Id("SIG-1"), person_id=Id("p.supervisor"),
            printed_name="Example supervisor", role=Id(Duty.SUPERVISOR.value),
            meaning="Approved", signed_at=NOW,
        ),
    ), f"container/{container}")


def _deviation(names: Namespace, name: str) -> str:
    return names.id(f"DEVIATION-{name}")


def _load(names: Namespace, supply: int) -> Load:
    lots = [("TESTED", LotStatus.QUARANTINE)]
    lots += [(f"FREE{number}", LotStatus.RELEASED) for number in range(supply)]
    devices = ["CALIBRATED", *(f"DEVICE{number}" for number in range(supply))]
    test = RequiredTest(test=Id(_TEST), method=Id("EYE"), unit=_UNIT)
    return Load(
        people=(Person(person_id=Id(names.id("p.reviewer")), printed_name="Example reviewer",
                       duties=(Duty.ANALYST,), password=PASSWORD, signing=EXAMPLE_SIGNING),),
        materials=(Material(material_id=Id(names.id("TESTED")), base_unit=Unit.KILOGRAM,
                            description="example material TESTED", gtin=names.gtin("TESTED"),
                            required_tests=(test,)),),
        equipment=tuple(
            Equipment(equipment_id=Id(names.id(device)), kind=EquipmentKind.SCALE,
                      description="example scale") for device in devices
        ),
        lots=tuple(
            Lot(lot_id=Id(names.id(lot)), material_id=Id(names.id("TESTED")),
                lot=LotNumber(names.lot_number(lot)), expires_on=EXPIRES, status=status)
            for lot, status in lots
        ),
    )


QUALITY = Domain(
    facts={
        "hold-lot": _hold_lot,
        "warehouse-hold-placed": _hold_placed,
        "open-deviation": _open_deviation,
        "investigate-deviation": _investigate,
        "close-deviation": _close_deviation,
        "open-capa": _open_capa,
        "close-capa": _close_capa,
        "record-result": _record_result,
        "maintain-equipment": _maintain,
        "record-calibration": _calibrate,
    },
    load=_load,
    open_work={Role.MES: _open_quality},
)
