"""What every domain gives to the contract checks: loaded ids for its operations, and their world.

A domain's ``FACTS`` make, for an operation's name, the members to put into a generated body: paths
and values, in an order in which the first ones may be needed by the later ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from contracts.model.envelope import sequence_number
from contracts.model.messages import MESSAGES
from contracts.model.roles import Role
from contracts.model.stimulus import Load
from simulator.namespace import Namespace

if TYPE_CHECKING:
    from features.contract_checks.world import World

Facts = list[tuple[str, Any]]
MakeFacts = Callable[["World", Any], Facts]


@dataclass(frozen=True)
class Domain:
    """One domain of the contract checks.

    ``load`` is its share of the loaded world for a supply of so many cases; ``open_work`` does, by
    role, what has to be open before its operations can accept anything. ``queries`` name, by the
    name of an export about one thing, what it is asked about.
    """

    facts: Mapping[str, MakeFacts]
    load: Callable[[Namespace, int], Load] = lambda _, __: Load()
    open_work: Mapping[Role, Callable[[World], None]] = field(default_factory=dict)
    queries: Mapping[str, Callable[[World], str]] = field(default_factory=dict)


def member(body: Any, *names: str) -> Any:
    """A member of a generated body by its path; None where a defect left no place for it."""
    for name in names:
        body = body.get(name) if isinstance(body, dict) else None
    return body


def message(world: World, kind: str, subject: str, data: Iterable[tuple[str, Any]]) -> Facts:
    """The members of a message, the first about ``subject``, with these members of its payload."""
    described = MESSAGES[kind]
    return [
        ("specversion", "1.0"),
        ("id", world.message_id()),
        ("source", world.source),
        ("type", described.type),
        ("dataschema", described.dataschema),
        ("subject", subject),
        ("sequence", world.sequence()),
        ("subjectsequence", sequence_number(1)),
        *((f"data.{path}", value) for path, value in data),
    ]
