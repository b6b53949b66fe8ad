"""What the form of a captured event has to be, before anybody asks what it means.

The reference's own checks: the judge has others, and the official schema tests both.
Source: EPCIS 2.0, 7.3 and 7.4 (members of each type), 10 (JSON); CBV 2.0, 7 (words).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from contracts.formats.epcis_event import Event, is_extension
from contracts.formats.epcis_vocabulary import (
    ACTIONS,
    BIZ_STEP,
    BIZ_TRANSACTION_TYPE,
    DISPOSITION,
    EPC_LISTS,
    ERROR_REASON,
    EVENT_TYPES,
    METADATA,
    PAIR_LISTS,
    PAIR_TYPES,
    QUANTITY_LISTS,
    REPORT,
    Vocabulary,
)
from contracts.model.codes import Code, Refusal

Check = Callable[[Any, str], Iterator[Refusal]]
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+"
)
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)", re.ASCII)
_OFFSET = re.compile(r"[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)", re.ASCII)
_UNIT = re.compile(r"[A-Z0-9]{2,3}", re.ASCII)
# Older spellings of standard words, which JSON does not know.
_URN_WORD = "urn:epcglobal:cbv:"
_NUMBER_MAX = 30


def instant(text: Any) -> datetime | None:
    """The instant that an RFC 3339 time with offset names; None for anything else."""
    if not isinstance(text, str):
        return None
    return _lately_read(text) if len(text) <= _REMEMBERED_MAX else _instant(text)


def _instant(text: str) -> datetime | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    clock, fraction, zone = found.groups()
    micros = (fraction or "")[:6].ljust(6, "0")
    try:
        at = datetime.fromisoformat(f"{clock}.{micros}{'+00:00' if zone == 'Z' else zone}")
    except ValueError:
        return None
    return at if 1970 <= at.year <= 2199 else None


# The events of one message happen at one time; long texts are not remembered.
_REMEMBERED_MAX = 40
_lately_read = lru_cache(maxsize=64)(_instant)


# implements FRS-EPC-003
def check_form(event: Event, place: str) -> Iterator[Refusal]:
    """Refuse an event whose form is not that of its type, member by member."""
    allowed = EVENT_TYPES.get(event.type)
    if allowed is None:
        yield _malformed(f"{place}.type", f"{event.type!r} is no event type")
        return
    if not is_writable(event.members):
        yield _malformed(place, "a number or a character in it cannot be written")
        return
    for name in _needed(event):
        if name not in event.members:
            yield _malformed(f"{place}.{name}", "it is missing")
    for name, value in event.members.items():
        if name in allowed:
            yield from _MEMBERS[name](value, f"{place}.{name}")
        elif not is_extension(name):
            yield _malformed(f"{place}.{name}", f"it is no member of {event.type}")
    if "persistentDisposition" in event.members and event.type not in _LASTING:
        yield _malformed(f"{place}.persistentDisposition", f"it is no member of {event.type}")
    if "ilmd" in event.members and event.members.get("action", "ADD") != "ADD":
        yield _malformed(f"{place}.ilmd", "it stands only where something begins")
    if not _is_about_something(event):
        yield _malformed(place, f"the {event.type} is about nothing")


def is_writable(value: Any) -> bool:
    """Whether a value can be kept and shown: no lone surrogate, no number beyond all bounds."""
    if isinstance(value, dict):
        return all(is_writable(name) and is_writable(item) for name, item in value.items())
    if isinstance(value, list):
        return all(map(is_writable, value))
    if isinstance(value, str):
        return not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value.adjusted()) <= _NUMBER_MAX
    return True


_LASTING = ("ObjectEvent", "TransformationEvent")


def _needed(event: Event) -> tuple[str, ...]:
    own: tuple[str, ...] = ()
    if event.type != "TransformationEvent":
        own = ("action",)
    if event.type == "TransactionEvent":
        own += ("bizTransactionList",)
    if event.type == "AssociationEvent":
        own += ("parentID",)
    return ("eventTime", "eventTimeZoneOffset", *own)


def _is_about_something(event: Event) -> bool:
    said = event.members
    ends = said.get("action") == "DELETE"
    if event.type == "TransformationEvent":
        into = said.get("inputEPCList") or said.get("inputQuantityList")
        out_of = said.get("outputEPCList") or said.get("outputQuantityList")
        return bool(into and out_of) or ("transformationID" in said and bool(into or out_of))
    if event.type in ("AggregationEvent", "AssociationEvent"):
        return bool(said.get("childEPCs") or said.get("childQuantityList")) or ends
    if event.type == "TransactionEvent":
        named = said.get("epcList") or said.get("quantityList") or ends
        return bool(named) and bool(said.get("bizTransactionList"))
    sensed = bool(said.get("sensorElementList")) and ("readPoint" in said or "epcList" in said)
    return bool(said.get("epcList") or said.get("quantityList")) or sensed


def _malformed(path: str, detail: str) -> Refusal:
    return Refusal(Code.EVENT_MALFORMED, path, detail[:300])


def _one(fits: Callable[[Any], bool], wanted: str) -> Check:
    def check(value: Any, path: str) -> Iterator[Refusal]:
        if not fits(value):
            yield _malformed(path, f"it is not {wanted}")

    return check


def _each(check: Check, *, at_least: int = 0) -> Check:
    def check_list(value: Any, path: str) -> Iterator[Refusal]:
        if not isinstance(value, list) or len(value) < at_least:
            yield _malformed(path, f"it is not a list of at least {at_least}")
            return
        for number, item in enumerate(value):
            yield from check(item, f"{path}[{number}]")

    return check_list


def _object(known: Mapping[str, Check], *needed: str, extensible: bool = False) -> Check:
    def check(value: Any, path: str) -> Iterator[Refusal]:
        if not isinstance(value, dict):
            yield _malformed(path, "it is no object")
            return
        for name in needed:
            if name not in value:
                yield _malformed(f"{path}.{name}", "it is missing")
        for name, item in value.items():
            if name in known:
                yield from known[name](item, f"{path}.{name}")
            elif not (extensible and is_extension(name)):
                yield _malformed(f"{path}.{name}", "it is no member here")

    return check


def _word(words: Vocabulary) -> Check:
    return _one(
        lambda value: isinstance(value, str) and (
            value in words.words
            or (_URI.fullmatch(value) is not None and not value.startswith(_URN_WORD))
        ),
        f"a {words.name} of the CBV nor a URI",
    )


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    return is_writable(Decimal(value))


def _anything(value: Any, path: str) -> Iterator[Refusal]:
    yield from ()


_uri = _one(lambda value: isinstance(value, str) and _URI.fullmatch(value) is not None,
            "an absolute URI")
_time = _one(lambda value: instant(value) is not None, "an RFC 3339 time with offset")
_offset = _one(lambda value: isinstance(value, str) and _OFFSET.fullmatch(value) is not None,
               "an offset such as +01:00")
_number = _one(_is_number, "a number")
_unit = _one(lambda value: isinstance(value, str) and _UNIT.fullmatch(value) is not None,
             "a unit code of two or three capitals and digits")
_quantity = _object({"epcClass": _uri, "quantity": _number, "uom": _unit}, "epcClass")
_place = _object({"id": _uri}, "id", extensible=True)
_lasting = _object(dict.fromkeys(("set", "unset"), _each(_word(DISPOSITION), at_least=1)))
_report = _object(dict.fromkeys(REPORT, _anything), "type", extensible=True)
_sensor = _object(
    {
        "sensorMetadata": _object(dict.fromkeys(METADATA, _anything), extensible=True),
        "sensorReport": _each(_report, at_least=1),
    },
    "sensorReport", extensible=True,
)
_declaration = _object(
    {"declarationTime": _time, "reason": _word(ERROR_REASON),
     "correctiveEventIDs": _each(_uri)},
    "declarationTime", extensible=True,
)


def _persistent(value: Any, path: str) -> Iterator[Refusal]:
    yield from _lasting(value, path)
    if value == {}:
        yield _malformed(path, "it neither sets nor unsets anything")


def _certificates(value: Any, path: str) -> Iterator[Refusal]:
    yield from (_each(_uri) if isinstance(value, list) else _uri)(value, path)


def _pairs(listed: str) -> Check:
    named, words = PAIR_LISTS[listed], PAIR_TYPES[listed]
    typed = () if words is BIZ_TRANSACTION_TYPE else ("type",)
    return _each(_object({named: _uri, "type": _word(words)}, named, *typed))


_MEMBERS: dict[str, Check] = {
    "eventTime": _time, "eventTimeZoneOffset": _offset,
    # It is the repository's own, so what stands here counts for nothing.
    "recordTime": _anything,
    **dict.fromkeys(("eventID", "parentID", "transformationID"), _uri),
    "errorDeclaration": _declaration, "certificationInfo": _certificates,
    **dict.fromkeys(EPC_LISTS, _each(_uri)), **dict.fromkeys(QUANTITY_LISTS, _each(_quantity)),
    "action": _one(lambda value: value in ACTIONS, "ADD, OBSERVE or DELETE"),
    "bizStep": _word(BIZ_STEP), "disposition": _word(DISPOSITION),
    "readPoint": _place, "bizLocation": _place,
    **{listed: _pairs(listed) for listed in PAIR_LISTS},
    "sensorElementList": _each(_sensor), "persistentDisposition": _persistent,
    "ilmd": _object({}, extensible=True),
}
