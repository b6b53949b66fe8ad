"""Judging GS1 data: one text, read in its notation, and every rule it breaks.

Companions are judged over the texts that stand on one item together: a pallet label may hold its
SSCC in one symbol and its content in another.
Source: GS1 General Specifications 3, 4.13, 7.8 to 7.12.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from contracts.formats.application_identifiers import (
    CHARACTER_SETS,
    CHARACTERS,
    FIELDS,
    Component,
    matches,
)
from contracts.formats.element_strings import Element, NotAnElementString, parts
from contracts.formats.findings import Finding, Severity
from contracts.formats.gs1_rules import RULES as BREAKS
from contracts.formats.notations import Content, Notation, read
from contracts.formats.value_rules import RULES

_EXPIRIES = ("15", "16", "17")
# A serial number must follow the key where it is signed. Source: GS1 General Specifications 3.9.
_UNSERIALISED = {"253": 13, "255": 13, "8003": 14}


def check_element_string(text: str, notation: Notation | None = None) -> list[Finding]:
    """Every finding in one text. Never raises; without a notation, its first characters tell it.

    A symbol that rightly holds other data gives a notice: there was nothing to judge.
    """
    return check_item([text], notation)


def check_item(texts: Sequence[str], notation: Notation | None = None) -> list[Finding]:
    """Every finding in the texts of all symbols on one item, in the order of the texts.

    Several texts are told apart in the places by their number, from 1. Companions are judged only
    where all texts can be read, for the missing one may stand in what cannot.
    """
    findings, contents = [], []
    for number, text in enumerate(texts, start=1):
        source = f"text {number}, " if len(texts) > 1 else ""
        unread = []
        try:
            content = _named(read(text, notation), source)
            contents.append(content)
        except NotAnElementString as exc:
            content = _named(Content(exc.before), source)
            unread = [_finding(f"{source}offset {exc.at}", exc.rule, str(exc))]
        findings += [found for element in content.elements for found in check_value(element)]
        findings += unread
    return findings + check_companions(contents) if len(contents) == len(texts) else findings


def check_value(element: Element) -> list[Finding]:
    """What is wrong with one value by itself: length, characters, then each rule of its parts."""
    field = FIELDS[element.ai]
    longest = sum(component.most for component in field.components)
    if len(element.value) > longest:
        return [_of(element, "length", f"{_short(element.value)} is longer than {longest}")]
    for component, part in parts(field, element.value):
        if len(part) < component.least:
            return [_of(element, "length", _shortage(element, component, part))]
        if not _has_characters(component, part):
            wanted = CHARACTER_SETS[component.characters]
            return [_of(element, "characters", f"{_short(part)} is not made of {wanted}")]
    return [*_meanings(element)]


def check_companions(contents: Sequence[Content]) -> list[Finding]:
    """What is wrong with the elements of one item together.

    Source: GS1 General Specifications 4.13 (invalid pairs, mandatory associations).
    """
    elements = [element for content in contents for element in content.elements]
    if not elements:
        what = "no application identifier is in it"
        return [_finding("offset 0", "no-element-strings", what, Severity.NOTICE)]
    first: dict[str, Element] = {}
    for element in elements:
        first.setdefault(element.ai, element)
    present = {*first} | ({"01"} if any(one.plain_gtin for one in contents) else set())
    return [
        *_contradictions(elements, first),
        *_lone(first, present),
        *_exclusive(first),
        *_signed(first),
        *_expired(first),
    ]


def _named(content: Content, source: str) -> Content:
    elements = (replace(element, source=source) for element in content.elements)
    return Content((*elements,), content.plain)


def _meanings(element: Element) -> Iterator[Finding]:
    for component, part in parts(FIELDS[element.ai], element.value):
        for rule in component.rules:
            fault = RULES[rule](part)
            if fault:
                yield _of(element, rule, fault)
                break
        if "check-digit" in component.rules and set(part) == {"0"}:
            yield _of(element, "key-of-zeros", f"{part} names nothing", Severity.NOTICE)


def _has_characters(component: Component, part: str) -> bool:
    """Whether all characters are of the set; base64 is filled up with = to whole groups only.

    Source: GS1 General Specifications 7.11; RFC 4648 5.
    """
    if component.characters != "Z":
        return bool(re.fullmatch(f"{CHARACTERS[component.characters]}*", part))
    return bool(re.fullmatch("[0-9A-Z_a-z-]+={0,2}", part)) and not (
        part.endswith("=") and len(part) % 4
    )


def _shortage(element: Element, component: Component, part: str) -> str:
    """What a value lacks: all of it, or characters of the component where it ends."""
    if not element.value:
        return "the value is empty"
    lacking = component.least - len(part)
    return f"{_short(element.value)} is too short by {lacking}"


def _contradictions(
    elements: Sequence[Element], first: Mapping[str, Element]
) -> Iterator[Finding]:
    for element in elements:
        before = first[element.ai]
        if before.value != element.value:
            what = f"{_short(element.value)}, but {_short(before.value)} at {before.at}"
            yield _of(element, "contradicting-repeat", what)


def _lone(first: Mapping[str, Element], present: set[str]) -> Iterator[Finding]:
    for element in first.values():
        needs = FIELDS[element.ai].needs
        if needs and not any(_all_stand(group, present) for group in needs):
            wanted = " or ".join(" with ".join(f"({ai})" for ai in group) for group in needs)
            yield _of(element, "missing-companion", f"({element.ai}) needs {wanted}")


def _all_stand(group: Sequence[str], present: set[str]) -> bool:
    return all(any(matches(pattern, ai) for ai in present) for pattern in group)


def _exclusive(first: Mapping[str, Element]) -> Iterator[Finding]:
    elements = [*first.values()]
    for index, element in enumerate(elements):
        for other in elements[index + 1 :]:
            if _excludes(element.ai, other.ai) or _excludes(other.ai, element.ai):
                what = f"({other.ai}) stands with ({element.ai}) at {element.at}"
                yield _of(other, "forbidden-companion", what)


def _excludes(ai: str, other: str) -> bool:
    return any(matches(pattern, other) for pattern in FIELDS[ai].never_with)


def _signed(first: Mapping[str, Element]) -> Iterator[Finding]:
    if "8030" not in first:
        return
    for ai, length in _UNSERIALISED.items():
        if ai in first and len(first[ai].value) == length:
            what = f"({ai}) is signed by (8030) and has no serial number"
            yield _of(first[ai], "unserialised-signed-key", what)


def _expired(first: Mapping[str, Element]) -> Iterator[Finding]:
    """A notice where goods expire before they were produced."""
    made = first["11"].value if "11" in first else ""
    for ai in _EXPIRIES:
        value = first[ai].value if ai in first else ""
        if _is_date(made) and _is_date(value) and _is_before(value, made):
            what = f"({ai}) is {value}, but (11) is {made}"
            yield _of(first[ai], "expiry-before-production", what, Severity.NOTICE)


def _is_date(value: str) -> bool:
    return bool(re.fullmatch("[0-9]{6}", value))


def _is_before(one: str, other: str) -> bool:
    """Whether a YYMMDD ends before another begins, the two less than 50 years apart.

    Day 00 is some day of the month. Source: GS1 General Specifications 7.12.
    """
    years = (int(other[:2]) - int(one[:2])) % 100
    last = one[2:4] + ("31" if one.endswith("00") else one[4:])
    return 0 < years < 50 or (years == 0 and last < other[2:])


def _of(
    element: Element, rule: str, what: str, severity: Severity = Severity.ERROR
) -> Finding:
    return _finding(element.place, rule, what, severity)


def _finding(place: str, rule: str, what: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(place, rule, severity, what, BREAKS[rule])


def _short(value: str) -> str:
    return repr(value if len(value) <= 100 else value[:97] + "...")
