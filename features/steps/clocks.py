"""Clocks that are wrong, and clocks that are set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import Acknowledgement
from contracts.model.inspection import Audit, AuditAction, AuditRow
from contracts.model.inspection_watching import Watching
from contracts.model.instants import later, microseconds, read_timestamp
from contracts.model.roles import Role
from contracts.model.stimulus import InstrumentsSet, SetInstruments
from features.bench import Bench
from features.claims import equal, holds, the_only
from features.steps.holds import two_release
from features.steps.lot_status import block
from features.steps.messages import pick_request
from features.steps.watching import pass_seconds, seed
from features.steps.words import AMOUNT

_CLOCK = r"(?P<offset>[0-9]+) ms (?P<side>ahead|behind)"
_SYSTEMS = {"MES": Role.MES, "the warehouse": Role.WMS}


@dataclass
class Entered:
    """The entries of MES since the scenario began, and what its clock was set from and to."""

    after: int = 0
    before: datetime | None = None
    entries: tuple[AuditRow, ...] = field(default_factory=tuple)


# --- off ----------------------------------------------------------------------------------------


@given(parsers.re(rf"the clock of (?P<system>MES|the warehouse) is found {_CLOCK}"))
def clock_is_found(bench: Bench, system: str, offset: str, side: str) -> None:
    """The next measurement says so."""
    seed(bench, _SYSTEMS[system], clock_offset_ms=_signed_ms(offset, side))
    pass_seconds(bench, 60)


@then(parsers.re(rf"MES shows the offset {_CLOCK}, measured less than 60 seconds ago"))
def offset_is_shown(bench: Bench, offset: str, side: str) -> None:
    """It was measured, and is measured again while the clock goes on."""
    for _ in range(2):
        shown = bench.site.client(Role.MES).ask("watching", Watching).clock
        assert shown is not None, "nothing was measured"
        bench.recorder.observe(f"{shown.offset_ms} ms at {shown.measured_at}")
        equal(shown.offset_ms, _signed_ms(offset, side), "the offset")
        age = bench.now - shown.measured_at
        holds(timedelta(0) <= age <= timedelta(seconds=60), f"it was measured {age} ago")
        pass_seconds(bench, 60)


@then("quality can still block lot A, and release it when the clock is right again")
def block_and_release(bench: Bench) -> None:
    """What makes safer needs no clock; what was refused waits for it."""
    block(bench, "A", "damaged seal found")
    equal(bench.last.answer.refusal, None, "the hold")
    client = bench.site.client(Role.MES)
    client.call("stimulus/instruments", SetInstruments(clock_offset_ms=0)).as_(InstrumentsSet)
    pass_seconds(bench, 60)
    two_release(bench, "A")
    equal(bench.last.answer.refusal, None, "the release by two persons")


@when(parsers.re(rf"the MES counterpart sends a pick request for {AMOUNT}"))
def counterpart_requests(bench: Bench, amount: str) -> None:
    """A good request."""
    attempt = bench.send(Role.WMS, pick_request(bench, amount), "")
    bench.recorder.observe(f"{amount}: {attempt.answer}")


@then("the same request is posted when the clock of the warehouse is right again")
def posted_in_time(bench: Bench) -> None:
    """The refusal was not for good: the same bytes under the same key."""
    client = bench.site.client(Role.WMS)
    client.call("stimulus/instruments", SetInstruments(clock_offset_ms=0)).as_(InstrumentsSet)
    pass_seconds(bench, 60)
    answer = bench.repeat(bench.last)
    bench.recorder.observe(str(answer))
    answer.as_(Acknowledgement)


# --- set ----------------------------------------------------------------------------------------


@when(parsers.re(
    r"quality blocks lot A, then the clock of MES is set (?P<seconds>[0-9]+) seconds "
    r"(?P<way>on|back), then quality blocks lot B"
))
def blocks_around_a_step(bench: Bench, seconds: str, way: str) -> None:
    """One record before the clock is set, one after."""
    kept = bench.part(Entered)
    client = bench.site.client(Role.MES)
    kept.after = client.ask("audit", Audit, "after=999999999").last_sequence
    block(bench, "A", "damaged seal found")
    kept.before = bench.now
    step = timedelta(seconds=int(seconds))
    then_reads = later(bench.now, step if way == "on" else -step)
    bench.site.set_clock(then_reads)
    block(bench, "B", "damaged seal found")
    kept.entries = client.ask("audit", Audit, f"after={kept.after}").rows
    bench.recorder.observe(f"{len(kept.entries)} entries from {kept.before} to {then_reads}")


@then("by their numbers the entries about lot A stand before those about lot B")
def order_by_number(bench: Bench) -> None:
    """The numbers have no gap, and say what came first."""
    entries = bench.part(Entered).entries
    numbers = [entry.sequence for entry in entries]
    first = bench.part(Entered).after + 1
    equal(numbers, list(range(first, first + len(numbers))), "numbers of the entries")
    about_a, about_b = (_about(bench, letter) for letter in "AB")
    holds(bool(about_a) and bool(about_b), "a hold has left no entry")
    bench.recorder.observe(
        f"A: {about_a[0].sequence} to {about_a[-1].sequence}, from {about_b[0].sequence}: B"
    )
    holds(about_a[-1].sequence < about_b[0].sequence, "lot B stands before lot A")


@then("their local times are the same, their offsets are not")
def same_local_time(bench: Bench) -> None:
    """02:30 comes twice; the instants are an hour apart."""
    at = [_about(bench, letter)[0].at for letter in "AB"]
    bench.recorder.observe(f"{at[0]} and {at[1]}")
    equal(at[0].replace(tzinfo=None), at[1].replace(tzinfo=None), "the time on the wall")
    apart = microseconds(at[1]) - microseconds(at[0])
    equal(apart, 3600 * 1_000_000, "microseconds between them")


@then("no entry says that the clock was set")
def no_entry_of_clock(bench: Bench) -> None:
    """The zone changed its offset, the clock was not touched."""
    found = [entry for entry in bench.part(Entered).entries if entry.record_type == "clock"]
    equal(found, [], "entries about the clock")


@then("between them an entry says what the clock read before and after")
def entry_of_clock(bench: Bench) -> None:
    """One change of the clock, with both times, between the two records."""
    entry = the_only(
        (e for e in bench.part(Entered).entries if e.record_type == "clock"), "entries of a clock"
    )
    bench.recorder.observe(f"{entry.sequence}: {entry.old_value} → {entry.new_value}")
    assert entry.old_value is not None
    assert entry.new_value is not None
    equal(entry.action, AuditAction.CHANGE, "the entry")
    before, after = read_timestamp(entry.old_value), read_timestamp(entry.new_value)
    equal(before, bench.part(Entered).before, "the clock read before")
    equal(before - after, timedelta(hours=1), "it was set back by")
    about_a, about_b = (_about(bench, letter) for letter in "AB")
    holds(
        about_a[-1].sequence < entry.sequence < about_b[0].sequence,
        f"entry {entry.sequence} does not stand between the holds",
    )


@then("the entries about lot B carry an earlier time than those about lot A")
def times_go_back(bench: Bench) -> None:
    """So that the order by time would have been the wrong one."""
    about_a, about_b = (_about(bench, letter) for letter in "AB")
    holds(about_b[0].at < about_a[0].at, "the clock was not set back")


def _signed_ms(offset: str, side: str) -> int:
    return int(offset) * (1 if side == "ahead" else -1)


def _about(bench: Bench, letter: str) -> list[AuditRow]:
    lot_id = bench.lots[letter].lot_id
    entries = bench.part(Entered).entries
    return [e for e in entries if e.record_type == "lots" and lot_id in e.record_id]
