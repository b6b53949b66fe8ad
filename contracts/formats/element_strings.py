"""Reading what a scanner sends: a symbology identifier and a GS1 element string.

Only symbologies that carry element strings are GS1 data; a linear EAN-13 or a plain Code 128 is
something else, however alike its digits look. A variable-length field ends at FNC1, which a
scanner sends as the control character GS (0x1D). Which fields a label must carry together is a
check of the label and not done here.
Source: GS1 General Specifications 3 (application identifiers), 7.8 (element strings).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from contracts.model.identifiers import CSET_82, gs1_check_digit

GS = "\x1d"
SYMBOLOGIES = {
    "]C1": "GS1-128",
    "]d2": "GS1 DataMatrix",
    "]Q3": "GS1 QR Code",
    "]e0": "GS1 DataBar",
    "]J1": "GS1 DotCode",
}


class NotAnElementString(ValueError):
    """A scan that is not GS1 data; the message says what it is or lacks."""


@dataclass(frozen=True)
class Field:
    """What an application identifier is followed by. ``fixed`` fields need no FNC1 after them.

    A ``key`` ends with a check digit; a ``date`` is YYMMDD, where day 00 leaves the day open.
    """

    ai: str
    name: str
    pattern: str
    fixed: int | None = None
    key: bool = False
    date: bool = False


def _fixed(ai: str, name: str, digits: int, *, key: bool = False, date: bool = False) -> Field:
    return Field(ai, name, rf"[0-9]{{{digits}}}", fixed=digits, key=key, date=date)


_FIELDS: tuple[Field, ...] = (
    _fixed("00", "SSCC", 18, key=True),
    _fixed("01", "GTIN", 14, key=True),
    _fixed("02", "CONTENT", 14, key=True),
    Field("10", "BATCH/LOT", rf"{CSET_82}{{1,20}}"),
    _fixed("11", "PROD DATE", 6, date=True),
    _fixed("17", "USE BY OR EXPIRY", 6, date=True),
    Field("21", "SERIAL", rf"{CSET_82}{{1,20}}"),
    Field("37", "COUNT", r"[0-9]{1,8}"),
    *(_fixed(f"310{n}", "NET WEIGHT (kg)", 6) for n in range(6)),
)
FIELDS: dict[str, Field] = {field.ai: field for field in _FIELDS}


def read_scan(scan: str) -> dict[str, str]:
    """The element strings of a scan, by application identifier, in scanned order.

    Raises: NotAnElementString for plain text, a foreign symbology, an unknown identifier, a field
    that is too long, short or of the wrong characters, a wrong check digit, or a doubled field.
    """
    symbology, data = scan[:3], scan[3:]
    if symbology not in SYMBOLOGIES:
        kind = f"symbology {symbology}" if scan.startswith("]") else "plain text"
        raise NotAnElementString(f"{kind} carries no GS1 element strings")
    if not data:
        raise NotAnElementString("the scan is empty")
    return _read_fields(data)


def read_day(value: str) -> date:
    """The calendar day of a date field; day 00 means the last day of the month.

    Source: GS1 General Specifications 7.12, year 00 is 2000.
    """
    year, month, day = 2000 + int(value[:2]), int(value[2:4]), int(value[4:])
    return date(year, month, day or monthrange(year, month)[1])


def _read_fields(data: str) -> dict[str, str]:
    found: dict[str, str] = {}
    rest = data
    while rest:
        field = _field_at(rest)
        value, rest = _take(field, rest[len(field.ai):])
        if field.ai in found and found[field.ai] != value:
            raise NotAnElementString(f"({field.ai}) stands twice with different values")
        found[field.ai] = value
    return found


def _field_at(text: str) -> Field:
    for length in (2, 3, 4):
        field = FIELDS.get(text[:length])
        if field:
            return field
    raise NotAnElementString(f"no known application identifier at {text[:4]!r}")


def _take(field: Field, text: str) -> tuple[str, str]:
    if field.fixed:
        value, rest = text[: field.fixed], text[field.fixed :].removeprefix(GS)
    else:
        value, _, rest = text.partition(GS)
    if not re.fullmatch(field.pattern, value):
        raise NotAnElementString(f"({field.ai}) {field.name} cannot be {value!r}")
    if field.key and gs1_check_digit(value[:-1]) != value[-1]:
        raise NotAnElementString(f"({field.ai}) {value} has a wrong check digit")
    if field.date and not _is_date(value):
        raise NotAnElementString(f"({field.ai}) {value} is no day of the calendar")
    return value, rest


def _is_date(value: str) -> bool:
    """Whether YYMMDD is a day. Source: GS1 General Specifications 7.12, year 00 is 2000."""
    year, month, day = int(value[:2]), int(value[2:4]), int(value[4:])
    return 1 <= month <= 12 and day <= monthrange(2000 + year, month)[1]
