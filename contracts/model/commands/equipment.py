"""The equipment register: devices go into maintenance, come back, are calibrated.

Source: URS-MNT-001; 21 CFR 211.68(a).
"""

from __future__ import annotations

from contracts.model.commands.command import Command, Reason, SignatureComponents
from contracts.model.identifiers import Id
from contracts.model.instants import Day
from contracts.model.quality import EquipmentState


class MaintainEquipment(Command):
    """MES. A device is taken out of use, or given back to it."""

    maintenance_id: Id
    equipment_id: Id
    to_state: EquipmentState
    reason: Reason
    signature: SignatureComponents

    @property
    def key(self) -> str:
        return self.maintenance_id


class RecordCalibration(Command):
    """MES. A device was calibrated. ``valid_until`` is the last day that it counts for.

    Absent: the calibration failed, and the device is out of use until it is given back.
    """

    calibration_id: Id
    equipment_id: Id
    certificate: Id
    valid_until: Day | None = None
    signature: SignatureComponents

    @property
    def key(self) -> str:
        return self.calibration_id
