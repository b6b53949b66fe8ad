"""What is written is read back, in all notations; a damaged key is never believed."""

from __future__ import annotations

import string
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.formats.application_identifiers import (
    FIELDS,
    ApplicationIdentifier,
    Component,
)
from contracts.formats.code_lists import (
    COUNTRIES,
    COUNTRY_LETTERS,
    CURRENCIES,
    MEDIA_TYPES,
    PACKAGE_TYPES,
)
from contracts.formats.element_strings import (
    GS,
    Element,
    NotAnElementString,
    read_scan,
    write_bracketed,
    write_element_string,
)
from contracts.formats.findings import Severity
from contracts.formats.gs1_checks import check_element_string, check_value
from contracts.formats.notations import Notation, read
from contracts.formats.value_rules import check_characters
from contracts.model.identifiers import gs1_check_digit

DIGITS = string.digits
CSET_82 = "!\"%&'()*+,-./:;<=>?_" + string.digits + string.ascii_letters
ALPHABETS = {"N": DIGITS, "X": CSET_82, "Y": "#-/" + DIGITS + string.ascii_uppercase,
             "Z": "-_" + DIGITS + string.ascii_letters}
DAYS = st.dates()


def _codes(codes: frozenset[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(codes))


def _number(below: int, digits: int) -> st.SearchStrategy[str]:
    return st.integers(0, below - 1).map(lambda number: f"{number:0{digits}d}")


def _model(model: str) -> str:
    return "9521" + model + check_characters("9521" + model)


def _pieces(most: int, form: str) -> st.SearchStrategy[str]:
    pairs = st.tuples(st.integers(1, most), st.integers(1, most))
    return pairs.map(lambda pair: form.format(*sorted(pair)))


RIGHT = {
    "country": _codes(COUNTRIES),
    "country-or-several": _codes(COUNTRIES | {"999"}),
    "country-letters": _codes(COUNTRY_LETTERS),
    "currency": _codes(CURRENCIES),
    "package-type": _codes(PACKAGE_TYPES),
    "media-type": _codes(MEDIA_TYPES),
    "date": DAYS.map(lambda day: f"{day:%y%m%d}" if (day.month, day.day) != (2, 29) else "240229"),
    "date-day-open": DAYS.map(lambda day: f"{day:%y%m}00"),
    "long-date": DAYS.map(lambda day: f"{day.year:04d}{day:%m%d}"),
    "hour-minute": st.times().map(lambda time: f"{time:%H%M}"),
    "hour": _number(24, 2),
    "minute": _number(60, 2),
    "second": _number(60, 2),
    "latitude": _number(1_800_000_001, 10),
    "longitude": _number(3_600_000_001, 10),
    "yes-or-no": st.sampled_from("01"),
    "sex": st.sampled_from("0129"),
    "winding": st.sampled_from("019"),
    "zero": st.just("0"),
    "minus-sign": st.just("-"),
    "importer-index": st.sampled_from("-_" + DIGITS + string.ascii_letters),
    "piece-of-total": _pieces(99, "{:02d}{:02d}"),
    "position-of-total": _pieces(9, "{}/{}"),
    "iban": st.just("GB33BUKB20201555555555"),
    "coupon": st.just("01234561234561111012350123456"),
    "coupon-offer": st.just("001234561234560123456"),
    "check-characters": st.text(CSET_82, max_size=18).map(lambda more: _model("A" + more)),
    "no-leading-zero": st.integers(0, 10**12 - 1).map(str),
    "percent-encoding": st.text(CSET_82.replace("%", ""), min_size=1, max_size=35),
}


def _part(component: Component) -> st.SearchStrategy[str]:
    """Characters that keep all rules of a component."""
    for rule in component.rules:
        if rule in RIGHT:
            return RIGHT[rule]
    alphabet = ALPHABETS[component.characters]
    any_ = st.text(alphabet, min_size=component.least, max_size=component.most)
    if "check-digit" in component.rules:
        return any_.map(lambda digits: digits[:-1] + gs1_check_digit(digits[:-1]))
    if "company-prefix" in component.rules:
        return any_.map(lambda text: ("9521" + text)[: component.most])
    if "not-zero" in component.rules:
        return any_.map(lambda digits: digits[:-1] + "1")
    return any_


def _value(field: ApplicationIdentifier) -> st.SearchStrategy[str]:
    least = sum(not component.optional for component in field.components)
    counts = st.integers(least, len(field.components))
    drawn = st.tuples(*(_part(component) for component in field.components))
    return st.tuples(drawn, counts).map(lambda pair: "".join(pair[0][: pair[1]]))


ELEMENT = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda ai: st.tuples(st.just(ai), _value(FIELDS[ai]))
)
MESSAGE = st.lists(ELEMENT, min_size=1, max_size=6, unique_by=lambda one: one[0])
KEYS = sorted(
    ai for ai, field in FIELDS.items()
    if {"check-digit", "check-characters"} & {rule for one in field.components for rule in one.rules}
)


