"""Zones and conduits on real network namespaces: what is declared, what is open, what differs."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.wire.system import Conduit, Zone
from features.port_scan import differences, open_ways
from gxproof.database_zone import Whereabouts
from gxproof.over_https import HttpsPair
from gxproof.pair import PairDied, Serving, serving_pair
from gxproof.planning import make_plan, offers_of
from gxproof.target import TargetError, read_target
from gxproof.zoned import (
    CONDUITS,
    PORTS,
    TO_DATABASE,
    CannotMakeZones,
    Layout,
    stand_up,
    why_no_zones,
)
from simulator.plant import EXAMPLE, read_plant
from tests.ports.test_doors import states_of

REQUIREMENT = "URS-SEC-005"


@pytest.fixture(scope="module")
def zones_can_be_made():
    reason = why_no_zones()
    if reason:
        pytest.skip(f"no zones: {reason}")


@contextmanager
def served(folder, conduits=None, database=""):
    """A pair in zones; few ports of each are tried, so that it takes seconds."""
    serving = Serving(zones=True, conduits=conduits, database=database)
    with serving_pair(folder / "served.toml", serving) as pair:
        text = pair.target.replace("address = \"198.18", "ports = [8400, 8500]\naddress = \"198.18")
        # The harness listens at such an address too, and takes no ports.
        text = text.replace("[relay]\nports = [8400, 8500]\n", "[relay]\n")
        head, named, database_zone = text.partition('name = "database"')
        text = head + named + database_zone.replace("[8400, 8500]", "[5400, 5500]", 1)
        path = folder / "target.toml"
        path.write_text(text)
        yield pair, path


def ways_of(path):
    pair = HttpsPair(read_target(path))
    try:
        return pair.network.conduits, open_ways(pair.network.zones)
    finally:
        pair.close()


def test_open_is_what_is_declared_and_the_scenarios_say_so(zones_can_be_made, tmp_path):
    with served(tmp_path) as (_, path):
        states = states_of(path, REQUIREMENT)
    assert len(states) == 3
    assert {name: s for name, s in states.items() if s[0] != State.PASSED} == {}


def test_an_undeclared_open_port_and_a_declared_closed_one_are_named(zones_can_be_made, tmp_path):
    closed = Conduit("office", "wms", PORTS[Role.WMS])
    opened = Conduit("office", "mes", 8450)
    with served(tmp_path, (*(set(CONDUITS) - {closed}), opened)) as (pair, path):
        name = pair.zone_command("mes")
        with subprocess.Popen(
            [*name, "python3", "-m", "http.server", "8450"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as server:
            try:
                subprocess.run([*name, "sh", "-c", WAIT], check=True)
                declared, found = ways_of(path)
            finally:
                server.kill()
        failed = states_of(path, REQUIREMENT)
    assert differences(declared, found) == (
        "office → mes:8450/tcp is open and not declared",
        "office → wms:8444/tcp is declared and closed",
    )
    assert failed[f"{REQUIREMENT}.1"][0] == State.FAILED
    assert "office → wms:8444/tcp is declared and closed" in failed[f"{REQUIREMENT}.1"][1]


def test_a_database_server_is_reached_over_its_conduits_alone(
    zones_can_be_made, postgres, tmp_path
):
    with served(tmp_path, database=postgres.url) as (_, path):
        zones = read_target(path).zones
        found = open_ways([Zone(z.name, z.python, str(z.address or ""), z.ports) for z in zones])
        states = states_of(path, REQUIREMENT)
        engine = read_target(path).database
    assert engine == "PostgreSQL"
    assert {way for way in found if way.target == "database"} == set(TO_DATABASE)
    assert found == {*CONDUITS, *TO_DATABASE}
    assert len(states) == 3
    assert {name: s for name, s in states.items() if s[0] != State.PASSED} == {}


def test_without_its_conduit_a_system_reaches_no_database(zones_can_be_made, postgres, tmp_path):
    opened = (*CONDUITS, TO_DATABASE[0])
    with (
        pytest.raises(PairDied, match=r"^wms-.*(refused|Is the server running)"),
        served(tmp_path, opened, postgres.url),
    ):
        pass


def test_at_the_harness_the_port_of_the_database_server_is_shut_for_systems(
    zones_can_be_made, tmp_path
):
    layout = Layout(shut_at_harness=(18181,))
    lifeline, own_end = os.pipe()
    zoned, held = stand_up(tmp_path, lifeline, os.environ, layout)
    try:
        address = zoned.address("harness")
        with (
            socket.create_server((address, 18181)), socket.create_server((address, 18182)),
        ):
            seen = open_ways([
                Zone("mes", (*zoned.command("mes"), sys.executable, "-")),
                Zone("harness", (sys.executable, "-"), address, (18180, 18190)),
            ])
    finally:
        os.close(own_end)
        held.wait(timeout=30)
        os.close(lifeline)
    assert seen == {Conduit("mes", "harness", 18182)}


def test_where_no_zones_can_be_made_no_schema_is_left(postgres, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("gxproof.pair.secrets.token_hex", lambda _: "5ec005")
    with (
        pytest.raises(CannotMakeZones),
        serving_pair(tmp_path / "target.toml", Serving(zones=True, database=postgres.url)),
    ):
        pass
    with psycopg.connect(postgres.url) as owner:
        left = owner.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%5ec005%'")
        assert left.fetchone() == (0,)


@pytest.mark.parametrize(("asked", "server", "seen"), [
    (Whereabouts("/run/pg", "", 5433), ["/run/pg/.s.PGSQL.5433"], {"host": "198.18.0.18"}),
    (Whereabouts("db.test", "10.0.0.7", 5433), ["10.0.0.7", 5433], {"host": "db.test"}),
    (Whereabouts("db.test", "", 5433), ["db.test", 5433], {"host": "db.test"}),
])
def test_a_server_is_found_at_its_zone_and_keeps_its_name(asked, server, seen):
    assert asked.server == server
    url = asked.seen_at("user=a password=b host=/run/pg port=5433 dbname=d", "198.18.0.18", 5432)
    assert conninfo_to_dict(url) == {
        "user": "a", "password": "b", "dbname": "d", "hostaddr": "198.18.0.18", "port": "5432",
        **seen,
    }


# Until the port listens: its number in hexadecimal, in the state LISTEN.
WAIT = "for i in $(seq 100); do grep -q ':2102 00000000:0000 0A' /proc/net/tcp && exit 0; sleep 0.1; done; exit 1"


def test_what_was_made_is_gone_afterwards(zones_can_be_made, tmp_path):
    with served(tmp_path):
        during = set(Path("/run/netns").iterdir())
    left = set(Path("/run/netns").iterdir())
    assert len(during - left) == 4


def test_where_no_zone_can_be_entered_nothing_is_passed(target_file, tmp_path):
    path = tmp_path / "target.toml"
    path.write_text(target_file.read_text() + """
