"""Plant days in which the systems are killed at every named place of their code, and judged.

The machines are forked from this process, which has everything loaded: the fork server.
"""

import os
import random
import re
from collections import Counter
from pathlib import Path

import pytest

import reference_impl
from contracts.model.roles import Role
from gxproof.defects import read_defects
from gxproof.implanting import Loaded
from gxproof.machines.pair import MachinePair
from gxproof.side_by_side import fork
from reference_impl.crash_points import POINTS
from simulator.campaign import run_shift
from simulator.crashes import CrashingPair, Strikes, cells_of
from simulator.namespace import Namespace
from simulator.plant import SHORT, read_plant
from tests.postgres_server import schemas

KILLS, KILLS_OF_EACH, DAYS_MAX = 1_000, 5, 60
# The limit of a site is for systems that live. Whoever dies while it sends has half a minute to wait
# before it may ask how that ended, and may die again.
HOLD_S = 300
HOLD_TIMES = "INV-HOLD-TIME"
# Only MES has requests of people that its partner answers at once.
NEVER_REACHED = {(Role.WMS, "command.before-conclusion")}


def a_plant():
    """The short day without faults of its own."""
    plant = read_plant(SHORT)
    site = plant.site.model_copy(update={"hold_s": HOLD_S})
    return plant.model_copy(update={"faults": (), "site": site})


def a_day(seed, strikes, urls=None, *, by_power=False):
    """One short day. Returns: the invariants that were violated, with the first violation."""
    machines = MachinePair(seed, urls, watched=by_power)
    try:
        machines.by_power = by_power
        if not strikes.cells:
            strikes.cells = cells_of(machines)
        pair = CrashingPair(machines, strikes)
        campaign = run_shift(a_plant(), pair, seed, Namespace(f"C{seed}"))
    finally:
        machines.close()
    assert campaign.healed
    # Each hold of a day may have met a receiver that was dead; such are set apart.
    unchecked = {i.id for i, judgement in campaign.judgements if not judgement.checked}
    assert unchecked <= {HOLD_TIMES}
    return {i.id: str(j.violations[0]) for i, j in campaign.judgements if j.violations}


def test_every_place_is_named_once_and_every_name_is_a_place():
    named = Counter(
        name for path in Path(reference_impl.__path__[0]).rglob("*.py")
        for name in re.findall(r'crash_point\("([^"]+)"\)', path.read_text())
    )
    assert named == Counter(list(POINTS))


def test_a_day_of_kills_loses_nothing_and_doubles_nothing():
    strikes = Strikes((), random.Random(7))
    assert a_day(7, strikes) == {}
    assert strikes.died.total() >= 30
    assert {role for role, _ in strikes.died} == set(Role)


@pytest.mark.long
def test_a_thousand_kills_at_all_places_lose_nothing_and_double_nothing():
    strikes = Strikes((), random.Random(1))
    for seed in range(1, DAYS_MAX + 1):
        assert a_day(seed, strikes) == {}, f"seed {seed}"
        least = min(strikes.died[cell] for cell in strikes.cells if cell not in NEVER_REACHED)
        if strikes.died.total() >= KILLS and least >= KILLS_OF_EACH:
            break
    print(f"{strikes.died.total()} kills in {seed} days: {dict(strikes.died)}")
    assert strikes.died.total() >= KILLS
    assert set(strikes.missed) == NEVER_REACHED
    assert least >= KILLS_OF_EACH


@pytest.mark.long
def test_two_hundred_kills_on_postgresql_lose_nothing_and_double_nothing(postgres):
    strikes = Strikes((), random.Random(4))
    for seed in range(1, DAYS_MAX + 1):
        with schemas(postgres.url) as made:
            urls = {role: each.url for role, each in made.items()}
            assert a_day(seed, strikes, urls) == {}, f"seed {seed}"
        if strikes.died.total() >= 200:
            break
    assert strikes.died.total() >= 200


@pytest.mark.long
def test_twenty_days_of_failing_power_lose_nothing_and_double_nothing():
    strikes = Strikes((), random.Random(2))
    for seed in range(1, 21):
        assert a_day(seed, strikes, by_power=True) == {}, f"seed {seed}"
    assert set(strikes.missed) == NEVER_REACHED


@pytest.mark.long
@pytest.mark.parametrize("twin", ["inbox-remembers-nothing", "inbox-in-second-transaction"])
def test_the_twins_that_are_known_to_be_bad_are_caught_by_the_same_campaign(twin, tmp_path):
    defect = next(d for d in read_defects() if d.id == twin)
    report = tmp_path / "found"

    def with_twin():
        Loaded().implant(defect)
        report.write_text("\n".join(_violations_of_a_day()))

    _, status = os.waitpid(fork(with_twin), 0)
    assert status == 0
    assert report.read_text(), "the campaign found nothing"


def _violations_of_a_day():
    """What a day of kills comes to where the systems may break: violations, or how it stopped."""
    from gxproof.machines.pair import MachinePair  # the one with the defect

    machines = MachinePair(3, watched=False)
    plant = a_plant()
    try:
        pair = CrashingPair(machines, Strikes(cells_of(machines), random.Random(3)))
        campaign = run_shift(plant, pair, 3, Namespace("T3"))
    except Exception as exc:
        return [f"stopped: {exc!r}"]
    finally:
        machines.close()
    found = [str(v) for _, j in campaign.judgements for v in j.violations]
    return found if campaign.healed else [*found, "it does not converge"]
