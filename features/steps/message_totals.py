"""Totals of messages: what was sent, received, given up and is on its way; by the journals."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.inspection import Direction, Journal
from contracts.model.inspection_differences import CONTROL_TOTAL_END, MessageTotals
from contracts.model.roles import Role
from contracts.record.strict_json import read_json
from features.bench import Bench
from features.claims import equal, holds

Key = tuple[str, datetime]
"""Interface, and the hour in which messages were written."""


@dataclass(frozen=True)
class Total:
    """Messages of an interface and hour on one side, with the sum of their sequence numbers."""

    messages: int = 0
    control: int = 0
    open: frozenset[str] = frozenset()
    dead: frozenset[str] = frozenset()

    def since(self, before: Total) -> Total:
        """What came in the meantime."""
        return Total(
            self.messages - before.messages, (self.control - before.control) % CONTROL_TOTAL_END,
            self.open - before.open, self.dead - before.dead,
        )


Side = dict[Key, Total]


@dataclass
class Totals:
    """Where the journals stood, what both sides showed then, and what has come since."""

    positions: dict[Role, int] = field(default_factory=dict)
    before: dict[tuple[Role, Direction], Side] = field(default_factory=dict)
    since: dict[tuple[Role, Direction], Side] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    """The sequence number of each message that stands in the journal of its sender."""
    heard: dict[Role, frozenset[str]] = field(default_factory=dict)


@given("the totals of messages are watched from here on")
def watched(bench: Bench) -> None:
    """Once what was before is delivered."""
    bench.deliver()
    kept = bench.part(Totals)
    kept.positions = {
        role: bench.site.client(role).ask("journal", Journal, "after=999999999999").last_position
        for role in Role
    }
    kept.before = _shown(bench)


@when("the totals of both systems are compared")
def compare_totals(bench: Bench) -> None:
    """What both exports say since then, and what the journals say of each message."""
    kept, shown = bench.part(Totals), _shown(bench)
    kept.since = {
        side: {key: total.since(kept.before[side].get(key, Total()))
               for key, total in totals.items()}
        for side, totals in shown.items()
    }
    for role in Role:
        shown_rows = bench.site.client(role).ask(
            "journal", Journal, f"after={kept.positions[role]}").rows
        rows = [row for row in shown_rows if row.kind == "message"]
        for row in rows:
            if row.direction is Direction.SENT:
                body = read_json(base64.b64decode(row.body))
                kept.numbers[body["id"]] = int(body["sequence"])
        kept.heard[role] = frozenset(r.key for r in rows if r.direction is Direction.RECEIVED)


@then(parsers.re(
    r"of (?P<name>[a-z-]+) 1 was sent and 1 (?P<what>received|is a dead letter|is on its way)"
))
def one_of(bench: Bench, name: str, what: str) -> None:
    """Literal counts of an interface."""
    since = bench.part(Totals).since
    sent = _of(since, Direction.SENT, name)
    received = _of(since, Direction.RECEIVED, name)
    told = (
        sum(t.messages for t in sent), sum(t.messages for t in received),
        sum(len(t.open) for t in sent), sum(len(t.dead) for t in sent),
    )
    bench.recorder.observe(f"{name}: sent, received, on their way, dead: {told}")
    wanted = {"received": (1, 1, 0, 0), "is a dead letter": (1, 0, 0, 1),
              "is on its way": (1, 0, 1, 0)}
    equal(told, wanted[what], f"totals of {name}")


@then("every interface and hour agrees")
def all_agree(bench: Bench) -> None:
    """Sender = receiver + dead letters + on their way, in number and control total."""
    kept = bench.part(Totals)
    faults = _faults(kept, kept.since)
    bench.recorder.observe(f"{sum(map(len, kept.since.values()))} totals, {len(faults)} faults")
    holds(any(t.messages for side in kept.since.values() for t in side.values()), "no messages")
    equal(faults, [], "interfaces and hours that do not agree")


@then("every interface and hour agrees, but for heartbeats that a stand-in has taken")
def all_but_heartbeats(bench: Bench) -> None:
    """What the stand-in of the warehouse acknowledged never came to the warehouse."""
    kept = bench.part(Totals)
    faults = _faults(kept, kept.since)
    bench.recorder.observe("; ".join(faults))
    equal([fault for fault in faults if "MES link-heartbeat" not in fault], [], "other interfaces")


@then(
    "a copy with a message more, a message less, another control total or another hour is found "
    "each time"
)
def damages_found(bench: Bench) -> None:
    """On every side, each damage by itself."""
    kept, tried = bench.part(Totals), 0
    equal(_faults(kept, kept.since), [], "faults of the whole copy")
    for side, totals in kept.since.items():
        for key, total in totals.items():
            if not total.messages:
                continue
            name, hour = key
            without = {k: t for k, t in totals.items() if k != key}
            copies: list[Side] = [
                {**totals, key: replace(total, messages=total.messages + 1)},
                {**totals, key: replace(total, messages=total.messages - 1)},
                {**totals, key: replace(total, control=total.control + 1)},
                {**without, (name, hour + timedelta(hours=1)): total},
            ]
            for copy in copies:
                tried += 1
                holds(bool(_faults(kept, {**kept.since, side: copy})), f"{key} was overlooked")
    bench.recorder.observe(f"{tried} damaged copies, each found")
    holds(tried > 0, "nothing was damaged")


def _faults(kept: Totals, since: dict[tuple[Role, Direction], Side]) -> list[str]:
    """What does not add up, a sentence each."""
    found = []
    for role in Role:
        sent, got = since[role, Direction.SENT], since[role.partner, Direction.RECEIVED]
        for key in sorted({*sent, *got}):
            one, other = sent.get(key, Total()), got.get(key, Total())
            away = {m for m in (*one.open, *one.dead) if m not in kept.heard[role.partner]}
            missing = (
                one.messages - other.messages, (one.control - other.control) % CONTROL_TOTAL_END
            )
            numbers = sum(kept.numbers.get(m, 0) for m in away) % CONTROL_TOTAL_END
            if missing != (len(away), numbers):
                found.append(f"{role.upper()} {key[0]} {key[1]}: {missing} are missing")
    return found


def _of(
    since: dict[tuple[Role, Direction], Side], direction: Direction, name: str
) -> Iterable[Total]:
    return [total for (_, way), side in since.items() if way is direction
            for key, total in side.items() if key[0] == name]


def _shown(bench: Bench) -> dict[tuple[Role, Direction], Side]:
    sides: dict[tuple[Role, Direction], Side] = {
        (role, way): {} for role in Role for way in (Direction.SENT, Direction.RECEIVED)
    }
    for role in Role:
        for row in bench.site.client(role).ask("message-totals", MessageTotals).rows:
            sides[role, row.direction][row.interface, row.hour] = Total(
                row.messages, row.control_total, frozenset(row.open_messages),
                frozenset(row.dead_letters),
            )
    return sides

