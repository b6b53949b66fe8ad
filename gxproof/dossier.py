"""What a site hands in with a run: an approved baseline, what is known against the software, what
was decided about suppliers, the last periodic review. What is signed is opened before anything
runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.record.baselines import ApprovedBaseline, misfits
from contracts.record.bounded_files import read_bounded
from contracts.record.folder import RunFolder
from contracts.record.reviews import PeriodicReview
from contracts.record.runs import RunHeader
from contracts.record.strict_json import Unreadable, read_json
from contracts.record.suppliers import SupplierRecords
from contracts.record.vulnerabilities import (
    Assessment,
    NoReport,
    VulnerabilityReport,
    read_report,
)
from gxproof.forms import signed_now, written
from reports.baselines import (
    APPROVAL,
    APPROVER,
    ApprovalRefused,
    ApprovedRun,
    open_assessment,
    open_baseline,
    sign_assessment,
    sign_baseline,
)
from reports.dsse import public_pem, read_public_key
from reports.reviews import open_review

BASELINE, VULNERABILITIES, SUPPLIERS = "baseline", "vulnerabilities", "suppliers"
REVIEW = "review"
EVERY_PAPER = frozenset({BASELINE, VULNERABILITIES, SUPPLIERS, REVIEW})
REVIEWED, REVIEWER = "records/review.dsse.json", "records/review.pub"
T = TypeVar("T")


@dataclass(frozen=True)
class Papers:
    """The files that a person names. ``approvers`` are public keys of people who may sign."""

    baseline: Path | None = None
    vulnerabilities: Path | None = None
    assessments: Sequence[Path] = ()
    suppliers: Path | None = None
    approvers: Sequence[Path] = ()
    review: Path | None = None

    @property
    def given(self) -> frozenset[str]:
        """What the plan has in scope: what was handed in, and all of it where a run is formal."""
        if self.baseline is not None:
            return EVERY_PAPER
        found = {
            VULNERABILITIES: self.vulnerabilities, SUPPLIERS: self.suppliers, REVIEW: self.review,
        }
        return frozenset(name for name, path in found.items() if path is not None)


NO_PAPERS = Papers()


@dataclass(frozen=True)
class Dossier:
    """The same, opened; what was not handed in is None or empty. ``raw`` is kept in the bundle."""

    approval: ApprovedRun | None = None
    report: VulnerabilityReport | None = None
    assessments: tuple[Assessment, ...] = ()
    suppliers: SupplierRecords | None = None
    raw: tuple[tuple[str, bytes], ...] = ()
    review: PeriodicReview | None = None

    @property
    def baseline(self) -> ApprovedBaseline | None:
        """What was approved."""
        return self.approval.baseline if self.approval else None


EMPTY = Dossier()


def open_papers(papers: Papers) -> Dossier:
    """Open every paper. Raises: ApprovalRefused naming file and reason."""
    try:
        return _opened(papers)
    except OSError as exc:
        raise ApprovalRefused(f"{exc.filename} cannot be read: {exc.strerror}") from exc


def _opened(papers: Papers) -> Dossier:
    keys = [_key(path) for path in papers.approvers]
    raw: dict[str, bytes] = {}
    approval = report = suppliers = review = None
    if papers.baseline:
        approval, key = _signed(papers.baseline, keys, open_baseline)
        raw[APPROVAL] = read_bounded(papers.baseline)
        raw[APPROVER] = public_pem(key)
    if papers.vulnerabilities:
        raw["records/vulnerabilities.json"] = read_bounded(papers.vulnerabilities)
        report = _report(papers.vulnerabilities)
    if papers.suppliers:
        raw["records/suppliers.toml"] = read_bounded(papers.suppliers)
        suppliers = written(papers.suppliers, SupplierRecords)
    if papers.review:
        review, key = _signed(papers.review, keys, open_review)
        raw[REVIEWED] = read_bounded(papers.review)
        raw[REVIEWER] = public_pem(key)
    opened = []
    for number, path in enumerate(papers.assessments, 1):
        assessment, key = _signed(path, keys, open_assessment)
        opened.append(assessment)
        raw[f"records/assessment-{number}.dsse.json"] = read_bounded(path)
        raw[f"records/assessment-{number}.pub"] = public_pem(key)
    return Dossier(approval, report, tuple(opened), suppliers, tuple(raw.items()), review)


def admit(dossier: Dossier, header: RunHeader) -> None:
    """Refuse an approval that does not stand for this run. Raises: ApprovalRefused."""
    if dossier.approval is None:
        return
    baseline = dossier.approval.baseline
    problems = list(misfits(
        baseline, header.plan_sha256, header.environment.target, header.started_at
    ))
    if dossier.approval.key == header.signer:
        problems.append("is signed with the key that signs the execution; a person's own has to")
    if problems:
        raise ApprovalRefused(f"the approval of {baseline.change_id} {problems[0]}")


def keep(dossier: Dossier, folder: RunFolder) -> None:
    """Put what was handed in into the run folder, byte for byte."""
    for name, content in dossier.raw:
        folder.write(name, content)


def approve_baseline(file: Path, key: Ed25519PrivateKey) -> bytes:
    """Sign a written baseline, now. Raises: ApprovalRefused, OSError."""
    return sign_baseline(signed_now(file, ApprovedBaseline), key)


def approve_assessment(file: Path, key: Ed25519PrivateKey) -> bytes:
    """Sign a written assessment, now. Raises: ApprovalRefused, OSError."""
    return sign_assessment(signed_now(file, Assessment), key)


def _report(file: Path) -> VulnerabilityReport:
    try:
        return read_report(read_json(read_bounded(file)))
    except (NoReport, Unreadable) as exc:
        raise ApprovalRefused(f"{file} is no vulnerability report: {exc}") from exc


def opened_by(
    path: Path, approvers: Iterable[Path], opened: Callable[[bytes, Ed25519PublicKey], T]
) -> T:
    """A signed paper, opened with the key that fits. Raises: ApprovalRefused."""
    try:
        return _signed(path, [_key(approver) for approver in approvers], opened)[0]
    except OSError as exc:
        raise ApprovalRefused(f"{exc.filename} cannot be read: {exc.strerror}") from exc


def _signed(
    path: Path, keys: Iterable[Ed25519PublicKey], opened: Callable[[bytes, Ed25519PublicKey], T]
) -> tuple[T, Ed25519PublicKey]:
    """Open a signed file with the key that fits. Raises: ApprovalRefused."""
    raw, last = read_bounded(path), "no --approver was named whose key could have signed it"
    for key in keys:
        try:
            return opened(raw, key), key
        except ApprovalRefused as exc:
            last = str(exc)
    raise ApprovalRefused(f"{path} is refused: {last}")


def _key(path: Path) -> Ed25519PublicKey:
    try:
        return read_public_key(path)
    except ValueError as exc:
        raise ApprovalRefused(str(exc)) from exc
