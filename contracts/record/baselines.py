"""The configuration baseline: what was approved, what is there, and what differs.

A baseline is a table of items, each a name and a text. Its digest is over all of them. A person
approves it under a change id, together with the plan that is to be executed on it; a run without
such an approval, or on another configuration, is informal.
Source: URS-CHG-001, URS-CHG-002; EU GMP Annex 11 §10; 21 CFR 11.10(k).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from contracts.model.answers import Sha256
from contracts.model.inspection_profile import ProfileValue
from contracts.model.instants import Timestamp
from contracts.model.wire_model import WireModel
from contracts.record.digests import digest_of
from contracts.record.runs import DRIFTED, NOT_APPROVED
from contracts.record.signed_words import ChangeId, PrintedName, Said, on_one_line

Items = Mapping[str, str]
_SHOWN_MAX = 60
# What a baseline says about a member of the profile, and what is missing where it is empty.
_PEDIGREE = {
    "rationale": "rationale", "risk_item": "risk item", "owner": "owner",
    "change_id": "change id of its approval", "approved_by": "name of who approved it",
}


class ApprovedBaseline(WireModel):
    """A baseline as a person approves it, under a change, for one plan and one target."""

    record_format: Literal["gxproof-baseline/1"] = "gxproof-baseline/1"
    change_id: ChangeId
    target: str
    plan_sha256: Sha256
    """The plan that is to be executed; whoever approves the baseline approves its protocols."""
    items: Annotated[dict[str, str], Field(min_length=1)]
    reason: Said
    approved_by: PrintedName
    """Printed name of the person whose key signs it."""
    meaning: Said
    at: Timestamp

    @property
    def sha256(self) -> str:
        """The approved hash."""
        return baseline_digest(self.items)


@dataclass(frozen=True)
class Drift:
    """An item that is not as it was approved; None stands for an item that is not there."""

    item: str
    approved: str | None
    observed: str | None

    def __str__(self) -> str:
        item = on_one_line(self.item)
        if self.approved is None:
            return f"{item} is {_shown(self.observed)} and stands in no approved baseline"
        if self.observed is None:
            return f"{item} is gone; approved is {_shown(self.approved)}"
        return f"{item} is {_shown(self.observed)}; approved is {_shown(self.approved)}"


def baseline_digest(items: Items) -> str:
    """The hash of a baseline: over every item, in whichever order they were found."""
    return digest_of(dict(items))


def drift(approved: Items, observed: Items) -> tuple[Drift, ...]:
    """Every item that differs, in the order of the names."""
    names = sorted(approved.keys() | observed.keys())
    return tuple(
        Drift(name, approved.get(name), observed.get(name))
        for name in names if approved.get(name) != observed.get(name)
    )


def misfits(
    approval: ApprovedBaseline, plan_sha256: str, target: str, started_at: datetime
) -> Iterator[str]:
    """Why an approval does not stand for a run, whatever its configuration is."""
    if approval.plan_sha256 != plan_sha256:
        yield "is for another plan"
    if approval.target != target:
        yield f"is for the target {approval.target}, not for {target}"
    if approval.at > started_at:
        yield "was approved after the run had begun"


def why_informal(approval: ApprovedBaseline | None, observed: Items) -> Iterator[str]:
    """What keeps a run from being formal, as far as its approval goes. Source: URS-CHG-002."""
    if approval is None:
        yield NOT_APPROVED
    elif approval.sha256 != baseline_digest(observed):
        yield DRIFTED


def profile_findings(rows: Iterable[ProfileValue]) -> Iterator[str]:
    """What a site profile lacks, value by value. Source: URS-CHG-006."""
    for row in rows:
        for member, what in _PEDIGREE.items():
            if not getattr(row, member).strip():
                yield f"{row.name} has no {what}"
        if row.approved_on is None:
            yield f"{row.name} has no day of its approval"
        if row.value != row.approved_value:
            yield f"{row.name} is {row.value}; approved is {row.approved_value or 'nothing'}"


def _shown(text: str | None) -> str:
    value = on_one_line(text or "nothing")
    return value if len(value) <= _SHOWN_MAX else f"{value[:_SHOWN_MAX]}…"
