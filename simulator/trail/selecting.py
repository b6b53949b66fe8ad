"""Which entries belong to a lot, a container, a batch, a material or a user.

An entry belongs where it names the thing or what is bound to it: the containers of a lot, the lots
of a material, the issues of a batch. Parts of names do not count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contracts.model.roles import Role
from simulator.trail.exports import Row, TrailExports, body_of

_ENDS = ":,;."


class Kind(StrEnum):
    """What a trail is about."""

    LOT = "lot"
    CONTAINER = "container"
    BATCH = "batch"
    MATERIAL = "material"
    USER = "user"


@dataclass(frozen=True)
class About:
    """The thing that a trail is about."""

    kind: Kind
    id: str


@dataclass(frozen=True)
class Selected:
    """What belongs: names, entries of the audit trails, rows of the journals, by system."""

    names: frozenset[str]
    audit: dict[Role, list[Row]]
    journal: dict[Role, list[Row]]
    messages: frozenset[str]


def select(exports: TrailExports, about: About) -> Selected:
    """Everything of both systems that names the thing, and every row of a message that does."""
    names = set(_names(exports, about))
    names |= set(_bound_to(exports, names))
    names |= set(_followed_up(exports, names))
    bodies = {
        (role, row["position"]): words_of(body_of(row))
        for role in Role for row in exports.rows(role, "journal") if row["kind"] == "message"
    }
    keys = frozenset(
        row["key"] for role in Role for row in exports.rows(role, "journal")
        if not names.isdisjoint(bodies.get((role, row["position"]), ()))
    )
    wanted = frozenset(names | keys)
    return Selected(
        frozenset(names),
        {role: [row for row in exports.rows(role, "audit") if _belongs(row, wanted, about)]
         for role in Role},
        {role: [row for row in exports.rows(role, "journal") if row["key"] in keys]
         for role in Role},
        keys,
    )


def words_of(content: Any) -> set[str]:
    """Every text in a document, and each part of it between slashes."""
    if isinstance(content, dict):
        return set().union(*(words_of(part) for part in content.values()))
    if isinstance(content, list):
        return set().union(*(words_of(part) for part in content))
    return {content, *content.split("/")} if isinstance(content, str) else set()


def _names(exports: TrailExports, about: About) -> Iterator[str]:
    yield about.id
    lots = {about.id} if about.kind is Kind.LOT else set()
    if about.kind is Kind.MATERIAL:
        lots = {row["lotId"] for row in _of_both(exports, "lots")
                if row["materialId"] == about.id}
    yield from lots
    yield from (row["sscc"] for row in _of_both(exports, "containers") if row["lotId"] in lots)
    if about.kind is Kind.BATCH and exports.record is not None:
        yield from (row["issueId"] for row in exports.record["components"])
        yield from (row["container"] for row in exports.record["components"] if "container" in row)
        yield from (row["sscc"] for row in exports.record["packed"])
        if "product" in exports.record:
            yield exports.record["product"]["lotId"]


def _bound_to(exports: TrailExports, names: set[str]) -> Iterator[str]:
    """Weighings out of the named lots and containers; their entries name the weighing alone."""
    for row in exports.rows(Role.MES, "weighings"):
        if names & {row["lotId"], row["sourceContainer"], row["container"]}:
            yield row["dispenseId"]


def _followed_up(exports: TrailExports, names: set[str]) -> Iterator[str]:
    """Deviations that name any of these, and the actions that follow from them."""
    for row in exports.rows(Role.MES, "deviations"):
        if names & {*row["affectedLots"], *row["affectedOrders"]}:
            yield row["deviationId"]
            yield from row.get("capaIds", ())


def _of_both(exports: TrailExports, name: str) -> Iterable[Row]:
    return (row for role in Role for row in exports.rows(role, name))


def _belongs(row: Row, wanted: frozenset[str], about: About) -> bool:
    if about.kind is Kind.USER and about.id in (row["account"], row["originator"]):
        return True
    said = {row["correlationId"], *row["recordId"].split("/")}
    said |= {word.strip(_ENDS) for word in row["reason"].split()}
    for name in ("oldValue", "newValue"):
        said |= _said(row.get(name))
    return not wanted.isdisjoint(said)


def _said(value: str | None) -> set[str]:
    """The texts in a value of the audit trail: a record as JSON, or one member."""
    if value is None:
        return set()
    if value.startswith(("{", "[")):
        try:
            return words_of(json.loads(value))
        except ValueError:
            return {value}
    return {value}
