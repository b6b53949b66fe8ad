"""The form of an EPCIS document: members, types and words, before anything is asked of its meaning.

An event of JSON and one of XML are checked alike; XML has its order of elements besides.
Source: EPCIS 2.0, 7.4 (event types), 9 (XML), 10 (JSON).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts.formats import epcis_values as values
from contracts.formats.epcis_event import Document, Event, Kind, Syntax, is_extension
from contracts.formats.epcis_rules import finding, notice, shown
from contracts.formats.epcis_values import Check, Findings
from contracts.formats.epcis_vocabulary import (
    BIZ_STEP,
    DISPOSITION,
    EPC_LISTS,
    EVENT_TYPES,
    INNER,
    PAIR_LISTS,
    PAIR_TYPES,
    QUANTITY_LISTS,
)
from contracts.formats.epcis_wrapper import check_wrapper
from contracts.formats.findings import Finding

_CHECKS: dict[str, Check] = {
    **dict.fromkeys(("eventTime", "recordTime"), values.time),
    "eventTimeZoneOffset": values.offset,
    **dict.fromkeys(("eventID", "parentID", "transformationID"), values.uri),
    "errorDeclaration": values.ERROR_DECLARATION,
    "certificationInfo": values.one_or_each(values.uri),
    **dict.fromkeys(EPC_LISTS, values.each(values.uri)),
    **dict.fromkeys(QUANTITY_LISTS, values.each(values.QUANTITY)),
    "action": values.action,
    "bizStep": values.word(BIZ_STEP),
    "disposition": values.word(DISPOSITION),
    **dict.fromkeys(("readPoint", "bizLocation"), values.located),
    **{
        name: values.each(values.pair(key, PAIR_TYPES[name], typed=key != "bizTransaction"))
        for name, key in PAIR_LISTS.items()
    },
    "sensorElementList": values.each(values.SENSOR),
    "persistentDisposition": values.persistent_disposition,
    "ilmd": values.ilmd,
}
_REQUIRED = {
    "ObjectEvent": ("action",),
    "AggregationEvent": ("action",),
    "TransactionEvent": ("action", "bizTransactionList"),
    "TransformationEvent": (),
    "AssociationEvent": ("action", "parentID"),
}
_LASTING = ("ObjectEvent", "TransformationEvent")


def check_structure(document: Document) -> Iterator[Finding]:
    """What is wrong with the form of a document with events, wrapper first."""
    if document.kind is not Kind.EVENT:
        yield from check_wrapper(document)
    elif document.syntax is Syntax.JSON and document.wrapper.get("@context") is None:
        yield finding("", "wrapper-incomplete", "a bare event has no @context")
    for place, item in document.loose:
        if not is_extension(str(item)) or document.syntax is Syntax.JSON:
            yield finding(place, "type-wrong", f"{shown(item)} is no event")
    version = str(document.wrapper.get("schemaVersion", ""))
    legacy = document.syntax is Syntax.XML and version.startswith("1.")
    for event in document.events:
        yield from check_event(event, legacy=legacy)


def check_event(event: Event, *, legacy: bool = False) -> Iterator[Finding]:
    """What is wrong with the form of one event; ``legacy``: it is of EPCIS 1.2.

    The schema of 1.2 bounds neither URIs nor where ``ilmd`` stands: those are told as notices.
    """
    for found in _judged(event):
        if event.syntax is Syntax.XML and _lacks_seconds(event, found):
            yield notice(found.place, "time-without-seconds", "the time has no seconds")
        elif legacy and found.rule in _LEGACY_NOTICES:
            yield notice(found.place, found.rule, found.what)
        else:
            yield found


_LEGACY_NOTICES = ("uri-malformed", "ilmd-misplaced", "member-misplaced")


def _lacks_seconds(event: Event, found: Finding) -> bool:
    """Whether an error was declared to the minute: when it was said is clear all the same."""
    declared = event.members.get("errorDeclaration")
    said = declared.get("declarationTime") if isinstance(declared, dict) else None
    return (
        found.rule == "time-malformed" and found.place.endswith("/declarationTime")
        and isinstance(said, str) and values.is_to_the_minute(said)
    )


def _judged(event: Event) -> Findings:
    place = event.place
    if event.context is not None:
        yield from values.context(event.context, f"{place}/@context")
    if event.type not in EVENT_TYPES:
        if not values.is_uri(event.type):
            yield finding(place, "event-type-unknown", f"{shown(event.type)} is no event type")
        yield from _head(event)
        return
    yield from _head(event)
    for name in _REQUIRED[event.type]:
        if name not in event.members:
            yield finding(place, "member-missing", f"{name} is missing")
    yield from _members(event)
    yield from _objects(event)
    yield from _order(event)


def _head(event: Event) -> Findings:
    for name in ("eventTime", "eventTimeZoneOffset"):
        if name not in event.members:
            yield finding(event.place, "member-missing", f"{name} is missing")
        elif event.type not in EVENT_TYPES:
            yield from _CHECKS[name](event.members[name], f"{event.place}/{name}")


def _members(event: Event) -> Findings:
    allowed = EVENT_TYPES[event.type]
    for name, value in event.members.items():
        if name in allowed:
            yield from _CHECKS[name](value, f"{event.place}/{name}")
        elif not is_extension(name):
            yield finding(event.place, "member-unknown",
                          f"{shown(name)} is no member of {event.type}")
    if "persistentDisposition" in event.members and event.type not in _LASTING:
        yield notice(event.place, "beyond-json-schema",
                     f"persistentDisposition stands in {event.type}")
    if "ilmd" in event.members and event.members.get("action", "ADD") != "ADD":
        yield finding(f"{event.place}/ilmd", "ilmd-misplaced",
                      f"ilmd stands with action {shown(event.members['action'])}")
    if event.type == "TransactionEvent" and event.members.get("bizTransactionList") == []:
        yield finding(event.place, "member-missing", "bizTransactionList is empty")


def _objects(event: Event) -> Findings:
    """An event is about something. Source: EPCIS 2.0, 7.4.2 to 7.4.6 (the what of each type)."""
    if not _ABOUT[event.type](event.members):
        yield finding(event.place, "object-missing", f"{event.type} names no object")


def _has(members: dict[str, Any], *names: str) -> bool:
    return any(members.get(name) for name in names)


def _is_delete(members: dict[str, Any]) -> bool:
    return members.get("action") == "DELETE"


def _about_object(members: dict[str, Any]) -> bool:
    sensed = _has(members, "sensorElementList") and "readPoint" in members
    return "epcList" in members or _has(members, "quantityList") or sensed


def _about_children(members: dict[str, Any]) -> bool:
    return _has(members, "childEPCs", "childQuantityList") or _is_delete(members)


def _about_transaction(members: dict[str, Any]) -> bool:
    return "epcList" in members or _has(members, "quantityList") or _is_delete(members)


def _about_transformation(members: dict[str, Any]) -> bool:
    inputs = _has(members, "inputEPCList", "inputQuantityList")
    outputs = _has(members, "outputEPCList", "outputQuantityList")
    return (inputs and outputs) or ("transformationID" in members and (inputs or outputs))


_ABOUT = {
    "ObjectEvent": _about_object,
    "AggregationEvent": _about_children,
    "AssociationEvent": _about_children,
    "TransactionEvent": _about_transaction,
    "TransformationEvent": _about_transformation,
}
# These three change places between versions 1.2 and 2.0 and stand last in both.
_LAST = ("sensorElementList", "persistentDisposition", "ilmd")


def _order(event: Event) -> Findings:
    """Elements of XML stand in the order of the schema, each once, extensions last.

    Where three and more are displaced, the sender keeps no order at all: a receiver either reads by
    name or refuses all that it sends, so that is told as a notice.
    """
    ranks = _ranks(event.type)
    standard = [name for name in event.order if name in ranks]
    for name in dict.fromkeys(standard):
        if standard.count(name) > 1 and name != "certificationInfo":
            yield finding(event.place, "member-twice", f"{name} stands twice")
    displaced = len(standard) - _longest_run([ranks[name] for name in standard])
    tell = notice if displaced > 2 else finding
    if displaced:
        yield tell(event.place, "member-misplaced", _order_told(standard, ranks))
    for within, names in event.inner:
        places = [INNER[within].index(name) for name in names if name in INNER[within]]
        if places != sorted(places):
            yield tell(f"{event.place}/{within}", "member-misplaced",
                       _order_told(names, {name: i for i, name in enumerate(INNER[within])}))


def _order_told(names: Sequence[str], ranks: Mapping[str, int]) -> str:
    """The first element that stands too late, and before which it belongs."""
    known = [name for name in names if name in ranks]
    for position, name in enumerate(known):
        later = next((other for other in known[:position] if ranks[other] > ranks[name]), None)
        if later:
            return f"{name} stands after {later} and belongs before it"
    return f"the order is {', '.join(known)}"


def _ranks(event_type: str) -> dict[str, int]:
    order = EVENT_TYPES[event_type]
    return {
        name: len(order) if name in _LAST else position for position, name in enumerate(order)
    }


def _longest_run(ranks: list[int]) -> int:
    """How many elements stand in order at most (longest non-decreasing subsequence)."""
    ends: list[int] = []
    for rank in ranks:
        at = bisect_right(ends, rank)
        ends[at : at + 1] = [rank]
    return len(ends)
