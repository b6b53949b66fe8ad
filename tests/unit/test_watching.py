"""What a system watches: the backlog, the log that nobody changes, the marks of a condition."""

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import select

from contracts.model.identifiers import Id
from contracts.model.instants import read_timestamp
from contracts.model.messages import MESSAGES
from contracts.model.messages.delivery import LinkHeartbeat
from contracts.model.roles import Role
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.link.outbox import About, put
from reference_impl.records.conditions import clear_condition, raise_condition, standing
from reference_impl.records.work import Cause
from reference_impl.store.database import Statement
from reference_impl.store.tables import alarms, partner_records
from reference_impl.store.watch_tables import APPEND_ONLY, alarm_acknowledgements
from reference_impl.watching.causes import look, oldest_pending_s

NOW = read_timestamp("2026-03-30T09:00:00+02:00")
NAMES = Statement(select(alarms.c.name))
DETAILS = Statement(select(alarms.c.detail).where(alarms.c.name == "RECONCILIATION_DIFFERENCE"))


@pytest.fixture
def system(tmp_path):
    made = build(settings_for(Role.MES, make_identities(), tmp_path), lambda url: None)
    with made.database.transaction() as connection:
        made.drive(connection, NOW)
    yield made
    made.close()


def work_on(system):
    return system.work(system.itself(), Cause("a test", "T-1"))


def names_of(work):
    return [row["name"] for row in work.connection.rows(NAMES)]


@pytest.mark.parametrize(("waiting", "expected"), [(500, []), (501, ["BACKLOG_LARGE"])])
def test_a_backlog_beyond_five_hundred_is_alarmed(system, waiting, expected):
    with work_on(system) as work:
        for n in range(waiting):
            beat = LinkHeartbeat(
                heartbeat_id=Id(f"HB-{n}"), journal_position=n, record_hash="0" * 64, clock=NOW,
                station=Id("link"),
            )
            put(work, MESSAGES["link-heartbeat"], beat, About(f"link/HB-{n}", f"HB-{n}"))
        look(work)
        assert names_of(work) == expected


def test_what_was_put_before_the_clock_went_back_hides_no_older_message(system):
    with work_on(system) as work:
        for n, at in enumerate((NOW + timedelta(days=1), NOW - timedelta(seconds=61))):
            work.now = at
            beat = LinkHeartbeat(
                heartbeat_id=Id(f"HB-{n}"), journal_position=n, record_hash="0" * 64, clock=at,
                station=Id("link"),
            )
            put(work, MESSAGES["link-heartbeat"], beat, About(f"link/HB-{n}", f"HB-{n}"))
        work.now = NOW
        assert oldest_pending_s(work) == 61


def test_each_record_that_differs_is_alarmed_once_whatever_differed_before(system):
    with work_on(system) as work:
        for record_id in ("A", "B"):
            work.create(
                partner_records, kind="MATERIAL", record_id=record_id, version=1, content="{}",
                content_sha256="0" * 64, differs="gtin",
            )
            for _ in range(2):
                work.now += timedelta(seconds=31)
                look(work)
        details = [row["detail"] for row in work.connection.rows(DETAILS)]
    assert [detail.partition(": ")[2] for detail in details] == ["MATERIAL A", "MATERIAL B"]


def test_a_condition_is_alarmed_once_until_it_is_over(system):
    with work_on(system) as work:
        for _ in range(3):
            raise_condition(work, "BREAKER_OPEN", "three calls have failed")
        assert names_of(work) == ["BREAKER_OPEN"]
        clear_condition(work, "BREAKER_OPEN")
        assert standing(work.connection) == []
        raise_condition(work, "BREAKER_OPEN", "three calls have failed")
        assert names_of(work) == ["BREAKER_OPEN", "BREAKER_OPEN"]


@pytest.mark.parametrize("verb", ["UPDATE {t} SET comment = 'x'", "DELETE FROM {t}"])
def test_an_acknowledgement_cannot_be_changed(system, verb):
    assert alarm_acknowledgements in APPEND_ONLY
    with work_on(system) as work:
        work.create(
            alarm_acknowledgements, alarm_id="ALARM-1", at="t", user="U", role="support",
            comment="was looked at",
        )
    with (
        pytest.raises(sqlite3.IntegrityError, match="append-only"), work_on(system) as work
    ):
        work.connection._raw.execute(verb.format(t="alarm_acknowledgements"))
