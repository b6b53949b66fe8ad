"""Finding a missing FNC1, which no syntax shows: only who knows the lots can tell.

``10ABC17261231`` is a lot of eleven characters, or lot ABC with its expiry and a lost separator.
Source: GS1 General Specifications 7.8 (FNC1 ends a value without a predefined length).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

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


@dataclass(frozen=True)
class MasterData:
    """What a site knows of lots, serial numbers and the like, by application identifier.

    ``known`` holds values that exist, ``shapes`` a regular expression for the form of all values.
    """

    known: Mapping[str, Collection[str]] = field(default_factory=dict)
    shapes: Mapping[str, str] = field(default_factory=dict)

    def knows(self, ai: str, value: str) -> bool:
        """Whether this value exists."""
        return value in self.known.get(ai, ())

    def expects(self, ai: str, value: str) -> bool:
        """Whether this value exists or has the form of one."""
        shape = self.shapes.get(ai)
        return self.knows(ai, value) or bool(shape and re.fullmatch(shape, value))


def check_separators(
    text: str, master_data: MasterData, notation: Notation | None = None
) -> list[Finding]:
    """A finding for each value that is a known one with further elements behind it.

    Never raises; what cannot be read is for ``check_element_string`` to tell.
    """
    try:
        elements = read(text, notation).elements
    except NotAnElementString as exc:
        elements = exc.before
    return [*_missing(elements, master_data)]


def _missing(elements: Collection[Element], master_data: MasterData) -> Iterator[Finding]:
    for element in elements:
        meant = _meant(element, master_data)
        if meant:
            behind = write_bracketed(meant[1:])
            yield Finding(
                element.place, "missing-separator", Severity.ERROR,
                f"{element.value!r} is {meant[0][1]!r} with {behind} behind it",
                RULES["missing-separator"],
            )


def _meant(element: Element, master_data: MasterData) -> list[tuple[str, str]]:
    """The element as it was meant and those behind it, or nothing where it is right as it is.

    A value that exists is right; one that only has the form of a value is not, where a value
    that exists stands at its head. Of several heads the longest is meant.
    """
    ai, value = element.ai, element.value
    if master_data.knows(ai, value):
        return []
    tests = [master_data.knows]
    if not master_data.expects(ai, value):
        tests.append(master_data.expects)
    for test in tests:
        for end in range(len(value) - 1, 0, -1):
            behind = _elements(value[end:]) if test(ai, value[:end]) else []
            if behind:
                return [(ai, value[:end]), *behind]
    return []


def _elements(text: str) -> list[tuple[str, str]]:
    """What a text holds as element strings, or nothing where one of them is not right."""
    try:
        found = [*split(text)]
    except NotAnElementString:
        return []
    if any(check_value(element) for element in found):
        return []
    return [(element.ai, element.value) for element in found]
