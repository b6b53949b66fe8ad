"""The way to the partner: retries within their share, outcomes that are asked for, dead letters."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import CommandAnswer
from contracts.model.commands import ChangeLotStatus
from contracts.model.identifiers import Id, LotNumber
from contracts.model.inspection import Alarms, Outbox
from contracts.model.inspection_delivery import DeadLetters
from contracts.model.instants import write_timestamp
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.model.roles import Role
from contracts.model.stimulus import Load, Lot
from features.bench import ITEM, Bench
from features.claims import equal, holds
from features.steps.dead_letters import Retried, reaction, troubled_partner
from features.steps.delivery import lead_to
from features.steps.order import mes_shows_request, request_is_pending
from simulator.stub import Reaction, Stub, acknowledgement, in_json, nothing

_MINUTE_S, _LEAST, _SHARE = 60.0, 6, 0.1
_LATE_S = 1.0
_ROUNDS_MAX = 15


@dataclass
class Calls:
    """What the scenario keeps of calls: when each came, how late, what was found."""

    stub: Stub = field(default_factory=Stub)
    came: list[tuple[str, float]] = field(default_factory=list)
    delays_s: list[float] = field(default_factory=list)
    moment: datetime | None = None
    lots: list[str] = field(default_factory=list)
    found: list[list[str]] = field(default_factory=list)


# --- the retry budget ---------------------------------------------------------------------------


@given(parsers.re(r"the warehouse answers status changes with (?P<answer>status [0-9]{3})"))
def answers_status_changes(bench: Bench, answer: str) -> None:
    """Too busy for them; everything else it takes."""
    script = {
        "lot-status-changed": [_noted(bench, reaction(answer))],
        "link-heartbeat": [acknowledgement("ACCEPTED")],
    }
    bench.part(Calls).stub = lead_to(bench, Role.MES, Stub(script))


def _noted(bench: Bench, then_: Reaction) -> Reaction:
    """Take down which message comes when, by the clock of the site."""
    calls = bench.part(Calls)

    def react(request: HttpRequest) -> HttpResponse | None:
        at = calls.moment or bench.now
        calls.came.append((request.headers["idempotency-key"], at.timestamp()))
        return then_(request)

    return react


@given(parsers.re(r"quality has blocked (?P<count>[0-9]+) lots"))
def blocks_many(bench: Bench, count: str) -> None:
    """Lots without stock, so that nothing but their status has to be told."""
    _load_lots(bench, int(count))
    for lot_id in bench.part(Calls).lots:
        _block(bench, lot_id)


def _load_lots(bench: Bench, count: int) -> None:
    calls = bench.part(Calls)
    calls.lots = [bench.new_id("LOT-MANY") for _ in range(count)]
    bench.site.load(Load(lots=tuple(
        Lot(lot_id=Id(lot_id), material_id=Id(bench.namespace.id(ITEM)),
            lot=LotNumber(bench.namespace.lot_number(lot_id)), expires_on=bench.now.date()
            + timedelta(days=300))
        for lot_id in calls.lots
    )))


def _block(bench: Bench, lot_id: str) -> None:
    body = ChangeLotStatus(
        change_id=Id(bench.new_id("CHANGE")), lot_id=Id(lot_id), to_status=LotStatus.BLOCKED,
        reason_code=StatusReason.INVESTIGATION, reason="damaged seal found",
    )
    bench.prepare("quality", "change-lot-status", body)


@when("3 minutes pass, and MES sends whatever is due at the moment it is due")
def minutes_of_retries(bench: Bench) -> None:
    """No moment is left out at which something is due."""
    _run_until(bench, bench.now + timedelta(minutes=3))


def _run_until(bench: Bench, end: datetime) -> None:
    calls, due = bench.part(Calls), bench.now
    while due <= end:
        calls.moment = due
        later = bench.site.run_due(Role.MES, due).due_at
        if later is None:
            break
        due = max(later.astimezone(bench.zone), due + timedelta(milliseconds=1))
    calls.moment = None
    bench.site.set_clock(end)


@then(parsers.re(r"in no minute that ends with a retry were more than (?P<most>[0-9]+) of them"))
def within_budget(bench: Bench, most: str) -> None:
    """By when each attempt came to the stub."""
    came = bench.part(Calls).came
    again = len(came) - len({key for key, _ in came})
    bench.recorder.observe(f"{len(came)} attempts, {again} of them retries")
    holds(again > int(most), f"only {again} retries: the budget was never felt")
    wrong = beyond_budget(came)
    holds(not wrong, "; ".join(wrong[:3]))


@when("the way is open again and 20 minutes have passed")
def open_again(bench: Bench) -> None:
    """Everything goes to the warehouse itself."""
    bench.end()
    _run_until(bench, bench.now + timedelta(minutes=20))
    bench.deliver()


@then(parsers.re(r"the warehouse has heard of all (?P<count>[0-9]+) blocked lots"))
def heard_of_all(bench: Bench, count: str) -> None:
    """None was lost on the way."""
    shown = bench.site.client(Role.WMS).content("lots")["rows"]
    wanted = set(bench.part(Calls).lots)
    blocked = {row["lotId"] for row in shown if row["status"] == "BLOCKED"} & wanted
    bench.recorder.observe(f"{len(blocked)} lots are blocked in the warehouse")
    equal(len(blocked), int(count), "blocked lots")


@given("retries that follow each other, and retries that stay within their share")
def both_kinds(bench: Bench) -> None:
    """Known-bad and known-good senders: 7 retries in a minute after 20 and after 70 messages."""
    for first in (20, 70):
        came = [(f"M-{n}", 0.0) for n in range(first)] + [(f"M-{n}", 5.0 * n) for n in range(7)]
        bench.part(Calls).found.append(beyond_budget(came))


@then("the first are found to be too many, and the second are not")
def first_is_found(bench: Bench) -> None:
    """The judge of the other scenario."""
    found = bench.part(Calls).found
    bench.recorder.observe("; ".join(found[0]) or "nothing")
    equal([bool(wrong) for wrong in found], [True, False], "found")


def beyond_budget(came: Iterable[tuple[str, float]]) -> list[str]:
    """Each retry that is too many in the minute that ends with it; keys, and instants in seconds.

    The first time that a key comes is its first attempt, every later one is a retry.
    """
    known: set[str] = set()
    first: list[float] = []
    again: list[float] = []
    wrong = []
    for key, at in came:
        if key not in known:
            known.add(key)
            first.append(at)
            continue
        again.append(at)
        retries = sum(at - _MINUTE_S < other for other in again)
        fresh = sum(at - _MINUTE_S < other for other in first)
        if retries > max(_SHARE * fresh, _LEAST):
            wrong.append(f"{retries} retries and {fresh} first attempts until {at:.0f} s")
    return wrong


# --- unknown outcomes ---------------------------------------------------------------------------


@given(parsers.re(
    r"the warehouse loses its (?P<which>answer to a|answers to every) pick request, "
    r"and answers (?P<outcome>[A-Z]+|nothing) when asked"
))
def loses_answer(bench: Bench, which: str, outcome: str) -> None:
    """A stub in the place of the warehouse."""

    def stands(request: HttpRequest) -> HttpResponse:
        refused = {"code": "NO_ELIGIBLE_STOCK", "path": "data.lines[0].quantity", "detail": "none"}
        return in_json({
            "messageId": json.loads(request.body)["messageId"], "outcome": outcome,
            "answeredAt": write_timestamp(bench.now), **(refused if outcome == "REFUSED" else {}),
        })

    turns: list[Reaction] = [nothing]
    if which == "answer to a":
        turns.append(acknowledgement("ACCEPTED"))
    script: dict[str, list[Reaction]] = {
        "pick-requested": turns, "link-heartbeat": [acknowledgement("ACCEPTED")],
        "message-status": [nothing if outcome == "nothing" else stands],
    }
    bench.part(Calls).stub = lead_to(bench, Role.MES, Stub(script))


@when("10 seconds have passed, and MES has sent what was due")
def ten_seconds(bench: Bench) -> None:
    """Long enough for one retry, too short for two."""
    bench.site.set_clock(bench.now + timedelta(seconds=10))
    bench.site.run_due(Role.MES, bench.now)


@then(parsers.re(
    r"MES has sent the request (?P<times>[0-9]+) times, asked, and shows it as (?P<state>[A-Z]+)"
))
def sent_and_asked(bench: Bench, times: str, state: str) -> None:
    """Asked once, before anything was sent again; questions about others' messages do not count."""
    seen = [(name, json.loads(request.body)) for name, request in bench.part(Calls).stub.seen
            if name in ("pick-requested", "message-status")]
    requests = {body["id"] for name, body in seen if name == "pick-requested"}
    names = [name for name, body in seen if body.get("messageId", body.get("id")) in requests]
    bench.recorder.observe(", ".join(names))
    wanted = ["pick-requested", "message-status", "pick-requested"][:int(times) + 1]
    equal(names, wanted, "what came to the warehouse")
    mes_shows_request(bench, state)


