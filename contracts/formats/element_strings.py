"""Reading what a scanner sends or a person writes: GS1 element strings in their notations.

Only symbologies that carry element strings are GS1 data; a linear EAN-13 or a plain Code 128 is
something else, however alike its digits look. A variable-length field ends at FNC1, which a
scanner sends as the control character GS (0x1D). Which fields a label must carry together, and
what else a value must keep, is a check of the label and not done here.
Source: GS1 General Specifications 3 (application identifiers), 7.8 (element strings).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from contracts.formats.application_identifiers import FIELDS, ApplicationIdentifier, Component
from contracts.model.identifiers import gs1_check_digit

__all__ = [
    "FIELDS", "GS", "SYMBOLOGIES", "Element", "NotAnElementString", "read_day", "read_scan",
    "split", "write_bracketed", "write_element_string",
]

GS = "\x1d"
SYMBOLOGIES = {
    "]C1": "GS1-128",
    "]d2": "GS1 DataMatrix",
    "]Q3": "GS1 QR Code",
    "]e0": "GS1 DataBar",
    "]J1": "GS1 DotCode",
}
_DATES = {"date", "date-day-open"}


class NotAnElementString(ValueError):
    """What cannot be read as GS1 data; the message says what it is or lacks.

    ``rule`` names the rule of gs1_rules.py that is broken, ``at`` the offset in the text,
    ``before`` the elements that could be read before it.
    """

    def __init__(self, message: str, rule: str = "not-an-element-string", at: int = 0) -> None:
        super().__init__(message)
        self.rule = rule
        self.at = at
        self.before: tuple[Element, ...] = ()


@dataclass(frozen=True)
class Element:
    """One identifier and what follows it; ``at`` is its offset in the text that was read.

    ``source`` names the text where there are several.
    """

    ai: str
    value: str
    at: int
    source: str = ""

    @property
    def place(self) -> str:
        """Where it stands, as findings name it."""
        return f"{self.source}({self.ai}) at {self.at}"


def read_scan(scan: str) -> dict[str, str]:
    """The element strings of a scan, by application identifier, in scanned order.

    Raises: NotAnElementString for plain text, a foreign symbology, an unknown identifier, a field
    that is too long, short or of the wrong characters, a wrong check digit, or a doubled field.
    """
    symbology, data = scan[:3], scan[3:]
    if symbology not in SYMBOLOGIES:
        kind = f"symbology {symbology}" if scan.startswith("]") else "plain text"
        raise NotAnElementString(f"{kind} carries no GS1 element strings", "symbology")
    if not data:
        raise NotAnElementString("the scan is empty", "empty")
    found: dict[str, str] = {}
    for element in split(data, at=3):
        _check_form(element)
        if found.setdefault(element.ai, element.value) != element.value:
            raise NotAnElementString(
                f"({element.ai}) stands twice with different values", "contradicting-repeat",
                element.at,
            )
    return found


def read_day(value: str) -> date:
    """The calendar day of a date field; day 00 means the last day of the month.

    Source: GS1 General Specifications 7.12, year 00 is 2000.
    """
    year, month, day = 2000 + int(value[:2]), int(value[2:4]), int(value[4:])
    return date(year, month, day or monthrange(year, month)[1])


def read_minute(value: str) -> datetime:
    """The local time of a field YYMMDDHHMM, without a zone: a label says none.

    Raises: ValueError for an hour above 23 or a minute above 59.
    Source: GS1 General Specifications, AI (7003).
    """
    return datetime.combine(read_day(value[:6]), time(int(value[6:8]), int(value[8:10])))


def split(data: str, separator: str = GS, at: int = 0) -> Iterator[Element]:
    """The elements of a message without its leading FNC1, values as they stand.

    ``at`` is the offset of ``data`` in the text it was taken from.
    Raises: NotAnElementString, when it is reached, for what begins with no known identifier.
    """
    here = 0
    while here < len(data):
        field = _field_at(data[here : here + 4], at + here)
        start = here + len(field.ai)
        end = data.find(separator, start)
        end = len(data) if end < 0 else end
        if field.fixed:
            end = min(end, start + field.fixed)
        yield Element(field.ai, data[start:end], at + here)
        here = end + len(separator) if data.startswith(separator, end) else end


def write_element_string(fields: Iterable[tuple[str, str]], separator: str = GS) -> str:
    """The message without its leading FNC1; FNC1 ends what has no predefined length.

    Source: GS1 General Specifications 7.8.
    """
    written = "".join(
        ai + value + ("" if FIELDS[ai].fixed else separator) for ai, value in fields
    )
    return written.removesuffix(separator)


def write_bracketed(fields: Iterable[tuple[str, str]]) -> str:
    r"""The message as people read it: ``(01)...(10)...``, a bracket within a value as ``\(``."""
    return "".join(f"({ai})" + value.replace("(", r"\(") for ai, value in fields)


def is_day_of_calendar(year: int, month: int, day: int, *, day_open: bool) -> bool:
    """Whether there is such a day; ``day_open`` allows day 0, which names none.

    Source: GS1 General Specifications 7.12.
    """
    if not 1 <= month <= 12:
        return False
    return (0 if day_open else 1) <= day <= monthrange(year, month)[1]


def parts(field: ApplicationIdentifier, value: str) -> Iterator[tuple[Component, str]]:
    """A value cut into its components. A value that is too short ends with a part too short."""
    rest = value
    for component in field.components:
        if component.optional and not rest:
            return
        yield component, rest[: component.most]
        rest = rest[component.most :]


def _field_at(text: str, at: int) -> ApplicationIdentifier:
    for length in (2, 3, 4):
        field = FIELDS.get(text[:length])
        if field:
            return field
    raise NotAnElementString(
        f"no known application identifier at {text!r}", "unknown-identifier", at
    )


def _check_form(element: Element) -> None:
    """Raises: NotAnElementString where length, characters, check digit or date are wrong."""
    ai, value = element.ai, element.value
    field = FIELDS[ai]
    if not field.shape.fullmatch(value):
        raise NotAnElementString(f"({ai}) {field.name} cannot be {value!r}", "length", element.at)
    if not any(component.rules for component in field.components):
        return
    for component, part in parts(field, value):
        if "check-digit" in component.rules and gs1_check_digit(part[:-1]) != part[-1]:
            raise NotAnElementString(
                f"({ai}) {value} has a wrong check digit", "check-digit", element.at
            )
        if not _DATES.isdisjoint(component.rules) and not _is_date(part, component):
            raise NotAnElementString(
                f"({ai}) {value} is no day of the calendar", "date", element.at
            )


def _is_date(part: str, component: Component) -> bool:
    """Whether YYMMDD is a day. Every fourth year is a leap year in all centuries that can be."""
    year, month, day = 2000 + int(part[:2]), int(part[2:4]), int(part[4:])
    return is_day_of_calendar(year, month, day, day_open="date-day-open" in component.rules)
