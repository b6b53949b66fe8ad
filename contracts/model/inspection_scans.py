"""What a system shows of guided scanning: the declared steps, their runs, every scan."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.identifiers import Id, UnitName
from contracts.model.inspection import Count
from contracts.model.instants import Day, Timestamp
from contracts.model.roles import Role
from contracts.model.scans import Calibration, ScanOutcome, ScanStep
from contracts.model.wire_model import WireModel


class ScanRunRow(WireModel):
    """A step that was begun: ``scanned`` of its units are accepted. ``used_by`` is what was done
    on its strength, absent: nothing yet.
    """

    run_id: Id
    step_id: Id
    units: tuple[UnitName, ...]
    scanned: Count
    used_by: Id | None = None


class ScanRow(WireModel):
    """One scan, accepted or refused, with its device; ``role`` is the system that compared it."""

    record_id: Id
    role: Role
    scan_id: Id
    run_id: Id
    step_id: Id | None = None
    position: Count | None = None
    device_id: Id
    calibration: Calibration
    calibration_due: Day | None = None
    scan: str
    outcome: ScanOutcome
    code: Code | None = None
    path: str | None = None
    scanned_at: Timestamp
    scanned_by: Id
    station: Id


class Scans(WireModel):
    """The declared steps of both systems, the runs of this one, the scans of both."""

    steps: tuple[ScanStep, ...]
    runs: tuple[ScanRunRow, ...]
    rows: tuple[ScanRow, ...]
