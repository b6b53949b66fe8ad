"""The equipment register: scale, printer and scanner, calibrated, maintained, used."""

from __future__ import annotations

from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import CommandAnswer
from contracts.model.commands import (
    Command,
    MaintainEquipment,
    PrintLabel,
    RecordCalibration,
    SignatureComponents,
    VerifyLabel,
)
from contracts.model.identifiers import Id
from contracts.model.inspection_quality import EquipmentRegister, EquipmentRow
from contracts.model.lot_status import LotStatus
from contracts.model.quality import EquipmentState
from contracts.model.roles import Role
from contracts.model.stimulus import Load
from features.bench import STAGING, Bench
from features.claims import equal, the_only
from features.steps.dispensing import AtTheScale, dispenser_weighs
from features.steps.labels import (
    PACKING,
    PackingOnBench,
    label_for,
    print_label,
    verification,
)
from features.steps.material import add_lot, add_order
from features.steps.words import DAY, day_of
from simulator.scanner import read_image

_DEVICE = r"(?P<device>scale|printer|scanner)"
_LINE, _MEANING = "REGISTERED-LINE", "Maintained"
_NAMES = {"printer": "REGISTERED-PRINTER", "scanner": "REGISTERED-SCANNER"}


@given(parsers.re(rf"a printer and a label scanner whose calibrations end on {DAY}"))
def a_registered_line(bench: Bench, day: str) -> None:
    """A packaging line whose devices stand in the register."""
    names = bench.namespace
    devices = [
        {"equipment_id": names.id(name), "kind": kind, "description": f"Example {kind}",
         "calibration_due": day}
        for kind, name in _NAMES.items()
    ]
    line = {
        "line_id": names.id(_LINE), "location_id": names.id(PACKING),
        "sscc_prefix": names.sscc_range(_LINE), "scanner_id": names.id(_NAMES["scanner"]),
    }
    bench.site.load(Load.model_validate({"equipment": devices, "packaging_lines": [line]}))
    bench.recorder.observe(f"both are calibrated until {day}")


@given("a label that the printer has printed")
def a_printed_label(bench: Bench) -> None:
    """Nobody has read it back yet."""
    _print(bench)


@given(parsers.re(
    rf"the technician has (?P<done>taken from use|failed to calibrate) the {_DEVICE}"
))
def has_done(bench: Bench, done: str, device: str) -> None:
    """The device is in maintenance."""
    failed = done == "failed to calibrate"
    body: Command = _calibration(bench, device, None) if failed else _transfer(
        bench, device, EquipmentState.IN_MAINTENANCE
    )
    bench.prepare("the technician", _name_of(body), body)
    bench.recorder.observe(f"{done}: {_id(bench, device)}")


@when(parsers.re(rf"the technician has calibrated the {_DEVICE} until {DAY}"))
def calibrates(bench: Bench, device: str, day: str) -> None:
    """Try to enter a calibration."""
    _try(bench, _calibration(bench, device, day))


@when(parsers.re(rf'the technician gives the {_DEVICE} back with the reason "(?P<reason>[^"]*)"'))
def gives_back(bench: Bench, device: str, reason: str) -> None:
    """Try to return a device to use."""
    _try(bench, _transfer(bench, device, EquipmentState.IN_USE, reason))


@when(parsers.re(
    r"the technician enters (?P<what>maintenance of a device nobody knows|"
    r"a calibration of a device nobody knows|the return of a scale that is in use|"
    r"maintenance of the scale for no reason|maintenance of the scale with another's name|"
    r"a calibration that ended yesterday|a calibration with a wrong password)"
))
def enters_wrongly(bench: Bench, what: str) -> None:
    """Try what the register does not take."""
    down, nobody = EquipmentState.IN_MAINTENANCE, {"equipment_id": Id(bench.namespace.id("NO"))}
    yesterday = (bench.now - timedelta(days=1)).date().isoformat()
    other = bench.signature("quality", _MEANING)
    wrong = bench.signature("the technician", _MEANING, wrong_password=True)
    maintained = _transfer(bench, "scale", down)
    calibrated = _calibration(bench, "scale", "2026-09-30")
    bodies: dict[str, Command] = {
        "maintenance of a device nobody knows": maintained.model_copy(update=nobody),
        "a calibration of a device nobody knows": calibrated.model_copy(update=nobody),
        "the return of a scale that is in use": _transfer(bench, "scale", EquipmentState.IN_USE),
        "maintenance of the scale for no reason": _transfer(bench, "scale", down, " oil "),
        "maintenance of the scale with another's name": maintained.model_copy(
            update={"signature": other}
        ),
        "a calibration that ended yesterday": _calibration(bench, "scale", yesterday),
        "a calibration with a wrong password": calibrated.model_copy(update={"signature": wrong}),
    }
    _try(bench, bodies[what])


