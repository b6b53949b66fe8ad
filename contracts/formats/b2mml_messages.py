"""Our messages as B2MML transactions, and back, without loss.

The envelope travels in the application area: id as BODID, source as LogicalID, message type as
TaskID, correlation as ReferenceID, time as CreationDateTime; every message asks for confirmation.
What of a message has no place in ISA-95 travels as properties (``b2mml_places``).

The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA International.
Source: the mapping of the contract; ISA-95.00.05 (application area, verbs).
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from contracts.formats.b2mml_objects import (
    ApplicationArea,
    MaterialDefinition,
    MaterialLot,
    Noun,
    OperationsPerformance,
    OperationsSchedule,
    Sender,
    Transaction,
    Verb,
)
from contracts.formats.b2mml_operations import (
    NotOurMessage,
    performance,
    read_performance,
    read_schedule,
    schedule,
)
from contracts.formats.b2mml_places import (
    LOT_STATUS,
    PLACES,
    Definition,
    Lot,
    Performance,
    Schedule,
)
from contracts.formats.flat_members import Leaf, Members, MembersDiffer
from contracts.model.envelope import Envelope
from contracts.model.lot_status import LotStatus
from contracts.model.messages import MESSAGES

__all__ = ["NotOurMessage", "from_b2mml", "to_b2mml"]

_ENVELOPE = "envelope/"
_IN_PROPERTIES = ("subject", "dataschema", "sequence", "subjectsequence", "causationid")
_BY_TYPE = {message.type: message for message in MESSAGES.values()}
_STATUS_NAMES = {texts: status for status, texts in LOT_STATUS.items()}


def to_b2mml(message: Envelope[Any]) -> Transaction:
    """The transaction that says what ``message`` says. Raises: NotOurMessage for link messages."""
    known = _BY_TYPE.get(message.type)
    places = PLACES.get(known.name) if known else None
    if places is None:
        raise NotOurMessage(f"{message.type} is no transaction of ISA-95")
    envelope = message.to_json()
    members = Members.of(message.data.to_json())
    for name in _IN_PROPERTIES:
        if name in envelope:
            members.put(_ENVELOPE + name, str(envelope[name]))
    area = ApplicationArea(
        Sender(
            logical_id=str(envelope["source"]), task_id=message.type,
            reference_id=str(envelope["correlationid"]), confirmation_code="Always",
        ),
        str(envelope["time"]), str(envelope["id"]),
    )
    verb, noun = _written(places, members)
    return Transaction(verb, area, (noun,), "Always" if verb is Verb.PROCESS else None)


def from_b2mml(transaction: Transaction) -> Envelope[Any]:
    """The message that a transaction of ``to_b2mml`` carries.

    Raises: NotOurMessage for another task, verb or object, members that contradict each other, or
    a content that the message does not allow.
    """
    sender = transaction.area.sender or Sender()
    known = _BY_TYPE.get(sender.task_id or "")
    places = PLACES.get(known.name) if known else None
    if known is None or places is None:
        raise NotOurMessage(f"task {sender.task_id!r} is no message of the contract")
    members = Members()
    try:
        _read(places, transaction, members)
        content = members.content()
        envelope = {
            "specversion": "1.0", "id": transaction.area.bodid, "source": sender.logical_id,
            "type": known.type, "time": transaction.area.creation_date_time,
            "correlationid": sender.reference_id, **_object(content.pop("envelope", {})),
            "data": content,
        }
        return known.envelope.from_json(envelope)
    except MembersDiffer as exc:
        raise NotOurMessage(str(exc)) from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        where = "/".join(str(part) for part in first["loc"])
        raise NotOurMessage(f"{known.name}: {where}: {first['msg']}") from exc


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _written(places: object, members: Members) -> tuple[Verb, Noun]:
    if isinstance(places, Performance):
        return Verb.PROCESS, performance(places, members)
    if isinstance(places, Schedule):
        verb = Verb.CANCEL if places.cancels else Verb.PROCESS
        return verb, schedule(places, members)
    if isinstance(places, Lot):
        return Verb.SYNC, _lot(places, members)
    assert isinstance(places, Definition)
    return Verb.SYNC, _definition(places, members)


def _read(places: object, transaction: Transaction, members: Members) -> None:
    noun = transaction.nouns[0] if len(transaction.nouns) == 1 else None
    if isinstance(places, Performance) and isinstance(noun, OperationsPerformance):
        read_performance(places, noun, members)
    elif isinstance(places, Schedule) and isinstance(noun, OperationsSchedule):
        if places.cancels != (transaction.verb is Verb.CANCEL):
            raise NotOurMessage(f"{transaction.verb} is not the verb of this message")
        read_schedule(places, noun, members)
    elif isinstance(places, Lot) and isinstance(noun, MaterialLot):
        _read_lot(places, noun, members)
    elif isinstance(places, Definition) and isinstance(noun, MaterialDefinition):
        members.put(places.record, noun.id)
        members.put(places.version, noun.version, Leaf(noun.version or "", "integer"))
        members.put_properties(noun.material_definition_property)
    else:
        raise NotOurMessage("the object is not the one that this message is about")


def _lot(places: Lot, members: Members) -> MaterialLot:
    status, disposition = LOT_STATUS[LotStatus(members.text(places.status) or "")]
    return MaterialLot(
        id=members.text(places.lot), effective_start_date=members.text(places.effective_at),
        material_definition_id=members.text(places.material),
        status=status, disposition=disposition, material_lot_property=members.rest(),
    )


def _read_lot(places: Lot, noun: MaterialLot, members: Members) -> None:
    status = _STATUS_NAMES.get((noun.status or "", noun.disposition or ""))
    if status is None:
        raise NotOurMessage(f"status {noun.status!r} with disposition {noun.disposition!r}")
    members.put(places.lot, noun.id)
    members.put(places.material, noun.material_definition_id)
    members.put(places.status, status)
    members.put(places.effective_at, noun.effective_start_date)
    members.put_properties(noun.material_lot_property)


def _definition(places: Definition, members: Members) -> MaterialDefinition:
    return MaterialDefinition(
        id=members.text(places.record), version=members.text(places.version),
        material_definition_property=members.rest(),
    )
