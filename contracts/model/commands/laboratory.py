"""The laboratory: a sample is tested, a second person reviews the result. Source: URS-LIM-001."""

from __future__ import annotations

from contracts.model.commands.command import Command, SignatureComponents
from contracts.model.identifiers import Id
from contracts.model.instants import Day
from contracts.model.quality import UnitCode
from contracts.model.quantities import ExactDecimal


class RecordResult(Command):
    """MES. What a test of a sample found; method and limits are those of the specification."""

    result_id: Id
    sample_id: Id
    test: Id
    value: ExactDecimal
    unit: UnitCode
    retest_on: Day | None = None
    """The next retest date that the result gives its lot; absent: it gives none."""
    review: SignatureComponents
    """Of a second person, an analyst or of the quality unit. Source: 21 CFR 211.194(a)(8)."""

    @property
    def key(self) -> str:
        return self.result_id
