"""One EPCIS event as both syntaxes mean it, and the document that it came in.

The form is that of EPCIS 2.0 JSON: lists are lists, a quantity is a decimal, standard words are
bare. An extension is kept under ``{namespace}name``; where its prefix was never declared it keeps
its name as it stood.
Source: EPCIS 2.0, 7.4 (core event types), 10 (JSON / JSON-LD), 9 (XML).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Members = dict[str, Any]


TEXT = "#text"
"""The text of an extension that has members beside it."""


class NotEpcis(ValueError):
    """Bytes that are no EPCIS document, event or query; the message says why."""


class Syntax(StrEnum):
    """In which syntax a document was written."""

    JSON = "JSON"
    XML = "XML"


class Kind(StrEnum):
    """What a document is."""

    CAPTURE = "EPCISDocument"
    RESULTS = "EPCISQueryDocument"
    EVENT = "event"
    QUERY = "query"


@dataclass(frozen=True)
class Event:
    """One event. ``type`` is its type as written, ``members`` everything else that it says.

    ``place`` leads to it in its document, ``prefixes`` are the namespaces by prefix that hold for
    its values, ``order`` are its members as they stood in XML (empty for JSON), ``inner`` those of
    its inner elements by their name, ``context`` is its own ``@context`` (None where it has none).
    """

    type: str
    members: Members
    place: str = ""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    inner: tuple[tuple[str, tuple[str, ...]], ...] = ()
    syntax: Syntax = Syntax.JSON
    context: Any = None

    @property
    def event_id(self) -> str | None:
        """The ``eventID``, where there is one."""
        value = self.members.get("eventID")
        return value if isinstance(value, str) else None


@dataclass(frozen=True)
class Document:
    """What was read. ``wrapper`` are the members around the events, or those of a query."""

    syntax: Syntax
    kind: Kind
    wrapper: Members
    events: tuple[Event, ...] = ()
    loose: tuple[tuple[str, Any], ...] = ()
    """What stands where an event should and has no form of one, with its place."""


def is_extension(name: str) -> bool:
    """Whether a member name is one of an extension: it belongs to a namespace."""
    return name.startswith("{") or ":" in name
