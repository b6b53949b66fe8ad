"""Golden messages about units that are broken, and about the scans that go with it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contracts.model.codes import Code
from contracts.model.identifiers import Id, Sscc, UnitName
from contracts.model.messages import MESSAGES
from contracts.model.messages.custody import Breaking, TakenOut, UnitDisaggregated
from contracts.model.messages.scans import ScanRecorded
from contracts.model.roles import Role
from contracts.model.scans import Calibration, ScanOutcome
from contracts.wire.golden import EXPIRES, NOW, Cast, Golden, Step, message
from contracts.wire.golden_steps import (
    Body,
    Row,
    accepted,
    changed,
    goldens_of,
    not_taken,
    taken,
    wrong_check_digit,
)

_FORM = Code.SCHEMA_VIOLATION


def golden_custody() -> Iterator[Golden]:
    """All golden messages about units that are broken, and about scans."""
    for to in MESSAGES["unit-disaggregated"].receivers:
        yield from goldens_of("unit-disaggregated", _BROKEN, partial(_breaking, to), to=to)
    for to in MESSAGES["scan-recorded"].receivers:
        yield from goldens_of("scan-recorded", _SCANNED, partial(_scan, to), to=to)


def _breaking(to: Role, cast: Cast) -> Body:
    payload = UnitDisaggregated(
        disaggregation_id=cast.id("BREAKING"), parent=cast.sscc("pallet"),
        taken_out=(TakenOut(unit=UnitName(cast.sscc("full"))),), whole=True,
        purpose=Breaking.REWORK, reason="film is torn", location_id=cast.id("RACK"),
        disaggregated_at=NOW, disaggregated_by=Id("p.packer"), station=Id("ST-1"),
    )
    return message(cast, "unit-disaggregated", payload, f"container/{payload.parent}", to)


def _scan(to: Role, cast: Cast) -> Body:
    payload = ScanRecorded(
        record_id=cast.id("RECORD"), scan_id=cast.id("SCAN"), run_id=cast.id("RUN"),
        step_id=cast.id("STEP"), position=1, device_id=cast.id("SCANNER"),
        calibration=Calibration.VALID, calibration_due=EXPIRES,
        scan=f"]C100{cast.sscc('full')}", outcome=ScanOutcome.ACCEPTED, scanned_at=NOW,
        scanned_by=Id("p.packer"), station=Id("ST-1"),
    )
    return message(cast, "scan-recorded", payload, f"scan/{payload.run_id}", to)


def _refused_scan(_: Cast, body: Body) -> tuple[Step, ...]:
    body = changed(body, "data.outcome", "REFUSED")
    body = changed(body, "data.code", Code.SCAN_OUT_OF_ORDER.value)
    return (accepted(changed(body, "data.path", "scan")),)


def _loose(cast: Cast) -> dict[str, str]:
    return {
        "unit": f"(01){cast.gtin()}(21)SN1", "into": Sscc(cast.sscc("tote")),
        "lotId": cast.id("LOT"),
    }


def _units_of_sale(cast: Cast, body: Body) -> tuple[Step, ...]:
    return (accepted(changed(body, "data.takenOut", [_loose(cast)])),)


def _lying_about(cast: Cast, body: Body) -> tuple[Step, ...]:
    loose = {"unit": _loose(cast)["unit"]}
    return not_taken(_FORM, "data.takenOut[0]", "data.takenOut", [loose])(cast, body)


def _twice(cast: Cast, body: Body) -> tuple[Step, ...]:
    [one] = body["data"]["takenOut"]
    return not_taken(_FORM, "data", "data.takenOut", [one, one])(cast, body)


_BROKEN: tuple[Row, ...] = (
    ("accepted-units-of-sale", "Units of sale lie in a labelled container from then on.",
     _units_of_sale),
    ("accepted-before-its-pallet", "The news of the pallet may still be on its way.",
     lambda cast, body: taken("data.parent", cast.sscc("elsewhere"))(cast, body)),
    ("lying-about", "A unit of sale never lies about.", _lying_about),
    ("unit-twice", "What was taken out is named once.", _twice),
    ("nothing-taken-out", "A disaggregation names at least one unit.",
     not_taken(_FORM, "data.takenOut", "data.takenOut", [])),
    ("unknown-purpose", "The purpose is one of the published ones.",
     not_taken(_FORM, "data.purpose", "data.purpose", "CURIOSITY")),
    ("sscc-check-digit", "An SSCC with a wrong check digit is none.",
     wrong_check_digit("data.takenOut[0].unit", "data.takenOut.0.unit")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.locationId", "data.locationId", ...)),
)
_SCANNED: tuple[Row, ...] = (
    ("accepted-refused-scan", "A refused scan is told of as well.", _refused_scan),
    ("accepted-separator", "A scanner sends the separator of GS1 as the character GS.",
     taken("data.scan", "]d210L-1\x1d37100")),
    ("refused-without-code", "A refused scan says why.",
     not_taken(_FORM, "data", "data.outcome", "REFUSED")),
    ("accepted-with-code", "An accepted scan has no reason for a refusal.",
     not_taken(_FORM, "data", "data.code", Code.SCAN_OUT_OF_ORDER.value)),
    ("unknown-calibration", "How a device stands is one of the published words.",
     not_taken(_FORM, "data.calibration", "data.calibration", "PROBABLY")),
    ("position-zero", "Positions count from 1.",
     not_taken(_FORM, "data.position", "data.position", 0)),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.deviceId", "data.deviceId", ...)),
)
