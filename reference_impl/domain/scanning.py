"""What a scan at a step has to say, and which device may have read it.

Sources: URS-LBL-001, URS-LBL-002, URS-LBL-004.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.formats.element_strings import NotAnElementString, read_scan
from contracts.model.codes import Code, Refusal
from contracts.model.instants import start_of_day
from contracts.model.scans import Calibration, DeclaredScan
from contracts.model.stimulus import EquipmentKind


@dataclass(frozen=True)
class Device:
    """A device of the register. ``calibration_due`` None: it needs no calibration."""

    kind: str
    calibration_due: date | None


# implements FRS-LBL-010
# implements FRS-LBL-011
def calibration_of(device: Device | None, now: datetime, zone: ZoneInfo) -> Calibration:
    """How a device stands at an instant; the last day of its calibration counts in full."""
    if device is None or device.kind != EquipmentKind.SCANNER.value:
        return Calibration.UNKNOWN_DEVICE
    if device.calibration_due is None:
        return Calibration.NOT_REQUIRED
    if now >= start_of_day(device.calibration_due + timedelta(days=1), zone):
        return Calibration.OVERDUE
    return Calibration.VALID


# implements FRS-LBL-010
# implements FRS-LBL-011
def check_calibration(state: Calibration) -> Refusal | None:
    """Refuse what is no scanner of the site, and one whose calibration has ended."""
    if state is Calibration.UNKNOWN_DEVICE:
        return Refusal(Code.UNKNOWN_EQUIPMENT, "deviceId", "no such scanner")
    if state is Calibration.OVERDUE:
        return Refusal(Code.SCANNER_NOT_CALIBRATED, "deviceId", "its calibration has ended")
    return None


def declared_at(scans: Sequence[DeclaredScan], position: int) -> DeclaredScan:
    """What is declared for a position, counted from 0; the last place may repeat."""
    return scans[min(position, len(scans) - 1)]


# implements FRS-LBL-015
def check_declared_scans(scans: Sequence[DeclaredScan], units: int) -> Refusal | None:
    """Refuse another number of units than the step declares scans."""
    fits = units >= len(scans) if scans[-1].repeats else units == len(scans)
    if fits:
        return None
    return Refusal(
        Code.SCANS_NOT_DECLARED, "units", f"{units} units, the step declares {len(scans)}"
    )


# implements FRS-LBL-005
# implements FRS-LBL-006
# implements FRS-LBL-007
# implements FRS-LBL-016
def check_next_scan(
    expected: Sequence[Mapping[str, str]], position: int, scan: str
) -> Refusal | None:
    """Refuse a scan that is not, field by field, the label of the unit at ``position``.

    ``expected`` is what each label of the run has to hold, by GS1 application identifier.
    """
    try:
        found = read_scan(scan)
    except NotAnElementString as exc:
        return Refusal(Code.SCAN_UNREADABLE, "scan", str(exc))
    wanted = expected[position]
    if found == wanted:
        return None
    if found in expected:
        turn = list(expected).index(found) + 1
        return Refusal(
            Code.SCAN_OUT_OF_ORDER, "scan", f"it is number {turn}, number {position + 1} is next"
        )
    other = sorted(found.keys() ^ wanted.keys())
    if other:
        return Refusal(
            Code.LABEL_FIELDS_DIFFER, "scan", f"({other[0]}) " +
            ("is not wanted here" if other[0] in found else "is missing")
        )
    ai = next(ai for ai in wanted if found[ai] != wanted[ai])
    return Refusal(Code.LABEL_MISMATCH, "scan", f"({ai}) is {found[ai]}, expected {wanted[ai]}")
