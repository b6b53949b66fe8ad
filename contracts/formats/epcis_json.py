"""Reading EPCIS 2.0 JSON and JSON-LD into events.

Prefixes are taken from the ``@context`` of the document and of each event; remote contexts are
never fetched. Source: EPCIS 2.0, 10; JSON-LD 1.1, 3.1 (context).
"""

from __future__ import annotations

from typing import Any

from contracts.formats.epcis_event import Document, Event, Kind, Members, NotEpcis, Syntax
from contracts.record.strict_json import Unreadable, read_json

Prefixes = dict[str, str]


def read_epcis_json(raw: bytes) -> Document:
    """The events of a capture or query document, of a bare event, or the members of a query.

    Raises: NotEpcis for what is no strict JSON, or no object of EPCIS.
    """
    try:
        content = read_json(raw)
    except Unreadable as exc:
        raise NotEpcis(str(exc)) from exc
    except ArithmeticError as exc:
        raise NotEpcis("a number is out of all bounds") from exc
    if not isinstance(content, dict):
        raise NotEpcis("the document is no JSON object")
    return _read_object(content)


def _read_object(content: Members) -> Document:
    prefixes = declared_prefixes(content.get("@context"))
    kind = content.get("type")
    if kind in (Kind.CAPTURE, Kind.RESULTS):
        return _with_events(Kind(kind), content, prefixes)
    if "eventTime" in content or isinstance(kind, str):
        event = _event(content, "", prefixes)
        wrapper = {"@context": content["@context"]} if "@context" in content else {}
        return Document(Syntax.JSON, Kind.EVENT, wrapper, (event,))
    query = content.get("query")
    return Document(Syntax.JSON, Kind.QUERY, query if isinstance(query, dict) else content)


def _with_events(kind: Kind, content: Members, prefixes: Prefixes) -> Document:
    place, listed = _event_list(kind, content)
    events: list[Event] = []
    loose: list[tuple[str, Any]] = []
    for number, item in enumerate(listed):
        at = f"{place}/{number}"
        if isinstance(item, dict):
            events.append(_event(item, at, prefixes))
        else:
            loose.append((at, item))
    return Document(Syntax.JSON, kind, content, tuple(events), tuple(loose))


def _event_list(kind: Kind, content: Members) -> tuple[str, list[Any]]:
    """Where the events stand; an absent or misshapen list is empty (the structure check tells)."""
    path = ["epcisBody"]
    if kind is Kind.RESULTS:
        path += ["queryResults", "resultsBody"]
    found: Any = content
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        return "", []
    place = "/" + "/".join(path)
    if "eventList" not in found and isinstance(found.get("event"), dict):
        return f"{place}/event", [found["event"]]
    listed = found.get("eventList")
    return f"{place}/eventList", listed if isinstance(listed, list) else []


def _event(content: Members, place: str, prefixes: Prefixes) -> Event:
    own = {**prefixes, **declared_prefixes(content.get("@context"))}
    members = {name: value for name, value in content.items() if name not in ("type", "@context")}
    kind = content.get("type")
    named = kind if isinstance(kind, str) else ""
    return Event(named, _expand(members, own), place, own, context=content.get("@context"))


def _expand(value: Any, prefixes: Prefixes) -> Any:
    """The same value with ``prefix:name`` members as ``{namespace}name``."""
    if isinstance(value, list):
        return [_expand(item, prefixes) for item in value]
    if not isinstance(value, dict):
        return value
    own = {**prefixes, **declared_prefixes(value["@context"])} if "@context" in value else prefixes
    return {
        _expanded_name(name, own): _expand(item, own)
        for name, item in value.items() if name != "@context"
    }


def _expanded_name(name: str, prefixes: Prefixes) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{prefixes[prefix]}}}{local}" if colon and prefix in prefixes else name


def declared_prefixes(context: Any) -> Prefixes:
    """The prefixes that a JSON-LD context declares in place: its members that name a URI."""
    found: Prefixes = {}
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, dict):
            for prefix, uri in part.items():
                target = uri.get("@id") if isinstance(uri, dict) else uri
                if isinstance(target, str) and not prefix.startswith("@"):
                    found[prefix] = target
    return found
