"""Reading EPCIS XML, versions 1.2 and 2.0, into the events that JSON would give.

A document type, entities and references to other files are refused. The wrappers ``extension`` and
``baseExtension`` of version 1.2 are taken away: what stands in them belongs to the event.
Source: EPCIS 2.0, 9; EPCIS 1.2, 9.5 (extension points in XML); CBV 2.0, 7 (URN forms).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias

from lxml import etree

from contracts.formats.epcis_event import TEXT, Document, Event, Kind, Members, NotEpcis, Syntax
from contracts.formats.epcis_vocabulary import (
    ALERT,
    BIZ_STEP,
    CBV,
    COMPONENT,
    DISPOSITION,
    EPC_LISTS,
    ERROR_REASON,
    EVENT_TYPES,
    GS1,
    INNER,
    MEASUREMENT,
    NUMBERS,
    PAIR_LISTS,
    PAIR_TYPES,
    QUANTITY_LISTS,
    Vocabulary,
)

Element: TypeAlias = Any
"""An element of lxml, which tells no types."""
OWN = re.compile(r"urn:epcglobal:epcis(-query|-masterdata)?:xsd:[12]")
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ROOTS = {"EPCISDocument": Kind.CAPTURE, "EPCISQueryDocument": Kind.RESULTS}
PREFIXES = {"gs1": GS1, "cbv": CBV}
DEPTH_MAX = 64
_WRAPPERS = ("extension", "baseExtension")
_PLAIN: dict[str, Vocabulary] = {"bizStep": BIZ_STEP, "disposition": DISPOSITION}
_DECIMAL = re.compile(r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,3})?")


def read_epcis_xml(raw: bytes) -> Document:
    """The events of a capture or query document, or of a bare event; or a query's parameters.

    Raises: NotEpcis for bad XML, a document type, nesting deeper than 64, or a foreign root.
    """
    root = _parse(raw)
    name = _name(root)
    if name in EVENT_TYPES or (name not in ROOTS and _child(root, "eventTime") is not None):
        return Document(Syntax.XML, Kind.EVENT, {}, (_event(root, f"/{name}"),))
    if name not in ROOTS:
        raise NotEpcis(f"the root element {name} is none of EPCIS")
    body = _child(root, "EPCISBody")
    parts = () if body is None else body
    asked = next((part for part in parts if _name(part) in ("Poll", "Subscribe")), None)
    if asked is not None:
        return Document(Syntax.XML, Kind.QUERY, _query(asked))
    events, loose = _events(body)
    return Document(Syntax.XML, ROOTS[name], _wrapper(root, body), events, loose)


def _parse(raw: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as exc:
        raise NotEpcis(f"no readable XML: {exc.msg}") from exc
    except ValueError as exc:
        raise NotEpcis(f"no readable XML: {exc}") from exc
    if root.getroottree().docinfo.doctype:
        raise NotEpcis("a document type has no place in EPCIS")
    _check_depth(root)
    return root


def _check_depth(root: Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEPTH_MAX:
            raise NotEpcis(f"nested deeper than {DEPTH_MAX}")


def _wrapper(root: Element, body: Element | None) -> Members:
    members: Members = {str(name): str(value) for name, value in root.items()}
    members["xmlns"] = etree.QName(root).namespace
    members["children"] = [_name(child) for child in root]
    if body is not None:
        members["EPCISBody"] = [_name(child) for child in body]
    return members


def _query(asked: Element) -> Members:
    """A query as in JSON: its parameters by name; None where a parameter has no value."""
    members: Members = {}
    if (name := _child(asked, "queryName")) is not None:
        members["queryName"] = _text(name)
    for param in asked.iter("{*}param"):
        key, value = _child(param, "name"), _child(param, "value")
        found: Any = None
        if value is not None:
            found = [_text(item) for item in value] if len(value) else _text(value)
        members["" if key is None else _text(key)] = found
    return members


def _events(body: Element | None) -> tuple[tuple[Event, ...], tuple[tuple[str, Any], ...]]:
    listed = next(body.iter("{*}EventList"), None) if body is not None else None
    if listed is None:
        return (), ()
    events: list[Event] = []
    loose: list[tuple[str, Any]] = []
    for number, child in enumerate(_unwrapped(listed), 1):
        place = f"//EventList//{_name(child)} (number {number}, line {child.sourceline})"
        if _is_own(child):
            events.append(_event(child, place))
        else:
            loose.append((place, _name(child)))
    return tuple(events), tuple(loose)


def _event(element: Element, place: str) -> Event:
    """One event. Of a member that may not stand twice the first is read; ``order`` has both."""
    order: list[str] = []
    members: Members = {}
    for child in _unwrapped(element):
        name = _name(child)
        order.append(name)
        if name not in members or name == "certificationInfo" or name.startswith("{"):
            _add(members, name, _value(child, name))
    return Event(
        _name(element), members, place, PREFIXES, tuple(order), tuple(_inner(element)), Syntax.XML
    )


def _inner(element: Element) -> Iterator[tuple[str, tuple[str, ...]]]:
    for child in element.iter():
        name = _name(child)
        if name in INNER:
            yield name, tuple(_name(part) for part in _unwrapped(child))


def _value(element: Element, name: str) -> Any:
    """What one member of an event would be in JSON."""
    if name in EPC_LISTS:
        return [_item(child, "epc", _text) for child in element]
    if name in QUANTITY_LISTS:
        return [_item(child, "quantityElement", _fields) for child in element]
    if name in PAIR_LISTS:
        read = partial(_pair, key=PAIR_LISTS[name], words=PAIR_TYPES[name])
        return [_item(child, PAIR_LISTS[name], read) for child in element]
    if name in _PLAIN:
        return _PLAIN[name].bare(_text(element))
    special = _SPECIAL.get(name)
    if special is not None:
        return special(element)
    return _extension(element) if name.startswith("{") or len(element) else _text(element)


def _item(element: Element, name: str, read: Callable[[Element], Any]) -> Any:
    """One item of a list; what has another name than items have stays under that."""
    own = _name(element)
    return read(element) if own == name else {own: _extension(element)}


def _fields(element: Element) -> Members:
    """A flat element: its children (and attributes) as members, numbers as decimals."""
    members: Members = {}
    for name, text in _attributes(element):
        members[name] = _typed(name, text)
    for child in _unwrapped(element):
        name = _name(child)
        _add(members, name, _extension(child) if name.startswith("{")
             else _typed(name, _text(child)))
    return members


def _pair(element: Element, key: str, words: Vocabulary) -> Members:
    members: Members = {name: words.bare(text) for name, text in _attributes(element)}
    members[key] = _text(element)
    return members


def _sensors(element: Element) -> list[Members]:
    found = []
    for child in element:
        members: Members = {}
        for part in _unwrapped(child):
            name = _name(part)
            if name == "sensorMetadata":
                members[name] = _fields(part)
            elif name == "sensorReport":
                members.setdefault(name, []).append(_report(part))
            else:
                _add(members, name, _extension(part))
        found.append(members)
    return found


def _report(element: Element) -> Members:
    members = _fields(element)
    for name, words in (("type", MEASUREMENT), ("exception", ALERT), ("component", COMPONENT)):
        if name in members:
            bare = words.word(members[name])
            members[name] = bare if bare in words.words else members[name]
    return members


def _dispositions(element: Element) -> Members:
    members: Members = {}
    for child in element:
        members.setdefault(_name(child), []).append(DISPOSITION.bare(_text(child)))
    return members


def _error_declaration(element: Element) -> Members:
    members: Members = {}
    for child in _unwrapped(element):
        name = _name(child)
        if name == "correctiveEventIDs":
            members[name] = [_item(item, "correctiveEventID", _text) for item in child]
        elif name == "reason":
            members[name] = ERROR_REASON.bare(_text(child))
        else:
            _add(members, name, _value(child, name))
    return members


def _ilmd(element: Element) -> Members:
    members: Members = {}
    for child in _unwrapped(element):
        _add(members, _name(child), _extension(child))
    return members


_SPECIAL = {
    "persistentDisposition": _dispositions,
    "sensorElementList": _sensors,
    "errorDeclaration": _error_declaration,
    "ilmd": _ilmd,
    "readPoint": _fields,
    "bizLocation": _fields,
}


def _extension(element: Element) -> Any:
    """An extension: text, or members where it has children or attributes."""
    members: Members = dict(_attributes(element))
    for child in element:
        _add(members, _name(child), _extension(child))
    if members and _text(element):
        members[TEXT] = _text(element)
    return members or _text(element)


def _add(members: Members, name: str, value: Any) -> None:
    """Put a member in; a name that comes again makes a list, as JSON would have it."""
    if name not in members:
        members[name] = value
    elif isinstance(members[name], list):
        members[name] += value if isinstance(value, list) else [value]
    else:
        members[name] = [members[name], value]


def _typed(name: str, text: str) -> Any:
    if name in NUMBERS and _DECIMAL.fullmatch(text):
        return Decimal(text)
    if name == "booleanValue" and text in ("true", "false", "1", "0"):
        return text in ("true", "1")
    return text


def _unwrapped(element: Element) -> Iterator[Element]:
    """The children without the wrappers of 1.2, and without those that are nil: said to be none."""
    for child in element:
        if _name(child) in _WRAPPERS:
            yield from _unwrapped(child)
        elif child.get(f"{{{XSI}}}nil") not in ("true", "1"):
            yield child


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    for name, value in element.items():
        if not str(name).startswith(f"{{{XSI}}}"):
            yield str(name), str(value).strip()


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _name(child) == name), None)


def _is_own(element: Element) -> bool:
    return not _name(element).startswith("{")


def _name(element: Element) -> str:
    """The bare name of an element of EPCIS, ``{namespace}name`` of any other."""
    name = etree.QName(element)
    if name.namespace is None or OWN.fullmatch(name.namespace):
        return str(name.localname)
    return f"{{{name.namespace}}}{name.localname}"


def _text(element: Element) -> str:
    return (element.text or "").strip()
