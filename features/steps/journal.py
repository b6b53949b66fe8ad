"""The journal: whole, byte for byte, and where an acknowledgement says."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import dropwhile, takewhile

from pytest_bdd import parsers, then, when

from contracts.model.answers import Acknowledgement
from contracts.model.inspection import Journal, JournalRow
from contracts.model.roles import Role
from contracts.record.digests import sha256
from features.bench import Bench
from features.claims import equal, holds
from features.journal_chain import Fault, Link, Row, first_fault
from features.snapshots import QUESTIONS, growth
from features.steps.events import EVENTS
from simulator.counterpart import Draft

_MESSAGE = rf"(?P<message>{'|'.join(EVENTS)})"


@dataclass(frozen=True)
class Copy:
    """A damaged copy of some rows: what was done, where it begins to be bad, and what was found."""

    damage: str
    position: int
    found: Fault | None


@dataclass
class Damaged:
    """All damaged copies of the scenario."""

    copies: list[Copy] = field(default_factory=list)


@when("both systems have delivered what was due")
def delivered(bench: Bench) -> None:
    """Every message that waits goes out, and its answer comes back."""
    bench.deliver()


# --- the chain ----------------------------------------------------------------------------------


@then("every row of both journals has its position, its own hash and the hash before it")
def journals_are_whole(bench: Bench) -> None:
    """From the first row of all."""
    for role in Role:
        journal = bench.site.client(role).ask("journal", Journal)
        rows = [row.to_json() for row in journal.rows]
        fault = first_fault(rows, Link(), journal.last_position)
        bench.recorder.observe(f"{role.upper()}: {len(rows)} rows, {fault or 'whole'}")
        holds(bool(rows), f"the journal of {role.upper()} is empty")
        holds(fault is None, f"journal of {role.upper()} at {fault and fault.position}: {fault}")


@then("every acknowledgement names the hash of the row that the other system keeps")
def acknowledgements_fasten(bench: Bench) -> None:
    """So neither can rewrite its journal without the other's showing it.

    From the first row on that speaks of this scenario: before it, others may have put a stub into
    the place of a system, and what a stub acknowledges stands in no journal.
    """
    journals = {role: bench.site.client(role).ask("journal", Journal).rows for role in Role}
    for role in Role:
        hashes = {row.position: row.hash for row in journals[role.partner]}
        own = _from_first_about(bench, journals[role])
        acknowledged = [ack for row in own if (ack := _received_ack(row))]
        wrong = [a for a in acknowledged if hashes.get(a.journal_position) != a.record_hash]
        bench.recorder.observe(f"{role.upper()} holds {len(acknowledged)} acknowledgements")
        holds(bool(acknowledged), f"{role.upper()} holds no acknowledgement")
        holds(not wrong, f"{len(wrong)} name a row that is not there: {wrong[:1]}")


@when(parsers.re(
    r"a copy of the last (?P<count>[0-9]+) rows of each journal is damaged in every one of these "
    r"ways"
))
def damage(bench: Bench, count: str, datatable: list[list[str]]) -> None:
    """Each damage by itself, on a copy of its own."""
    for role in Role:
        journal = bench.site.client(role).ask("journal", Journal)
        rows: list[Row] = [row.to_json() for row in journal.rows[-int(count) - 1:]]
        start = Link(rows[0]["position"], rows[0]["hash"])
        whole = rows[1:]
        equal(first_fault(whole, start, journal.last_position), None, "the copy before")
        for damaged_in in datatable[1:]:
            for position, copy in _DAMAGES[damaged_in[0]](whole):
                rest, before = _behind_what_is_whole(copy, whole, start)
                found = first_fault(rest, before, journal.last_position)
                bench.part(Damaged).copies.append(Copy(damaged_in[0], position, found))


@then("each damaged copy is found, at its first bad position")
def each_damage_is_found(bench: Bench) -> None:
    """No copy passes, and none is found elsewhere."""
    copies = bench.part(Damaged).copies
    for kind in sorted({copy.damage for copy in copies}):
        of_kind = [copy for copy in copies if copy.damage == kind]
        right = [c for c in of_kind if c.found is not None and c.found.position == c.position]
        bench.recorder.observe(f"{kind}: {len(right)} of {len(of_kind)} found where they begin")
        wrong = [copy for copy in of_kind if copy not in right]
        holds(not wrong, f"{kind}: {len(wrong)} copies otherwise, the first: {wrong[:1]}")
    holds(bool(copies), "nothing was damaged")


def _behind_what_is_whole(
    copy: list[Row], whole: list[Row], start: Link
) -> tuple[list[Row], Link]:
    """The rows of a copy from the first that is another one, and the row that they follow.

    Those before are the very rows that were seen to be whole.
    """
    pairs = zip(copy, whole, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], pairs))
    last = whole[same - 1] if same else None
    return copy[same:], Link(last["position"], last["hash"]) if last else start


def _flip_bodies(rows: list[Row]) -> Iterator[tuple[int, list[Row]]]:
    for n, row in enumerate(rows):
        body = base64.b64decode(row["body"])
        for i in range(len(body)):
            other = body[:i] + bytes([body[i] ^ (1 << i % 8)]) + body[i + 1:]
            damaged = {**row, "body": base64.b64encode(other).decode()}
            yield row["position"], [*rows[:n], damaged, *rows[n + 1:]]


def _flip_members(rows: list[Row]) -> Iterator[tuple[int, list[Row]]]:
    for n, row in enumerate(rows):
        for name, value in row.items():
            if name == "body":
                continue
            if isinstance(value, int):
                others: list[object] = [value ^ (1 << bit) for bit in range(8)]
            else:
                text = str(value)
                others = [
                    text[:i] + chr(ord(text[i]) ^ 1) + text[i + 1:] for i in range(len(text))
                ]
            for other in others:
                yield row["position"], [*rows[:n], {**row, name: other}, *rows[n + 1:]]


def _delete(rows: list[Row]) -> Iterator[tuple[int, list[Row]]]:
    for n, row in enumerate(rows):
        yield row["position"], rows[:n] + rows[n + 1:]


def _insert(rows: list[Row]) -> Iterator[tuple[int, list[Row]]]:
    for n, row in enumerate(rows):
        yield row["position"] + 1, [*rows[:n + 1], row, *rows[n + 1:]]
        foreign = {**row, "position": row["position"] + 1, "previousHash": row["hash"]}
        yield row["position"] + 1, [*rows[:n + 1], foreign, *rows[n + 1:]]


def _swap(rows: list[Row]) -> Iterator[tuple[int, list[Row]]]:
    for n in range(len(rows) - 1):
        yield rows[n]["position"], [*rows[:n], rows[n + 1], rows[n], *rows[n + 2:]]


def _cut(rows: list[Row]) -> Iterator[tuple[int, list[Row]]]:
    for n, row in enumerate(rows):
        yield row["position"], rows[:n]


_DAMAGES = {
    "one bit of each byte of the body": _flip_bodies,
    "one bit of each character of a member": _flip_members,
    "a row deleted": _delete,
    "a row inserted": _insert,
    "two rows swapped": _swap,
    "the last rows cut off": _cut,
}


# --- byte for byte ------------------------------------------------------------------------------


@when(parsers.re(
    rf"a counterpart sends {_MESSAGE} with blanks and in another order of its members"
))
def sends_unusual_bytes(bench: Bench, message: str) -> None:
    """Good JSON that no canonical writer gives."""
    event = EVENTS[message](bench)
    members = list(json.loads(event.draft.raw).items())
    raw = json.dumps(dict(reversed(members)), indent=3).replace("-", "\\u002d").encode() + b"\n"
    draft = Draft(event.draft.message, event.draft.key, raw)
    attempt = bench.send(event.receiver, draft, event.id)
    bench.recorder.observe(f"{len(raw)} bytes: {attempt.answer}")


@then(
    "the journal of the receiver holds exactly the bytes that were sent and those that came back"
)
def journal_holds_the_bytes(bench: Bench) -> None:
    """Message and answer, with their digests."""
    assert bench.before is not None
    draft, raw = bench.last.draft, bench.last.answer.raw
    assert draft is not None
    assert raw is not None
    grown = growth(bench.site, bench.before, bench.last.role).journal
    rows = [row for row in grown if row.kind not in QUESTIONS]
    kept = [(row.kind, row.direction.value, base64.b64decode(row.body)) for row in rows]
    wanted = [("message", "received", draft.raw), ("answer", "sent", raw.body)]
    equal(kept, wanted, "the journal holds")
    digests = [row.body_sha256 for row in rows]
    equal(digests, [sha256(draft.raw), sha256(raw.body)], "the digests")
    bench.recorder.observe(f"{len(draft.raw)} and {len(raw.body)} bytes, as sent")


@then("both journals hold the same bytes of every message and answer between them")
def journals_hold_the_same(bench: Bench) -> None:
    """By key, kind and direction, since the scenario's last picture and before it."""
    assert bench.before is not None
    kept = {role: growth(bench.site, bench.before, role).journal for role in Role}
    for role in Role:
        sent = _bodies(kept[role], "sent")
        received = _bodies(kept[role.partner], "received")
        bench.recorder.observe(f"{role.upper()} sent {len(sent)} documents")
        equal(received, sent, f"what {role.partner.upper()} has received of {role.upper()}")
    holds(any(kept.values()), "nothing was sent")


