"""Merging: one order that both systems' own numbers and the messages between them prove.

Within one system audit entries follow their sequence and journal rows their position; a message is
sent before it is received, and what it caused comes after it. Clocks only place what nothing else
orders, so two clocks that differ put nothing before its cause. Source: URS-AUD-009.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import Any

from contracts.model.inspection import Direction
from contracts.model.instants import microseconds, read_timestamp
from contracts.model.roles import Role
from simulator.trail.exports import Row, TrailExports
from simulator.trail.links import devices_in, missing_links, related
from simulator.trail.selecting import About, Selected, select

Place = tuple[Role, str, int]
_MESSAGE = "message "


@dataclass(frozen=True)
class Entry:
    """One entry of a trail. ``number``: sequence or position in its own system.

    ``source`` is ``audit``, ``journal`` or ``device``; ``follows`` names what proves its place.
    """

    role: Role
    source: str
    number: int
    row: Row
    follows: tuple[str, ...] = ()

    def to_json(self, order: int) -> Row:
        """The entry with its place in the order; documents by their digest alone."""
        shown = {name: value for name, value in self.row.items() if name != "body"}
        return {
            "order": order, "system": self.role.value, "source": self.source,
            "number": self.number, "follows": list(self.follows), **shown,
        }


@dataclass(frozen=True)
class Trail:
    """The trail of one thing: its entries in order, what it is linked to, what is missing."""

    about: About
    entries: tuple[Entry, ...]
    linked: dict[str, list[str]]
    missing: tuple[str, ...] = ()
    names: frozenset[str] = field(default_factory=frozenset)

    def to_json(self) -> Row:
        """The export: JSON members alone, the same trail the same document."""
        return {
            "about": {"kind": self.about.kind.value, "id": self.about.id},
            "names": sorted(self.names), "linked": self.linked, "missing": list(self.missing),
            "entries": [entry.to_json(n) for n, entry in enumerate(self.entries, 1)],
        }


def trail_of(exports: TrailExports, about: About) -> Trail:
    """Select, order, link; what the exports lack is named and never left out in silence."""
    selected = select(exports, about)
    before = _before(selected)
    rows = _rows(selected)
    places = _ordered(before, {place: _instant(row) for place, row in rows.items()})
    entries = tuple(_entry(place, rows[place], before[place]) for place in places)
    missing = [*missing_links(exports, about, selected)]
    if len(places) < len(before):
        missing.append(f"{len(before) - len(places)} entries wait for each other: no order is "
                       "proven for them")
    return Trail(about, entries, related(exports, about, selected), tuple(missing), selected.names)


def _rows(selected: Selected) -> dict[Place, Row]:
    found: dict[Place, Row] = {}
    for role in Role:
        found |= {(role, "audit", row["sequence"]): row for row in selected.audit[role]}
        found |= {(role, "journal", row["position"]): row for row in selected.journal[role]}
    return found


def _before(selected: Selected) -> dict[Place, list[Place]]:
    """For each entry those that are proven to come before it."""
    rows = _rows(selected)
    before: dict[Place, list[Place]] = {place: [] for place in rows}
    last: dict[tuple[Role, str], Place] = {}
    for place in sorted(rows):
        if place[:2] in last:
            before[place].append(last[place[:2]])
        last[place[:2]] = place
    sent, received = _messages(selected)
    for (role, key), place in received.items():
        if (role.partner, key) in sent:
            before[place].append(sent[(role.partner, key)])
    for place, row in rows.items():
        cause = (place[0], _message_in(row)) if place[1] == "audit" else None
        if cause in received:
            before[place].append(received[cause])
    return before


def _messages(
    selected: Selected,
) -> tuple[dict[tuple[Role, str], Place], dict[tuple[Role, str], Place]]:
    """Where each message was first sent and first received, by system and key."""
    sent: dict[tuple[Role, str], Place] = {}
    received: dict[tuple[Role, str], Place] = {}
    for role in Role:
        for row in selected.journal[role]:
            if row["kind"] == "message":
                found = sent if row["direction"] == Direction.SENT else received
                found.setdefault((role, row["key"]), (role, "journal", row["position"]))
    return sent, received


def _message_in(row: Row) -> str:
    """The message that an audit entry names as its cause; empty where it names none."""
    reason = str(row["reason"])
    return reason.removeprefix(_MESSAGE).split(" ")[0] if reason.startswith(_MESSAGE) else ""


def _ordered(before: dict[Place, list[Place]], at: dict[Place, int]) -> list[Place]:
    """The places in an order in which each comes after all that is before it; no cycles in it."""
    after: dict[Place, list[Place]] = {place: [] for place in before}
    waiting = {place: len(earlier) for place, earlier in before.items()}
    for place, earlier in before.items():
        for one in earlier:
            after[one].append(place)
    ready = [(at[place], place) for place, count in waiting.items() if not count]
    heapq.heapify(ready)
    found: list[Place] = []
    while ready:
        _, place = heapq.heappop(ready)
        found.append(place)
        for next_one in after[place]:
            waiting[next_one] -= 1
            if not waiting[next_one]:
                heapq.heappush(ready, (at[next_one], next_one))
    return found


def _instant(row: Row) -> int:
    return microseconds(read_timestamp(row["at"]))


def _entry(place: Place, row: Row, before: list[Place]) -> Entry:
    role, source, number = place
    devices = devices_in(row) if source == "audit" else ()
    shown: dict[str, Any] = {**row, "devices": list(devices)} if devices else row
    names = tuple(f"{one[0].value} {one[1]} {one[2]}" for one in before)
    return Entry(role, "device" if devices else source, number, shown, names)

