"""A hold races with an issue, in every order of deliveries: each race has one recorded outcome.

Source: URS-STA-005. The thousand races take a minute; the usual run tries some of them.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from contracts.model.inspection import Lots
from contracts.model.inspection_dispensing import Weighings
from contracts.model.inspection_quality import Holds
from contracts.model.instants import read_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from features.bench import STAGING, Bench
from features.recording import ScenarioRecorder
from features.steps.dispensing import good_dispense, load_scale, scan_of_lot
from features.steps.lot_status import decision_about
from features.steps.material import add_base, add_lot, add_order
from features.steps.warehouse_holds import hold_of
from features.steps.words import amount_of
from gxproof.in_process import InProcessPair
from simulator.namespace import Namespace

HOLD, ISSUE, TELL_MES, TELL_WMS, TICK = "hold", "issue", "tell MES", "tell WMS", "tick"
LAST_DAY = date(2026, 12, 31)


@dataclass(frozen=True)
class Race:
    """What was done in which order, and what the dispenser was told."""

    number: int
    by_warehouse: bool
    steps: tuple[str, ...]
    lot_id: str
    was_refused: bool
    held_at: datetime
    tried_at: datetime

    @property
    def mes_knew(self) -> bool:
        """Whether MES had entered the hold before the issue was tried."""
        before = self.steps[: self.steps.index(ISSUE)]
        if not self.by_warehouse:
            return HOLD in before
        return HOLD in before and TELL_MES in before[before.index(HOLD):]


@pytest.fixture
def bench():
    pair = InProcessPair(seed=5)
    made = Bench(pair, Namespace("RACE"), ScenarioRecorder(lambda _: None))
    made.site.set_clock(read_timestamp("2026-03-30T09:00:00+02:00"))
    add_base(made)
    load_scale(made, LAST_DAY)
    yield made
    pair.close()


def run_race(bench: Bench, number: int, chance: random.Random) -> Race:
    between = chance.choices((TELL_MES, TELL_WMS, TICK), k=chance.randrange(6))
    steps = [HOLD, ISSUE, *between]
    chance.shuffle(steps)
    letter, by_warehouse = f"L{number}", chance.random() < 0.7
    lot_id = add_lot(bench, letter, "1.000", LotStatus.RELEASED, LAST_DAY, place=STAGING).lot_id
    refused, held_at, tried_at = False, bench.now, bench.now
    for step in steps:
        if step == TICK:
            bench.site.set_clock(bench.now + timedelta(microseconds=chance.randrange(1, 10**6)))
        elif step == TELL_MES:
            bench.site.run_due(Role.WMS, bench.now)
        elif step == TELL_WMS:
            bench.site.run_due(Role.MES, bench.now)
        elif step == HOLD:
            place(bench, lot_id, by_warehouse)
            held_at = bench.now
        else:
            body = good_dispense(bench, amount_of("0.100"), scan_of_lot(bench, letter))
            answer = bench.command_unseen("the dispenser", "dispense", body).answer
            refused, tried_at = answer.refusal is not None, bench.now
            if refused:
                assert answer.refusal.code == "LOT_NOT_RELEASED"
    bench.deliver()
    bench.site.set_clock(bench.now + timedelta(seconds=1))
    return Race(number, by_warehouse, tuple(steps), lot_id, refused, held_at, tried_at)


def place(bench: Bench, lot_id: str, by_warehouse: bool) -> None:
    if by_warehouse:
        bench.prepare("the supervisor", "hold-lot", hold_of(bench, lot_id, LotStatus.BLOCKED))
    else:
        body = decision_about(bench, lot_id, LotStatus.BLOCKED, None)
        bench.prepare("quality", "change-lot-status", body)


def check_races(bench: Bench, races: list[Race]) -> None:
    """In both systems each race is recorded as one of the two outcomes, and as the same one."""
    weighed = bench.site.client(Role.MES).ask("weighings", Weighings).rows
    issued = {row.lot_id: row for row in weighed}
    holds = {
        role: {row.lot_id: row for row in bench.site.client(role).ask("holds", Holds).rows}
        for role in Role
    }
    status = {
        role: {row.lot_id: row.status for row in bench.site.client(role).ask("lots", Lots).rows}
        for role in Role
    }
    for race in races:
        assert race.was_refused == race.mes_knew, race
        assert (race.lot_id in issued) is not race.was_refused, race
        assert {status[role][race.lot_id] for role in Role} == {LotStatus.BLOCKED}, race
        if not race.by_warehouse:
            continue
        mes, wms = (holds[role][race.lot_id] for role in Role)
        assert mes == wms, race
        assert mes.placed_at == race.held_at
        row = issued.get(race.lot_id)
        made_meanwhile = row is not None and race.tried_at > mes.placed_at
        assert mes.issued_before == ((row.dispense_id,) if made_meanwhile else ()), race


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.long)])
def test_each_race_ends_in_exactly_one_recorded_outcome(bench, count):
    chance, races = random.Random(f"races/{count}"), []
    for number in range(count):
        if number % 50 == 0:
            add_order(bench, "100.000")
        races.append(run_race(bench, number, chance))
    outcomes = {(race.by_warehouse, race.was_refused) for race in races}
    assert len(outcomes) == 4, "each kind of hold was early and late"
    check_races(bench, races)