# --- poison, and letters that nobody sees to ----------------------------------------------------


@when(parsers.re(
    r"quality blocks (?P<count>[0-9]+) lots, one every 20 seconds, and MES sends what is due"
))
def blocks_one_by_one(bench: Bench, count: str) -> None:
    """Each hold is to be delivered at once, whatever else is tried."""
    calls, stub = bench.part(Calls), bench.part(Retried).stub
    _load_lots(bench, int(count))
    stub.script = {
        **stub.script, "lot-status-changed": [_noted(bench, acknowledgement("ACCEPTED"))],
    }
    for lot_id in calls.lots:
        bench.site.set_clock(bench.now + timedelta(seconds=20))
        _block(bench, lot_id)
        bench.site.run_due(Role.MES, bench.now)
        here = [at for _, at in calls.came if at >= bench.now.timestamp()]
        calls.delays_s.append(min(here, default=bench.now.timestamp() + _MINUTE_S)
                              - bench.now.timestamp())


@then("each hold arrived within 1 second, and the request was tried in between")
def none_was_late(bench: Bench) -> None:
    """By the clock of the site; the request kept breaking its receiver meanwhile."""
    calls, names = bench.part(Calls), [name for name, _ in bench.part(Retried).stub.seen]
    tried = names.count("pick-requested")
    bench.recorder.observe(f"{len(calls.delays_s)} holds, the request was tried {tried} times")
    equal(len(calls.came), len(calls.lots), "holds that arrived")
    holds(tried > 3, f"the request was tried {tried} times only")
    holds(not late(calls.delays_s), "; ".join(late(calls.delays_s)))


