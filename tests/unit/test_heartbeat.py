"""Heartbeats: one at a time, every five minutes, and stock set aside by fresh news alone."""

from datetime import timedelta

import pytest

from contracts.model.instants import microseconds
from contracts.model.roles import Role
from contracts.model.verdicts import Outcome
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.link import heartbeat, outbox
from reference_impl.records.work import Cause

OK = outbox.Sent(Outcome.OK, 200, b"{}", "ok")
PARTNER = "urn:gxproof:mes"


@pytest.fixture
def system():
    made = build(settings_for(Role.WMS, make_identities(), None), lambda url: None)
    yield made
    made.close()


def work_on(system):
    return system.work(system.itself(), Cause("a test", "T-1"))


def waiting(work):
    return [row["message_id"] for row in outbox.pending(work.connection)]


def test_one_heartbeat_waits_at_a_time_however_long_the_link_is_down(system):
    with work_on(system) as work:
        for _ in range(50):
            heartbeat.send_heartbeat(work)
            work.now += timedelta(minutes=5)
        assert len(waiting(work)) == 1


def test_the_next_heartbeat_comes_five_minutes_after_the_last(system):
    with work_on(system) as work:
        heartbeat.send_heartbeat(work)
        outbox.settle(work, *waiting(work), OK)
        work.now += timedelta(minutes=5) - timedelta(microseconds=1)
        heartbeat.send_heartbeat(work)
        assert waiting(work) == []
        work.now += timedelta(microseconds=1)
        heartbeat.send_heartbeat(work)
        assert len(waiting(work)) == 1


def test_a_heartbeat_makes_no_work_due(system):
    with work_on(system) as work:
        assert heartbeat.send_heartbeat(work) == 0
        assert system.handlers.next_job(work.connection) is None


@pytest.mark.parametrize(
    ("age", "fresh"),
    [(timedelta(0), True), (timedelta(minutes=15), True),
     (timedelta(minutes=15, microseconds=1), False), (timedelta(microseconds=-1), False)],
)
def test_what_the_partner_told_is_fresh_for_fifteen_minutes(system, age, fresh):
    with work_on(system) as work:
        assert not heartbeat.is_fresh(work)
        heartbeat.heard(work.connection, PARTNER, work.now)
        assert microseconds(work.now) > 0
        work.now += age
        assert heartbeat.is_fresh(work) is fresh
