"""A deviation: what was not met, what it means, and the person who let it stand.

It is approved by signature before the run that it lets go on, and it holds for one plan and one
target alone. Without a valid one, a check that was not met counts as what it came to.
Source: EU GMP chapter 1.4 (xiv), Annex 15 2.9 and 2.10; 21 CFR 11.50.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from contracts.model.answers import Sha256
from contracts.model.instants import Timestamp
from contracts.model.requirements import Protocol
from contracts.model.verdicts import State
from contracts.model.wire_model import WireModel
from contracts.record.runs import Result
from contracts.record.signed_words import PrintedName, Said

EXCUSABLE = (State.FAILED, State.INCONCLUSIVE)
"""What a deviation can stand for. An error says nothing about the system; nobody can judge it."""


def _number(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{2,8}(-[A-Z0-9]{1,12}){1,4}", text):
        raise ValueError(
            "expected 2 to 8 capital letters, then 1 to 4 groups of a dash and 1 to 12 capital "
            "letters or digits, such as DEV-2026-014; it names a file of the run"
        )
    return text


Number = Annotated[str, AfterValidator(_number)]


class Deviation(WireModel):
    """One approved deviation."""

    record_format: Literal["gxproof-deviation/1"] = "gxproof-deviation/1"
    number: Number
    found_in: str
    """Id of the run in which the failure was found."""
    target: str
    plan_sha256: Sha256
    protocol: Protocol
    results: Annotated[tuple[str, ...], Field(min_length=1)]
    """The checks that were not met."""
    description: Said
    impact: Said
    disposition: Said
    approved_by: PrintedName
    """Printed name of the person whose key signs it."""
    meaning: Said
    """The meaning of the signature."""
    at: Timestamp

    def covers(self, protocol: Protocol, check: str) -> bool:
        """Whether it stands for a check."""
        return protocol is self.protocol and check in self.results


def excused(result: Result, deviation: Deviation) -> Result:
    """A result for which a deviation stands; what it came to by itself is kept beside it."""
    if result.state not in EXCUSABLE:
        return result
    facts = {**result.facts, "deviation": deviation.number, "actual_state": result.state.value}
    reason = f"{deviation.number}: {deviation.disposition} Observed: {result.reason}"
    return result.model_copy(
        update={"state": State.DEVIATION, "reason": reason, "facts": facts}
    )


def draft_numbers(run: int, results: tuple[Result, ...]) -> dict[tuple[Protocol, str], str]:
    """A number for each result that a deviation could stand for, in the order of the plan."""
    open_ones = [r for r in results if r.state in EXCUSABLE]
    return {
        (r.protocol, r.id): f"DEV-{run:04d}-{number:02d}" for number, r in enumerate(open_ones, 1)
    }
