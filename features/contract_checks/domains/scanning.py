"""Guided scanning: steps that guard nothing, so that they stand in nobody's way."""

from __future__ import annotations

from typing import Any

from contracts.model.commands import BeginScanStep
from contracts.model.identifiers import Id, LotNumber, Sscc, UnitName
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import PositiveQuantity, Unit
from contracts.model.roles import Duty, Role
from contracts.model.scans import DeclaredScan, ScanStep
from contracts.model.stimulus import (
    Container,
    Equipment,
    EquipmentKind,
    Load,
    Location,
    Lot,
    Material,
)
from features.contract_checks.domains.facts import Domain, Facts, message
from features.contract_checks.world import EXPIRES, World
from simulator.namespace import Namespace


def _scan_recorded(world: World, _: Any) -> Facts:
    run = world.fresh("run")
    return message(world, "scan-recorded", f"scan/{run}", (
        ("recordId", world.fresh("record")),
        ("scanId", world.fresh("scan")),
        ("runId", run),
        ("deviceId", world.names.id("SCANNER")),
        ("outcome", "ACCEPTED"),
        ("code", ...),
        ("path", ...),
    ))


def _begin_scan_step(world: World, _: Any) -> Facts:
    return [
        ("runId", world.fresh("run")),
        ("stepId", _step(world.names, world.role)),
        ("units", [world.names.sscc("READ")]),
        ("orderId", ...),
    ]


def _scan_unit(world: World, _: Any) -> Facts:
    return [
        ("scanId", world.fresh("scan")),
        ("runId", world.take("begun step")),
        ("deviceId", world.names.id("SCANNER")),
        ("scan", f"]C100{world.names.sscc('READ')}"),
    ]


def _open_scanning(world: World) -> None:
    """Steps that were begun, each for one container."""
    duty = Duty.PACKER if world.role is Role.MES else Duty.SHIPPER
    world.opened["begun step"] = []
    for _ in range(world.supply):
        body = BeginScanStep(
            run_id=Id(world.fresh("run")), step_id=Id(_step(world.names, world.role)),
            units=(UnitName(world.names.sscc("READ")),),
        )
        world.command("begin-scan-step", body, duty)
        world.opened["begun step"].append(body.run_id)


def _step(names: Namespace, role: Role) -> str:
    return names.id(f"STEP-{role}")


def _load(names: Namespace, _: int) -> Load:
    declared = DeclaredScan(name=Id("container"), identifiers=("00",), repeats=True)
    return Load(
        materials=(Material(material_id=Id(names.id("READABLE")), description="example goods",
                            gtin=names.gtin("READABLE"), base_unit=Unit.EACH),),
        locations=(Location(location_id=Id(names.id("READING")), description="example place"),),
        equipment=(Equipment(equipment_id=Id(names.id("SCANNER")), kind=EquipmentKind.SCANNER,
                             description="example scanner", calibration_due=EXPIRES),),
        lots=(Lot(lot_id=Id(names.id("READ-LOT")), material_id=Id(names.id("READABLE")),
                  lot=LotNumber(names.lot_number("READ")), expires_on=EXPIRES,
                  status=LotStatus.RELEASED),),
        containers=(Container(sscc=Sscc(names.sscc("READ")), lot_id=Id(names.id("READ-LOT")),
                              location_id=Id(names.id("READING")),
                              quantity=PositiveQuantity.of("1 C62")),),
        scan_steps=tuple(
            ScanStep(step_id=Id(_step(names, role)), role=role, station=Id("CONTRACT"),
                     scans=(declared,))
            for role in Role
        ),
    )


SCANNING = Domain(
    facts={
        "scan-recorded": _scan_recorded,
        "begin-scan-step": _begin_scan_step,
        "scan-unit": _scan_unit,
    },
    load=_load,
    open_work={Role.MES: _open_scanning, Role.WMS: _open_scanning},
)
