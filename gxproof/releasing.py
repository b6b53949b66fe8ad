"""A release to production: drafted from a bundle and production's way back, signed by a person,
held against production afterwards.

Source: URS-CHG-005; EU GMP Annex 11 §10.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.model.inspection import Version
from contracts.model.inspection_watching import BackupReading, Watching
from contracts.model.instants import write_timestamp
from contracts.model.requirements import Protocol
from contracts.model.roles import Role
from contracts.record.canonical import canonical_bytes
from contracts.record.releases import (
    TEST_MODE,
    BaselineRelease,
    production_findings,
    rollback_findings,
    way_back_findings,
)
from contracts.record.runs import Result
from contracts.wire.system import SystemUnderTest
from features.plugin import open_target
from gxproof.dossier import opened_by
from gxproof.forms import signed_now, text
from gxproof.installation import CHECKS, Context, InstallationCheck, Observed, run_check
from gxproof.observing import observed_items
from gxproof.preflight import check_ready
from reports.baselines import ApprovalRefused
from reports.dsse import key_id
from reports.releases import Releasable, misfits, open_release, releasable, sign_release

RELEASED = "REL-01"


@dataclass(frozen=True)
class Basis:
    """The bundle that is released, the key that sealed it, the keys of those who approved."""

    bundle: Path
    signed_by: Path
    approvers: tuple[Path, ...]

    def read(self) -> Releasable:
        """Verify it. Raises: ApprovalRefused."""
        return releasable(self.bundle, self.signed_by, self.approvers)


def draft(basis: Basis, production: str) -> str:
    """The form of a release, as TOML. Raises: ApprovalRefused, TargetNotReady, UnknownTarget."""
    found = basis.read()
    sut = open_target(production, seed=0)
    try:
        check_ready(sut)
        ways_back = _ways_back(sut)
        return form_of(found, sut.name, ways_back)
    finally:
        sut.close()


def approve(file: Path, key: Ed25519PrivateKey, basis: Basis) -> bytes:
    """Sign a written release, now, if the bundle still says the same. Raises: ApprovalRefused."""
    release, found = signed_now(file, BaselineRelease), basis.read()
    for problem in misfits(release, found):
        raise ApprovalRefused(f"{file}: {problem}; draft it anew")
    if key_id(key.public_key()) == found.header.signer:
        raise ApprovalRefused(
            f"{file}: the key is the one that sealed the run; a person signs with an own one"
        )
    return sign_release(release, key)


def check(file: Path, approvers: tuple[Path, ...], production: str) -> tuple[Result, ...]:
    """Hold production against a release, then every IQ check that drives nothing there.

    Raises: ApprovalRefused, TargetNotReady, UnknownTarget.
    """
    release = opened_by(file, approvers, open_release)
    sut = open_target(production, seed=0)
    try:
        check_ready(sut)
        context = Context(sut)
        return tuple(run_check(one, context) for one in (_released(release), *_harmless(sut)))
    finally:
        sut.close()


def result_bytes(results: tuple[Result, ...]) -> bytes:
    """What was found, as canonical JSON."""
    return canonical_bytes([result.to_json() for result in results]) + b"\n"


def form_of(found: Releasable, production: str, ways_back: dict[Role, dict[str, str | int]]) -> str:
    """The form: what is known, and what a person has to say; test mode is closed beforehand."""
    header, baseline = found.header, found.baseline
    lines = [
        "# The person named in releasedBy signs. Under [differs] stands every item that is meant",
        "# to be other in production, with production's value; nothing else may differ.",
        f"changeId = {text(baseline.change_id)}", f"runId = {text(header.run_id)}",
        f"runNumber = {header.number}", f"bundleSha256 = {text(found.bundle_sha256)}",
        f"baselineSha256 = {text(baseline.sha256)}", f"production = {text(production)}",
        'reason = ""', 'releasedBy = ""', 'meaning = ""', "", "[verdicts]",
        *(f"{protocol} = {text(header.verdicts[protocol].value)}" for protocol in Protocol),
    ]
    for role, way in ways_back.items():
        lines += ["", f"[rollback.{role}]", *(f"{name} = {text(way[name])}" for name in way)]
    lines += ["", "[differs]", *(
        f'{text(name)} = "false"' for name in TEST_MODE if baseline.items.get(name) == "true"
    )]
    lines += ["", "[items]", *(
        f"{text(name)} = {text(baseline.items[name])}" for name in sorted(baseline.items)
    )]
    return "\n".join(lines) + "\n"


def _ways_back(sut: SystemUnderTest) -> dict[Role, dict[str, str | int]]:
    """What production ran until now, and how it comes back. Raises: ApprovalRefused."""
    kept = _kept(sut)
    problems = list(rollback_findings(kept, datetime.now(UTC)))
    if problems:
        raise ApprovalRefused(f"{sut.name} has no proven way back: {'; '.join(problems)}")
    return {role: _way_back(sut, role, reading) for role, reading in kept.items() if reading}


def _kept(sut: SystemUnderTest) -> dict[Role, BackupReading | None]:
    """What each system shows of its backups."""
    return {role: sut.client(role).ask("watching", Watching).backups for role in Role}


def _way_back(
    sut: SystemUnderTest, role: Role, reading: BackupReading
) -> dict[str, str | int]:
    assert reading.taken_at is not None
    assert reading.restore_tested_at is not None
    return {
        "software": sut.client(role).ask("version", Version).software,
        "backupTakenAt": write_timestamp(reading.taken_at),
        "backupIntervalMaxS": reading.interval_max_s,
        "restoreTestedAt": write_timestamp(reading.restore_tested_at),
        "restoreTestAgeMaxS": reading.restore_test_age_max_s,
    }


def _released(release: BaselineRelease) -> InstallationCheck:
    def look(context: Context) -> Observed:
        items = observed_items(context.sut)
        found = [
            *production_findings(release, items, context.sut.name, datetime.now(UTC)),
            *way_back_findings(release, _kept(context.sut)),
        ]
        return Observed.of(found, [
            f"released under {release.change_id} by {release.released_by}: run "
            f"{release.run_number}, baseline {release.baseline_sha256}; {len(items)} items there, "
            f"{len(release.differs)} meant to differ",
        ])

    return InstallationCheck(
        RELEASED, "What was released is what is there",
        "every item as it was released, and no other one", look, requirements=("URS-CHG-005",),
    )


def _harmless(sut: SystemUnderTest) -> Iterator[InstallationCheck]:
    """The checks that show something there and neither set a clock nor load anything."""
    for one in CHECKS:
        if one.shows_something(sut.mode, sut.engine) and not one.drives_systems:
            yield one

