"""Pictures of both systems, and what a refusal may add to them.

A refusal leaves the exports of ``State`` of both systems as they were.
Journal and audit trail grow by the attempt and its refusal, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic.alias_generators import to_camel

from contracts.model.inspection import Audit, AuditAction, AuditRow, Journal, JournalRow
from contracts.model.inspection_state import EXPORTS, State
from contracts.model.roles import Role
from contracts.record.strict_json import read_json
from contracts.wire.clients import Answer
from simulator.site import Site

# The rows of a question to the partner, in their order; all other rows are of messages.
QUESTIONS = ("question", "reply")
# Comes by the clock, whatever is tried; what it adds says nothing about an attempt.
_BY_THE_CLOCK = "link-heartbeat"


@dataclass(frozen=True)
class Picture:
    """What both systems showed at one moment; of journal and audit trail only where they ended."""

    state: dict[tuple[Role, str], object]
    journal_end: dict[Role, int]
    audit_end: dict[Role, int]

    def with_export(self, role: Role, name: str, content: object) -> Picture:
        """The same picture with another content of one export."""
        return replace(self, state={**self.state, (role, name): content})


@dataclass(frozen=True)
class Growth:
    """What came to journal and audit trail of one system since a picture."""

    journal: tuple[JournalRow, ...]
    audit: tuple[AuditRow, ...]

    @property
    def refusals(self) -> tuple[AuditRow, ...]:
        """The refusals among the audit entries."""
        return tuple(row for row in self.audit if row.action is AuditAction.REFUSE)


def take_picture(site: Site) -> Picture:
    """Read the state of both systems, of each as it was at one moment."""
    shown = {role: site.client(role).call("state") for role in Role}
    read = {role: answer.as_(State) for role, answer in shown.items()}
    return Picture(
        {
            (role, name): content
            for role, answer in shown.items()
            for name, content in _exports(answer)
        },
        {role: state.journal_position for role, state in read.items()},
        {role: state.audit_sequence for role, state in read.items()},
    )


def differences(before: Picture, after: Picture) -> list[str]:
    """Each export that is not as it was, in words: what is gone from it and what has come."""
    found = []
    for (role, name), old in before.state.items():
        new = after.state[(role, name)]
        if new != old:
            gone, come = _parts_only_in(old, new), _parts_only_in(new, old)
            found.append(f"{name} of {role.upper()} was {gone} and is {come}")
    return found


def growth(site: Site, before: Picture, role: Role) -> Growth:
    """What one system wrote into journal and audit trail since the picture."""
    rows = _journal(site, role, before.journal_end[role]).rows
    return Growth(
        tuple(row for row in rows if not row.operation.endswith(f"/{_BY_THE_CLOCK}")),
        _audit(site, role, before.audit_end[role]).rows,
    )


def _exports(answer: Answer) -> Iterator[tuple[str, dict[str, Any]]]:
    """The exports of a state by their names, as they came over the wire."""
    assert answer.raw is not None
    shown = read_json(answer.raw.body)
    for member, name in EXPORTS.items():
        if to_camel(member) in shown:
            yield name, _comparable(name, shown[to_camel(member)])


def _comparable(name: str, content: dict[str, Any]) -> dict[str, Any]:
    if name == "outbox":
        # How many messages were settled so far is a count of the past, none to be delivered.
        pending = [row for row in content["pending"] if _BY_THE_CLOCK not in row["type"]]
        return {**content, "settled": None, "pending": pending}
    return content


def _parts_only_in(one: Any, other: Any) -> str:
    """The rows, or other members, that one content has and the other has not."""
    found: list[object] = []
    for name, member in one.items():
        if isinstance(member, list):
            found += [row for row in member if row not in other.get(name, [])]
        elif other.get(name) != member:
            found.append({name: member})
    return ", ".join(map(repr, found)) or "without that"


def _journal(site: Site, role: Role, after: int) -> Journal:
    return site.client(role).ask("journal", Journal, f"after={after}")


def _audit(site: Site, role: Role, after: int) -> Audit:
    return site.client(role).ask("audit", Audit, f"after={after}")
