"""One reader and one writer for all objects of B2MML: the fields of a class say what it holds.

What an element says beside those fields is not read; ``left_out`` names it, so that nobody takes
a document written anew for the whole of what was read.

The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA International.
Source: B2MML V0701 and V0401.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from contracts.formats import b2mml_objects
from contracts.formats.b2mml_codes import CODES, OTHER, OTHER_VALUE
from contracts.formats.b2mml_objects import Description, ResourceLocation, Version
from contracts.formats.xml_elements import XmlElement

# What V0401 calls an element, by its name in V0701.
OLDER = {
    "OperationsSchedule": "ProductionSchedule",
    "OperationsScheduleID": "ProductionScheduleID",
    "OperationsRequest": "ProductionRequest",
    "OperationsRequestID": "ProductionRequestID",
    "OperationsPerformance": "ProductionPerformance",
    "OperationsResponse": "ProductionResponse",
    "SegmentRequirementChild": "SegmentRequirement",
    "SegmentResponseChild": "SegmentResponse",
    "SegmentData": "ProductionData",
    "SegmentParameter": "ProductionParameter",
    "StorageLocation": "Location",
    "Endtime": "EndTime",
}
# Elements of V0401 around the ones that hold something.
_WRAPPED = {"ProductionParameter": "Parameter"}
# V0701 wants these elements; nothing known is an empty one.
WANTED = {
    "SegmentRequirement": ("process_segment_id", "operations_definition_id",
                           "operations_segment_id"),
}
_LANGUAGE = "languageID"
# Attributes that tell a parser something, and their reader nothing.
_OF_XML = ("schemaLocation", "noNamespaceSchemaLocation")
_T = TypeVar("_T")


@dataclasses.dataclass(frozen=True)
class Part:
    """One field: its element, whether it stands many times, the class it holds (or text)."""

    field: str
    element: str
    many: bool
    kind: type[Any] | None


@dataclasses.dataclass(frozen=True)
class LeftOut:
    """What of a document was not read: an element, an attribute of it, or text among elements.

    ``way`` are the elements from the one that was asked about down to this one.
    """

    way: tuple[XmlElement, ...]
    what: str


@cache
def _parts_of(name: str) -> tuple[Part, ...]:
    kind = getattr(b2mml_objects, name)
    hints = get_type_hints(kind, vars(b2mml_objects))
    return tuple(_part(field.name, hints[field.name]) for field in dataclasses.fields(kind))


def parts(kind: type[Any]) -> tuple[Part, ...]:
    """The fields of a class of objects, in the order of the schema."""
    return _parts_of(kind.__name__)


def read_object(kind: type[_T], element: XmlElement) -> _T:
    """The object that an element is."""
    if kind is ResourceLocation and not element.children:
        return kind(location=element.text.strip() or None)  # type: ignore[call-arg]
    if kind is Description:
        return kind(element.text, element.attributes.get(_LANGUAGE))  # type: ignore[call-arg]
    return kind(**{part.field: _read_part(kind, part, element) for part in parts(kind)})


def write_object(value: Any, name: str) -> XmlElement:
    """The element of an object or a text, under a name."""
    if isinstance(value, str):
        if value in CODES.get(name, (value,)):
            return made(name, [], value)
        return XmlElement(Version.V0701, name, {OTHER_VALUE: value}, OTHER)
    if isinstance(value, Description):
        language = {} if value.language_id is None else {_LANGUAGE: value.language_id}
        return XmlElement(Version.V0701, name, language, value.text)
    kind = type(value)
    wanted = WANTED.get(kind.__name__, ())
    children = [
        write_object(item, part.element)
        for part in parts(kind)
        for item in _items(getattr(value, part.field), wanted=part.field in wanted)
    ]
    return made(name, children)


def made(name: str, children: list[XmlElement], text: str = "") -> XmlElement:
    """An element of V0701."""
    return XmlElement(Version.V0701, name, text=text, children=children)


def left_out(kind: type[Any], way: tuple[XmlElement, ...]) -> Iterator[LeftOut]:
    """What reading the last element of ``way`` as this class leaves behind, in order."""
    element = way[-1]
    yield from attributes_beside(way, (_LANGUAGE,) if kind is Description else ())
    if kind is Description or (kind is ResourceLocation and not element.children):
        for child in element.children:
            yield from whole((*way, child))
        return
    if element.text.strip():
        yield LeftOut(way, f"text {element.text.strip()!r}")
    taken = _taken(kind, element)
    for child in element.children:
        yield from _of_child((*way, child), taken.get(id(child)))


def whole(way: tuple[XmlElement, ...]) -> Iterator[LeftOut]:
    """An element that is not read at all, where it says something."""
    if _says_something(way[-1]):
        yield LeftOut(way, f"element {way[-1].name}")


def attributes_beside(way: tuple[XmlElement, ...], held: tuple[str, ...] = ()) -> Iterator[LeftOut]:
    """The attributes of an element that are not read."""
    for name, value in way[-1].attributes.items():
        if value and name not in (*held, *_OF_XML):
            yield LeftOut(way, f"attribute {name}={value!r}")


def _says_something(element: XmlElement) -> bool:
    """Whether there is text or an attribute in an element or below it."""
    return any(one.text.strip() or any(one.attributes.values()) for one in element.every())


def _of_child(way: tuple[XmlElement, ...], part: Part | None) -> Iterator[LeftOut]:
    child = way[-1]
    if part is None:
        yield from whole(way)
    elif _is_wrapped(child):
        yield from attributes_beside(way)
        for inner in child.children:
            taken = part if inner.name == _WRAPPED[child.name] else None
            yield from _of_child((*way, inner), taken)
    elif part.kind is not None:
        yield from left_out(part.kind, way)
    else:
        yield from attributes_beside(way, (OTHER_VALUE,) if child.name in CODES else ())
        for inner in child.children:
            yield from whole((*way, inner))


def _taken(kind: type[Any], element: XmlElement) -> dict[int, Part]:
    """The children that are read, by their identity, each with the field that it goes to."""
    taken: dict[int, Part] = {}
    for part in parts(kind):
        found = [child for child in _named(kind, part, element) if _says(part, child)]
        for child in found if part.many else found[:1]:
            taken.setdefault(id(child), part)
    return taken


def _named(kind: type[Any], part: Part, element: XmlElement) -> list[XmlElement]:
    names = [part.element, OLDER.get(part.element, part.element)]
    if kind is ResourceLocation:
        names.append({"location": "EquipmentID"}.get(part.field, "EquipmentElementLevel"))
    return element.named(*names)


def _says(part: Part, child: XmlElement) -> bool:
    return part.kind is not None or _text(child) is not None


def _is_wrapped(element: XmlElement) -> bool:
    return bool(element.named(_WRAPPED.get(element.name, "")))


def _part(name: str, hint: Any) -> Part:
    many = get_origin(hint) is tuple
    inner = get_args(hint)[0] if many or get_origin(hint) in (UnionType,) else hint
    return Part(name, _element_name(name), many, None if inner is str else inner)


def _element_name(field: str) -> str:
    if field == "bodid":
        return "BODID"
    words = [("ID" if word == "id" else word.capitalize()) for word in field.split("_")]
    return "".join(words)


def _read_part(kind: type[Any], part: Part, element: XmlElement) -> Any:
    children = [
        inner for child in _named(kind, part, element)
        for inner in (child.named(_WRAPPED[child.name]) if _is_wrapped(child) else (child,))
    ]
    found = [_content(part.kind, child) for child in children]
    found = [item for item in found if item is not None]
    if part.many:
        return tuple(found)
    return found[0] if found else None


def _content(kind: type[Any] | None, element: XmlElement) -> Any:
    if kind is Description and not element.text.strip():
        return None
    return read_object(kind, element) if kind is not None else _text(element)


def _text(element: XmlElement) -> str | None:
    if element.name == "ValueString":  # white space of a value is part of it
        return element.text
    text = element.text.strip()
    if text == OTHER and element.name in CODES:
        return element.attributes.get(OTHER_VALUE) or OTHER
    return text or None


def _items(value: Any, *, wanted: bool) -> tuple[Any, ...]:
    if isinstance(value, tuple):
        return value
    if value is None:
        return ("",) if wanted else ()
    return (value,)

