"""The notations in which GS1 data reaches a reader, each read into the same elements.

A symbol may hold element strings, a GS1 Digital Link URI, or something that is no GS1 data; a
composite symbol holds element strings beside its linear part.
Source: GS1 General Specifications 5.1 (symbology identifiers), 5.9 (composite), 7.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from contracts.formats.application_identifiers import FIELDS
from contracts.formats.digital_links import SCHEMES, read_link
from contracts.formats.element_strings import (
    GS,
    SYMBOLOGIES,
    Element,
    NotAnElementString,
    split,
)
from contracts.model.identifiers import gs1_check_digit

CHARACTERS_MAX = 8000
"""More than the largest symbol holds, which is a QR Code with 7,089 digits."""
_OPEN = {"]Q1": "QR Code", "]d1": "Data Matrix", "]J0": "DotCode"}
_RETAIL = {"]E0": 13, "]E4": 8}
_COMPOSITE = "|]e0"


class Notation(StrEnum):
    """How a text writes down GS1 data."""

    SCAN = "what a scanner sends, with its symbology identifier"
    MESSAGE = "the content of a symbol: FNC1 as ^, a Digital Link URI, or plain text"
    BRACKETED = "as people read it: (01)...(10)..."
    UNBRACKETED = "element strings without a leading FNC1, separated by GS or ^"


@dataclass(frozen=True)
class Content:
    """What a text holds: its elements, and in ``plain`` what stands beside them or instead."""

    elements: tuple[Element, ...]
    plain: str = ""

    @property
    def plain_gtin(self) -> bool:
        """Whether the plain part is a trade item number, as the linear part of a composite is."""
        return bool(
            re.fullmatch("[0-9]{8}|[0-9]{12,14}", self.plain)
            and gs1_check_digit(self.plain[:-1]) == self.plain[-1]
        )


def read(text: str, notation: Notation | None = None) -> Content:
    """The content of a text; without a notation, the one its first characters tell.

    Raises: NotAnElementString, with rule and offset, for what cannot be read in the notation.
    """
    if len(text) > CHARACTERS_MAX:
        raise NotAnElementString(f"{len(text)} characters are in no symbol", "too-long")
    if not text:
        raise NotAnElementString("there is nothing to read", "empty")
    match notation or _told_by(text):
        case Notation.SCAN:
            return _read_scan(text)
        case Notation.BRACKETED:
            return _read_bracketed(text)
        case Notation.UNBRACKETED:
            return Content(_all(split(text, "^" if GS not in text else GS)))
        case Notation.MESSAGE:
            return _read_message(text)


def _told_by(text: str) -> Notation:
    if text.startswith("]"):
        return Notation.SCAN
    if text.startswith("("):
        return Notation.BRACKETED
    if text.startswith(("^", *SCHEMES)):
        return Notation.MESSAGE
    if re.match("[0-9]{2}", text):
        return Notation.UNBRACKETED
    raise NotAnElementString(f"{text[:20]!r} begins like no notation of GS1 data")


def _read_scan(text: str) -> Content:
    symbology, data = text[:3], text[3:]
    if symbology in SYMBOLOGIES:
        if not data:
            raise NotAnElementString("the scan is empty", "empty")
        return Content(_all(split(data, at=3)))
    if symbology in _OPEN:
        link = data.startswith(SCHEMES)
        return Content(read_link(data, at=3)) if link else Content((), data)
    if symbology in _RETAIL:
        return _read_retail(data, _RETAIL[symbology])
    kind = f"symbology {symbology!r}" if text.startswith("]") else "plain text"
    raise NotAnElementString(f"{kind} carries no GS1 element strings", "symbology")


def _all(elements: Iterator[Element]) -> tuple[Element, ...]:
    """The elements; a refusal on the way carries those before it."""
    found = []
    try:
        for element in elements:
            found.append(element)
    except NotAnElementString as exc:
        exc.before = (*found,)
        raise
    return (*found,)


def _read_retail(data: str, digits: int) -> Content:
    """EAN-13 (UPC as 13 digits) or EAN-8, alone or as the linear part of a composite symbol."""
    linear, bar, component = data.partition(_COMPOSITE)
    if not re.fullmatch(f"[0-9]{{{digits}}}", linear):
        what = f"{linear[:20]!r} is no trade item number of {digits} digits"
        raise NotAnElementString(what, "length")
    if gs1_check_digit(linear[:-1]) != linear[-1]:
        raise NotAnElementString(f"{linear} has a wrong check digit", "check-digit", 3)
    if bar and not component:
        raise NotAnElementString("the composite component is empty", "empty", len(data) + 3)
    at = 3 + digits + len(_COMPOSITE)
    return Content(_all(split(component, at=at)), linear)


def _read_message(text: str) -> Content:
    linear, bar, component = text.partition("|")
    if not (bar and component.startswith("^")):
        return _read_linear(text)
    read_first = _read_linear(linear)
    second = _read_fnc1(component, len(linear) + 1)
    return Content((*read_first.elements, *second), read_first.plain)


def _read_linear(text: str) -> Content:
    if text.startswith("^"):
        return Content(_read_fnc1(text, 0))
    if text.startswith(SCHEMES):
        return Content(read_link(text))
    return Content((), text)


def _read_fnc1(text: str, at: int) -> tuple[Element, ...]:
    if text == "^":
        raise NotAnElementString("there is nothing after FNC1", "empty", at)
    return _all(split(text[1:], "^", at + 1))


def _read_bracketed(text: str) -> Content:
    return Content(_all(_bracketed(text)))


def _bracketed(text: str) -> Iterator[Element]:
    here = 0
    while here < len(text):
        close = text.find(")", here)
        if text[here] != "(" or close < 0:
            raise NotAnElementString(
                f"{text[here : here + 6]!r} is no identifier in brackets", at=here
            )
        ai = text[here + 1 : close]
        if ai not in FIELDS:
            raise NotAnElementString(
                f"{ai[:10]!r} is no application identifier", "unknown-identifier", here
            )
        value, end = _bracketed_value(text, close + 1)
        yield Element(ai, value, here)
        here = end


def _bracketed_value(text: str, start: int) -> tuple[str, int]:
    """A value and where the next bracket stands. ``|`` before one begins a composite component."""
    end = text.find("(", start)
    while end > 0 and text[end - 1] == "\\":
        end = text.find("(", end + 1)
    end = len(text) if end < 0 else end
    value = text[start:end].replace("\\(", "(")
    return (value.removesuffix("|") if end < len(text) else value), end
