"""The equipment register: which devices may be used, and what was signed for about them.

Source: URS-MNT-001.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import Command, MaintainEquipment, RecordCalibration
from contracts.model.inspection_quality import (
    EquipmentEventRow,
    EquipmentRegister,
    EquipmentRow,
)
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.quality import EquipmentState
from reference_impl.domain import equipment as rules
from reference_impl.domain.reasons import check_reason
from reference_impl.records.accounts import Accounts
from reference_impl.records.counting import next_number
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.quality_tables import equipment_events
from reference_impl.store.tables import equipment, packaging_lines

_ALL = Statement(select(equipment).order_by(equipment.c.equipment_id))
_EVENTS = Statement(select(equipment_events).order_by(equipment_events.c.ordinal))


def check_device(work: Work, row: Row, path: str) -> Refusal | None:
    """Refuse a known device that is out of use or overdue for calibration."""
    device = _device(row)
    return rules.check_state(device, path) or rules.check_calibrated(
        device, work.now, work.settings.site_zone, path
    )


def check_in_use(work: Work, equipment_id: str, path: str) -> Refusal | None:
    """Refuse a known device that is in maintenance."""
    row = work.find(equipment, equipment_id)
    return rules.check_state(_device(row), path) if row else None


# implements FRS-MNT-003
def check_scanner(work: Work, line_id: str) -> Refusal | None:
    """Refuse to read labels of a packaging line back on a device that may not be used."""
    line = work.find(packaging_lines, line_id)
    if line is None or line["scanner_id"] is None:
        return None
    scanner = work.find(equipment, line["scanner_id"])
    if scanner is None:
        return Refusal(Code.UNKNOWN_EQUIPMENT, "labelId", f"scanner {line['scanner_id']}")
    return check_device(work, scanner, "labelId")


# implements FRS-MNT-005
# implements FRS-MNT-007
def maintain_equipment(
    work: Work, command: MaintainEquipment, accounts: Accounts
) -> Refusal | None:
    """A technician takes a device out of use, or gives it back."""
    device = _known(work, command.equipment_id)
    if isinstance(device, Refusal):
        return device
    refusal = rules.check_transfer(device, command.to_state) or check_reason(command.reason)
    if refusal:
        return refusal
    record = ("equipment_events", command.key)
    signed = accounts.sign_command(work, command, command.signature, record)
    if isinstance(signed, Refusal):
        return signed
    work.change(equipment, command.equipment_id, state=command.to_state.value)
    _keep(
        work, command, command.equipment_id, kind="maintenance", reason=command.reason,
        to_state=command.to_state.value, signature_id=signed.signature_id,
    )
    return None


# implements FRS-MNT-005
# implements FRS-MNT-006
def record_calibration(
    work: Work, command: RecordCalibration, accounts: Accounts
) -> Refusal | None:
    """A technician has calibrated a device, or could not: then it is out of use."""
    device = _known(work, command.equipment_id)
    if isinstance(device, Refusal):
        return device
    until = command.valid_until
    refusal = rules.check_validity(until, work.now, work.settings.site_zone)
    if refusal:
        return refusal
    record = ("equipment_events", command.key)
    signed = accounts.sign_command(work, command, command.signature, record)
    if isinstance(signed, Refusal):
        return signed
    state = device.state if until else EquipmentState.IN_MAINTENANCE
    changed = {"calibration_due": until.isoformat()} if until else {}
    work.change(equipment, command.equipment_id, state=state.value, **changed)
    _keep(
        work, command, command.equipment_id, kind="calibration", to_state=state.value,
        certificate=command.certificate, valid_until=until.isoformat() if until else None,
        signature_id=signed.signature_id,
    )
    return None


def show_equipment(connection: Connection, settings: Settings, _: int) -> EquipmentRegister:
    """All devices with their histories."""
    events: dict[str, list[EquipmentEventRow]] = {}
    for row in connection.rows(_EVENTS):
        events.setdefault(row["equipment_id"], []).append(_event_row(row, settings))
    return EquipmentRegister(
        rows=tuple(
            EquipmentRow(
                equipment_id=row["equipment_id"], kind=row["kind"],
                description=row["description"], state=_device(row).state,
                calibration_due=row["calibration_due"],
                history=tuple(events.get(row["equipment_id"], ())),
            )
            for row in connection.rows(_ALL)
        )
    )


def _event_row(row: Row, settings: Settings) -> EquipmentEventRow:
    return EquipmentEventRow(
        event_id=row["event_id"], to_state=row["to_state"], reason=row["reason"],
        certificate=row["certificate"], valid_until=row["valid_until"],
        signature_id=row["signature_id"], recorded_by=row["recorded_by"],
        recorded_at=from_microseconds(row["recorded_at"], settings.site_zone),
    )


def _device(row: Row) -> rules.Device:
    due = row["calibration_due"]
    return rules.Device(
        row["equipment_id"], EquipmentState(row["state"] or EquipmentState.IN_USE),
        date.fromisoformat(due) if due else None,
    )


# implements FRS-MNT-003
def _known(work: Work, equipment_id: str) -> rules.Device | Refusal:
    row = work.find(equipment, equipment_id)
    if row is None:
        return Refusal(Code.UNKNOWN_EQUIPMENT, "equipmentId", equipment_id)
    return _device(row)


def _keep(work: Work, command: Command, equipment_id: str, **values: str | None) -> None:
    work.create(
        equipment_events, event_id=command.key, equipment_id=equipment_id,
        ordinal=next_number(work.connection, "equipment events"),
        recorded_by=work.actor.account, recorded_at=microseconds(work.now), **values,
    )
