"""Writing events as EPCIS 2.0 JSON-LD: one event, or a capture document. Numbers stay exact.

Source: EPCIS 2.0, 10.2 and 10.3.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any

from contracts.formats.epcis_event import Event, Members
from contracts.model.instants import write_timestamp

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
MASTER_DATA = "urn:epcglobal:cbv:mda:"
PREFIXES = {"cbvmda": MASTER_DATA}


def event_json(event: Event) -> Members:
    """The members of an event as they stand in JSON; extensions by the prefix of their namespace.

    Numbers are int or Decimal. A namespace that ``event.prefixes`` does not know is written as a
    full URI.
    """
    by_namespace = {uri: prefix for prefix, uri in event.prefixes.items()}
    return {"type": event.type, **_shortened(event.members, by_namespace)}


def write_event(event: Event) -> bytes:
    """A bare event with its context, as UTF-8."""
    content = {"@context": _context([event]), **event_json(event)}
    return write_json(content).encode()


def write_document(events: Iterable[Event], *, created: datetime) -> bytes:
    """A capture document. Raises: ValueError for a time without a zone."""
    listed = list(events)
    return write_json({
        "@context": _context(listed),
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": write_timestamp(created),
        "epcisBody": {"eventList": [event_json(event) for event in listed]},
    }).encode()


def _context(events: list[Event]) -> list[Any]:
    prefixes = {prefix: uri for event in events for prefix, uri in event.prefixes.items()}
    return [CONTEXT, *([prefixes] if prefixes else [])]


def _shortened(value: Any, by_namespace: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [item if type(item) is str else _shortened(item, by_namespace) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        _name(name, by_namespace) if name[:1] == "{" else name:
        item if type(item) is str else _shortened(item, by_namespace)
        for name, item in value.items()
    }


def _name(name: str, by_namespace: dict[str, str]) -> str:
    namespace, _, local = name[1:].partition("}")
    return f"{by_namespace[namespace]}:{local}" if namespace in by_namespace else namespace + local


def write_json(value: Any) -> str:
    """JSON text. Decimals are written digit by digit, which ``json`` cannot do."""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        members = [
            f"{encode_basestring_ascii(name)}:"
            f"{encode_basestring(item) if type(item) is str else write_json(item)}"
            for name, item in value.items()
        ]
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
