"""A release to production: what a bundle lets anybody release, and the release as it is signed.

Source: URS-CHG-005; EU GMP Annex 11 §10; 21 CFR 11.70.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.record.baselines import ApprovedBaseline
from contracts.record.digests import file_digest
from contracts.record.folder import read_run
from contracts.record.releases import BaselineRelease, unreleasable
from contracts.record.runs import RunHeader
from reports.baselines import ApprovalRefused, read_approval, read_items
from reports.inventory import BUNDLE_SEAL
from reports.signed_papers import Paper
from reports.verification import verify_bundle

RELEASE_TYPE = "https://gxproof.example/release/v1"
_RELEASE = Paper(
    RELEASE_TYPE, BaselineRelease,
    lambda release: {BUNDLE_SEAL: release.bundle_sha256, "baseline": release.baseline_sha256},
    ApprovalRefused, "it is no release",
    "it is signed over another bundle or baseline than it names",
)


@dataclass(frozen=True)
class Releasable:
    """A run that may be released: its bundle's seal, its header, the baseline that it ran on."""

    bundle_sha256: str
    header: RunHeader
    baseline: ApprovedBaseline


def sign_release(release: BaselineRelease, key: Ed25519PrivateKey) -> bytes:
    """The envelope that a person's key makes of a release; bundle and baseline are its subjects."""
    return _RELEASE.sign(release, key)


def open_release(raw: bytes, key: Ed25519PublicKey) -> BaselineRelease:
    """Open a release. Raises: ApprovalRefused."""
    return _RELEASE.open(raw, key)


def releasable(bundle: Path, key: Path, approvers: tuple[Path, ...]) -> Releasable:
    """What a bundle lets anybody release; it is verified, every approval in it with it.

    Raises: ApprovalRefused naming everything that stands against it.
    """
    checked = verify_bundle(bundle, key, approvers)
    against = [*map(str, checked.findings), *checked.remarks]
    if not checked.ok or against:
        raise ApprovalRefused(f"{bundle} is not verified: {'; '.join(against) or 'no file'}")
    record = read_run(bundle)
    approval, _ = read_approval(bundle)
    approved = approval.baseline if approval else None
    problems = list(unreleasable(record.header, record.plan, approved, _observed(bundle)))
    if problems or approved is None:
        raise ApprovalRefused(f"{bundle} cannot be released: {'; '.join(problems)}")
    return Releasable(file_digest(bundle / BUNDLE_SEAL), record.header, approved)


def misfits(release: BaselineRelease, found: Releasable) -> list[str]:
    """Where a release says something else than the bundle that it names."""
    header, baseline = found.header, found.baseline
    pairs = (
        ("bundleSha256", release.bundle_sha256, found.bundle_sha256),
        ("runId", release.run_id, header.run_id),
        ("runNumber", release.run_number, header.number),
        ("changeId", release.change_id, baseline.change_id),
        ("baselineSha256", release.baseline_sha256, baseline.sha256),
        ("verdicts", release.verdicts, header.verdicts),
    )
    return [f"{name} is another one in the bundle" for name, said, held in pairs if said != held]


def _observed(bundle: Path) -> dict[str, str]:
    try:
        return read_items(bundle)[0]
    except (OSError, ValueError) as exc:
        raise ApprovalRefused(f"{bundle} does not show what it ran on: {exc}") from exc
