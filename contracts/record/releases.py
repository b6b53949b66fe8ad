"""The release of a baseline to production: what may be released, by whom, what production shows.

A release names the run that passed, by the digest of its bundle's seal, and every item of the
baseline that it ran on. Whatever is meant to be other in production stands in it with production's
value; nothing else may differ.
Source: URS-CHG-005; EU GMP Annex 11 §10.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from contracts.model.answers import Sha256
from contracts.model.inspection import Count
from contracts.model.inspection_watching import BackupReading
from contracts.model.instants import Timestamp, write_timestamp
from contracts.model.requirements import Protocol
from contracts.model.roles import Role
from contracts.model.verdicts import Verdict
from contracts.model.wire_model import WireModel
from contracts.record.baselines import ApprovedBaseline, Items, baseline_digest, drift
from contracts.record.runs import PART_ALONE, Plan, RunHeader
from contracts.record.signed_words import ChangeId, PrintedName, Said

PASSED = (Verdict.PASSED, Verdict.PASSED_WITH_DEVIATIONS)
TEST_MODE = tuple(f"{role}/configuration/testMode" for role in Role)
"""Open where a baseline is qualified, closed in production, whatever else is meant to differ."""


class RollBack(WireModel):
    """The way back of one system: what it ran before, its last backup, its last restore test."""

    software: Annotated[str, Field(min_length=1)]
    backup_taken_at: Timestamp
    backup_interval_max_s: Count
    """How old a backup may be there, as the system itself watches it."""
    restore_tested_at: Timestamp
    restore_test_age_max_s: Count


class BaselineRelease(WireModel):
    """A release as a person signs it."""

    record_format: Literal["gxproof-release/1"] = "gxproof-release/1"
    change_id: ChangeId
    """The approved change under which the run was formal."""
    run_id: str
    run_number: Annotated[int, Field(strict=True, ge=1)]
    bundle_sha256: Sha256
    """Of the seal of the bundle, which seals every other file."""
    baseline_sha256: Sha256
    verdicts: dict[Protocol, Verdict]
    production: Annotated[str, Field(min_length=1)]
    """The target that may run it."""
    rollback: dict[Role, RollBack]
    reason: Said
    released_by: PrintedName
    """Printed name of the person whose key signs it."""
    meaning: Said
    at: Timestamp
    differs: dict[str, str] = Field(default_factory=dict)
    """Items that are other in production by intent, with production's value."""
    items: Annotated[dict[str, str], Field(min_length=1)]

    @property
    def expected(self) -> dict[str, str]:
        """Every item as production has to show it."""
        return {**self.items, **self.differs}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(self.rollback) != set(Role):
            raise ValueError("expected the way back of both systems")
        for problem in (
            *_of_verdicts(self.verdicts), *self._of_items(), *self._of_ways_back()
        ):
            raise ValueError(problem)
        return self

    def _of_ways_back(self) -> Iterator[str]:
        """A form that waited for its signature may have outlived the way back that it names."""
        for role, way in self.rollback.items():
            for at, age_max_s, what in (
                (way.backup_taken_at, way.backup_interval_max_s, "verified backup"),
                (way.restore_tested_at, way.restore_test_age_max_s, "restore test"),
            ):
                age_max = timedelta(seconds=age_max_s)
                if not timedelta(0) <= self.at - at <= age_max:
                    yield (f"the {what} of the {role.upper()} is of {write_timestamp(at)}; at most "
                           f"{age_max} old it has to be when the release is signed")

    def _of_items(self) -> Iterator[str]:
        if baseline_digest(self.items) != self.baseline_sha256:
            yield "the items do not have the hash of the baseline"
        foreign = sorted(self.differs.keys() - self.items.keys())
        if foreign:
            yield f"{foreign[0]} is no item of the baseline, so it cannot differ from it"
        for name in TEST_MODE:
            if self.expected.get(name, "false") != "false":
                yield f"{name} has to be false in production"


def unreleasable(
    header: RunHeader, plan: Plan, approved: ApprovedBaseline | None, observed: Items
) -> Iterator[str]:
    """Why a run does not let anybody release what it ran on; nothing: it does."""
    if approved is None:
        yield "the run was executed without an approved baseline"
    elif approved.sha256 != baseline_digest(observed):
        yield "the run was executed on another configuration than the approved baseline"
    if header.informal:
        yield f"the run is informal: {'; '.join(header.informal)}"
    yield from _of_verdicts(header.verdicts)
    if any(part.reason == PART_ALONE for each in plan.protocols for part in each.outside):
        yield "the run was about some requirements alone; the others were not tried"


def rollback_findings(
    kept: Mapping[Role, BackupReading | None], now: datetime
) -> Iterator[str]:
    """Why there is no proven way back: backups and restore tests, each in its time."""
    for role in Role:
        reading = kept.get(role)
        if reading is None:
            yield f"the {role.upper()} was not told where its backups are kept"
            continue
        for at, age_max_s, what in (
            (reading.taken_at, reading.interval_max_s, "verified backup"),
            (reading.restore_tested_at, reading.restore_test_age_max_s, "restore test"),
        ):
            if at is None:
                yield f"the {role.upper()} has no {what}"
            elif not timedelta(0) <= now - at <= timedelta(seconds=age_max_s):
                yield (f"the last {what} of the {role.upper()} is of {write_timestamp(at)}; "
                       f"at most {timedelta(seconds=age_max_s)} old it has to be")


def production_findings(
    release: BaselineRelease, observed: Items, target: str, now: datetime
) -> Iterator[str]:
    """Where production is not what was released to it."""
    if release.production != target:
        yield f"the release is for {release.production}, not for {target}"
    if release.at > now:
        yield f"the release is signed {write_timestamp(release.at)}, which is to come"
    yield from map(str, drift(release.expected, observed))


def way_back_findings(
    release: BaselineRelease, kept: Mapping[Role, BackupReading | None]
) -> Iterator[str]:
    """Where production does not show the way back that the release names."""
    for role, way in release.rollback.items():
        reading = kept.get(role)
        limits = way.backup_interval_max_s, way.restore_test_age_max_s
        if reading and limits != (reading.interval_max_s, reading.restore_test_age_max_s):
            yield f"the {role.upper()} watches its backups by other limits than the release names"
        for said, shown, what in (
            (way.backup_taken_at, reading.taken_at if reading else None, "backup"),
            (way.restore_tested_at, reading.restore_tested_at if reading else None,
             "restore test"),
        ):
            if shown is None or shown < said:
                yield (f"the release names a {what} of the {role.upper()} of "
                       f"{write_timestamp(said)}; the last one there is "
                       f"{'none' if shown is None else 'of ' + write_timestamp(shown)}")


def _of_verdicts(verdicts: Mapping[Protocol, Verdict]) -> Iterator[str]:
    for protocol in Protocol:
        found = verdicts.get(protocol)
        if found not in PASSED:
            yield f"the {protocol} came to {found.value if found else 'no verdict'}"
