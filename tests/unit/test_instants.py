from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model.instants import (
    from_microseconds,
    later,
    microseconds,
    read_timestamp,
    start_of_day,
    write_timestamp,
)

ZURICH = ZoneInfo("Europe/Zurich")


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2199, 12, 31)))
def test_microseconds_come_back_exactly(naive):
    at = naive.replace(tzinfo=UTC)
    assert from_microseconds(microseconds(at)) == at
    assert read_timestamp(write_timestamp(at)) == at


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-31T10:00:00",
        "2026-03-31 10:00:00Z",
        "2026-03-31T10:00Z",
        "2026-03-31T10:00:00+0200",
        "20260331T100000Z",
        "2026-03-31T10:00:00.1234567Z",
        "2026-02-30T10:00:00Z",
        "2026-W14-2",
        "2026-03-31T24:00:00Z",
        "٢026-03-31T10:00:00Z",
        "2026-03-31T10:00:00Z\n",
    ],
)
def test_what_is_no_rfc_3339_time_with_offset(text):
    with pytest.raises(ValueError):
        read_timestamp(text)


def test_a_time_without_zone_has_no_place_in_a_record():
    with pytest.raises(ValueError, match="offset"):
        write_timestamp(datetime(2026, 3, 31))


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 3, 29), "2026-03-28T23:00:00Z"),
        (date(2026, 3, 30), "2026-03-29T22:00:00Z"),
        (date(2026, 10, 26), "2026-10-25T23:00:00Z"),
    ],
)
def test_a_day_begins_at_local_midnight_also_when_the_clock_changes(day, instant):
    assert start_of_day(day, ZURICH) == read_timestamp(instant)


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1)),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)),
)
def test_later_counts_elapsed_time_whatever_the_clocks_do(naive, by):
    at = naive.replace(tzinfo=UTC).astimezone(ZURICH)
    assert microseconds(later(at, by)) - microseconds(at) == by // timedelta(microseconds=1)
    assert later(at, by).tzinfo is ZURICH


def test_a_quarter_of_an_hour_inside_the_hour_that_comes_twice():
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC).astimezone(ZURICH)
    assert write_timestamp(later(second, timedelta(minutes=15))) == (
        "2026-10-25T02:45:00.000000+01:00"
    )
