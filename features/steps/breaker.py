"""The breaker of the way to the partner: who is let through, and what is told of it."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.codes import Code
from contracts.model.commands import ConfirmPick
from contracts.model.identifiers import Id
from contracts.model.inspection import Alarms, Journal
from contracts.model.inspection_delivery import BreakerChange, BreakerState, Link
from contracts.model.instants import write_timestamp
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.model.roles import Role
from contracts.record.canonical import canonical_bytes
from contracts.record.strict_json import read_json
from features.bench import Attempt, Bench
from features.claims import equal, holds, the_only
from features.steps.dead_letters import reaction
from features.steps.delivery import lead_to
from features.steps.picks import scan_of
from features.steps.words import amount_of
from simulator.evidence import BEYOND
from simulator.kpis.exchange import exchange_figures
from simulator.kpis.journals import read_journals
from simulator.stub import Stub, in_json

_OPENS_AFTER, _WAITS = 5, timedelta(seconds=30)
_QUICK_S, _TRIES = 0.050, 5


@dataclass
class Scans:
    """What the scenario keeps of scans: the partner that was asked, how long each took."""

    stub: Stub = field(default_factory=Stub)
    scans: list[tuple[Attempt, float]] = field(default_factory=list)
    journal_from: int = 0
    known_alarms: set[str] = field(default_factory=set)


@given(parsers.re(
    r"MES answers questions of the warehouse with (?P<answer>no answer|status [0-9]{3})"
))
def mes_answers(bench: Bench, answer: str) -> None:
    """A stub in the place of MES."""
    calls = bench.part(Scans)
    calls.journal_from = bench.site.client(Role.WMS).ask(
        "journal", Journal, f"after={BEYOND}"
    ).last_position
    shown = bench.site.client(Role.WMS).ask("alarms", Alarms).rows
    calls.known_alarms = {alarm.alarm_id for alarm in shown}
    calls.stub = lead_to(bench, Role.WMS, Stub({"validate": [reaction(answer)]}))


@when(parsers.re(r"the picker tries (?P<times>[0-9]+) scans"))
@given(parsers.re(r"the picker has tried (?P<times>[0-9]+) scans"))
def tries_scans(bench: Bench, times: str) -> None:
    """Scans of the right container, each of them another business event."""
    for _ in range(int(times)):
        _scan(bench)
    last = bench.part(Scans).scans[-1][0]
    bench.recorder.observe(f"{times} scans; the last: {last.answer}")


def _scan(bench: Bench) -> None:
    body = ConfirmPick(
        confirmation_id=Id(bench.new_id("SCAN")), request_id=Id(bench.request_id),
        line_id=Id("10"), scan=scan_of(bench.lots["A"].container), quantity=amount_of("10.000"),
        to_container=bench.namespace.sscc(bench.new_name("TOTE")),
    )
    begun = time.perf_counter()
    attempt = bench.command_unseen("the picker", "confirm-pick", body)
    bench.part(Scans).scans.append((attempt, time.perf_counter() - begun))


@given("30 seconds have passed")
def half_a_minute(bench: Bench) -> None:
    """The time after which one call goes."""
    bench.site.set_clock(bench.now + _WAITS)


@given(parsers.re(
    r"30 seconds have passed, and MES answers again while (?P<others>[0-9]+) more scans are tried"
))
def answers_again(bench: Bench, others: str) -> None:
    """All others call while the first call is on its way."""
    half_a_minute(bench)
    # Signed in beforehand: a sign-in is no call to the partner.
    bench.session("the picker")

    def answers(_: HttpRequest) -> HttpResponse:
        for _scan_of_another in range(int(others)):
            _scan(bench)
        return _not_allowed(bench)

    def answers_at_once(_: HttpRequest) -> HttpResponse:
        return _not_allowed(bench)

    bench.part(Scans).stub.script = {"validate": [answers, answers_at_once]}


def _not_allowed(bench: Bench) -> HttpResponse:
    return in_json({
        "allowed": False, "code": Code.LOT_NOT_RELEASED.value, "detail": "as the script says",
        "answeredAt": write_timestamp(bench.now),
    })


@then(parsers.re(
    r"MES was asked (?P<times>[0-9]+) times, and the breaker of the warehouse is (?P<state>[A-Z]+)"
))
def asked_so_often(bench: Bench, times: str, state: str) -> None:
    """Questions that came to MES, and what the warehouse shows of its way there."""
    breaker = bench.site.client(Role.WMS).ask("link", Link).breaker
    asked = sum(name == "validate" for name, _ in bench.part(Scans).stub.seen)
    bench.recorder.observe(f"{asked} questions; the breaker is {breaker.state}")
    equal((breaker.failures_max, breaker.open_s), (_OPENS_AFTER, 30), "what it goes by")
    equal(asked, int(times), "questions")
    equal(breaker.state, BreakerState(state), "the breaker")


@then(parsers.re(
    r"each of the last (?P<times>[0-9]+) scans was refused with (?P<code>[A-Z_]+) in under 50 ms"
))
def quickly_refused(bench: Bench, times: str, code: str) -> None:
    """Timed as the fastest of five, because the machine may be busy with something else."""
    last = bench.part(Scans).scans[-int(times):]
    codes = {attempt.refusal.code.value for attempt, _ in last}
    fives = [last[n:n + _TRIES] for n in range(0, len(last), _TRIES)]
    slowest = max(min(taken for _, taken in five) for five in fives)
    bench.recorder.observe(f"{len(last)} refusals, in at most {slowest * 1000:.0f} ms")
    equal(codes, {code}, "refused with")
    holds(slowest < _QUICK_S, f"refusals took {slowest * 1000:.0f} ms")


@then(parsers.re(r"the journal of the warehouse tells of (?P<changes>[A-Z_ ,to]+)"))
def journal_tells(bench: Bench, changes: str) -> None:
    """One row for each change, in order."""
    rows = [row for row in _rows(bench) if row.kind == "breaker"]
    told = [BreakerChange.from_json(read_json(base64.b64decode(row.body))) for row in rows]
    found = [f"{change.from_state} to {change.to_state}" for change in told]
    bench.recorder.observe("; ".join(f"{c.to_state}: {c.why}" for c in told))
    equal(found, changes.split(", "), "changes of the breaker")


@then(parsers.re(r"the journal of the warehouse holds (?P<count>[0-9]+) questions to MES"))
def journal_holds_questions(bench: Bench, count: str) -> None:
    """What was not asked is not journalled."""
    asked = sum(row.kind == "question" and row.direction == "sent" for row in _rows(bench))
    bench.recorder.observe(f"{asked} questions")
    equal(asked, int(count), "questions in the journal")


@then(parsers.re(r"the warehouse has raised the alarm BREAKER_OPEN once"))
def breaker_alarm(bench: Bench) -> None:
    """Somebody is told that the way is shut."""
    alarms = bench.site.client(Role.WMS).ask("alarms", Alarms).rows
    known = bench.part(Scans).known_alarms
    lately = [a for a in alarms if a.name == "BREAKER_OPEN" and a.alarm_id not in known]
    bench.recorder.observe("; ".join(a.detail for a in lately) or "no alarm")
    equal(len(lately), 1, "alarms")


@then(parsers.re(r"the key figure breaker-openings of that journal is (?P<count>[0-9]+)"))
def breaker_figure(bench: Bench, count: str) -> None:
    """Computed from the exported journal alone."""
    query = f"after={bench.part(Scans).journal_from}"
    raw = canonical_bytes(bench.site.client(Role.WMS).ask("journal", Journal, query).to_json())
    figures = exchange_figures(read_journals([("journal of the warehouse", raw)]))
    figure = the_only((f for f in figures if f.about.id == "breaker-openings"), "figures")
    bench.recorder.observe(f"{figure.measures} of {len(figure.events)} events")
    equal(figure.measures, {"count": int(count)}, "the figure")


def _rows(bench: Bench):  # type: ignore[no-untyped-def]
    query = f"after={bench.part(Scans).journal_from}"
    return bench.site.client(Role.WMS).ask("journal", Journal, query).rows
