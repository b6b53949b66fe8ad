"""Alarms of the systems about themselves: seeded causes, the log, the security contact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import AcknowledgeAlarm
from contracts.model.identifiers import Id
from contracts.model.inspection import AlarmRow, Alarms
from contracts.model.inspection_watching import Metrics, Watching
from contracts.model.instants import later
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from contracts.model.stimulus import (
    CertificateEnd,
    InstrumentsSet,
    Load,
    Lot,
    SetInstruments,
)
from features.bench import ITEM, PEOPLE, Bench
from features.claims import equal, holds, the_only
from features.steps.delivery import lead_to
from features.steps.lot_status import block, decision_about
from features.steps.material import add_base, add_lot
from simulator.stub import Stub

# What a system raises about itself.
_OWN = (
    "CLOCK_DRIFT", "CLOCK_STOPPED", "CERTIFICATE_ENDS", "QUEUE_OLD", "BACKLOG_LARGE",
    "LATENCY_HIGH", "RECONCILIATION_DIFFERENCE",
)
_COMMENT = "time server was restarted"
_SLOW = 20
_TURNS_MAX = 3
_CONDITION = re.compile(r'gxproof_condition\{name="(?P<name>[A-Z_]+)"\}')
_SYSTEMS = {"MES": Role.MES, "the warehouse": Role.WMS}


@dataclass
class SystemWatched:
    """How long the alarm logs were, and the alarm of the scenario."""

    before: dict[Role, int] = field(default_factory=dict)
    alarm: AlarmRow | None = None


# --- time and causes ----------------------------------------------------------------------------


@given("both alarm logs as they are")
def logs_as_they_are(bench: Bench) -> None:
    """Where both end."""
    _remember(bench)


@when("60 seconds pass with the instruments of both systems as they are")
def minute_passes(bench: Bench) -> None:
    """A minute of the site clock, with the background work that is due by then.

    What others delivered late before is looked at by both systems before that minute begins.
    """
    pass_seconds(bench, 31)
    _deliver_quickly(bench)
    _remember(bench)
    pass_seconds(bench, 60)


@when(parsers.re(r"60 seconds pass with this seeded in MES: (?P<cause>.+)"))
def minute_with_cause(bench: Bench, cause: str) -> None:
    """A cause, and a minute for its alarm to come."""
    _settle_instruments(bench, Role.MES)
    if "take 4 seconds" in cause:
        _deliver_quickly(bench)
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
    """Twenty holds are told to the warehouse four seconds after they were decided."""
    _hold_twenty(bench, "SLOW")
    pass_seconds(bench, 4)
    pass_seconds(bench, 56)


def _deliver_quickly(bench: Bench) -> None:
    """While others' latency is beyond its limit still: as many as end that, told at once."""
    for turn in range(_TURNS_MAX):
        if _conditions(bench).get("LATENCY_HIGH") is None:
            return
        _hold_twenty(bench, f"QUICK-{turn}")
        bench.deliver()
        pass_seconds(bench, 31)


def _hold_twenty(bench: Bench, stem: str) -> None:
    """Lots without stock, each of them held."""
    add_base(bench)
    names = bench.namespace
    lots = {name: Id(names.id(name)) for name in (f"{stem}-{n}" for n in range(_SLOW))}
    bench.site.load(Load(lots=tuple(
        Lot.model_validate({
            "lot_id": lot_id, "material_id": names.id(ITEM), "lot": names.lot_number(name),
            "status": LotStatus.RELEASED, "expires_on": bench.now.date() + timedelta(days=90),
        })
        for name, lot_id in lots.items()
    )))
    for lot_id in lots.values():
        body = decision_about(bench, lot_id, LotStatus.BLOCKED, None)
        bench.prepare("quality", "change-lot-status", body)


# --- the log ------------------------------------------------------------------------------------


@given("MES has raised an alarm about its clock")
def alarm_about_clock(bench: Bench) -> None:
    """A clock that is off, and right again after."""
    add_base(bench)
    _settle_instruments(bench, Role.MES)
    _remember(bench)
    seed(bench, Role.MES, clock_offset_ms=1500)
    pass_seconds(bench, 60)
    bench.part(SystemWatched).alarm = the_only(
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
        (row for row in alarm_rows(bench, Role.MES) if row.alarm_id == raised.alarm_id), "alarms"
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


@then(parsers.re(
    r"(?P<system>MES|the warehouse) has raised the alarm (?P<name>[A-Z_]+) about itself once"
))
def raised_once(bench: Bench, system: str, name: str) -> None:
    """One alarm of this name since the cause."""
    role = _SYSTEMS[system]
    found = [row for row in _new(bench, role) if row.name == name]
    bench.recorder.observe("; ".join(f"{row.alarm_id} at {row.at}: {row.detail}" for row in found))
    equal(len(found), 1, f"alarms {name}")
    bench.part(SystemWatched).alarm = found[0]


@then("after another 60 seconds it has raised no second one")
def no_second(bench: Bench) -> None:
    """The condition stands, and one alarm is enough."""
    name = _alarm(bench).name
    pass_seconds(bench, 60)
    equal([row.name for row in _new(bench, Role.MES) if row.name == name], [name], "alarms")


@then(parsers.re(r"the metrics of MES show the condition (?P<name>[A-Z_]+)"))
def metrics_show(bench: Bench, name: str) -> None:
    """In the text format of Prometheus: each line a comment, or a name, labels and a number."""
    conditions = _conditions(bench)
    bench.recorder.observe(", ".join(conditions))
    equal(conditions.get(name), 1.0, "the sample of the condition")


def _conditions(bench: Bench) -> dict[str, float]:
    """The conditions that stand in MES, by their names, with the sample of each."""
    text = bench.site.client(Role.MES).ask("metrics", Metrics).text
    found = ((_CONDITION.fullmatch(name), value) for name, value in _samples(text))
    return {match["name"]: value for match, value in found if match}


# --- inside -------------------------------------------------------------------------------------


def _acknowledgement(bench: Bench, comment: str) -> AcknowledgeAlarm:
    return AcknowledgeAlarm(
        acknowledgement_id=Id(bench.new_id("LOOKED")), alarm_id=_alarm(bench).alarm_id,
        comment=comment,
    )


def _alarm(bench: Bench) -> AlarmRow:
    alarm = bench.part(SystemWatched).alarm
    assert alarm is not None, "the scenario has no alarm"
    return alarm


def _remember(bench: Bench) -> None:
    """Where both logs end, the first time it is asked."""
    kept = bench.part(SystemWatched)
    for role in Role:
        kept.before.setdefault(role, len(alarm_rows(bench, role)))


def _new(bench: Bench, role: Role) -> tuple[AlarmRow, ...]:
    return alarm_rows(bench, role)[bench.part(SystemWatched).before[role]:]


def alarm_rows(bench: Bench, role: Role) -> tuple[AlarmRow, ...]:
    """The alarm log of a system."""
    return bench.site.client(role).ask("alarms", Alarms).rows


def _search(bench: Bench, text: str) -> tuple[AlarmRow, ...]:
    return bench.site.client(Role.MES).ask("alarm-search", Alarms, f"text={text}").rows


def _samples(text: str) -> Iterator[tuple[str, float]]:
    holds(text.endswith("\n"), "the last line has no end")
    for line in text.splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            yield name, float(value)
