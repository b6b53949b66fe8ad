"""Finding a missing FNC1, which no syntax shows: only who knows the lots can tell.

``10ABC17261231`` is a lot of eleven characters, or lot ABC with its expiry and a lost separator.
Source: GS1 General Specifications 7.8 (FNC1 ends a value without a predefined length).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from contracts.formats.application_identifiers import FIELDS
from contracts.formats.element_strings import (
    Element,
    NotAnElementString,
    split,
    write_bracketed,
)
from contracts.formats.findings import Finding, Severity
from contracts.formats.gs1_checks import check_value
from contracts.formats.gs1_rules import RULES
from contracts.formats.notations import Notation, read

# A trade item, and one that is inside a logistic unit. Source: GS1 General Specifications 3.3.
_ITEM = ("01", "02")


@dataclass(frozen=True)
class MasterData:
    """What a site knows of lots, serial numbers and the like, by application identifier.

    ``known`` holds values that exist, ``shapes`` a regular expression for the form of all values;
    both count for every trade item. ``items`` holds by GTIN what is known of one item besides.
    """

    known: Mapping[str, Collection[str]] = field(default_factory=dict)
    shapes: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, MasterData] = field(default_factory=dict)

    def knows(self, ai: str, value: str) -> bool:
        """Whether this value exists."""
        return value in self.known.get(ai, ())

    def expects(self, ai: str, value: str) -> bool:
        """Whether this value exists or has the form of one."""
        shape = self.shapes.get(ai)
        return self.knows(ai, value) or bool(shape and re.fullmatch(shape, value))

    def about(self, elements: Collection[Element]) -> Known:
        """What counts for the item that the elements name: where it is not known, all items."""
        named = (one.value for one in elements if one.ai in _ITEM)
        item = next((self.items[gtin] for gtin in named if gtin in self.items), None)
        return Known((self, item) if item else (self, *self._all_items))

    @cached_property
    def _all_items(self) -> tuple[MasterData, ...]:
        """The items together, so that a text without a known item is not held against each."""
        if not self.items:
            return ()
        known: dict[str, set[str]] = {}
        shapes: dict[str, dict[str, None]] = {}
        for item in self.items.values():
            for ai, values in item.known.items():
                known.setdefault(ai, set()).update(values)
            for ai, shape in item.shapes.items():
                shapes.setdefault(ai, {})[shape] = None
        either = {ai: "|".join(f"(?:{one})" for one in all_of) for ai, all_of in shapes.items()}
        return (MasterData(known, either),)


@dataclass(frozen=True)
class Known:
    """What is known of one item, from several sources."""

    sources: tuple[MasterData, ...]

    def knows(self, ai: str, value: str) -> bool:
        """Whether this value exists."""
        return any(source.knows(ai, value) for source in self.sources)

    def expects(self, ai: str, value: str) -> bool:
        """Whether this value exists or has the form of one."""
        return any(source.expects(ai, value) for source in self.sources)


def check_separators(
    text: str, master_data: MasterData, notation: Notation | None = None
) -> list[Finding]:
    """A finding for each value that is a known one with further elements behind it.

    Never raises; what cannot be read is for ``check_element_string`` to tell.
    """
    elements = _elements_in(text, notation)
    return [*_missing(elements, master_data.about(elements))]


def unjudged_separators(
    text: str, master_data: MasterData, notation: Notation | None = None
) -> list[Finding]:
    """A notice for each value that nobody knows, and that may hold further elements. Never raises.

    Nothing to compare with is no pass: master data that leaves out the item says nothing of it.
    """
    elements = _elements_in(text, notation)
    known = master_data.about(elements)
    return [
        Finding(
            element.place, "separator-unjudged", Severity.NOTICE,
            f"{element.value!r} may be {element.value[:end]!r} with {write_bracketed(behind)} "
            "behind it, and master data knows neither",
            RULES["separator-unjudged"],
        )
        for element in elements
        if not FIELDS[element.ai].fixed
        and not known.expects(element.ai, element.value) and not _meant(element, known)
        for end, behind in _right_heads(element)[:1]
    ]


def _elements_in(text: str, notation: Notation | None) -> Sequence[Element]:
    try:
        return read(text, notation).elements
    except NotAnElementString as exc:
        return exc.before


def _missing(elements: Collection[Element], known: Known) -> Iterator[Finding]:
    for element in elements:
        meant = _meant(element, known)
        if meant:
            behind = write_bracketed(meant[1:])
            yield Finding(
                element.place, "missing-separator", Severity.ERROR,
                f"{element.value!r} is {meant[0][1]!r} with {behind} behind it",
                RULES["missing-separator"],
            )


def _meant(element: Element, known: Known) -> list[tuple[str, str]]:
    """The element as it was meant and those behind it, or nothing where it is right as it is.

    A value that exists is right; one that only has the form of a value is not, where a value
    that exists stands at its head. Of several heads the longest is meant.
    """
    ai, value = element.ai, element.value
    if known.knows(ai, value):
        return []
    tests = [known.knows]
    if not known.expects(ai, value):
        tests.append(known.expects)
    ways = _ways(element)
    for test in tests:
        for end, behind in ways:
            if test(ai, value[:end]):
                return [(ai, value[:end]), *behind]
    return []


def _ways(element: Element) -> list[tuple[int, list[tuple[str, str]]]]:
    """Each length that leaves a head and right elements behind it, the longest head first."""
    longest = sum(part.most for part in FIELDS[element.ai].components)
    value = element.value
    cut = ((end, _elements(value[end:])) for end in range(min(len(value) - 1, longest), 0, -1))
    return [(end, behind) for end, behind in cut if behind]


def _right_heads(element: Element) -> list[tuple[int, list[tuple[str, str]]]]:
    """The ways of which the head is a right value by itself."""
    return [
        (end, behind) for end, behind in _ways(element)
        if not check_value(replace(element, value=element.value[:end]))
    ]


def _elements(text: str) -> list[tuple[str, str]]:
    """What a text holds as element strings, or nothing where one of them is not right."""
    try:
        found = [*split(text)]
    except NotAnElementString:
        return []
    if any(check_value(element) for element in found):
        return []
    return [(element.ai, element.value) for element in found]
