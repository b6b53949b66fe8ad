"""Points in time: always aware, read and written as RFC 3339 with an explicit offset.

``datetime.fromisoformat`` accepts far more than RFC 3339, so the shape is checked first. Years are
1970 to 2199: every such instant can be shown in every zone, and offsets there have full minutes.
Source: RFC 3339 5.6; URS-TIM-001 (instant in UTC plus the originating offset).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

YEAR = r"(19[7-9][0-9]|2[01][0-9]{2})"
TIMESTAMP_PATTERN = (
    rf"^{YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
DATE_PATTERN = rf"^{YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"

_TIMESTAMP = re.compile(TIMESTAMP_PATTERN)
_DATE = re.compile(DATE_PATTERN)


def read_timestamp(text: str) -> datetime:
    """Read RFC 3339 with offset, at most six fractional digits.

    Raises: ValueError when the shape or the calendar day is wrong.
    """
    if not _TIMESTAMP.fullmatch(text):
        raise ValueError("expected an RFC 3339 time with offset, at most six fractional digits")
    return datetime.fromisoformat(text)


def write_timestamp(at: datetime) -> str:
    """RFC 3339 with the offset that ``at`` carries, microseconds always shown.

    Raises: ValueError for a time without a zone.
    """
    lately, text = _LATELY_WRITTEN[0]
    if at is lately:
        return text
    if at.tzinfo is None:
        raise ValueError("a time without an offset has no place in a record")
    text = at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    _LATELY_WRITTEN[0] = at, text
    return text


# The instant that was written last, the very object: equal instants may have other offsets.
_LATELY_WRITTEN: list[tuple[datetime | None, str]] = [(None, "")]


_D = TypeVar("_D", bound=date)


def _of_our_years(value: _D) -> _D:
    if not 1970 <= value.year <= 2199:
        raise ValueError("expected a year from 1970 to 2199")
    return value


def _timestamp(value: Any) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return _of_our_years(value)
    if isinstance(value, str):
        return read_timestamp(value)
    raise ValueError("expected an RFC 3339 time with offset")


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return _of_our_years(value)
    if isinstance(value, str) and _DATE.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError("expected a calendar day as YYYY-MM-DD")


Timestamp = Annotated[
    datetime,
    BeforeValidator(_timestamp),
    PlainSerializer(write_timestamp, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": TIMESTAMP_PATTERN}),
]

Day = Annotated[
    date,
    BeforeValidator(_day),
    PlainSerializer(lambda d: d.isoformat(), return_type=str),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DATE_PATTERN}),
]


_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z, exact. Raises: TypeError for a naive time."""
    return (at - _EPOCH) // _MICROSECOND


def from_microseconds(value: int, zone: ZoneInfo | None = None) -> datetime:
    """The instant ``value`` microseconds after 1970-01-01T00:00Z, shown in ``zone`` (or UTC)."""
    at = _EPOCH + timedelta(microseconds=value)
    return at.astimezone(zone) if zone else at


def later(at: datetime, by: timedelta) -> datetime:
    """The instant ``by`` after ``at`` in elapsed time, also in the night in which clocks change.

    Adding to a local time adds on the wall: an hour that comes twice would be lost.
    """
    return (at.astimezone(UTC) + by).astimezone(at.tzinfo)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Midnight at which ``day`` begins in ``zone``."""
    return datetime.combine(day, time.min, tzinfo=zone)
