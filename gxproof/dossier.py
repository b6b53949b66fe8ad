"""What a site hands in with a run: an approved baseline, what is known against the software, and
what was decided about suppliers. What is signed is opened here, before anything runs."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError

from contracts.model.instants import write_timestamp
from contracts.model.wire_model import WireModel
from contracts.record.baselines import ApprovedBaseline, misfits
from contracts.record.folder import RunFolder
from contracts.record.runs import RunHeader
from contracts.record.strict_json import Unreadable, read_json
from contracts.record.suppliers import SupplierRecords
from contracts.record.vulnerabilities import (
    Assessment,
    NoReport,
    Ruling,
    VulnerabilityReport,
    read_report,
)
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

BASELINE, VULNERABILITIES, SUPPLIERS = "baseline", "vulnerabilities", "suppliers"
EVERY_PAPER = frozenset({BASELINE, VULNERABILITIES, SUPPLIERS})
_TO_WRITE = {
    "baseline": ("changeId", "reason", "approvedBy", "meaning"),
    "assessment": ("reasoning", "decision", "approvedBy", "meaning"),
}
_CHOICE = {"decision": f"  # {', '.join(Ruling)}"}
M = TypeVar("M", bound=WireModel)
T = TypeVar("T")


@dataclass(frozen=True)
class Papers:
    """The files that a person names. ``approvers`` are public keys of people who may sign."""

    baseline: Path | None = None
    vulnerabilities: Path | None = None
    assessments: Sequence[Path] = ()
    suppliers: Path | None = None
    approvers: Sequence[Path] = ()

    @property
    def given(self) -> frozenset[str]:
        """What the plan has in scope: what was handed in, and all of it where a run is formal."""
        if self.baseline is not None:
            return EVERY_PAPER
        found = {VULNERABILITIES: self.vulnerabilities, SUPPLIERS: self.suppliers}
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
    approval = report = suppliers = None
    if papers.baseline:
        approval, key = _signed(papers.baseline, keys, open_baseline)
        raw[APPROVAL] = papers.baseline.read_bytes()
        raw[APPROVER] = public_pem(key)
    if papers.vulnerabilities:
        raw["records/vulnerabilities.json"] = papers.vulnerabilities.read_bytes()
        report = _report(papers.vulnerabilities)
    if papers.suppliers:
        raw["records/suppliers.toml"] = papers.suppliers.read_bytes()
        suppliers = _written(papers.suppliers, SupplierRecords)
    opened = []
    for number, path in enumerate(papers.assessments, 1):
        assessment, key = _signed(path, keys, open_assessment)
        opened.append(assessment)
        raw[f"records/assessment-{number}.dsse.json"] = path.read_bytes()
        raw[f"records/assessment-{number}.pub"] = public_pem(key)
    return Dossier(approval, report, tuple(opened), suppliers, tuple(raw.items()))


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


def form(kind: str, known: dict[str, Any], items: dict[str, str] | None = None) -> str:
    """A paper to be written by a person, as TOML: what is known, and what is still to be said."""
    lines = ["# Each text has at least five characters; the person named in approvedBy signs."]
    lines += [f"{name} = {_text(value)}" for name, value in known.items()]
    unwritten = [name for name in _TO_WRITE[kind] if name not in known]
    lines += [f'{name} = ""{_CHOICE.get(name, "")}' for name in unwritten]
    if items:
        lines += ["", "[items]", *(f"{_text(k)} = {_text(items[k])}" for k in sorted(items))]
    return "\n".join(lines) + "\n"


def approve_baseline(file: Path, key: Ed25519PrivateKey) -> bytes:
    """Sign a written baseline, now. Raises: ApprovalRefused, OSError."""
    return sign_baseline(_written(file, ApprovedBaseline, dated=True), key)


def approve_assessment(file: Path, key: Ed25519PrivateKey) -> bytes:
    """Sign a written assessment, now. Raises: ApprovalRefused, OSError."""
    return sign_assessment(_written(file, Assessment, dated=True), key)


def _written(file: Path, model: type[M], *, dated: bool = False) -> M:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        if dated and "at" in content:
            raise ApprovalRefused(f"{file}: at: it is signed now; leave the time out")
        if dated:
            content["at"] = write_timestamp(datetime.now(UTC))
        return model.from_json(json.loads(json.dumps(content, default=str)))
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ApprovalRefused(f"{file}: {place}: {first['msg']}") from exc
    except (ValueError, RecursionError) as exc:
        raise ApprovalRefused(f"{file} is not TOML: {exc}") from exc


def _report(file: Path) -> VulnerabilityReport:
    try:
        return read_report(read_json(file.read_bytes()))
    except (NoReport, Unreadable) as exc:
        raise ApprovalRefused(f"{file} is no vulnerability report: {exc}") from exc


def _signed(
    path: Path, keys: Iterable[Ed25519PublicKey], opened: Callable[[bytes, Ed25519PublicKey], T]
) -> tuple[T, Ed25519PublicKey]:
    """Open a signed file with the key that fits. Raises: ApprovalRefused."""
    raw, last = path.read_bytes(), "no --approver was named whose key could have signed it"
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


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
