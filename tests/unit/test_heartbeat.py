"""Heartbeats: one at a time, every five minutes, and stock set aside by fresh news alone."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from contracts.model.instants import microseconds
from contracts.model.messages.delivery import LinkHeartbeat
from contracts.model.roles import Role
from contracts.model.verdicts import Outcome
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.link import heartbeat, outbox
from reference_impl.records.work import Cause
from reference_impl.store.database import Statement
from reference_impl.store.tables import links

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


def test_a_heartbeat_that_became_a_dead_letter_holds_up_no_other(system):
    broken = outbox.Sent(Outcome.UNKNOWN, 500, b"", "it broke", counts_as_failure=True)
    with work_on(system) as work:
        heartbeat.send_heartbeat(work)
        (first,) = waiting(work)
        for _ in range(work.settings.failures_max):
            outbox.settle(work, first, broken)
        assert waiting(work) == []
        work.now += timedelta(minutes=5)
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


def test_who_was_heard_before_the_clock_went_back_hides_nobody_who_was_heard_since(system):
    with work_on(system) as work:
        heartbeat.heard(work.connection, "urn:gxproof:other", work.now + timedelta(days=60))
        assert not heartbeat.is_fresh(work)
        heartbeat.heard(work.connection, PARTNER, work.now)
        assert heartbeat.is_fresh(work)


def told(system, sequence, position, record_hash="a" * 64):
    """A heartbeat of MES comes."""
    fact = LinkHeartbeat.model_construct(
        journal_position=position, record_hash=record_hash, clock=datetime(2026, 3, 30, tzinfo=UTC)
    )
    envelope = SimpleNamespace(source=PARTNER, sequence=f"{sequence:012}", data=fact)
    with work_on(system) as work:
        assert heartbeat.link_heartbeat(work, envelope) is None


def known(system):
    with work_on(system) as work:
        row = work.connection.row(Statement(select(links)))
        return row["position"], row["record_hash"], row["farthest"]


def test_the_journal_of_a_restored_partner_is_shorter_than_it_was(system):
    told(system, 7, 100)
    told(system, 8, 60, "b" * 64)
    assert known(system) == (60, "b" * 64, 60)


def test_a_heartbeat_that_was_overtaken_tells_nothing(system):
    told(system, 8, 60, "b" * 64)
    told(system, 7, 100)
    assert known(system) == (60, "b" * 64, 60)


def test_a_partner_that_asks_what_it_lost_ends_where_it_says(system):
    told(system, 7, 100)
    with work_on(system) as work:
        heartbeat.ends_at(work.connection, PARTNER, 60, "b" * 64)
    assert known(system) == (60, "b" * 64, 100)
