"""Messages about scans: each one, accepted or refused, is in both systems' audit trails.

Source: URS-LBL-004. A scan is a record about work and not about matter: ISA-95 and EPCIS know none.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from contracts.model.codes import Code
from contracts.model.envelope import Payload
from contracts.model.identifiers import Id
from contracts.model.instants import Day, Timestamp
from contracts.model.scans import Calibration, ScanOutcome


class ScanRecorded(Payload):
    """Both ways. A device scanned a label at a step, and the record said yes or no.

    ``position`` counts from 1 and is that of the label which was expected; ``code`` and ``path``
    say why a scan was refused. ``step_id`` is absent where the run is not known.
    """

    record_id: Id
    scan_id: Id
    run_id: Id
    step_id: Id | None = None
    position: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    device_id: Id
    calibration: Calibration
    calibration_due: Day | None = None
    scan: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    outcome: ScanOutcome
    code: Code | None = None
    path: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    scanned_at: Timestamp
    scanned_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.record_id

    @model_validator(mode="after")
    def _code_belongs_to_a_refusal(self) -> Self:
        refused = self.outcome is ScanOutcome.REFUSED
        if (self.code is not None, self.path is not None) != (refused, refused):
            raise ValueError("code and path belong to a refused scan alone")
        return self
