"""Pictures of both systems, and what a refusal may add to them.

A refusal leaves the exports of ``State`` of both systems as they were.
Journal and audit trail grow by the attempt and its refusal, and by nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from contracts.model.inspection import Audit, AuditAction, AuditRow, Journal, JournalRow
from contracts.model.inspection_state import EXPORTS, State
from contracts.model.roles import Role
from simulator.site import Site

# The rows of a question to the partner, in their order; all other rows are of messages.
QUESTIONS = ("question", "reply")
# Comes by the clock, whatever is tried; what it adds says nothing about an attempt.
_BY_THE_CLOCK = "link-heartbeat"
_MEMBERS = {State.model_fields[field].alias: name for field, name in EXPORTS.items()}


@dataclass(frozen=True)
class Picture:
    """What both systems showed at one moment; of journal and audit trail only where they ended."""

    state: dict[tuple[Role, str], object]
    journal_end: dict[Role, int]
    audit_end: dict[Role, int]

    def with_export(self, role: Role, name: str, content: object) -> Picture:
        """The same picture with another content of one export."""
        return replace(self, state={**self.state, (role, name): content})

    def over_a_delivery(self) -> Picture:
        """The same picture to be compared over a delivery, which tries what waits of others too."""
        own = {
            (role, "outbox"): {k: v for k, v in content.items() if k != "others"}
            for (role, name), content in self.state.items()
            if name == "outbox" and isinstance(content, dict)
        }
        return replace(self, state={**self.state, **own})


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
    """Read the state of both systems, of each as it was at one moment.

    The rows of this scenario are read; of all others, which may be those of a whole plant, what
    they come to. Their form is for the contract checks; here it is compared as it came.
    """
    about = f"about={site.namespace.prefix}"
    shown = {role: site.client(role).content("state", about) for role in Role}
    return Picture(
        {
            (role, name): {**_comparable(name, content[member]), **_others(name, content)}
            for role, content in shown.items()
            for member, name in _MEMBERS.items() if member in content
        },
        {role: content["journalPosition"] for role, content in shown.items()},
        {role: content["auditSequence"] for role, content in shown.items()},
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


def _others(name: str, content: dict[str, Any]) -> dict[str, Any]:
    found = [row for row in content.get("others", ()) if row["export"] == name]
    return {"others": found} if found else {}


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
