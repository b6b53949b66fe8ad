"""Checks of single values in an EPCIS event: times, URIs, words, numbers and flat structures.

Each check takes a value and its place and gives findings. Written from the standard; the official
JSON schema is neither used nor copied.
Source: EPCIS 2.0, 7.3 (data types), 7.4 (events), 10.2 (JSON); RFC 3339 5.6; RFC 3986.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from contracts.formats.epcis_event import is_extension
from contracts.formats.epcis_rules import finding, notice, shown
from contracts.formats.epcis_vocabulary import (
    ACTIONS,
    ALERT,
    COMPONENT,
    DISPOSITION,
    ERROR_REASON,
    MEASUREMENT,
    Vocabulary,
)
from contracts.formats.findings import Finding

Findings = Iterator[Finding]
Check = Callable[[Any, str], Findings]

_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_OFFSET = re.compile(r"[+-]((0\d|1[0-3]):[0-5]\d|14:00)", re.ASCII)
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
)
_UNIT = re.compile(r"[A-Z0-9]{2,3}")
_HEX = re.compile(r"[0-9A-Fa-f]+")
_OLD_CBV = re.compile(r"urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/")
_GS1_VOC = re.compile(r"https?://(www\.)?gs1\.org/voc/")


def read_instant(text: str) -> datetime | None:
    """The instant of an RFC 3339 time with offset, to the microsecond; None for anything else."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    day, clock, fraction, zone = found.groups()
    micros = (fraction or ".0")[1:7].ljust(6, "0")
    try:
        return datetime.fromisoformat(
            f"{day}T{clock}.{micros}{'+00:00' if zone in 'Zz' else zone}"
        )
    except ValueError:
        return None


def is_to_the_minute(text: str) -> bool:
    """Whether a time would be one if it had seconds."""
    return read_instant(re.sub(r"(T\d\d:\d\d)(?!:)", r"\1:00", text)) is not None


def is_uri(value: Any) -> bool:
    """Whether a value is an absolute URI."""
    return isinstance(value, str) and _URI.fullmatch(value) is not None


def is_unit(value: Any) -> bool:
    """Whether a value has the form of a unit code."""
    return isinstance(value, str) and _UNIT.fullmatch(value) is not None


def time(value: Any, place: str) -> Findings:
    """An RFC 3339 time with offset."""
    if not isinstance(value, str):
        yield finding(place, "type-wrong", f"{shown(value)} is no text")
    elif read_instant(value) is None:
        yield finding(place, "time-malformed", f"{shown(value)} is no time with offset")


def offset(value: Any, place: str) -> Findings:
    """A time zone offset: sign, hours, colon, minutes, at most 14:00."""
    if not isinstance(value, str) or not _OFFSET.fullmatch(value):
        yield finding(place, "offset-malformed", f"{shown(value)} is no offset such as +01:00")


def uri(value: Any, place: str) -> Findings:
    """An absolute URI."""
    if not isinstance(value, str):
        yield finding(place, "type-wrong", f"{shown(value)} is no text")
    elif not is_uri(value):
        yield finding(place, "uri-malformed", f"{shown(value)} is no absolute URI")


