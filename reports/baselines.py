"""The approved baseline of a run, and assessments of vulnerabilities: signed by a person.

An approval is signed over the plan and the items of the baseline, so it cannot be moved to others.
It lies in the run folder as ``records/baseline.dsse.json`` beside the public key of the person;
whoever verifies the bundle decides whether that key is the person's.
Source: URS-CHG-001, URS-CHG-002, URS-SEC-007; 21 CFR 11.70.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.record.baselines import (
    ApprovedBaseline,
    baseline_digest,
    misfits,
    why_informal,
)
from contracts.record.digests import sha256
from contracts.record.runs import DRIFTED, RunRecord
from contracts.record.strict_json import read_json
from contracts.record.vulnerabilities import Assessment
from reports.dsse import key_id, read_public_key
from reports.findings import Finding
from reports.signed_papers import Paper

BASELINE_TYPE = "https://gxproof.example/baseline/v1"
ASSESSMENT_TYPE = "https://gxproof.example/assessment/v1"
APPROVAL = "records/baseline.dsse.json"
APPROVER = "records/baseline.pub"
OBSERVED = "records/baseline.json"
_PLAN = "plan.json"


class ApprovalRefused(ValueError):
    """A signed paper that stands for nothing; one sentence."""


_BASELINE = Paper(
    BASELINE_TYPE, ApprovedBaseline,
    lambda baseline: {_PLAN: baseline.plan_sha256, "baseline": baseline.sha256},
    ApprovalRefused, "it is not what it should be",
    "it is signed over another plan or baseline than it holds",
)
_ASSESSMENT = Paper(
    ASSESSMENT_TYPE, Assessment,
    lambda assessment: {"component": sha256(assessment.component.encode())},
    ApprovalRefused, "it is not what it should be",
    "it is signed over another component than it names",
)


@dataclass(frozen=True)
class ApprovedRun:
    """An approval whose signature fits, and the id of the key that made it."""

    baseline: ApprovedBaseline
    key: str


def sign_baseline(baseline: ApprovedBaseline, key: Ed25519PrivateKey) -> bytes:
    """The envelope that a person's key makes of a baseline; plan and items are its subjects."""
    return _BASELINE.sign(baseline, key)


def open_baseline(raw: bytes, key: Ed25519PublicKey) -> ApprovedRun:
    """Open an approval. Raises: ApprovalRefused."""
    return ApprovedRun(_BASELINE.open(raw, key), key_id(key))


def sign_assessment(assessment: Assessment, key: Ed25519PrivateKey) -> bytes:
    """The envelope that a person's key makes of an assessment; its subject is the component."""
    return _ASSESSMENT.sign(assessment, key)


def open_assessment(raw: bytes, key: Ed25519PublicKey) -> Assessment:
    """Open an assessment. Raises: ApprovalRefused."""
    return _ASSESSMENT.open(raw, key)


def read_approval(folder: Path) -> tuple[ApprovedRun | None, tuple[Finding, ...]]:
    """The approval of a run folder, or what is wrong with the one that lies there."""
    if not (folder / APPROVAL).exists():
        return None, ()
    try:
        key = read_public_key(folder / APPROVER)
        return open_baseline((folder / APPROVAL).read_bytes(), key), ()
    except (ApprovalRefused, OSError, ValueError) as exc:
        return None, (Finding(APPROVAL, str(exc)),)


def approval_findings(
    record: RunRecord, approved: ApprovedRun | None, folder: Path
) -> Iterator[Finding]:
    """What does not fit between a run and the approval that it was started with."""
    header, plan = record.header, record.plan
    yield from _observed_findings(record, folder)
    if plan.approved and approved is None:
        yield Finding(_PLAN, "says that it is approved, and no approval of it is there")
    if approved is None:
        if DRIFTED in header.informal:
            yield Finding("run.json", f"says that it was {DRIFTED}, and there is none")
        return
    if not plan.approved:
        yield Finding(_PLAN, "does not say that it is approved, and an approval of it is there")
    for problem in misfits(
        approved.baseline, header.plan_sha256, header.environment.target, header.started_at
    ):
        yield Finding(APPROVAL, problem)
    if approved.key == header.signer:
        yield Finding(APPROVAL, "is signed with the key that signs the execution; a person's own "
                                "key has to approve")
    try:
        items, _ = read_items(folder)
    except (OSError, ValueError) as exc:
        yield Finding(OBSERVED, str(exc))
        return
    drifted = bool(list(why_informal(approved.baseline, items)))
    if drifted != (DRIFTED in header.informal):
        said = "says" if DRIFTED in header.informal else "does not say"
        yield Finding("run.json", f"{said} that it was {DRIFTED}; its items tell otherwise")


def read_items(folder: Path) -> tuple[dict[str, str], str]:
    """The items that a run observed, and the digest that it gives for them.

    Raises: OSError; ValueError where the file is not what it should be.
    """
    content: Any = read_json((folder / OBSERVED).read_bytes())
    try:
        return dict(content["items"]), str(content["sha256"])
    except (KeyError, TypeError, ValueError) as exc:
        raise ValueError(f"{OBSERVED} holds no items of a baseline") from exc


def _observed_findings(record: RunRecord, folder: Path) -> Iterator[Finding]:
    stated = record.configuration.get("baselineSha256")
    if stated is None:
        return
    try:
        items, said = read_items(folder)
    except (OSError, ValueError) as exc:
        yield Finding(OBSERVED, str(exc))
        return
    if not stated == said == baseline_digest(items):
        yield Finding(OBSERVED, "has another digest than the run states for its baseline")
