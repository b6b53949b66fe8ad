"""Reading and writing B2MML messages: V0701 both ways, V0401 as input.

V0401 is the older dialect of the same objects: production schedules and performances instead of
operations, nested segments under their own name, a piece of equipment as place.

The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA International.
Source: B2MML V0701 and V0401; ISA-95.00.05 (verbs and application area).
"""

from __future__ import annotations

import dataclasses
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from contracts.formats import b2mml_objects
from contracts.formats.b2mml_objects import (
    ApplicationArea,
    MaterialDefinition,
    MaterialInformation,
    MaterialLot,
    MaterialSubLot,
    Noun,
    OperationsPerformance,
    OperationsSchedule,
    ResourceLocation,
    Transaction,
    Verb,
    Version,
)
from contracts.formats.xml_elements import XmlElement, XmlUnreadable, read_xml, write_xml

RELEASE = "V0701"
NOUNS: tuple[type[Noun], ...] = (
    MaterialDefinition, MaterialLot, MaterialSubLot, MaterialInformation,
    OperationsSchedule, OperationsPerformance,
)
# What V0401 calls an element, by its name in V0701.
OLDER = {
    "OperationsSchedule": "ProductionSchedule",
    "OperationsRequest": "ProductionRequest",
    "OperationsRequestID": "ProductionRequestID",
    "OperationsPerformance": "ProductionPerformance",
    "OperationsResponse": "ProductionResponse",
    "SegmentRequirementChild": "SegmentRequirement",
    "SegmentResponseChild": "SegmentResponse",
    "SegmentData": "ProductionData",
    "StorageLocation": "Location",
}
_REPLY_CODES = {Verb.PROCESS: "acknowledgeCode", Verb.CHANGE: "responseCode"}
_ANSWERS = (Verb.ACKNOWLEDGE, Verb.RESPOND, Verb.SHOW, Verb.CONFIRM)
_T = TypeVar("_T")


class NotB2mml(ValueError):
    """A document that is no B2MML message of ours; the message says what it lacks."""


def read_transaction(data: bytes) -> Transaction:
    """The message in ``data``.

    Raises: NotB2mml for unreadable XML, another namespace, an unknown verb or noun, or a message
    without application area or data area.
    """
    try:
        root = read_xml(data)
    except XmlUnreadable as exc:
        raise NotB2mml(str(exc)) from exc
    if root.namespace not in set(Version):
        raise NotB2mml(f"namespace {root.namespace!r} is none of {', '.join(Version)}")
    verb = verb_of(root.name)
    area, data_area = root.first("ApplicationArea"), root.first("DataArea")
    if verb is None or area is None or data_area is None:
        raise NotB2mml(f"{root.name} is no message: a verb, ApplicationArea or DataArea is missing")
    return _transaction(verb, area, data_area, Version(root.namespace))


def write_transaction(transaction: Transaction) -> bytes:
    """The message as a document of V0701, valid against its schema where ids are given.

    Raises: NotB2mml for a message about nothing, or about objects of several kinds;
    XmlUnwritable for a character that XML cannot carry.
    """
    names = {type(noun).__name__ for noun in transaction.nouns}
    if transaction.verb is Verb.CONFIRM:
        names = {"BOD"}
    if len(names) != 1:
        raise NotB2mml("a message is about one or more objects of one kind")
    name = names.pop()
    said = [_element(noun, name) for noun in transaction.nouns] or [_made("BOD", [])]
    data_area = _made("DataArea", [_verb_element(transaction), *said])
    root = _made(f"{transaction.verb}{name}", [
        _element(transaction.area, "ApplicationArea"), data_area,
    ])
    if transaction.verb is not Verb.CONFIRM:
        root.attributes["releaseID"] = RELEASE
    return write_xml(root)


def confirmation(of: Transaction, area: ApplicationArea) -> Transaction:
    """The ConfirmBOD by which a receiver says that it has a message, whatever its verb.

    Source: ISA-95.00.05, Confirm; B2MML-ConfirmBOD.
    """
    return Transaction(Verb.CONFIRM, area, original=of.area)


