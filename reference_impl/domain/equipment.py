"""When a device may be used. Source: URS-MNT-001; 21 CFR 211.68(a)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.model.codes import Code, Refusal
from contracts.model.quality import EquipmentState
from reference_impl.domain.dispensing import is_over


@dataclass(frozen=True)
class Device:
    """A device of the register. ``calibration_due`` None: it needs no calibration."""

    equipment_id: str
    state: EquipmentState
    calibration_due: date | None


# implements FRS-MNT-001
def check_calibrated(device: Device, now: datetime, zone: ZoneInfo, path: str) -> Refusal | None:
    """Refuse a device whose calibration day has ended where the site stands."""
    if not is_over(device.calibration_due, now, zone):
        return None
    detail = f"calibration of {device.equipment_id} ended on {device.calibration_due}"
    return Refusal(Code.CALIBRATION_OVERDUE, path, detail)


# implements FRS-MNT-002
def check_state(device: Device, path: str) -> Refusal | None:
    """Refuse a device that is in maintenance, whatever its calibration says."""
    if device.state is EquipmentState.IN_USE:
        return None
    return Refusal(Code.EQUIPMENT_IN_MAINTENANCE, path, device.equipment_id)


# implements FRS-MNT-004
def check_transfer(device: Device, wanted: EquipmentState) -> Refusal | None:
    """Refuse to put a device into the state that it is in."""
    if device.state is not wanted:
        return None
    return Refusal(Code.EQUIPMENT_STATE_SAME, "toState", f"{device.equipment_id} is {wanted}")


# implements FRS-MNT-006
def check_validity(valid_until: date | None, now: datetime, zone: ZoneInfo) -> Refusal | None:
    """Refuse a calibration whose last day is over; None: it failed and counts for no day."""
    if not is_over(valid_until, now, zone):
        return None
    return Refusal(Code.CALIBRATION_NOT_VALID, "validUntil", f"{valid_until} is over")
