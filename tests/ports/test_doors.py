"""The doors of a pair that is served: what the requirements about them say, on real sockets."""

import json
import time

import pytest

from contracts.model.inspection import Alarms
from contracts.model.inspection_watching import Watching
from contracts.model.roles import Role
from contracts.model.verdicts import State
from gxproof import oq_work
from gxproof.defects import read_defects
from gxproof.over_https import HttpsPair
from gxproof.pair import Serving, serving_pair
from gxproof.planning import make_plan, offers_of
from gxproof.prove import challenge_jobs, challenge_of
from gxproof.target import read_target
from simulator.plant import EXAMPLE, read_plant
from tests.time_server import LyingServer

DOORS = ("URS-SEC-001", "URS-SEC-002")
ROTATION = "URS-SEC-003"


def states_of_each(target_file, requirements):
    """What came of the scenarios of each requirement: by their ids, state and reason."""
    aim = oq_work.Aim(str(target_file), 1, namespace="D")
    jobs = [oq_work.Job(oq_work.Kind.SCENARIOS, name) for name in requirements]
    return {
        job.name: {r["id"]: (r["state"], r.get("reason", "")) for r in found["results"]}
        for job, found in oq_work.work_done(aim, jobs)
    }


def states_of(target_file, requirement):
    return states_of_each(target_file, [requirement])[requirement]


@pytest.fixture(scope="module")
def doors(target_file):
    return states_of_each(target_file, DOORS)


@pytest.mark.parametrize("requirement", DOORS)
def test_who_has_no_certificate_of_the_site_stays_outside(doors, requirement):
    states = doors[requirement]
    assert states
    assert {name: s for name, s in states.items() if s[0] != State.PASSED} == {}


@pytest.mark.long
def test_certificates_and_keys_rotate_under_load(tmp_path):
    with serving_pair(tmp_path / "target.toml"):
        states = states_of(tmp_path / "target.toml", ROTATION)
    assert {name: s for name, s in states.items() if s[0] != State.PASSED} == {}


@pytest.mark.long
def test_each_defect_of_a_door_is_caught():
    bank = {d.id: d for d in read_defects() if d.requirement in (*DOORS, ROTATION)}
    aim = oq_work.Aim("reference-in-memory", 1, renewable=True)
    for job, found in oq_work.work_done(aim, challenge_jobs(bank.values())):
        challenge = challenge_of(bank[job.name], found)
        assert challenge.state is State.PASSED, f"{job.name}: {challenge}"
        assert challenge.caught_by_its_rule


def test_in_process_they_are_outside_with_the_reason():
    plan = make_plan("in process", read_plant(EXAMPLE))
    outside = {
        row.subject.partition(" ")[0]: row.reason
        for protocol in plan.protocols for row in protocol.outside
    }
    for requirement in (*DOORS, ROTATION):
        assert "nothing travels over a network" in outside[requirement]
        assert requirement not in {r.id for r in plan.requirements}


def test_over_a_network_they_are_in_the_plan(target_file):
    pair = HttpsPair(read_target(target_file))
    try:
        plan = make_plan(
            "separate processes", read_plant(EXAMPLE), offered=offers_of(pair.network)
        )
    finally:
        pair.close()
    assert {*DOORS, ROTATION} <= {r.id for r in plan.requirements}


@pytest.mark.long
def test_a_served_system_measures_its_clock_and_says_when_it_is_off(tmp_path):
    server = LyingServer()
    server.behind = 1.5
    try:
        with serving_pair(tmp_path / "target.toml", Serving(time_server=server.address)):
            pair = HttpsPair(read_target(tmp_path / "target.toml"))
            client = pair.client(Role.MES)
            deadline = time.monotonic() + 60
            names = []
            while "CLOCK_DRIFT" not in names and time.monotonic() < deadline:
                time.sleep(0.5)
                names = [row.name for row in client.ask("alarms", Alarms).rows]
            shown = client.ask("watching", Watching).clock
            pair.close()
    finally:
        server.close()
    assert names.count("CLOCK_DRIFT") == 1
    assert shown.offset_ms == pytest.approx(1500, abs=200), json.dumps(shown.to_json())
