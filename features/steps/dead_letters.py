"""Retries and dead letters: a partner that answers as scripted, and what the sender makes of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import PROBLEM_MEDIA_TYPE, CommandAnswer, CommandStatus, Problem
from contracts.model.codes import MEANINGS, Code, Refusal
from contracts.model.commands import ReplayDeadLetter
from contracts.model.identifiers import Id, MessageId
from contracts.model.inspection import Alarms, Configuration, Journal, Outbox
from contracts.model.inspection_delivery import DeadLetter, DeadLetters, LetterState
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import Load, Person
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import sha256
from features.bench import PEOPLE, Bench
from features.claims import equal, holds, the_only
from features.steps.cancelled_picks import production_cancels
from features.steps.delivery import lead_to
from features.steps.lot_status import block
from features.steps.order import mes_shows_request, request_is_pending
from simulator.counterpart import new_message_id
from simulator.site import EXAMPLE_PASSWORD, EXAMPLE_SIGNING
from simulator.stub import Reaction, Stub, acknowledgement, nothing, status

_REASON = "receiver was repaired"
# More than it takes to become a dead letter, fewer than three hours hold.
_ROUNDS_MAX = 15
_SCRIPTED = ("lot-status-changed", "link-heartbeat", "pick-cancelled")


@dataclass
class Retried:
    """What the scenario keeps of a message that is tried again and again."""

    stub: Stub = field(default_factory=Stub)
    message_id: str = ""
    at: list[datetime] = field(default_factory=list)
    pauses_s: list[list[float]] = field(default_factory=list)


# --- the partner --------------------------------------------------------------------------------


def reaction(words: str) -> Reaction:
    """What a partner does, from the words of a scenario. Raises: KeyError for unknown words."""
    if words.startswith("status "):
        return status(int(words.removeprefix("status ")))
    return {"no answer": nothing, "an unreadable 200": status(200)}[words]


def refusing(code: Code, path: str) -> Reaction:
    """A partner that refuses in the words of the contract."""
    refusal = Refusal(code, path, "as the script says")
    problem = Problem.from_refusal(refusal, "urn:gxproof:stub")
    headers = {"content-type": PROBLEM_MEDIA_TYPE}
    raw = canonical_bytes(problem.to_json())
    return lambda _: HttpResponse(MEANINGS[code].status, headers, raw)


@given(parsers.re(
    r"the warehouse answers each pick request with (?P<trouble>status [0-9]{3}|no answer|"
    r"an unreadable 200), and takes everything else"
))
def troubled_partner(bench: Bench, trouble: str) -> None:
    """The same trouble with each attempt of one kind of message."""
    _play(bench, [reaction(trouble)])


@given(
    "the warehouse answers pick requests in turn with 408, 409, 425, 429, 500, 503 and nothing"
)
def partner_in_turn(bench: Bench) -> None:
    """Every answer that leaves the outcome open, then an acknowledgement."""
    early = refusing(Code.PREDECESSOR_MISSING, "subjectsequence")
    _play(bench, [
        status(408), refusing(Code.IN_PROGRESS, ""), early, status(429), status(500), status(503),
        nothing, acknowledgement("ACCEPTED"),
    ])


@given(parsers.re(r"the warehouse refuses each pick request with (?P<code>[A-Z_]+)"))
def refusing_partner(bench: Bench, code: str) -> None:
    """A refusal for good."""
    _play(bench, [refusing(Code(code), "data.lines[0].quantity")])


@given(parsers.re(
    r"the warehouse answers each pick request with a pause of (?P<seconds>[0-9]+) seconds"
))
def pausing_partner(bench: Bench, seconds: str) -> None:
    """Too busy for now."""
    _play(bench, [status(429, **{"retry-after": seconds})])


def _play(bench: Bench, turns: list[Reaction]) -> None:
    take = {name: [acknowledgement("ACCEPTED")] for name in _SCRIPTED}
    script = {**take, "pick-requested": turns}
    bench.part(Retried).stub = lead_to(bench, Role.MES, Stub(script))


# --- time ---------------------------------------------------------------------------------------


@given(parsers.re(r"production has been told that the cancellation of it is pending"))
def cancellation_is_pending(bench: Bench) -> None:
    """A later message about the same order; a hold goes out as well."""
    bench.part(Retried).message_id = _message_id(bench)
    production_cancels(bench, "the request", "order was replanned")
    equal(bench.last.answer.as_(CommandAnswer).status, CommandStatus.PENDING, "the cancellation")
    block(bench, "A", "damaged seal found")


@when("3 hours pass")
def hours_pass(bench: Bench) -> None:
    """MES does what is due at the moment it is due; at the end both systems are up to date."""
    retried = bench.part(Retried)
    if not retried.message_id and bench.last.answer.value is not None:
        retried.message_id = _message_id(bench)
    due, end = bench.now, bench.now + timedelta(hours=3)
    for _ in range(_ROUNDS_MAX):
        later = bench.site.run_due(Role.MES, due).due_at
        if later is None or later > end:
            break
        due = later.astimezone(bench.zone)
    bench.site.set_clock(end)
    bench.deliver()
    bench.recorder.observe(f"{len(_attempts(bench))} attempts in 3 hours")


@when(parsers.re(r"(?P<count>[0-9]+) attempts follow, each at the moment it is due"))
def attempts_follow(bench: Bench, count: str) -> None:
    """Nothing is done but what is due, when it is due."""
    retried = bench.part(Retried)
    retried.message_id = _message_id(bench)
    retried.at = [bench.now]
    for _ in range(int(count)):
        (row,) = _pending(bench)
        bench.site.set_clock(row.due_at.astimezone(bench.zone))
        bench.site.run_due(Role.MES, bench.now)
        retried.at.append(bench.now)
    equal(len(_attempts(bench)), int(count) + 1, "attempts")
    pauses = [(b - a).total_seconds() for a, b in zip(retried.at, retried.at[1:], strict=False)]
    retried.pauses_s = [pauses]
    bench.recorder.observe("pauses: " + ", ".join(f"{pause:.1f} s" for pause in pauses))


# --- dead letters -------------------------------------------------------------------------------


@given("the request of production for 10.000 kg has become a dead letter of MES")
def has_become_dead(bench: Bench) -> None:
    """The warehouse broke on it for hours; now it is whole again."""
    _play(bench, [status(500)])
    request_is_pending(bench, "10.000")
    hours_pass(bench)
    equal(_letter(bench).state, LetterState.OPEN, "the dead letter")
    bench.end()
    bench.attempts.clear()


@given("the one who requested has the duty of support as well")
def two_duties(bench: Bench) -> None:
    """One person with two duties."""
    person, duty, _, _ = PEOPLE["production"]
    bench.site.load(Load(people=(
        Person(
            person_id=Id(bench.namespace.id(person)), printed_name="Example Production",
            duties=(duty, Duty.SUPPORT), password=EXAMPLE_PASSWORD, signing=EXAMPLE_SIGNING,
        ),
    )))


@given("support has replayed the dead letter")
def has_replayed(bench: Bench) -> None:
    """A replay that was done."""
    bench.prepare("support", "replay-dead-letter", _replay(bench, _REASON))
    bench.deliver()
    bench.attempts.clear()


@when(parsers.re(
    r"(?P<who>support|the one who requested) replays (?P<which>the dead letter|"
    r'a message never sent) for the reason "(?P<reason>[^"]*)"'
))
def replays_dead_letter(bench: Bench, who: str, which: str, reason: str) -> None:
    """Try to replay."""
    if which != "the dead letter":
        bench.part(Retried).message_id = str(new_message_id(bench.now))
    person = "support" if who == "support" else "production"
    attempt = bench.command(person, "replay-dead-letter", _replay(bench, reason))
    bench.recorder.observe(f"replay: {attempt.answer}")


@when("production tries to replay the dead letter")
def production_replays(bench: Bench) -> None:
    """Somebody without the duty."""
    attempt = bench.command("production", "replay-dead-letter", _replay(bench, _REASON))
    bench.recorder.observe(f"replay: {attempt.answer}")


@then("the dead letter is open still")
def is_open_still(bench: Bench) -> None:
    """Nothing was done with it."""
    equal(_letter(bench).state, LetterState.OPEN, "the dead letter")


@then("after delivery the warehouse has posted the request under its original key")
def posted_under_own_key(bench: Bench) -> None:
    """The bytes in the journal of the warehouse are those of the dead letter."""
    bench.deliver()
    letter = _letter(bench)
    rows = bench.site.client(Role.WMS).ask("journal", Journal).rows
    own = [row for row in rows if row.key == letter.message_id]
    bench.recorder.observe(f"{', '.join(f'{r.kind} {r.status or str()}' for r in own)}")
    equal([row.kind for row in own], ["message", "answer"], "journal of the warehouse")
    equal(own[0].body_sha256, letter.body_sha256, "digest of the message")
    equal(own[1].status, 200, "the answer")


@then(
    "the request is a dead letter of MES after 10 attempts, with bytes, hash and alarm"
)
def is_dead_letter(bench: Bench) -> None:
    """Everything that support needs to know of it."""
    letter = _letter(bench)
    bench.recorder.observe(f"{letter.state}, {letter.attempts} attempts: {letter.last_error}")
    attempts = _attempts(bench)
    equal((letter.state, letter.attempts), (LetterState.OPEN, 10), "the dead letter")
    equal(len(attempts), 10, "attempts")
    body = base64.b64decode(letter.body)
    equal({request.body for request in attempts}, {body}, "bytes of attempts and dead letter")
    equal(letter.body_sha256, sha256(body), "hash")
    holds(bool(letter.why and letter.last_error), "reason or last error is empty")
    alarms = bench.site.client(Role.MES).ask("alarms", Alarms).rows
    about = [a for a in alarms if a.name == "DEAD_LETTER" and letter.message_id in a.detail]
    equal(len(about), 1, "alarms about it")


@then("the cancellation waits behind it and was never sent")
def cancellation_waits(bench: Bench) -> None:
    """Later messages about the same subject are held."""
    waiting = [row.type for row in _rows_about_order(bench)]
    bench.recorder.observe(f"waiting: {', '.join(waiting)}")
    equal(waiting, ["gxproof.pick-cancelled.v1"], "messages that wait")
    equal(_seen(bench, "pick-cancelled"), 0, "attempts of the cancellation")


@then("a hold of lot A was delivered meanwhile")
def hold_delivered(bench: Bench) -> None:
    """Other subjects go on."""
    equal(_seen(bench, "lot-status-changed"), 1, "attempts of the hold")


@then("all that MES sent is settled, pending or a dead letter")
def nothing_dropped(bench: Bench) -> None:
    """Counted against the journal, where each message stands under its key when it is put.

    What tells the receiver that a message was discarded goes out under the key of that message, in
    its place: the two are one message.
    """
    client = bench.site.client(Role.MES)
    rows = client.ask("journal", Journal).rows
    sent = len({row.key for row in rows if (row.kind, row.direction) == ("message", "sent")})
    box = client.ask("outbox", Outbox)
    parts = (box.settled, len(box.pending), box.dead)
    bench.recorder.observe(
        f"{sent} sent: {parts[0]} settled, {parts[1]} pending, {parts[2]} dead letters"
    )
    equal(sum(parts), sent, "settled, pending and dead letters together")


@then("the request is still pending after more than 10 attempts, and no dead letter")
def still_pending(bench: Bench) -> None:
    """The message goes on trying."""
    attempts = len(_attempts(bench))
    holds(attempts > 10, f"{attempts} attempts")
    key = bench.part(Retried).message_id
    letters = bench.site.client(Role.MES).ask("dead-letters", DeadLetters).rows
    bench.recorder.observe(f"{attempts} attempts")
    equal([letter for letter in letters if letter.message_id == key], [], "dead letters")
    equal(len(_pending(bench)), 1, "the message in the outbox")


# --- retries ------------------------------------------------------------------------------------


@then(parsers.re(
    r"the same bytes were sent (?P<count>[0-9]+) times under one key, "
    r"and the request is (?P<state>[A-Z]+)"
))
def same_bytes(bench: Bench, count: str, state: str) -> None:
    """Each attempt is the frozen message."""
    attempts = _attempts(bench)
    bench.recorder.observe(f"{len(attempts)} attempts")
    equal(len(attempts), int(count), "attempts")
    equal(len({request.body for request in attempts}), 1, "different bytes")
    equal(len({request.headers["idempotency-key"] for request in attempts}), 1, "different keys")
    mes_shows_request(bench, state)


@then("each pause is within 0.5 and 1.5 of the declared curve, at most 5 minutes of it")
def on_the_curve(bench: Bench) -> None:
    """By the curve that the system declares in its configuration."""
    shown = bench.site.client(Role.MES).ask("configuration", Configuration)
    equal(shown.retry_delay_max_s, 300, "the cap of the curve in seconds")
    (pauses,) = bench.part(Retried).pauses_s
    off = off_the_curve(pauses, shown.retry_first_delay_s, shown.retry_delay_max_s)
    holds(not off, "; ".join(off))


@then(parsers.re(r"each pause is at least (?P<seconds>[0-9]+) seconds"))
def long_enough(bench: Bench, seconds: str) -> None:
    """What the partner asked for."""
    (pauses,) = bench.part(Retried).pauses_s
    holds(bool(pauses) and min(pauses) >= int(seconds), f"pauses in seconds: {pauses}")


@given("pauses that never grow, pauses that grow without end and a pause of nothing")
def bad_pauses(bench: Bench) -> None:
    """Known-bad senders."""
    bench.part(Retried).pauses_s = [
        [2.0] * 6, [2.0 * 2**n for n in range(12)], [2.0, 0.0, 8.0],
    ]


@then("each of them is found to leave the curve")
def each_is_found(bench: Bench) -> None:
    """The judge of the first scenario, on pauses that it must not let pass."""
    found = [off_the_curve(pauses, 2, 300) for pauses in bench.part(Retried).pauses_s]
    bench.recorder.observe("; ".join(off[0] if off else "nothing" for off in found))
    equal([bool(off) for off in found], [True, True, True], "found")


def off_the_curve(pauses: Sequence[float], first_s: int, cap_s: int) -> list[str]:
    """Each pause that is not within half and one and a half of doubling up to the cap."""
    found = []
    for number, pause in enumerate(pauses):
        curve = min(first_s * 2**number, cap_s)
        if not 0.5 * curve <= pause <= 1.5 * curve:
            found.append(f"pause {number + 1} is {pause:.1f} s where the curve says {curve} s")
    return found


# --- looking ------------------------------------------------------------------------------------


def _message_id(bench: Bench) -> str:
    answer = bench.last.answer.as_(CommandAnswer)
    assert answer.message_id is not None
    return str(answer.message_id)


def _replay(bench: Bench, reason: str) -> ReplayDeadLetter:
    return ReplayDeadLetter(
        replay_id=Id(bench.new_id("REPLAY")),
        message_id=MessageId(bench.part(Retried).message_id), reason=reason,
    )


def _attempts(bench: Bench) -> list[HttpRequest]:
    """The attempts of the request, as the stub saw them."""
    seen = bench.part(Retried).stub.seen
    mine = (request for name, request in seen if name == "pick-requested")
    return [r for r in mine if json.loads(r.body)["data"]["requestId"] == bench.request_id]


def _seen(bench: Bench, name: str) -> int:
    about = (bench.the_order.order_id, bench.lots["A"].lot_id)
    bodies = (r.body.decode() for n, r in bench.part(Retried).stub.seen if n == name)
    return sum(any(thing in body for thing in about) for body in bodies)


def _letter(bench: Bench) -> DeadLetter:
    key = bench.part(Retried).message_id
    rows = bench.site.client(Role.MES).ask("dead-letters", DeadLetters).rows
    return the_only((row for row in rows if row.message_id == key), f"dead letters {key}")


def _pending(bench: Bench):  # type: ignore[no-untyped-def]
    rows = bench.site.client(Role.MES).ask("outbox", Outbox).pending
    return [row for row in rows if row.message_id == bench.part(Retried).message_id]


def _rows_about_order(bench: Bench):  # type: ignore[no-untyped-def]
    rows = bench.site.client(Role.MES).ask("outbox", Outbox).pending
    return [row for row in rows if row.subject == f"order/{bench.the_order.order_id}"]