@given(MESSAGE)
def test_what_is_written_is_read_back_in_every_notation(message: list[tuple[str, str]]) -> None:
    plain = write_element_string(message)
    caret = write_element_string(message, "^")
    for text, notation in (
        ("^" + caret, None),
        (f"]C1{plain}", None),
        (f"]d2{plain}{GS}", None),
        (write_bracketed(message), None),
        (caret, Notation.UNBRACKETED),
        (plain, Notation.UNBRACKETED),
    ):
        assert [(one.ai, one.value) for one in read(text, notation).elements] == message
    assert read_scan(f"]Q3{plain}") == dict(message)


@given(ELEMENT)
def test_a_value_that_keeps_its_rules_gives_no_finding(element: tuple[str, str]) -> None:
    findings = check_value(Element(*element, 0))
    assert [one for one in findings if one.severity is Severity.ERROR] == []


@pytest.mark.parametrize("ai", KEYS)
@given(data=st.data())
def test_a_key_with_one_damaged_character_is_always_refused(ai: str, data: st.DataObject) -> None:
    value = data.draw(_value(FIELDS[ai]))
    checked = FIELDS[ai].components[1 if ai == "8003" else 0]
    start = 1 if ai == "8003" else 0
    at = data.draw(st.integers(start, min(start + checked.most, len(value)) - 1))
    alphabet = ALPHABETS[checked.characters].replace(value[at], "")
    damaged = value[:at] + data.draw(st.sampled_from(alphabet)) + value[at + 1 :]
    rules = {one.rule for one in check_value(Element(ai, damaged, 0))}
    assert rules & {"check-digit", "check-characters"}
    if "check-digit" in checked.rules:
        with pytest.raises(NotAnElementString, match="check digit"):
            read_scan(f"]C1{ai}{damaged}")


@given(MESSAGE, st.data())
def test_a_link_is_read_with_its_attributes_and_without_foreign_parameters(
    message: list[tuple[str, str]], data: st.DataObject
) -> None:
    key = data.draw(_value(FIELDS["01"]))
    attributes = [
        (ai, value) for ai, value in message
        if FIELDS[ai].attribute and ai not in ("01", "10")
    ]
    query = "&".join(f"{ai}={quote(value, safe='')}" for ai, value in attributes)
    link = f"https://example.com/stem/01/{key}/10/A%2FB?{query}&linkType=all#top"
    found = [(one.ai, one.value) for one in read(link).elements]
    assert found == [("01", key), ("10", "A/B"), *attributes]
    assert "link-attribute" in {one.rule for one in check_element_string(f"{link[:-4]}&21=S")}


@given(st.text(), st.sampled_from([None, *Notation]))
def test_no_text_breaks_the_check(text: str, notation: Notation | None) -> None:
    for prefix in ("", "^01", "]C110", "(10)", "https://a/01/"):
        assert isinstance(check_element_string(prefix + text, notation), list)
