"""Numbers on labels, in records and in messages after a restore: none comes a second time."""

import pytest

from contracts.model.roles import Role
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.link.recovering import LABELLED_AHEAD, begin, end_restore
from reference_impl.records.counting import next_lasting_number, next_number
from reference_impl.records.work import Cause


@pytest.fixture
def work(tmp_path):
    made = build(settings_for(Role.MES, make_identities(), tmp_path), lambda url: None)
    with made.work(made.itself(), Cause("a test", "T-1")) as open_work:
        yield open_work
    made.close()


def restored(work):
    begin(work, "2026-03-30T09:00:00+02:00")
    end_restore(work)


def test_without_a_restore_series_begin_at_one(work):
    assert [next_lasting_number(work.connection, "sscc 0952") for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("name", ["sscc 0952", "lot codes of 26", "scans", "expiry", "retest"])
def test_a_series_goes_on_ahead_whether_the_backup_knew_it_or_not(work, name):
    known = [next_lasting_number(work.connection, name) for _ in range(3)]
    restored(work)
    assert next_lasting_number(work.connection, name) == LABELLED_AHEAD + known[-1] + 1
    new = [next_lasting_number(work.connection, "sscc 0953") for _ in range(2)]
    assert new == [LABELLED_AHEAD + 1, LABELLED_AHEAD + 2]


def test_after_each_further_restore_a_new_series_begins_further_on(work):
    restored(work)
    lost = [next_lasting_number(work.connection, "sscc 0952") for _ in range(2)]
    restored(work)
    later = [next_lasting_number(work.connection, f"sscc 095{n}") for n in (2, 3)]
    assert later == [LABELLED_AHEAD + lost[-1] + 1, 2 * LABELLED_AHEAD + 1]


def test_numbers_of_messages_stay_without_a_gap(work):
    before = next_number(work.connection, "messages")
    restored(work)
    assert next_number(work.connection, "messages") == before + 1
