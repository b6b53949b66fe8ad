"""Times in B2MML: ``xsd:dateTime`` as a receiver must be able to take it.

The schema allows a time without offset, any number of fractional digits and any year. Our contract
wants an offset, at most six digits and the years 1970 to 2199.
Source: XML Schema part 2, 3.2.7 (dateTime); RFC 3339 5.6; B2MML DateTimeType.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from contracts.formats.b2mml_rules import Rule, finding
from contracts.formats.b2mml_spots import Spot
from contracts.formats.findings import Finding

FRACTION_MAX = 6
YEAR_MIN, YEAR_MAX = 1970, 2199

# The elements of DateTimeType in the schemas, and those of V0401 that are gone.
_NAMES = re.compile(
    r"\w*(DateTime|Date|TimeStamp|Timestamp)|\w*(Start|End|Actual|Planned)[Tt]ime|Endtime"
    r"|Expiration|SampleExpiration"
)
_INSTANT = re.compile(
    r"(?P<year>-?[0-9]{4,9})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
    r"(\.(?P<fraction>[0-9]+))?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DAY = re.compile(r"(?P<year>-?[0-9]{4,9})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?P<zone>Z)?")


@lru_cache(maxsize=1000)
def is_instant(name: str) -> bool:
    """Whether an element of this name holds a time."""
    return _NAMES.fullmatch(name) is not None


def check_instant(spot: Spot, text: str, *, day_alone: bool = False) -> Iterator[Finding]:
    """Everything that is wrong with a time; ``day_alone`` allows a calendar day."""
    if day_alone and (day := _DAY.fullmatch(text)):
        yield from _range(spot, text, day)
        return
    found = _INSTANT.fullmatch(text)
    if not found or not _is_time_of_day(found) or not _is_offset(found["zone"] or "Z"):
        yield finding(Rule.TIME_INVALID, spot, f"{text!r} is no time of XML Schema")
        return
    yield from _range(spot, text, found)
    if len(found["fraction"] or "") > FRACTION_MAX:
        digits = len(found["fraction"])
        yield finding(Rule.TIME_FRACTION_TOO_LONG, spot, f"{text}: {digits} fractional digits")
    if not found["zone"]:
        yield finding(Rule.TIME_WITHOUT_OFFSET, spot, f"{text} has no offset")


def instant(text: str) -> datetime | None:
    """The instant to the microsecond (UTC where no offset stands); None where there is none."""
    found = _INSTANT.fullmatch(text)
    if not found or not _is_time_of_day(found) or not _is_offset(found["zone"] or "Z"):
        return None
    year = int(found["year"])
    if not YEAR_MIN <= year <= YEAR_MAX or not _is_day(found):
        return None
    hour = int(found["hour"])
    at = datetime(
        year, int(found["month"]), int(found["day"]), hour % 24, int(found["minute"]),
        int(found["second"]), int((found["fraction"] or "0")[:6].ljust(6, "0")),
        tzinfo=_zone(found["zone"] or "Z"),
    )
    return at + timedelta(days=hour // 24)


def _range(spot: Spot, text: str, found: re.Match[str]) -> Iterator[Finding]:
    if not YEAR_MIN <= int(found["year"]) <= YEAR_MAX:
        yield finding(Rule.TIME_OUT_OF_RANGE, spot, f"{text}: the year is {found['year']}")
    elif not _is_day(found):
        yield finding(Rule.TIME_INVALID, spot, f"{text} is no day of the calendar")


def _is_day(found: re.Match[str]) -> bool:
    month = int(found["month"])
    return 1 <= month <= 12 and 1 <= int(found["day"]) <= monthrange(int(found["year"]), month)[1]


def _is_time_of_day(found: re.Match[str]) -> bool:
    hour, minute, second = (int(found[name]) for name in ("hour", "minute", "second"))
    if hour == 24:  # the end of a day, as XML Schema allows it
        return minute == second == 0 and not (found["fraction"] or "").strip("0")
    return hour < 24 and minute < 60 and second < 60


def _is_offset(zone: str) -> bool:
    if zone == "Z":
        return True
    hours, minutes = int(zone[1:3]), int(zone[4:])
    return minutes < 60 and hours * 60 + minutes <= 14 * 60


def _zone(zone: str) -> timezone:
    if zone == "Z":
        return UTC
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))
    return timezone(-offset if zone[0] == "-" else offset)
