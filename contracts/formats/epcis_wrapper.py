"""The form of what stands around events: header, body, results; formats are not judged here.

Source: EPCIS 2.0, 9.3 (XML documents), 10.2 (JSON documents), 8.2.5 (query results).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from contracts.formats import epcis_values as values
from contracts.formats.epcis_event import Document, Kind, Syntax, is_extension
from contracts.formats.epcis_rules import finding, notice, shown
from contracts.formats.epcis_values import Check, Findings
from contracts.formats.findings import Finding

_VERSION = re.compile(r"\d+(\.\d+)*", re.ASCII)


def check_wrapper(document: Document) -> Iterator[Finding]:
    """What is wrong around the events of a document."""
    yield from (_of_json if document.syntax is Syntax.JSON else _of_xml)(document)


def _version(value: Any, place: str) -> Findings:
    if not isinstance(value, str) or not _VERSION.fullmatch(value):
        yield finding(place, "wrapper-incomplete", f"{shown(value)} is no version")


def _anything(value: Any, place: str) -> Findings:
    yield from ()


def _context(value: Any, place: str) -> Findings:
    yield from values.each_part(
        value, place, lambda part: isinstance(part, str | dict), "is no context"
    )


def _object(checks: dict[str, Check], *required: str, extensible: bool = True) -> Check:
    return values.members(checks, required=required, extensible=extensible)


_NAMED = values.text
_ATTRIBUTE: dict[str, Check] = {"id": _NAMED, "attribute": _anything}
_ELEMENT: dict[str, Check] = {
    "id": _NAMED, "attributes": values.each(_object(_ATTRIBUTE, "id")),
    "children": values.each(_NAMED),
}
_VOCABULARY: dict[str, Check] = {
    "type": _NAMED, "vocabularyElementList": values.each(_object(_ELEMENT, "id")),
}
_MASTER_DATA = _object({"vocabularyList": values.each(_object(_VOCABULARY, "type"))})
_AROUND: dict[str, Check] = {
    "@context": _context, "id": _NAMED, "type": _anything, "schemaVersion": _version,
    "creationDate": _NAMED,
}
_CAPTURE = _object({
    **_AROUND,
    **dict.fromkeys(("instanceIdentifier", "sender", "receiver"), _NAMED),
    "epcisHeader": _object({"epcisMasterData": _MASTER_DATA}),
    "epcisBody": _anything,
})
_RESULTS = _object({
    **_AROUND,
    "epcisBody": _object({"queryResults": _object({
        "queryName": _NAMED, "subscriptionID": _NAMED,
        "resultsBody": _object({
            "eventList": _anything, "vocabularyList": values.each(_object(_VOCABULARY, "type")),
        }),
    }, "queryName", "resultsBody")}, "queryResults"),
})


def _of_json(document: Document) -> Findings:
    required = ["@context", "epcisBody"]
    if document.kind is Kind.CAPTURE:
        required += ["schemaVersion", "creationDate"]
    for name in required:
        if name not in document.wrapper:
            yield finding("", "wrapper-incomplete", f"{name} is missing")
    check = _CAPTURE if document.kind is Kind.CAPTURE else _RESULTS
    yield from check(document.wrapper, "")
    yield from _events(document)


def _events(document: Document) -> Findings:
    """There is a list of events; an empty one is told, for it says nothing."""
    path = ["epcisBody"]
    if document.kind is Kind.RESULTS:
        path += ["queryResults", "resultsBody"]
    body: Any = document.wrapper
    for name in path:
        body = body.get(name) if isinstance(body, dict) else None
    place = "/" + "/".join(path)
    single = isinstance(body, dict) and "event" in body and bool(document.events)
    if not isinstance(body, dict) or not (isinstance(body.get("eventList"), list) or single):
        yield finding(place, "wrapper-incomplete", "eventList is missing or no list")
    elif not document.events and not document.loose:
        yield notice(place, "no-event", "eventList is empty")


def _of_xml(document: Document) -> Findings:
    wrapper = document.wrapper
    if not wrapper.get("xmlns"):
        yield finding("", "wrapper-incomplete", "the root element is in no namespace of EPCIS")
    for name in ("schemaVersion", "creationDate"):
        if name not in wrapper:
            tell = finding if document.kind is Kind.CAPTURE else notice
            yield tell("", "wrapper-incomplete", f"attribute {name} is missing")
    if "schemaVersion" in wrapper:
        yield from _version(wrapper["schemaVersion"], "/schemaVersion")
    yield from _strangers(wrapper["children"], ("EPCISHeader", "EPCISBody", "extension"), "")
    body = wrapper.get("EPCISBody", [])
    wanted = "EventList" if document.kind is Kind.CAPTURE else "QueryResults"
    yield from _strangers(body, (wanted, "extension"), "/EPCISBody")
    if wanted not in body:
        yield finding("/EPCISBody", "wrapper-incomplete", f"{wanted} is missing")
    elif not document.events and not document.loose:
        yield notice("/EPCISBody", "no-event", "there is no event")


def _strangers(names: list[str], known: tuple[str, ...], place: str) -> Findings:
    for name in names:
        if name not in known and not is_extension(name):
            yield finding(place, "member-unknown", f"{shown(name)} is no member here")