@given("arrivals after 0.2, 0.9 and 1.1 seconds")
def some_are_late(bench: Bench) -> None:
    """Known-bad delays."""
    bench.part(Calls).found = [late([delay]) for delay in (0.2, 0.9, 1.1)]


@then("the last of them is found to be late")
def late_is_found(bench: Bench) -> None:
    """The judge of the other scenario."""
    found = bench.part(Calls).found
    bench.recorder.observe("; ".join(found[-1]) or "nothing")
    equal([bool(wrong) for wrong in found], [False, False, True], "found")


def late(delays_s: Iterable[float]) -> list[str]:
    """Each delay that is too long."""
    return [f"{delay:.1f} s" for delay in delays_s if delay > _LATE_S]


@given("the request of production for 10.000 kg has become a dead letter of MES just now")
def just_dead(bench: Bench) -> None:
    """The warehouse broke on it until it was given up, and not a moment longer."""
    troubled_partner(bench, "status 500")
    request_is_pending(bench, "10.000")
    key = bench.part(Retried).message_id = str(bench.last.answer.as_(CommandAnswer).message_id)
    for _ in range(_ROUNDS_MAX):
        letters = bench.site.client(Role.MES).ask("dead-letters", DeadLetters).rows
        if any(letter.message_id == key for letter in letters):
            break
        waiting = bench.site.client(Role.MES).ask("outbox", Outbox).pending
        due = min(row.due_at for row in waiting if row.message_id == key)
        bench.site.set_clock(max(due.astimezone(bench.zone), bench.now))
        bench.site.run_due(Role.MES, bench.now)
    bench.end()
    bench.attempts.clear()


@when("31 minutes pass after that, and another 31")
def time_goes_by(bench: Bench) -> None:
    """The systems do what is due in between."""
    for _ in range(2):
        bench.site.set_clock(bench.now + timedelta(minutes=31))
        bench.deliver()


@then(parsers.re(
    r"MES has raised the alarm (?P<name>DEAD_LETTER_OLD) about it (?P<count>[0-9]+) times"
))
def old_letter_alarm(bench: Bench, name: str, count: str) -> None:
    """Alarms that name the message."""
    key = bench.part(Retried).message_id
    rows = bench.site.client(Role.MES).ask("alarms", Alarms).rows
    about = [row for row in rows if row.name == name and key in row.detail]
    bench.recorder.observe("; ".join(row.detail for row in about) or "no alarm")
    equal(len(about), int(count), "alarms about it")