[[zones]]
name = "harness"
python = ["/no/such/program"]
[[zones]]
name = "mes"
python = ["/no/such/program"]
address = "127.0.0.1"
[[conduits]]
source = "harness"
target = "mes"
port = 8443
""")
    states = states_of(path, REQUIREMENT)
    assert {state for state, _ in states.values()} == {State.NOT_TESTED}
    assert all("the zone" in reason for _, reason in states.values())


def test_a_target_without_zones_leaves_the_requirement_outside(target_file):
    pair = HttpsPair(read_target(target_file))
    try:
        offered = offers_of(pair.network)
    finally:
        pair.close()
    plan = make_plan("separate processes", read_plant(EXAMPLE), offered=offered)
    assert REQUIREMENT not in {r.id for r in plan.requirements}
    reasons = [o.reason for p in plan.protocols for o in p.outside if REQUIREMENT in o.subject]
    assert reasons == ["the target declares no zones and conduits"]


@pytest.mark.parametrize(("part", "said"), [
    ('[[conduits]]\nsource = "mes"\ntarget = "wms"\nport = 1\n', "mes, which is no zone"),
    ('[[zones]]\nname = "a"\npython = ["python3"]\n' * 2, "two zones have one name"),
    ('[[zones]]\nname = "a"\npython = ["python3"]\nports = [9, 1]\n', "the first and the last"),
    ('[[zones]]\nname = "a"\npython = []\n', "zones.0.python"),
    ('[[zones]]\nname = "a"\npython = ["python3"]\n'
     '[[conduits]]\nsource = "a"\ntarget = "a"\nport = 1\n', "a, which has no address"),
])
def test_a_declaration_that_makes_no_sense_is_refused(target_file, tmp_path, part, said):
    path = tmp_path / "target.toml"
    path.write_text(f"{target_file.read_text()}\n{part}")
    with pytest.raises(TargetError, match=said):
        read_target(path)


def test_a_machine_that_makes_no_zones_says_why_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(CannotMakeZones, match="ip and iptables are not installed"),
        serving_pair(tmp_path / "target.toml", Serving(zones=True)),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_answers_is_found_where_no_zone_has_to_be_made():
    here = (sys.executable, "-")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        zones = [
            Zone("a", here), Zone("b", here, "127.0.0.1", (max(1, port - 20), min(65535, port))),
        ]
        found = open_ways(zones)
    assert Conduit("a", "b", port) in found
    assert {way.source for way in found} == {"a"}
    assert differences(found, found) == ()
    assert open_ways([zones[0], Zone("b", here, "127.0.0.1", (port, port))]) == frozenset()


def test_both_directions_of_a_difference_are_named_in_order():
    declared, found = Conduit("b", "a", 1), Conduit("a", "b", 2)
    assert differences([declared], [found]) == (
        "a → b:2/tcp is open and not declared", "b → a:1/tcp is declared and closed",
    )