def number(value: Any, place: str) -> Findings:
    """A number; text is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        yield finding(place, "type-wrong", f"{shown(value)} is no number")


def text(value: Any, place: str) -> Findings:
    """Text."""
    if not isinstance(value, str):
        yield finding(place, "type-wrong", f"{shown(value)} is no text")


def boolean(value: Any, place: str) -> Findings:
    """True or false."""
    if not isinstance(value, bool):
        yield finding(place, "type-wrong", f"{shown(value)} is neither true nor false")


def hex_binary(value: Any, place: str) -> Findings:
    """Hexadecimal digits."""
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        yield finding(place, "type-wrong", f"{shown(value)} is not hexadecimal")


def unit(value: Any, place: str) -> Findings:
    """Two or three capitals and digits, as Recommendation 20 has them."""
    if not is_unit(value):
        yield finding(place, "unit-malformed", f"{shown(value)} has not the form of a unit code")


def action(value: Any, place: str) -> Findings:
    """One of the three actions."""
    if value not in ACTIONS:
        yield finding(place, "action-unknown", f"{shown(value)} is none of {', '.join(ACTIONS)}")


def word(words: Vocabulary) -> Check:
    """A bare word of the vocabulary, or a URI that is not an older spelling of one."""

    def check(value: Any, place: str) -> Findings:
        if not isinstance(value, str):
            yield finding(place, "type-wrong", f"{shown(value)} is no text")
        elif value in words.words:
            return
        elif not is_uri(value):
            yield finding(place, "word-unknown", f"{shown(value)} is no {words.name}")
        elif _OLD_CBV.match(value):
            yield finding(place, "word-spelling", f"{shown(value)} stands as URN in JSON")

    return check


def measurement(words: Vocabulary) -> Check:
    """A word of the GS1 Web Vocabulary; one that is not in the list is told as a notice.

    Source: EPCIS 2.0, 7.3.7.1 (the list of types is open to later versions).
    """

    def check(value: Any, place: str) -> Findings:
        if not isinstance(value, str):
            yield finding(place, "type-wrong", f"{shown(value)} is no text")
        elif value not in words.words and re.fullmatch(r"[A-Za-z_]+", value):
            yield notice(place, "word-unknown", f"{shown(value)} is no {words.name} of the list")
        elif value not in words.words and not is_uri(value):
            yield finding(place, "word-unknown", f"{shown(value)} is no {words.name}")
        elif _GS1_VOC.match(value):
            yield finding(place, "word-spelling", f"{shown(value)} stands bare in JSON")

    return check


def each(check: Check, *, at_least: int = 0, distinct: bool = False) -> Check:
    """A list whose items are checked one by one."""

    def check_list(value: Any, place: str) -> Findings:
        if not isinstance(value, list):
            yield finding(place, "type-wrong", f"{shown(value)} is no list")
            return
        if len(value) < at_least:
            yield finding(place, "member-missing", "the list is empty")
        seen: set[str] = set()
        for position, item in enumerate(value):
            yield from check(item, f"{place}/{position}")
            if distinct and repr(item) in seen:
                what = f"{shown(item)} stands twice"
                yield finding(f"{place}/{position}", "identifier-twice", what)
            seen.add(repr(item))

    return check_list


def one_or_each(check: Check) -> Check:
    """A value, or a list of such."""

    def either(value: Any, place: str) -> Findings:
        yield from (each(check) if isinstance(value, list) else check)(value, place)

    return either


def members(
    checks: dict[str, Check], *, required: tuple[str, ...] = (), extensible: bool = False
) -> Check:
    """An object with these members. ``extensible``: members of a namespace may stand beside."""

    def check(value: Any, place: str) -> Findings:
        if not isinstance(value, dict):
            yield finding(place, "type-wrong", f"{shown(value)} is no object")
            return
        for name in required:
            if name not in value:
                yield finding(place, "member-missing", f"{name} is missing")
        for name, item in value.items():
            if name in checks:
                yield from checks[name](item, f"{place}/{name}")
            elif not (extensible and is_extension(name)):
                yield finding(place, "member-unknown", f"{shown(name)} is no member here")

    return check


QUANTITY = members(
    {"epcClass": uri, "quantity": number, "uom": unit}, required=("epcClass",)
)
ERROR_DECLARATION = members(
    {"declarationTime": time, "reason": word(ERROR_REASON), "correctiveEventIDs": each(uri)},
    required=("declarationTime",), extensible=True,
)
_LASTING = members(
    dict.fromkeys(("set", "unset"), each(word(DISPOSITION), at_least=1, distinct=True))
)


def persistent_disposition(value: Any, place: str) -> Findings:
    """What lasts from here on, what no longer does, or both."""
    yield from _LASTING(value, place)
    if value == {}:
        yield finding(place, "member-missing", "neither set nor unset stands in it")


_DEVICE: dict[str, Check] = dict.fromkeys(
    ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), uri
)
_METADATA = members(
    {**dict.fromkeys(("time", "startTime", "endTime"), time), **_DEVICE}, extensible=True
)
_REPORT_MEMBERS: dict[str, Check] = {
    **_DEVICE,
    "type": measurement(MEASUREMENT),
    "exception": measurement(ALERT),
    "time": time,
    **dict.fromkeys(
        ("microorganism", "chemicalSubstance", "coordinateReferenceSystem", "uriValue"), uri
    ),
    **dict.fromkeys(
        ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), number
    ),
    "component": word(COMPONENT),
    "stringValue": text,
    "booleanValue": boolean,
    "hexBinaryValue": hex_binary,
    "uom": text,
}


def _report(value: Any, place: str) -> Findings:
    """A sensor report says what it measures, or which alert it is."""
    yield from members(_REPORT_MEMBERS, extensible=True)(value, place)
    if isinstance(value, dict) and "type" not in value:
        if "exception" in value:
            yield notice(place, "beyond-json-schema", "an alert has no type")
        else:
            yield finding(place, "member-missing", "type is missing")


SENSOR = members(
    {"sensorMetadata": _METADATA, "sensorReport": each(_report, at_least=1)},
    required=("sensorReport",), extensible=True,
)


def ilmd(value: Any, place: str) -> Findings:
    """Instance or lot master data: members of a namespace alone."""
    yield from members({}, extensible=True)(value, place)


def located(value: Any, place: str) -> Findings:
    """A place: its ``id``, and extensions."""
    if not isinstance(value, dict):
        yield finding(place, "type-wrong", f"{shown(value)} is no object")
    elif "id" not in value:
        yield finding(place, "member-missing", "id is missing")
    else:
        yield from uri(value["id"], f"{place}/id")


def context(value: Any, place: str) -> Findings:
    """A JSON-LD context: a URI, an object of prefixes, or a list of such, each once."""
    yield from each_part(
        value, place, lambda part: isinstance(part, dict) or is_uri(part), "is no context"
    )


def each_part(value: Any, place: str, fits: Callable[[Any], bool], else_it: str) -> Findings:
    """A value or a list of values that all fit, each once."""
    seen: set[str] = set()
    for part in value if isinstance(value, list) else [value]:
        if not fits(part):
            yield finding(place, "type-wrong", f"{shown(part)} {else_it}")
        if repr(part) in seen:
            yield finding(place, "member-twice", f"{shown(part)} stands twice")
        seen.add(repr(part))


def pair(key: str, words: Vocabulary, *, typed: bool) -> Check:
    """An identifier with its type; ``typed``: the type must be there."""
    required = (key, "type") if typed else (key,)
    return members({key: uri, "type": word(words)}, required=required)
