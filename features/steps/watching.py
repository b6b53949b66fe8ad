"""Alarms of the systems about themselves: seeded causes, the log, the security contact."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import AcknowledgeAlarm, OpenSession
from contracts.model.identifiers import Id
from contracts.model.inspection import AlarmRow, Alarms
from contracts.model.inspection_watching import Metrics, Watching
from contracts.model.instants import later
from contracts.model.lot_status import LotStatus
from contracts.model.operations import OPERATIONS
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.model.questions import AskStatus
from contracts.model.roles import Role
from contracts.model.stimulus import (
    CertificateEnd,
    InstrumentsSet,
    Load,
    Lot,
    RouteContact,
    Routed,
    SetInstruments,
)
from contracts.record.canonical import canonical_bytes
from contracts.wire.signing import sign
from features.bench import ITEM, PEOPLE, Bench
from features.claims import equal, holds, the_only
from features.steps.delivery import lead_to
from features.steps.lot_status import block
from features.steps.material import add_base, add_lot
from simulator.counterpart import new_message_id
from simulator.stub import Stub, acknowledgement, in_json, status

# What a system raises about itself.
_OWN = (
    "CLOCK_DRIFT", "CLOCK_STOPPED", "CERTIFICATE_ENDS", "QUEUE_OLD", "BACKLOG_LARGE",
    "LATENCY_HIGH", "RECONCILIATION_DIFFERENCE",
)
_COMMENT = "time server was restarted"
_MISUSE = "CREDENTIAL_MISUSE"
_SLOW = 20
_SYSTEMS = {"MES": Role.MES, "the warehouse": Role.WMS}


@dataclass
class Watched:
    """What the alarm log held before, and the alarm of the scenario."""

    before: dict[Role, int] = field(default_factory=dict)
    alarm: AlarmRow | None = None
    contact: Stub = field(default_factory=Stub)


# --- time and causes ----------------------------------------------------------------------------


@given("both alarm logs as they are")
def logs_as_they_are(bench: Bench) -> None:
    """Where both end."""
    _remember(bench)


@when("60 seconds pass with the instruments of both systems as they are")
def minute_passes(bench: Bench) -> None:
    """A minute of the site clock, with the background work that is due by then."""
    _remember(bench)
    pass_seconds(bench, 60)


@when(parsers.re(r"60 seconds pass with this seeded in MES: (?P<cause>.+)"))
def minute_with_cause(bench: Bench, cause: str) -> None:
    """A cause, and a minute for its alarm to come."""
    _settle_instruments(bench, Role.MES)
    _remember(bench)
    words = cause.split()
    if cause.startswith("its clock"):
        offset = int(words[3]) * (1 if words[5] == "ahead" else -1)
        seed(bench, Role.MES, clock_offset_ms=offset)
        pass_seconds(bench, 60)
    elif cause.startswith("one of its certificates"):
        end = CertificateEnd(name=Id("server"), ends_at=bench.now + timedelta(days=29))
        seed(bench, Role.MES, certificates=(end,))
        pass_seconds(bench, 60)
    elif cause.startswith("a message finds no partner"):
        _lose_a_message(bench)
    else:
        _deliver_slowly(bench)


def pass_seconds(bench: Bench, seconds: int) -> None:
    """Let the site clock go on, and do what is due by then."""
    bench.site.settle(later(bench.now, timedelta(seconds=seconds)))


def seed(bench: Bench, role: Role, **shown: object) -> None:
    """Let the instruments of a system show something until the scenario is over."""
    _instruments(bench, role, SetInstruments.model_validate(shown))
    bench.endings.append(lambda: _settle_instruments(bench, role))


def _settle_instruments(bench: Bench, role: Role) -> None:
    """Nothing is beyond its limit any more, and what is shown is what is true."""
    _instruments(bench, role, SetInstruments(clock_offset_ms=0))
    pass_seconds(bench, 31)
    _instruments(bench, role, SetInstruments())


def _instruments(bench: Bench, role: Role, body: SetInstruments) -> None:
    bench.site.client(role).call("stimulus/instruments", body).as_(InstrumentsSet)


def _lose_a_message(bench: Bench) -> None:
    lead_to(bench, Role.MES, Stub())
    add_lot(bench, "A", "25.000", LotStatus.RELEASED, bench.now.date() + timedelta(days=90))
    block(bench, "A", "damaged seal found")
    pass_seconds(bench, 61)


def _deliver_slowly(bench: Bench) -> None:
    """Twenty decisions leave at once, and their receiver takes them four seconds later."""
    # What was delivered before is not part of the next percentile.
    add_base(bench)
    names = bench.namespace
    today = bench.now.date()
    bench.site.load(Load(lots=tuple(
        Lot.model_validate({
            "lot_id": names.id(f"SLOW-{n}"), "material_id": names.id(ITEM),
            "lot": names.lot_number(f"SLOW-{n}"), "expires_on": today,
            "status": LotStatus.RELEASED,
        })
        for n in range(_SLOW)
    )))
    midnight = (bench.now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    stub = lead_to(bench, Role.MES, Stub())
    bench.site.settle(midnight)
    stub.script = {
        name: [acknowledgement("ACCEPTED")] for name in ("lot-status-changed", "link-heartbeat")
    }
    for _ in range(2):
        pass_seconds(bench, 4)
    pass_seconds(bench, 52)


# --- the log ------------------------------------------------------------------------------------


@given("MES has raised an alarm about its clock")
def alarm_about_clock(bench: Bench) -> None:
    """A clock that is off, and right again after."""
    add_base(bench)
    _settle_instruments(bench, Role.MES)
    _remember(bench)
    seed(bench, Role.MES, clock_offset_ms=1500)
    pass_seconds(bench, 60)
    bench.part(Watched).alarm = the_only(
        (row for row in _new(bench, Role.MES) if row.name == "CLOCK_DRIFT"), "alarms of the clock"
    )


@given("support has acknowledged the alarm")
def support_has_acknowledged(bench: Bench) -> None:
    """Once, with a comment."""
    bench.prepare("support", "acknowledge-alarm", _acknowledgement(bench, _COMMENT))


@when(parsers.re(
    r"(?P<who>support|quality) acknowledges (?P<which>the alarm|an alarm that nobody raised) "
    r'with "(?P<comment>[^"]*)"'
))
def acknowledges(bench: Bench, who: str, which: str, comment: str) -> None:
    """Say what came of an alarm."""
    body = _acknowledgement(bench, comment)
    if which != "the alarm":
        body = body.model_copy(update={"alarm_id": Id(bench.new_id("NO-ALARM"))})
    attempt = bench.command(who, "acknowledge-alarm", body)
    bench.recorder.observe(f"{body.alarm_id} with {comment!r}: {attempt.answer}")


@then("the alarm log of MES shows its name, its time, and support's acknowledgement")
def log_shows_acknowledgement(bench: Bench) -> None:
    """Name and time as they were raised; user, role, comment and time of who looked."""
    raised = _alarm(bench)
    row = the_only(
        (row for row in _rows(bench, Role.MES) if row.alarm_id == raised.alarm_id), "alarms"
    )
    equal((row.name, row.at, row.detail), (raised.name, raised.at, raised.detail), "the alarm")
    done = row.acknowledgement
    assert done is not None, "the log shows no acknowledgement"
    bench.recorder.observe(f"{row.name} at {row.at}: {done.user} as {done.role}, {done.comment}")
    wanted = (str(bench.person_id("support")), PEOPLE["support"][1].value, _COMMENT, bench.now)
    equal((str(done.user), done.role, done.comment, done.at), wanted, "the acknowledgement")


@then(parsers.re(
    r'a search for "(?P<words>[^"]+)" finds the alarm, and one for "(?P<others>[^"]+)" '
    r"finds nothing"
))
def search_finds(bench: Bench, words: str, others: str) -> None:
    """A search by what stands in the comment, in any case of letters."""
    found = [_search(bench, text) for text in (words, others)]
    bench.recorder.observe(f"{len(found[0])} and {len(found[1])} alarms")
    wanted = _alarm(bench).alarm_id
    holds(wanted in {row.alarm_id for row in found[0]}, f"{wanted} was not found")
    equal(found[1], (), "alarms that hold the other words")


# --- what was raised ----------------------------------------------------------------------------


@then("neither system has raised an alarm about itself")
def nothing_raised(bench: Bench) -> None:
    """None of the causes has come up since."""
    for role in Role:
        new = [row.name for row in _new(bench, role) if row.name in _OWN]
        bench.recorder.observe(f"{role.upper()}: {len(new)} alarms about itself")
        equal(new, [], f"alarms of {role.upper()}")


@then("the exported limits are those of the requirement")
def limits_are_right(bench: Bench) -> None:
    """2 s, 60 s, 500, 1 s and 5 s, 30 days."""
    for role in Role:
        own = bench.site.client(role).ask("watching", Watching).limits
        shown = (
            own.latency_p95_max_ms, own.queue_age_max_s, own.backlog_max, own.clock_warn_above_ms,
            own.clock_stop_above_ms, own.certificate_days_min,
        )
        bench.recorder.observe(f"{role.upper()}: {shown}")
        equal(shown, (2000, 60, 500, 1000, 5000, 30), f"limits of {role.upper()}")
        holds(own.watch_every_s <= 60, f"{role.upper()} looks every {own.watch_every_s} s")


@then(parsers.re(r"(?P<system>MES|the warehouse) has raised the alarm (?P<name>[A-Z_]+) once"))
def raised_once(bench: Bench, system: str, name: str) -> None:
    """One alarm of this name since the cause."""
    role = _SYSTEMS[system]
    found = [row for row in _new(bench, role) if row.name == name]
    bench.recorder.observe("; ".join(f"{row.alarm_id} at {row.at}: {row.detail}" for row in found))
    equal(len(found), 1, f"alarms {name}")
    bench.part(Watched).alarm = found[0]


@then("after another 60 seconds it has raised no second one")
def no_second(bench: Bench) -> None:
    """The condition stands, and one alarm is enough."""
    name = _alarm(bench).name
    pass_seconds(bench, 60)
    equal([row.name for row in _new(bench, Role.MES) if row.name == name], [name], "alarms")


@then(parsers.re(r"the metrics of MES show the condition (?P<name>[A-Z_]+)"))
def metrics_show(bench: Bench, name: str) -> None:
    """In the text format of Prometheus: each line a comment, or a name, labels and a number."""
    text = bench.site.client(Role.MES).ask("metrics", Metrics).text
    samples = dict(_samples(text))
    bench.recorder.observe(f"{len(samples)} samples")
    equal(samples.get(f'gxproof_condition{{name="{name}"}}'), 1.0, "the sample of the condition")


# --- the security contact -----------------------------------------------------------------------


@given("a security contact that takes over what it is told")
def contact(bench: Bench) -> None:
    """An address of the harness, until the scenario is over."""
    _lead_contact(bench, [_taken])


@given("a security contact that answers from the third time on")
def slow_contact(bench: Bench) -> None:
    """Twice something in between answers that nobody is there."""
    _lead_contact(bench, [status(503), status(503), _taken])


@when(parsers.re(
    r"somebody signs in to MES (?P<times>[0-9]+) times with a wrong password of quality"
))
def wrong_passwords(bench: Bench, times: str) -> None:
    """Guesses at the password of a person."""
    add_base(bench)
    for n in range(int(times)):
        body = OpenSession(
            user_id=bench.person_id("quality"), password=f"guess number {n}",
            station=Id("NOWHERE-1"),
        )
        answer = bench.site.client(Role.MES).call("sessions", body)
        holds(answer.refusal is not None, "a wrong password opened a session")
    bench.recorder.observe(f"{times} wrong passwords of {bench.person_id('quality')}")


@when("somebody sends the signed bytes of a counterpart to MES again")
def signed_bytes_again(bench: Bench) -> None:
    """A question that was answered, once more with its old signature."""
    client = bench.counterpart(Role.MES).client
    operation = OPERATIONS["mes/message-status"]
    asked = AskStatus(message_id=new_message_id(bench.now))
    headers = {"content-type": operation.media_type}
    plain = HttpRequest("POST", operation.path, "", headers, canonical_bytes(asked.to_json()))
    request = sign(plain, client.identity, int(client.wall()), client.nonce())
    for wanted in (200, 401):
        answer = client.carry(operation, request)
        assert answer.raw is not None
        equal(answer.raw.status, wanted, "status of the answer")
    bench.recorder.observe("answered once, and then turned away")


@then("the security contact has been told nothing")
def told_nothing(bench: Bench) -> None:
    """No notice has come."""
    seen = bench.part(Watched).contact.seen
    bench.recorder.observe(f"{len(seen)} notices")
    equal(len(seen), 0, "notices")


@then(parsers.re(r'the security contact has been told once, with the words "(?P<words>[^"]+)"'))
def told_once(bench: Bench, words: str) -> None:
    """One notice of suspected misuse, in words that say what happened."""
    (told,) = _told(bench, 1)
    bench.recorder.observe(f"{told['name']} of {told['system']}: {told['detail']}")
    equal(told["name"], _MISUSE, "the notice")
    holds(words in str(told["detail"]), f"the notice says {told['detail']!r}")


@then("the security contact has been told 3 times of one alarm")
def told_again(bench: Bench) -> None:
    """The same notice until somebody took it over."""
    told = _told(bench, 3)
    equal({one["alarmId"] for one in told}, {told[0]["alarmId"]}, "alarms in the notices")


@then("the alarm log says when the contact took it over")
def log_says_taken_over(bench: Bench) -> None:
    """The time of the notice stands beside the alarm, within the minute."""
    body = json.loads(bench.part(Watched).contact.seen[-1][1].body)
    row = the_only(
        (row for row in _rows(bench, Role.MES) if row.alarm_id == body["alarmId"]), "alarms"
    )
    bench.recorder.observe(f"raised at {row.at}, taken over at {row.notified_at}")
    holds(row.notified_at is not None, "the log does not say that it was taken over")


# --- inside -------------------------------------------------------------------------------------


def _lead_contact(bench: Bench, turns: list[Callable[[HttpRequest], HttpResponse | None]]) -> None:
    # What others were suspected of before is told to nobody here.
    pass_seconds(bench, 301)
    stub = Stub({"security-notices": turns})
    hosted = bench.sut.host(stub)
    client = bench.site.client(Role.MES)
    client.call("stimulus/route-contact", RouteContact(url=hosted.url)).as_(Routed)
    pass_seconds(bench, 301)
    stub.seen.clear()
    bench.part(Watched).contact = stub
    bench.endings.append(hosted.close)
    bench.endings.append(lambda: client.call("stimulus/route-contact", RouteContact()))


def _taken(_: HttpRequest) -> HttpResponse:
    return in_json({"status": "taken over"})


def _told(bench: Bench, times: int) -> list[dict[str, object]]:
    told = [json.loads(request.body) for _, request in bench.part(Watched).contact.seen]
    bench.recorder.observe(f"{len(told)} notices")
    equal(len(told), times, "notices")
    return told


def _acknowledgement(bench: Bench, comment: str) -> AcknowledgeAlarm:
    return AcknowledgeAlarm(
        acknowledgement_id=Id(bench.new_id("LOOKED")), alarm_id=_alarm(bench).alarm_id,
        comment=comment,
    )


def _alarm(bench: Bench) -> AlarmRow:
    alarm = bench.part(Watched).alarm
    assert alarm is not None, "the scenario has no alarm"
    return alarm


def _remember(bench: Bench) -> None:
    """Where both logs end, the first time it is asked."""
    kept = bench.part(Watched)
    for role in Role:
        kept.before.setdefault(role, len(_rows(bench, role)))


def _new(bench: Bench, role: Role) -> tuple[AlarmRow, ...]:
    return _rows(bench, role)[bench.part(Watched).before[role]:]


def _rows(bench: Bench, role: Role) -> tuple[AlarmRow, ...]:
    return bench.site.client(role).ask("alarms", Alarms).rows


def _search(bench: Bench, text: str) -> tuple[AlarmRow, ...]:
    return bench.site.client(Role.MES).ask("alarm-search", Alarms, f"text={text}").rows


def _samples(text: str) -> Iterator[tuple[str, float]]:
    holds(text.endswith("\n"), "the last line has no end")
    for line in text.splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            yield name, float(value)