def verb_of(name: str) -> Verb | None:
    """The verb that the name of a root element begins with; a process segment is a noun."""
    if name.startswith("ProcessSegment"):
        return None
    return next((v for v in Verb if name.startswith(v) and name[len(v):][:1].isupper()), None)


def _transaction(
    verb: Verb, area: XmlElement, data_area: XmlElement, version: Version
) -> Transaction:
    said = data_area.first(verb)
    nouns = tuple(
        _object(kind, child)
        for child in data_area.children
        for kind in NOUNS
        if child.name in (kind.__name__, OLDER.get(kind.__name__))
    )
    if not nouns and verb is not Verb.CONFIRM:
        raise NotB2mml(f"the data area of {verb} holds no object that we read")
    original = said.first("OriginalApplicationArea") if said else None
    return Transaction(
        verb=verb,
        area=_object(ApplicationArea, area),
        nouns=nouns,
        reply_code=said.attributes.get(_REPLY_CODES.get(verb, "")) if said else None,
        original=_object(ApplicationArea, original) if original else None,
        version=version,
    )


def _verb_element(transaction: Transaction) -> XmlElement:
    element = _made(transaction.verb, [])
    if transaction.reply_code and transaction.verb in _REPLY_CODES:
        element.attributes[_REPLY_CODES[transaction.verb]] = transaction.reply_code
    if transaction.original and transaction.verb in _ANSWERS:
        element.children.append(_element(transaction.original, "OriginalApplicationArea"))
    return element


def _made(name: str, children: list[XmlElement], text: str = "") -> XmlElement:
    return XmlElement(Version.V0701, name, text=text, children=children)


# One reader and one writer for all objects: the fields of a class say what it holds.


@dataclasses.dataclass(frozen=True)
class _Part:
    """One field: its element, whether it stands many times, the class it holds (or text)."""

    field: str
    element: str
    many: bool
    kind: type[Any] | None


@cache
def _parts_of(name: str) -> tuple[_Part, ...]:
    kind = getattr(b2mml_objects, name)
    hints = get_type_hints(kind)
    return tuple(_part(field.name, hints[field.name]) for field in dataclasses.fields(kind))


def _parts(kind: type[Any]) -> tuple[_Part, ...]:
    return _parts_of(kind.__name__)


def _part(name: str, hint: Any) -> _Part:
    many = get_origin(hint) is tuple
    inner = get_args(hint)[0] if many or get_origin(hint) in (UnionType,) else hint
    return _Part(name, _element_name(name), many, None if inner is str else inner)


def _element_name(field: str) -> str:
    if field == "bodid":
        return "BODID"
    words = [("ID" if word == "id" else word.capitalize()) for word in field.split("_")]
    return "".join(words)


def _object(kind: type[_T], element: XmlElement) -> _T:
    if kind is ResourceLocation and not element.children:
        return kind(location=element.text.strip() or None)  # type: ignore[call-arg]
    return kind(**{part.field: _read_part(kind, part, element) for part in _parts(kind)})


def _read_part(kind: type[Any], part: _Part, element: XmlElement) -> Any:
    names = [part.element, OLDER.get(part.element, part.element)]
    if kind is ResourceLocation:
        names.append({"location": "EquipmentID"}.get(part.field, "EquipmentElementLevel"))
    found = [_content(part.kind, child) for child in element.named(*names)]
    found = [item for item in found if item is not None]
    if part.many:
        return tuple(found)
    return found[0] if found else None


def _content(kind: type[Any] | None, element: XmlElement) -> Any:
    if kind is not None:
        return _object(kind, element)
    if element.name == "ValueString":  # white space of a value is part of it
        return element.text
    return element.text.strip() or None


def _element(value: Any, name: str) -> XmlElement:
    if isinstance(value, str):
        return _made(name, [], value)
    children = [
        _element(item, part.element)
        for part in _parts(type(value))
        for item in _items(getattr(value, part.field))
    ]
    return _made(name, children)


def _items(value: Any) -> tuple[Any, ...]:
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)
