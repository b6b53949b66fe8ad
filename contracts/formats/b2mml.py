"""Reading and writing B2MML messages: V0701 both ways, V0401 as input.

V0401 is the older dialect of the same objects: production schedules and performances instead of
operations, nested segments under their own name, a piece of equipment as place.

The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA International.
Source: B2MML V0701 and V0401; ISA-95.00.05 (verbs and application area).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contracts.formats.b2mml_elements import (
    OLDER,
    LeftOut,
    attributes_beside,
    left_out,
    made,
    read_object,
    whole,
    write_object,
)
from contracts.formats.b2mml_objects import (
    ApplicationArea,
    MaterialDefinition,
    MaterialInformation,
    MaterialLot,
    MaterialSubLot,
    Noun,
    OperationsPerformance,
    OperationsSchedule,
    Transaction,
    Verb,
    Version,
)
from contracts.formats.b2mml_older import completed
from contracts.formats.xml_elements import XmlElement, XmlUnreadable, read_xml, write_xml

RELEASE = "V0701"
NOUNS: tuple[type[Noun], ...] = (
    MaterialDefinition, MaterialLot, MaterialSubLot, MaterialInformation,
    OperationsSchedule, OperationsPerformance,
)
_REPLY_CODES = {Verb.PROCESS: "acknowledgeCode", Verb.CHANGE: "responseCode"}
_ANSWERS = (Verb.ACKNOWLEDGE, Verb.RESPOND, Verb.SHOW, Verb.CONFIRM)


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
    return transaction_of(root)


def transaction_of(root: XmlElement) -> Transaction:
    """The message of a root element. Raises: NotB2mml."""
    if root.namespace not in set(Version):
        raise NotB2mml(f"namespace {root.namespace!r} is none of {', '.join(Version)}")
    verb = verb_of(root.name)
    area, data_area = root.first("ApplicationArea"), root.first("DataArea")
    if verb is None or area is None or data_area is None:
        raise NotB2mml(f"{root.name} is no message: a verb, ApplicationArea or DataArea is missing")
    return _transaction(verb, area, data_area, Version(root.namespace))


def write_transaction(transaction: Transaction) -> bytes:
    """The message as a document of V0701, valid against its schema where ids are given.

    What was read as V0401 is completed (``b2mml_older``), because V0701 wants more ids.

    Raises: NotB2mml for a message about nothing, or about objects of several kinds;
    XmlUnwritable for a character that XML cannot carry.
    """
    names = {type(noun).__name__ for noun in transaction.nouns}
    if transaction.verb is Verb.CONFIRM:
        names = {"BOD"}
    if len(names) != 1:
        raise NotB2mml("a message is about one or more objects of one kind")
    name = names.pop()
    nouns = as_v0701(transaction).nouns
    said = [write_object(noun, name) for noun in nouns] or [made("BOD", [])]
    data_area = made("DataArea", [_verb_element(transaction), *said])
    root = made(f"{transaction.verb}{name}", [
        write_object(transaction.area, "ApplicationArea"), data_area,
    ])
    if transaction.verb is not Verb.CONFIRM:
        root.attributes["releaseID"] = RELEASE
    return write_xml(root)


def as_v0701(transaction: Transaction) -> Transaction:
    """The message as V0701 has it: what was read as V0401 is completed, anything else is itself."""
    if transaction.version is Version.V0701:
        return transaction
    nouns = tuple(completed(noun) for noun in transaction.nouns)
    return replace(transaction, nouns=nouns, version=Version.V0701)


def not_read(root: XmlElement) -> Iterator[LeftOut]:
    """What of a message is in none of our objects, in the order of the document.

    Raises: NotB2mml where nothing of it is.
    """
    verb = transaction_of(root).verb
    way = (root,)
    yield from attributes_beside(way, ("releaseID",))
    for child in root.children:
        if child.name == "ApplicationArea" and child is root.first("ApplicationArea"):
            yield from left_out(ApplicationArea, (*way, child))
        elif child.name == "DataArea" and child is root.first("DataArea"):
            yield from _not_read_of_data((*way, child), verb)
        else:
            yield from whole((*way, child))


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
    kinds = [(_kind_of(child), child) for child in data_area.children]
    nouns = tuple(read_object(kind, child) for kind, child in kinds if kind)
    if not nouns and verb is not Verb.CONFIRM:
        raise NotB2mml(f"the data area of {verb} holds no object that we read")
    original = said.first("OriginalApplicationArea") if said else None
    return Transaction(
        verb=verb,
        area=read_object(ApplicationArea, area),
        nouns=nouns,
        reply_code=said.attributes.get(_REPLY_CODES.get(verb, "")) if said else None,
        original=read_object(ApplicationArea, original) if original else None,
        version=version,
    )


def _kind_of(element: XmlElement) -> type[Noun] | None:
    names = {name: kind for kind in NOUNS for name in (kind.__name__, OLDER.get(kind.__name__))}
    return names.get(element.name)


def _not_read_of_data(way: tuple[XmlElement, ...], verb: Verb) -> Iterator[LeftOut]:
    said = way[-1].first(verb)
    for child in way[-1].children:
        kind = _kind_of(child)
        if child is said:
            yield from _not_read_of_verb((*way, child), verb)
        elif kind:
            yield from left_out(kind, (*way, child))
        else:
            yield from whole((*way, child))


def _not_read_of_verb(way: tuple[XmlElement, ...], verb: Verb) -> Iterator[LeftOut]:
    yield from attributes_beside(way, (_REPLY_CODES.get(verb, ""),))
    original = way[-1].first("OriginalApplicationArea")
    for child in way[-1].children:
        if child is original:
            yield from left_out(ApplicationArea, (*way, child))
        else:
            yield from whole((*way, child))


def _verb_element(transaction: Transaction) -> XmlElement:
    element = made(transaction.verb, [])
    if transaction.reply_code and transaction.verb in _REPLY_CODES:
        element.attributes[_REPLY_CODES[transaction.verb]] = transaction.reply_code
    if transaction.original and transaction.verb in _ANSWERS:
        element.children.append(write_object(transaction.original, "OriginalApplicationArea"))
    return element