@then(
    "the journal of the receiver holds the message at the acknowledged position, "
    "under the acknowledged hash"
)
def kept_where_acknowledged(bench: Bench) -> None:
    """Read from the journal, after the acknowledgement was there."""
    draft = bench.last.draft
    assert draft is not None
    ack = bench.last.answer.as_(Acknowledgement)
    after = ack.journal_position - 1
    rows = bench.site.client(bench.last.role).ask("journal", Journal, f"after={after}").rows
    row = rows[0] if rows else None
    holds(row is not None, f"the journal has no position {ack.journal_position}")
    assert row is not None
    found = (row.position, row.hash, row.kind, row.key, base64.b64decode(row.body))
    wanted = (ack.journal_position, ack.record_hash, "message", draft.key, draft.raw)
    equal(found, wanted, "the row that was acknowledged")
    bench.recorder.observe(f"position {row.position}: {row.kind} {row.key}, {row.hash[:16]}…")


@then("the answer is no acknowledgement")
def no_acknowledgement(bench: Bench) -> None:
    """It is a refusal, and nothing in it says that anything was taken over."""
    raw = bench.last.answer.raw
    assert raw is not None
    holds(b"journalPosition" not in raw.body, "the answer names a place in the journal")
    holds(b"ACCEPTED" not in raw.body, "the answer says ACCEPTED")
    equal(bench.last.answer.value, None, "an acknowledgement")


def _received_ack(row: JournalRow) -> Acknowledgement | None:
    if (row.kind, row.direction, row.status) != ("answer", "received", 200):
        return None
    body = base64.b64decode(row.body)
    # What is no JSON at all came from something on the way.
    return Acknowledgement.from_json(json.loads(body)) if body[:1] == b"{" else None


def _from_first_about(bench: Bench, rows: tuple[JournalRow, ...]) -> tuple[JournalRow, ...]:
    """The rows from the first one on whose body names something of this scenario."""
    prefix = bench.namespace.prefix.encode()
    return tuple(dropwhile(lambda row: prefix not in base64.b64decode(row.body), rows))


def _bodies(rows: tuple[JournalRow, ...], direction: str) -> dict[tuple[str, str], str]:
    return {
        (row.key, row.kind): f"{row.body_sha256} {sha256(base64.b64decode(row.body))}"
        for row in rows if row.direction == direction
    }
