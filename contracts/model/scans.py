"""Words of guided scanning: what a step expects, and what became of a scan.

Source: URS-LBL-001, URS-LBL-002, URS-LBL-004; EU GMP Annex 11 (2011) 5 and 6.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints

from contracts.model.identifiers import Id
from contracts.model.roles import Role
from contracts.model.wire_model import WireModel

ApplicationIdentifierCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,4}$")]


class GuardedStep(StrEnum):
    """The operation that is done only when a scan step is complete."""

    PACK_UNIT = "pack-unit"
    DISAGGREGATE = "disaggregate"


class Calibration(StrEnum):
    """How the device stood when it scanned."""

    VALID = "VALID"
    NOT_REQUIRED = "NOT_REQUIRED"
    OVERDUE = "OVERDUE"
    UNKNOWN_DEVICE = "UNKNOWN_DEVICE"


class ScanOutcome(StrEnum):
    """What became of a scan."""

    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


class DeclaredScan(WireModel):
    """What the label holds that is scanned at this place of the order: these identifiers and no
    other. ``repeats``: any number of such labels, one after the other; the last place alone may.
    """

    name: Id
    identifiers: Annotated[tuple[ApplicationIdentifierCode, ...], Field(min_length=1,
                                                                        max_length=10)]
    repeats: StrictBool = False


class ScanStep(WireModel):
    """A step of work with the order of its scans. What ``guards`` names is not done at its station
    without it; absent: the step is a check that guards nothing.
    """

    step_id: Id
    role: Role
    station: Id
    guards: GuardedStep | None = None
    scans: Annotated[tuple[DeclaredScan, ...], Field(min_length=1, max_length=20)]
