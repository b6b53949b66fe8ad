"""Guided scanning: steps are declared, begun and scanned through; the same in both systems.

Sources: URS-LBL-001, URS-LBL-002, URS-LBL-004.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import BeginScanStep, ScanUnit
from contracts.model.envelope import Envelope
from contracts.model.identifiers import Id, ItemName, UnitName
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.messages import MESSAGES
from contracts.model.messages.scans import ScanRecorded
from contracts.model.roles import Role
from contracts.model.scans import (
    Calibration,
    DeclaredScan,
    GuardedStep,
    ScanOutcome,
    ScanStep,
)
from contracts.model.stimulus import Load
from reference_impl.domain import scanning as rules
from reference_impl.domain.lot_status import expiry_instant
from reference_impl.link.outbox import About, put
from reference_impl.records.counting import next_lasting_number
from reference_impl.records.work import Work
from reference_impl.stock import quantity
from reference_impl.store.custody_tables import scan_runs, scan_steps, scans
from reference_impl.store.database import Row, Statement
from reference_impl.store.tables import containers, equipment, lots, materials, order_products
from reference_impl.units import content_of, parent_of

_STEPS = Statement(select(scan_steps).order_by(scan_steps.c.step_id))
Fields = dict[str, str]


@dataclass(frozen=True)
class _Run:
    """A step that was begun, with what each of its labels has to say."""

    row: Row
    step: ScanStep
    expected: list[Fields]

    @property
    def position(self) -> int:
        """How many scans were accepted: the position of the next one, counted from 0."""
        return int(self.row["scanned"])


def load_scan_steps(work: Work, body: Load) -> int:
    """Take over the declared steps. Returns: how many were new."""
    new = [step for step in body.scan_steps if not work.find(scan_steps, step.step_id)]
    for step in new:
        work.create(
            scan_steps, step_id=step.step_id, role=step.role.value, station=step.station,
            guards=step.guards.value if step.guards else None,
            scans=json.dumps([declared.to_json() for declared in step.scans]),
        )
    return len(new)


def read_step(row: Row) -> ScanStep:
    """The step that a row holds."""
    return ScanStep(
        step_id=row["step_id"], role=Role(row["role"]), station=row["station"],
        guards=GuardedStep(row["guards"]) if row["guards"] else None,
        scans=tuple(DeclaredScan.from_json(one) for one in json.loads(row["scans"])),
    )


# implements FRS-LBL-013
# implements FRS-LBL-014
def begin_scan_step(work: Work, command: BeginScanStep) -> Refusal | None:
    """A step is begun for units that the record knows."""
    row = work.find(scan_steps, command.step_id)
    step = read_step(row) if row else None
    if step is None or step.role is not work.settings.role:
        return Refusal(Code.UNKNOWN_SCAN_STEP, "stepId", command.step_id)
    refusal = _check_station(work, step, "stepId") or rules.check_declared_scans(
        step.scans, len(command.units)
    )
    if refusal:
        return refusal
    refusal = _check_known(work, step, command)
    if refusal:
        return refusal
    work.create(
        scan_runs, run_id=command.run_id, step_id=command.step_id,
        units=json.dumps(command.units), order_id=command.order_id, scanned=0,
    )
    return None


# implements FRS-LBL-017
# implements FRS-LBL-018
# implements FRS-LBL-019
def scan_unit(work: Work, command: ScanUnit) -> Refusal | None:
    """The next label of a step was scanned; the partner is told."""
    run = _run(work, command.run_id)
    if isinstance(run, Refusal):
        return run
    refusal = _check_station(work, run.step, "runId")
    if refusal:
        return refusal
    if run.position >= len(run.expected):
        return Refusal(Code.SCAN_STEP_DONE, "runId", f"all {run.position} are scanned")
    calibration, _ = _device(work, command.device_id)
    refusal = rules.check_calibration(calibration) or rules.check_next_scan(
        run.expected, run.position, command.scan
    )
    if refusal:
        return refusal
    work.change(scan_runs, command.run_id, scanned=run.position + 1)
    _tell(work, command, run.position + 1, None)
    return None


# implements FRS-LBL-012
# implements FRS-LBL-019
def scan_refused(work: Work, command: ScanUnit, refusal: Refusal) -> None:
    """A refused scan is kept and told as well; the step stays where it is."""
    row = work.find(scan_runs, command.run_id)
    _tell(work, command, int(row["scanned"]) + 1 if row else None, refusal)


def scan_recorded(work: Work, envelope: Envelope[ScanRecorded]) -> Refusal | None:
    """The partner compared a scan: it stands in this audit trail as well."""
    _keep(work, envelope.data, work.settings.role.partner)
    return None


# implements FRS-LBL-009
def use_run(
    work: Work, guards: GuardedStep, units: Sequence[str], asked: tuple[Id | None, str]
) -> Refusal | None:
    """Refuse what a step guards at this station unless exactly these were scanned for it.

    ``asked`` is the run that was named, and what is done on its strength.
    """
    run_id, done = asked
    steps = {
        row["step_id"] for row in work.connection.rows(_STEPS)
        if (row["role"], row["guards"], row["station"])
        == (work.settings.role.value, guards.value, work.actor.station)
    }
    if not steps:
        return None
    row = work.find(scan_runs, run_id) if run_id else None
    named = json.loads(row["units"]) if row else []
    complete = (
        row is not None and row["step_id"] in steps and row["used_by"] is None
        and row["scanned"] == len(named) and sorted(named) == sorted(units)
    )
    if not complete or run_id is None:
        return Refusal(Code.SCAN_STEP_OPEN, "scanRunId", f"{run_id or 'no run'} covers it not")
    work.change(scan_runs, run_id, used_by=done)
    return None


def _run(work: Work, run_id: str) -> _Run | Refusal:
    row = work.find(scan_runs, run_id)
    step = work.find(scan_steps, row["step_id"]) if row else None
    if row is None or step is None:
        return Refusal(Code.UNKNOWN_SCAN_RUN, "runId", run_id)
    units = tuple(UnitName(unit) for unit in json.loads(row["units"]))
    return _Run(row, read_step(step), _expected(work, read_step(step), units, row["order_id"]))


def _check_station(work: Work, step: ScanStep, path: str) -> Refusal | None:
    if work.actor.station == step.station:
        return None
    return Refusal(
        Code.SCAN_AT_WRONG_STEP, path, f"{step.step_id} is done at {step.station}"
    )


# implements FRS-LBL-008
def _check_known(work: Work, step: ScanStep, command: BeginScanStep) -> Refusal | None:
    """Refuse a unit of which the record does not have all that its label has to say."""
    expected = _expected(work, step, command.units, command.order_id)
    for index, unit in enumerate(command.units):
        if not expected[index]:
            wanted = ", ".join(rules.declared_at(step.scans, index).identifiers)
            return Refusal(
                Code.UNKNOWN_UNIT, f"units[{index}]", f"the record has not ({wanted}) of {unit}"
            )
    return None


def _expected(
    work: Work, step: ScanStep, units: Sequence[UnitName], order_id: str | None
) -> list[Fields]:
    """What each label has to say: the declared identifiers, as the record has them; nothing at
    all where it lacks one, so that no label matches.
    """
    expected = []
    for index, unit in enumerate(units):
        known = record_of(work, unit, order_id)
        wanted = rules.declared_at(step.scans, index).identifiers
        whole = all(ai in known for ai in wanted)
        expected.append({ai: known[ai] for ai in wanted} if whole else {})
    return expected


def record_of(work: Work, unit: UnitName, order_id: str | None) -> Fields:
    """All that a label of a unit can say, by GS1 application identifier; nothing: not known."""
    if unit.is_item:
        return _item_fields(work, ItemName(unit), order_id)
    if not content_of(work, unit):
        return {}
    held = work.find(containers, unit)
    if held is None:
        return {"00": str(unit)}
    return {"00": str(unit), **_lot_fields(work, held["lot_id"], "02"),
            "37": f"{quantity(held).value:f}"}


def _item_fields(work: Work, item: ItemName, order_id: str | None) -> Fields:
    parent = parent_of(work, item)
    held = work.find(containers, parent) if parent else None
    lot_id = held["lot_id"] if held else None
    if parent is None and order_id is not None:
        product = work.find(order_products, order_id)
        lot_id = product["lot_id"] if product else None
    fields = _lot_fields(work, lot_id, "01") if lot_id else {}
    return {**fields, "21": item.serial} if fields.get("01") == item.gtin else {}


def _lot_fields(work: Work, lot_id: str, item_ai: str) -> Fields:
    lot = work.find(lots, lot_id)
    if lot is None:
        return {}
    material = work.find(materials, lot["material_id"])
    gtin = {item_ai: material["gtin"]} if material and material["gtin"] else {}
    return {**gtin, "10": lot["lot"], **_expiry_fields(work, lot)}


# implements FRS-EXP-005
def _expiry_fields(work: Work, lot: Row) -> Fields:
    """The expiry day, and the time of day where the lot came with one."""
    day, zone = date.fromisoformat(lot["expires_on"]), work.settings.site_zone
    shown = {"17": f"{day:%y%m%d}"}
    if lot["expires_at"] != microseconds(expiry_instant(day, zone)):
        shown["7003"] = f"{from_microseconds(lot['expires_at'], zone):%y%m%d%H%M}"
    return shown


def _device(work: Work, device_id: str) -> tuple[Calibration, date | None]:
    row = work.find(equipment, device_id)
    due = date.fromisoformat(row["calibration_due"]) if row and row["calibration_due"] else None
    device = rules.Device(row["kind"], due) if row else None
    return rules.calibration_of(device, work.now, work.settings.site_zone), due


def _tell(work: Work, command: ScanUnit, position: int | None, refusal: Refusal | None) -> None:
    run = work.find(scan_runs, command.run_id)
    calibration, due = _device(work, command.device_id)
    number = next_lasting_number(work.connection, "scans")
    fact = ScanRecorded(
        record_id=Id(f"SCAN-{work.settings.role.value}-{number}"), scan_id=command.scan_id,
        run_id=command.run_id, step_id=run["step_id"] if run else None, position=position,
        device_id=command.device_id, calibration=calibration, calibration_due=due,
        scan=command.scan,
        outcome=ScanOutcome.REFUSED if refusal else ScanOutcome.ACCEPTED,
        code=refusal.code if refusal else None, path=refusal.path if refusal else None,
        scanned_at=work.now, scanned_by=Id(work.actor.account), station=Id(work.actor.station),
    )
    _keep(work, fact, work.settings.role)
    put(work, MESSAGES["scan-recorded"], fact, About(f"scan/{fact.run_id}", fact.run_id))


def _keep(work: Work, fact: ScanRecorded, role: Role) -> None:
    due = fact.calibration_due
    work.create(
        scans, record_id=fact.record_id, role=role.value, scan_id=fact.scan_id,
        run_id=fact.run_id, step_id=fact.step_id, position=fact.position,
        device_id=fact.device_id, calibration=fact.calibration.value,
        calibration_due=due.isoformat() if due else None, scan=fact.scan,
        outcome=fact.outcome.value, code=fact.code.value if fact.code else None, path=fact.path,
        scanned_at=microseconds(fact.scanned_at), scanned_by=fact.scanned_by,
        station=fact.station,
    )
