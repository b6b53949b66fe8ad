"""Words of the quality unit, the laboratory and maintenance.

Sources: URS-QMS-001, URS-QMS-002, URS-LIM-001, URS-MNT-001.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StrictBool, StringConstraints, model_validator

from contracts.model.identifiers import Id
from contracts.model.instants import Day
from contracts.model.quantities import ExactDecimal
from contracts.model.wire_model import WireModel

UnitCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2,3}$")]
"""A unit of UN/ECE Rec 20; ``P1`` is percent."""
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
PERCENT = "P1"


class ResultVerdict(StrEnum):
    """What a result says of its lot."""

    PASSED = "PASSED"
    FAILED = "FAILED"


class EquipmentState(StrEnum):
    """Whether a device may be used at all."""

    IN_USE = "IN_USE"
    IN_MAINTENANCE = "IN_MAINTENANCE"


class CapaState(StrEnum):
    """Where a corrective and preventive action stands."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class Effectiveness(StrEnum):
    """What the check of an action found after some time."""

    EFFECTIVE = "EFFECTIVE"
    NOT_EFFECTIVE = "NOT_EFFECTIVE"


class RequiredTest(WireModel):
    """A test that each lot of a material has to pass before its release; both limits pass.

    ``sets_potency``: the result is the assay of the lot, in percent between limits of 1 to 999.
    """

    test: Id
    method: Id
    unit: UnitCode
    low: ExactDecimal | None = None
    high: ExactDecimal | None = None
    sets_potency: StrictBool = False

    @model_validator(mode="after")
    def _limits(self) -> Self:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the lower limit is above the upper one")
        if self.sets_potency and not self._is_assay():
            raise ValueError("an assay is stated in P1, with limits of 1 to 999")
        return self

    def _is_assay(self) -> bool:
        low, high = self.low, self.high
        return self.unit == PERCENT and low is not None and high is not None and (
            low >= 1 and high <= 999
        )


class RiskItem(WireModel):
    """A version of an entry in the risk file."""

    risk_item_id: Id
    version: Annotated[int, Field(strict=True, ge=1, le=9999)]


class RerunEvidence(WireModel):
    """The run that shows that the change works: its id, and the digest of its sealed bundle."""

    run_id: Id
    bundle_sha256: Sha256


class EffectivenessCheck(WireModel):
    """What somebody found when looking, after some time, whether the action helped."""

    checked_on: Day
    verdict: Effectiveness
    finding: Annotated[str, StringConstraints(min_length=5, max_length=500)]
