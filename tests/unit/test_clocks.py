"""The machine's clock: measured against an NTP server that lies, and watched for being set."""

import asyncio
import time
from dataclasses import replace

import pytest
from sqlalchemy import select

from contracts.model.operations import OPERATIONS
from contracts.model.roles import Role
from contracts.model.rules import BY_ID
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.records.conditions import standing
from reference_impl.store.database import Statement
from reference_impl.store.tables import alarms, audit
from reference_impl.watching import clock, ntp
from reference_impl.watching.clock import last_reading
from reference_impl.watching.machine import MachineClock
from tests.time_server import LyingServer

ALARMS = Statement(select(alarms).order_by(alarms.c.alarm_id))
CLOCK_ENTRIES = Statement(select(audit).where(audit.c.record_type == "clock"))


@pytest.fixture
def server():
    made = LyingServer()
    yield made
    made.close()


@pytest.fixture
def system(server, tmp_path):
    settings = settings_for(Role.MES, make_identities(), tmp_path)
    made = build(replace(settings, time_server=server.address), lambda url: None)
    yield made
    made.close()


@pytest.mark.parametrize("behind", [0.0, 0.4, 1.5, -1.5, 3600.0, -3600.0])
def test_the_offset_is_how_far_our_clock_is_ahead(server, behind):
    server.behind = behind
    assert ntp.offset_ms(server.address, time.time) == pytest.approx(behind * 1000, abs=50)


def test_time_goes_on_after_the_counter_of_ntp_begins_anew(server):
    in_2040 = 2_208_988_800 - time.time()
    server.behind = -in_2040
    assert ntp.offset_ms(server.address, lambda: time.time() + in_2040) == pytest.approx(0, abs=50)


@pytest.mark.parametrize(
    ("garble", "words"),
    [
        (lambda a: a[:40], "40 bytes"),
        (lambda a: a[:24] + bytes(8) + a[32:], "another question"),
        (lambda a: bytes([0b11_100_100]) + a[1:], "not in step"),
        (lambda a: bytes([0b00_100_011]) + a[1:], "not in step"),
        (lambda a: a[:1] + b"\x00" + a[2:], "stratum 0"),
        (lambda a: a[:40] + bytes(8), "no time"),
        (lambda a: None, "did not answer"),
    ],
)
def test_what_is_no_answer_gives_no_offset(server, garble, words):
    server.garble = garble
    with pytest.raises(ntp.NoTime, match=words):
        ntp.offset_ms(server.address, time.time, timeout_s=0.2)


def conditions_of(system):
    with system.database.reading() as connection:
        return [row["name"] for row in standing(connection)]


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        (0.5, []), (1.5, ["CLOCK_DRIFT"]), (-1.5, ["CLOCK_DRIFT"]),
        (5.5, ["CLOCK_DRIFT", "CLOCK_STOPPED"]), (-5.5, ["CLOCK_DRIFT", "CLOCK_STOPPED"]),
    ],
)
def test_a_measurement_raises_what_follows_from_it(system, server, behind, expected):
    server.behind = behind
    asyncio.run(MachineClock(system).look())
    assert conditions_of(system) == expected
    with system.database.reading() as connection:
        assert last_reading(connection).offset_ms == pytest.approx(behind * 1000, abs=100)


def test_it_is_measured_every_minute_and_no_more_often(system, server):
    steady = [0.0]
    machine = MachineClock(system, lambda: steady[0])
    for at in (0.0, 30.0, 59.9, 60.0, 61.0, 120.1):
        steady[0] = at
        asyncio.run(machine.look())
    assert server.asked == 3


def test_a_server_that_is_silent_is_told_after_three_times(system, server, monkeypatch):
    server.garble = lambda answer: None
    monkeypatch.setattr(ntp, "offset_ms", lambda *_: (_ for _ in ()).throw(ntp.NoTime("silent")))
    steady = [0.0]
    machine = MachineClock(system, lambda: steady[0])
    found = []
    for n in range(3):
        steady[0] = n * 60.0
        asyncio.run(machine.look())
        found.append(conditions_of(system))
    assert found == [[], [], ["CLOCK_UNMEASURED"]]


@pytest.mark.parametrize("step_s", [-3600.0, 3600.0, -1.0])
def test_a_clock_that_is_set_is_entered_once(system, step_s):
    wall, steady = [1_800_000_000.0], [50.0]
    system.wall = lambda: wall[0]
    machine = MachineClock(system, lambda: steady[0])
    for step in (0.0, 0.0, step_s, 0.0):
        wall[0] += 0.25 + step
        steady[0] += 0.25
        machine.enter_step()
    with system.database.reading() as connection:
        (entry,) = connection.rows(CLOCK_ENTRIES)
    assert entry["old_value"].startswith("2027-01-15T09:00:00.75")
    assert entry["new_value"] != entry["old_value"]


def test_a_clock_that_is_led_back_slowly_is_not_set(system):
    wall, steady = [1_800_000_000.0], [50.0]
    system.wall = lambda: wall[0]
    machine = MachineClock(system, lambda: steady[0])
    for _ in range(20):
        wall[0] += 0.25 * 0.9995
        steady[0] += 0.25
        machine.enter_step()
    with system.database.reading() as connection:
        assert connection.rows(CLOCK_ENTRIES) == []


def test_every_signed_operation_waits_for_the_clock():
    guarded = set(BY_ID["FRS-TIM-004"].guards)
    assert guarded >= clock._BY_THE_CLOCK
    assert {"mes/change-lot-status", "mes/record-assay", "wms/approve-adjustment"} <= guarded
    assert "mes/start-order" not in guarded
    assert guarded <= OPERATIONS.keys()
