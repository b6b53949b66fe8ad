"""Checks of single values in B2MML: units, amounts, codes, GS1 keys, times.

Source: UN/ECE Rec 20; XML Schema part 2 (decimal, dateTime); GS1 General Specifications 7.9; the
enumerations of B2MML V0701; the types of the contract's data dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from contracts.formats.b2mml_codes import listed_for
from contracts.formats.b2mml_objects import Version
from contracts.formats.b2mml_rules import Rule, finding
from contracts.formats.b2mml_spots import Spot
from contracts.formats.findings import Finding, Severity
from contracts.formats.unit_codes import CodeStatus, explained, status_of
from contracts.formats.xml_instants import check_instant, is_instant
from contracts.model.identifiers import gs1_check_digit

_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_FLOAT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+")
_OURS = re.compile(r"[+-]?0*[0-9]{1,15}(\.[0-9]{0,6}0*)?|[+-]?\.[0-9]{1,6}0*")
_BINARY_TYPES = ("float", "double")
_DECIMAL_TYPES = ("decimal", "Numeric", "Quantity", "Amount", "Measure")
_INTEGER_TYPES = (
    "integer", "int", "long", "short", "byte", "positiveInteger", "negativeInteger",
    "nonNegativeInteger", "nonPositiveInteger", "unsignedInt", "unsignedLong", "unsignedShort",
    "unsignedByte",
)
_TIME_TYPES = ("datetime", "date")
_UNIT_PROPERTY = re.compile(r"unit.{0,3}of.{0,3}measure|uom", re.IGNORECASE)

_REC_20 = re.compile(r"rec\w*\.?[\s_-]*(no\.?\s*)?20|un/?ece|un/?cefact", re.IGNORECASE)

_SUBLOTS = ("MaterialSubLot", "MaterialSubLotChild", "AssemblySubLot")
_SSCC_FORMS = re.compile(
    r"(?:\(00\)|00|https?://\S+/00/)?(?P<key>[0-9]{18})|urn:epc:(id|idpat):sscc:\S+"
)
_GTIN_FORMS = re.compile(
    r"(?:\(0[12]\)|https?://\S+/01/)?(?P<key>[0-9]{14}|[0-9]{13}|[0-9]{12}|[0-9]{8})(?:/\S*)?"
    r"|urn:epc:\S+"
)
_GLN_FORMS = re.compile(
    r"(?:\(41[0-7]\)|https?://\S+/41[47]/)?(?P<key>[0-9]{13})(?:/\S*)?|urn:epc:\S+"
)
_KEYS = (
    (re.compile("sscc", re.IGNORECASE), _SSCC_FORMS, Rule.SSCC_CHECK_DIGIT, "SSCC"),
    (re.compile("gtin", re.IGNORECASE), _GTIN_FORMS, Rule.GTIN_CHECK_DIGIT, "GTIN"),
    (re.compile(r"\bgln|gln\b", re.IGNORECASE), _GLN_FORMS, Rule.GLN_CHECK_DIGIT, "GLN"),
)


def check_value(spot: Spot) -> Iterator[Finding]:
    """Everything that is wrong with the text of one element."""
    text = spot.text
    if spot.element.attributes.get("nil") in ("true", "1"):
        return
    if spot.name == "UnitOfMeasure" and text:
        yield from _unit(spot, text)
    if "unitCode" in spot.element.attributes:
        yield from _unit(spot, spot.element.attributes["unitCode"])
    if spot.name == "QuantityString":
        yield from _amount(spot, text)
    if spot.name == "ValueString" and text:
        yield from _typed(spot, text)
    if spot.element.namespace == Version.V0701:
        yield from _code(spot, text)
    if text and not spot.element.children and is_instant(spot.name):
        yield from check_instant(spot, text)
    yield from _keys(spot, text)


def _unit(spot: Spot, code: str) -> Iterator[Finding]:
    rule = {
        CodeStatus.UNKNOWN: Rule.UNIT_UNKNOWN,
        CodeStatus.DELETED: Rule.UNIT_DELETED,
        CodeStatus.DEPRECATED: Rule.UNIT_DEPRECATED,
    }.get(status_of(code))
    if not rule:
        return
    other = _other_list(spot)
    if other:  # it may be right there; whoever reads Rec 20 needs to translate it
        yield finding(rule, spot, f"unit {explained(code)}; list {other!r}", Severity.NOTICE)
    else:
        yield finding(rule, spot, f"unit {explained(code)}")


def _other_list(spot: Spot) -> str:
    """The code list that the document itself names for a unit, where it is not Rec 20."""
    attributes = spot.element.attributes
    names = (attributes.get(n, "") for n in ("listID", "listName", "unitCodeListID"))
    named = " ".join(name for name in names if name)
    return "" if _REC_20.search(named) else named


def _amount(spot: Spot, text: str) -> Iterator[Finding]:
    quantity = spot.above
    data_type = quantity.element.value("DataType") if quantity else ""
    if data_type in _BINARY_TYPES:
        yield finding(Rule.QUANTITY_BINARY, spot, f"{text!r} of type {data_type}")
        if _FLOAT.fullmatch(text):
            return
    if not _DECIMAL.fullmatch(text):
        yield finding(Rule.QUANTITY_NOT_A_NUMBER, spot, f"{text!r} is no decimal number")
        return
    if not _OURS.fullmatch(text):
        yield finding(Rule.QUANTITY_TOO_LONG, spot, f"{text!r}")
    if text.startswith("-") and text.strip("-0.") and _is_of_material(quantity):
        yield finding(Rule.QUANTITY_NEGATIVE, spot, f"{text} of {_owner(quantity)}")
    if quantity and quantity.name == "Quantity" and not quantity.element.value("UnitOfMeasure"):
        yield finding(Rule.UNIT_MISSING, spot, f"{text} without a unit")


def _is_of_material(quantity: Spot | None) -> bool:
    """Whether an amount says how much there is; a difference stands in a property."""
    return bool(
        quantity and quantity.above
        and not quantity.above.name.endswith(("Property", "PropertyChild"))
    )


def _owner(quantity: Spot | None) -> str:
    return quantity.above.name if quantity and quantity.above else "nothing"


def _typed(spot: Spot, text: str) -> Iterator[Finding]:
    value = spot.above
    if value is None:
        return
    data_type = value.element.value("DataType")
    if data_type.lower() in _TIME_TYPES:
        yield from check_instant(spot, text, day_alone=True)
    wrong_integer = data_type in _INTEGER_TYPES and not re.fullmatch(r"[+-]?[0-9]+", text)
    wrong_decimal = data_type in _DECIMAL_TYPES and not _DECIMAL.fullmatch(text)
    if wrong_integer or wrong_decimal:
        yield finding(Rule.VALUE_NOT_OF_ITS_TYPE, spot, f"{text!r} is no {data_type}")
    if value.above and _UNIT_PROPERTY.search(value.above.element.value("ID")):
        yield from _unit(spot, text)


def _code(spot: Spot, text: str) -> Iterator[Finding]:
    listed = listed_for(spot.name)
    if listed and text not in listed:
        yield finding(Rule.CODE_UNKNOWN, spot, f"{text!r} is none of {', '.join(listed)}")


def _keys(spot: Spot, text: str) -> Iterator[Finding]:
    declared = _declared(spot)
    for says, forms, rule, name in _KEYS:
        if text and declared and says.search(declared):
            yield from _declared_key(spot, text, forms, rule, name)
            return
    if _is_sublot_id(spot):
        found = re.fullmatch(r"(?:\(00\)|00)?([0-9]{18})", text)
        # A company prefix of zeros alone was never given out: that is a number of the sender's own.
        if found and found[1][1:8] != "0000000":
            yield from _check_digit(spot, found[1], Rule.SSCC_CHECK_DIGIT, None)
    elif _is_definition_id(spot) and re.fullmatch("[0-9]{14}", text):
        yield from _check_digit(spot, text, Rule.GTIN_CHECK_DIGIT, Severity.NOTICE)


def _declared(spot: Spot) -> str:
    """What kind of key the document itself calls this: by scheme, or by the property's id."""
    attributes = spot.element.attributes
    scheme = f"{attributes.get('schemeID', '')} {attributes.get('schemeName', '')}".strip()
    if scheme or spot.name != "ValueString":
        return scheme
    carrier = spot.above.above if spot.above else None
    return carrier.element.value("ID") if carrier else ""


def _declared_key(
    spot: Spot, text: str, forms: re.Pattern[str], rule: Rule, name: str
) -> Iterator[Finding]:
    found = forms.fullmatch(text)
    if not found:
        yield finding(Rule.GS1_KEY_SHAPE, spot, f"{text!r} is called {name}")
    elif found["key"]:
        yield from _check_digit(spot, found["key"], rule, None)


def _check_digit(
    spot: Spot, key: str, rule: Rule, severity: Severity | None
) -> Iterator[Finding]:
    expected = gs1_check_digit(key[:-1])
    if key[-1] != expected:
        what = f"{key}: the check digit is {key[-1]}, expected {expected}"
        yield finding(rule, spot, what, severity)


def _is_sublot_id(spot: Spot) -> bool:
    if spot.name == "ID":
        return bool(spot.above and spot.above.name in _SUBLOTS)
    return spot.name == "MaterialSubLotID"


def _is_definition_id(spot: Spot) -> bool:
    if spot.name == "ID":
        return bool(spot.above and spot.above.name == "MaterialDefinition")
    return spot.name == "MaterialDefinitionID"