@when(parsers.re(rf"somebody uses the {_DEVICE}"))
def uses(bench: Bench, device: str) -> None:
    """Weigh, print or read back on it."""
    if device == "scale":
        add_lot(bench, "S", "25.000", LotStatus.RELEASED, day_of("2026-12-31"), place=STAGING)
        add_order(bench, "10.000")
        dispenser_weighs(bench, "1.000", "S", None)
        return
    name, body = _use_of(bench, device)
    attempt = bench.command("the packer", name, body)
    bench.recorder.observe(f"{name} on {_id(bench, device)}: {attempt.answer}")


@then(parsers.re(rf"the {_DEVICE} can be used"))
def can_be_used(bench: Bench, device: str) -> None:
    """It was accepted; a label to read comes from a printer that may print."""
    if device == "scanner":
        printer = _calibration(bench, "printer", "2026-09-30")
        bench.prepare("the technician", "record-calibration", printer)
        _print(bench)
    uses(bench, device)
    bench.last.answer.as_(CommandAnswer)


@then("a label can be printed on the printer and read back on the scanner")
def printed_and_read(bench: Bench) -> None:
    """Both devices in a row."""
    _print(bench)
    bench.prepare("the packer", "verify-label", _reading(bench))


@then(parsers.re(
    rf"MES shows the {_DEVICE} in use, calibrated until {DAY}, signed by the technician"
))
def register_shows(bench: Bench, device: str, day: str) -> None:
    """State, day and signature."""
    row = _row(bench, device)
    event = the_only(row.history, f"entries about {row.equipment_id}")
    bench.recorder.observe(
        f"{row.equipment_id} {row.state} until {row.calibration_due}: {event.certificate}, "
        f"{event.recorded_by} with {event.signature_id}"
    )
    equal((row.state, row.calibration_due), (EquipmentState.IN_USE, day_of(day)), "state and day")
    equal(event.recorded_by, bench.person_id("the technician"), "entered by")
    equal((event.certificate, event.valid_until), ("CERT-2026-1", day_of(day)), "certificate")


def _use_of(bench: Bench, device: str) -> tuple[str, Command]:
    if device == "scanner":
        return "verify-label", _reading(bench)
    return "print-label", _label(bench)


def _print(bench: Bench) -> None:
    print_label(bench, _label(bench))


def _label(bench: Bench) -> PrintLabel:
    return label_for(bench, "P", 2, line=_LINE).model_copy(
        update={"printer_id": Id(_id(bench, "printer"))}
    )


def _reading(bench: Bench) -> VerifyLabel:
    return verification(bench, read_image(bench.part(PackingOnBench).label.image)[0])


def _transfer(
    bench: Bench, device: str, wanted: EquipmentState, reason: str = "yearly service"
) -> MaintainEquipment:
    return MaintainEquipment(
        maintenance_id=Id(bench.new_id("MAINTAIN")), equipment_id=Id(_id(bench, device)),
        to_state=wanted, reason=reason, signature=_signature(bench),
    )


def _calibration(bench: Bench, device: str, day: str | None) -> RecordCalibration:
    return RecordCalibration(
        calibration_id=Id(bench.new_id("CALIBRATE")), equipment_id=Id(_id(bench, device)),
        certificate=Id("CERT-2026-1"), valid_until=day_of(day) if day else None,
        signature=_signature(bench),
    )


def _signature(bench: Bench) -> SignatureComponents:
    return bench.signature("the technician", _MEANING)


def _try(bench: Bench, body: Command) -> None:
    attempt = bench.command("the technician", _name_of(body), body)
    bench.recorder.observe(f"{_name_of(body)} {body.key}: {attempt.answer}")


def _name_of(body: Command) -> str:
    return "maintain-equipment" if isinstance(body, MaintainEquipment) else "record-calibration"


def _id(bench: Bench, device: str) -> str:
    if device == "scale":
        return bench.part(AtTheScale).scale
    return bench.namespace.id(_NAMES[device])


def _row(bench: Bench, device: str) -> EquipmentRow:
    rows = bench.site.client(Role.MES).ask("equipment", EquipmentRegister).rows
    wanted = _id(bench, device)
    return the_only((row for row in rows if row.equipment_id == wanted), f"devices {wanted}")
