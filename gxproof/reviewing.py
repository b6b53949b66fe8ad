"""A periodic review: drafted from what systems show and what was run, signed by a person.

Source: URS-CHG-004; EU GMP Annex 11 §11.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.model.inspection_people import AccessReview
from contracts.model.instants import read_timestamp
from contracts.model.ports import NoAnswer
from contracts.model.roles import Role
from contracts.model.verdicts import Exit
from contracts.model.wire_model import WireModel
from contracts.record.baselines import ApprovedBaseline, drift
from contracts.record.bounded_files import read_bounded
from contracts.record.folder import model_bytes
from contracts.record.reviews import Conclusion, PeriodicReview, ReviewMaterial, Topic, misfits
from contracts.record.strict_json import read_json
from contracts.wire.clients import ContractBroken, Unexpected
from features.plugin import open_target
from gxproof.dossier import Papers, open_papers
from gxproof.exceptions import read_rules
from gxproof.forms import signed_now, text
from gxproof.observing import observed_items
from gxproof.run_log import RunLog
from gxproof.telling import fail
from reports.baselines import ApprovalRefused, read_approval
from reports.deviations import read_deviations
from reports.reviews import print_material, sign_review
from simulator.periodic_review import Period, material_of, read_sources
from simulator.trail.exceptions import ReviewRules

M = TypeVar("M", bound=WireModel)
MATERIAL, PAPER, FORM = "review.json", "review.pdf", "form.toml"
INTERVAL_DAYS = 365


@dataclass(frozen=True)
class Wanted:
    """What a draft is made from, and the folder to write to."""
    target: str
    out: Path
    access: dict[Role, Path]
    since: str = ""
    previous: Path | None = None
    baseline: Path | None = None
    approvers: tuple[Path, ...] = ()
    runs: Path = Path("runs")
    rules: Path | None = None


def approve(file: Path, key: Ed25519PrivateKey) -> bytes:
    """Sign a written review, now. Raises: ApprovalRefused."""
    review = signed_now(file, PeriodicReview)
    for problem in misfits(review, _material(file.with_name(MATERIAL))):
        raise ApprovalRefused(f"{file}: {problem}; draft it anew")
    return sign_review(review, key)


def gather(wanted: Wanted) -> ReviewMaterial:
    """Everything that the review has to look at, up to now.

    Raises: ApprovalRefused, NoAnswer, Unexpected, ContractBroken.
    """
    rules = read_rules(wanted.rules) if wanted.rules else ReviewRules()
    access = {role: _access_review(path) for role, path in wanted.access.items()}
    before, approved = _papers(wanted)
    sut = open_target(wanted.target, seed=0)
    try:
        period = _period(wanted, before)
        items = observed_items(sut) if approved else {}
        elsewhere = {
            Topic.CHANGES: (*_drifted(approved, items), *_runs(wanted.runs, period)),
            Topic.DEVIATIONS: (*_reviewed(before), *_deviations(wanted.runs, period)),
        }
        sources = read_sources(sut.client, access, elsewhere)
        return material_of(sources, sut.name, period, rules)
    except (NoAnswer, Unexpected, ContractBroken) as exc:
        fail(f"{wanted.target} does not show what a review needs: {exc}", Exit.TARGET_NOT_READY)
    finally:
        sut.close()


def write_draft(out: Path, material: ReviewMaterial) -> None:
    """Write material, PDF and form into a new folder. Raises: DocumentIncomplete, OSError."""
    paper = print_material(material)
    out.mkdir(parents=True)
    (out / MATERIAL).write_bytes(model_bytes(material))
    (out / PAPER).write_bytes(paper)
    (out / FORM).write_text(form_of(material), encoding="utf-8")


def form_of(material: ReviewMaterial) -> str:
    """The form of a review, as TOML: what is known, and what a person has to say of each topic."""
    known = material.to_json()
    lines = [
        f"# Read {PAPER} first. Each text has at least five characters; the person named in",
        "# approvedBy signs. The next review is due intervalDays after the end of this period.",
        'number = ""',
        *(f"{name} = {text(known[name])}" for name in ("target", "coversFrom", "coversUntil")),
        f'materialSha256 = "{material.sha256}"',
        f"intervalDays = {INTERVAL_DAYS}",
        f'conclusion = ""  # {", ".join(Conclusion)}',
        'actions = ""  # what has to be done, where it is fit with actions',
        'approvedBy = ""',
        'meaning = ""',
    ]
    for topic, entries in material.topics.items():
        lines += ["", f"[topics.{topic}]", f"entries = {len(entries)}", 'assessment = ""']
    return "\n".join(lines) + "\n"


def _papers(wanted: Wanted) -> tuple[PeriodicReview | None, ApprovedBaseline | None]:
    """The review before and the approved baseline, opened. Raises: ApprovalRefused."""
    opened = open_papers(Papers(
        baseline=wanted.baseline, review=wanted.previous, approvers=wanted.approvers
    ))
    return opened.review, opened.baseline


def _period(wanted: Wanted, before: PeriodicReview | None) -> Period:
    now = datetime.now(UTC)
    try:
        start = before.covers_until if before else read_timestamp(wanted.since)
    except ValueError as exc:
        fail(f"--since {wanted.since}: {exc}", Exit.WRONG_USAGE)
    if start >= now:
        fail(f"the period would begin at {start.isoformat()}, which is to come", Exit.WRONG_USAGE)
    return Period(start, now)


def _reviewed(before: PeriodicReview | None) -> Iterator[str]:
    """What the review before left to do."""
    if before is None:
        yield "there is no review before this one"
    else:
        yield (f"review {before.number} came to {before.conclusion.value}"
               + (f"; its actions: {' '.join(before.actions.split())}" if before.actions else ""))


def _drifted(approved: ApprovedBaseline | None, items: dict[str, str]) -> Iterator[str]:
    if approved is None:
        yield "no approved baseline was handed in, so drift is not shown"
        return
    found = drift(approved.items, items)
    yield (f"baseline of {approved.change_id}, approved by {approved.approved_by}: "
           f"{len(found)} items drift")
    yield from map(str, found)


def _runs(runs: Path, period: Period) -> Iterator[str]:
    """Every run that ended in the period, and the change under which it was approved."""
    for line in RunLog(runs).entries():
        if line["event"] == "ended" and period.holds(line["at"]):
            why = f" ({line['why']})" if line.get("why") else ""
            yield (f"run {line['number']} {line['outcome']}{why} at {line['at']}; "
                   f"{_approval_of(runs, line['number'])}")


def _approval_of(runs: Path, number: int) -> str:
    for folder in sorted(runs.glob(f"{number:04d}-*")):
        approval, findings = read_approval(folder)
        if approval is not None:
            told_by = approval.baseline
            return f"formal, under {told_by.change_id} approved by {told_by.approved_by}"
        if findings:
            return f"its approval is refused: {findings[0]}"
        return "informal"
    return "its folder is not there any more"


def _deviations(runs: Path, period: Period) -> Iterator[str]:
    """The deviations that were let stand in runs of the period."""
    for folder in sorted(runs.glob("[0-9][0-9][0-9][0-9]-*")):
        approved, findings = read_deviations(folder)
        for item in approved:
            one = item.deviation
            if period.start < one.at <= period.end:
                yield (f"{folder.name}: deviation {one.number} of {', '.join(one.results)}, "
                       f"approved by {one.approved_by}: {' '.join(one.disposition.split())}")
        yield from (f"{folder.name}: {finding}" for finding in findings)


def _access_review(path: Path) -> AccessReview:
    return _read(path, AccessReview, "no access review as a system exports it")


def _material(path: Path) -> ReviewMaterial:
    return _read(path, ReviewMaterial, "no material of a review")


def _read(path: Path, model: type[M], what: str) -> M:
    """A JSON file that was exported or drafted. Raises: ApprovalRefused."""
    try:
        return model.from_json(read_json(read_bounded(path)))
    except OSError as exc:
        raise ApprovalRefused(f"{path} cannot be read: {exc.strerror}") from exc
    except ValueError as exc:
        raise ApprovalRefused(f"{path} is {what}: {str(exc).splitlines()[0]}") from exc
