"""How long many holds take to the other system: decided by people, entered as both journals say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle, islice

from pytest_bdd import given, parsers, then, when

from contracts.model.inspection import Journal
from contracts.model.instants import read_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from contracts.model.stimulus import Container, Load, Lot
from contracts.record.canonical import canonical_bytes
from features.bench import ITEM, STORAGE, Bench
from features.claims import equal, holds
from features.steps.lot_status import decision_about
from features.steps.material import add_base
from features.steps.warehouse_holds import hold_of
from features.steps.words import amount_of
from simulator.invariants.hold_times import Travel, judge_travels
from simulator.invariants.violation import Judgement
from simulator.kpis import read_journals
from simulator.kpis.exchange import hold_times

_EACH_SECOND = 10
_WAIT_MAX = timedelta(minutes=10)
_ROUND = timedelta(seconds=1)


@dataclass
class ManyHolds:
    """The lots that are there to be held, and how long each hold took."""

    lots: list[str] = field(default_factory=list)
    times: list[timedelta] = field(default_factory=list)


@given(parsers.re(r"(?P<count>[0-9]+) lots of lactose, released"))
def many_lots(bench: Bench, count: str) -> None:
    """Loaded at once, each with a container of its own."""
    add_base(bench)
    names, many = bench.namespace, bench.part(ManyHolds)
    lots, containers = [], []
    for number in range(int(count)):
        name = bench.new_name(f"MANY-{number}")
        lots.append(Lot.model_validate({
            "lot_id": names.id(name), "material_id": names.id(ITEM),
            "lot": names.lot_number(name), "expires_on": date(2026, 12, 31),
            "status": LotStatus.RELEASED,
        }))
        containers.append(Container.model_validate({
            "sscc": names.sscc(f"C-{name}"), "lot_id": names.id(name),
            "location_id": names.id(STORAGE), "quantity": amount_of("1.000"),
        }))
    bench.site.load(Load(lots=tuple(lots), containers=tuple(containers)))
    many.lots = [lot.lot_id for lot in lots]
    bench.recorder.observe(f"{count} lots are loaded")


@when("quality blocks every other of them and the supervisor holds the rest, ten each second")
def many_are_held(bench: Bench) -> None:
    """Both systems work once a second, as a runner lets them, until nothing is on its way."""
    many = bench.part(ManyHolds)
    bench.picture()
    for begin in range(0, len(many.lots), _EACH_SECOND):
        for lot_id, who in zip(
            many.lots[begin:begin + _EACH_SECOND], cycle(("quality", "the supervisor")),
            strict=False,
        ):
            _hold(bench, lot_id, who)
        bench.site.set_clock(bench.now + _ROUND)
        bench.deliver()
    last = bench.now + _WAIT_MAX
    while not bench.site.is_quiet() and bench.now < last:
        due = bench.site.settle(bench.now).due_at
        bench.site.set_clock(max(due, bench.now + _ROUND) if due else last)
    many.times = _times(bench)


@then(parsers.re(
    r"the (?P<percent>[0-9]+)th percentile of the (?P<count>[0-9]+) times from decision to entry "
    r"is within (?P<seconds>[0-9]+) seconds"
))
def percentile_within(bench: Bench, percent: str, count: str, seconds: str) -> None:
    """By nearest rank, over the holds of both systems together."""
    times = bench.part(ManyHolds).times
    equal(percent, "99", "percentile")
    equal(len(times), int(count), "holds that the other system has entered")
    judgement = _judged(times, int(seconds))
    bench.recorder.observe(judgement.seen)
    holds(not judgement.violations, judgement.seen)


@then(parsers.re(
    r"the same (?P<count>[0-9]+) times, made slow in a copy, are judged against 5 seconds"
))
def slow_copies(bench: Bench, count: str, datatable: list[list[str]]) -> None:
    """The judge is judged: on times that are those of a system known to be slow."""
    measured = bench.part(ManyHolds).times
    for slow, seconds, verdict in datatable[1:]:
        times = list(islice(cycle(measured), int(count)))
        for place in range(int(slow)):
            times[place] += timedelta(seconds=float(seconds))
        judgement = _judged(times, 5)
        bench.recorder.observe(f"{slow} of {count} slower by {seconds} s: {judgement.seen}")
        said = "reported" if judgement.violations else "not reported"
        equal(said, verdict, f"{slow} of {count} slower by {seconds} s")


def _hold(bench: Bench, lot_id: str, who: str) -> None:
    if who == "quality":
        body = decision_about(bench, lot_id, LotStatus.BLOCKED, None)
        bench.prepare(who, "change-lot-status", body)
        return
    bench.prepare(who, "hold-lot", hold_of(bench, lot_id, LotStatus.BLOCKED))


def _times(bench: Bench) -> list[timedelta]:
    exports = [export for role in Role for export in _exports(bench, role)]
    return [took for _, took in hold_times(read_journals(exports))]


def _exports(bench: Bench, role: Role) -> Iterator[tuple[str, bytes]]:
    """What a journal holds since the picture, page by page."""
    assert bench.before is not None
    after = bench.before.journal_end[role]
    while True:
        shown = bench.site.client(role).ask("journal", Journal, f"after={after}")
        if not shown.rows:
            return
        yield f"{role}-{after}.json", canonical_bytes(shown.to_json())
        after = shown.rows[-1].position


def _judged(times: list[timedelta], limit_s: int) -> Judgement:
    start = read_timestamp("2026-03-30T09:00:00+02:00")
    travels = [Travel(f"hold {n}", Role.WMS, start, start + took) for n, took in enumerate(times)]
    return judge_travels(travels, timedelta(seconds=limit_s))
