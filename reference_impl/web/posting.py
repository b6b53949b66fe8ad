"""Posting a message whose turn has come, and those that were waiting for it.

All of it happens in one transaction: the message, its successors that came early, and what goes
back about them. Source: URS-REL-006, URS-REL-009.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from contracts.model.answers import Acknowledgement, AckStatus, Problem
from contracts.model.codes import Refusal
from contracts.model.envelope import Envelope, Payload
from contracts.model.identifiers import Id, MessageId
from contracts.model.inspection import Direction
from contracts.model.messages import MESSAGES
from contracts.model.messages.delivery import MessageSettled, Settlement
from contracts.model.operations import OPERATIONS, Operation
from contracts.model.ports import HttpResponse
from contracts.record.strict_json import read_json
from reference_impl.epcis.telling import tell_received
from reference_impl.link import deferral, inbox
from reference_impl.link.outbox import About, put
from reference_impl.records.journal import Document, write_journal
from reference_impl.records.work import Actor, Cause, Work
from reference_impl.system import System
from reference_impl.web import reading
from reference_impl.web.editions import read_message
from reference_impl.web.refusing import refused

# Who stands at the origin of a message, by the member that names them.
_ORIGINATORS = (
    "requested_by", "decided_by", "picked_by", "approved_by", "counted_by", "sampled_by",
    "published_by", "issued_by", "returned_by", "cancelled_by", "discarded_by",
)


# implements FRS-INP-005
# implements FRS-REL-001
def post(
    system: System, work: Work, operation: Operation, envelope: Envelope[Any],
    journalled: tuple[int, str],
) -> HttpResponse:
    """Let the handler take a message over; what it changed is taken back when it refuses."""
    work.actor = _actor(system, envelope)
    work.cause = Cause(f"message {envelope.id}", envelope.correlationid)
    handler = system.handlers.messages[operation.name]
    with work.connection.attempt() as attempt:
        refusal = handler(work, envelope)
        if refusal:
            attempt.take_back()
        else:
            tell_received(work, operation.name, envelope.data, envelope.source, envelope.id)
    if refusal:
        return refused(work, operation.id, envelope.id, refusal)
    return acknowledge(work, envelope, journalled, AckStatus.ACCEPTED)


def acknowledge(
    work: Work, envelope: Envelope[Any], journalled: tuple[int, str], status: AckStatus
) -> HttpResponse:
    """The acknowledgement of a message that stands in the journal at this place."""
    position, record_hash = journalled
    return reading.answer(
        Acknowledgement(
            status=status, message_id=MessageId(envelope.id), recorded_at=work.now,
            journal_position=position, record_hash=record_hash,
        )
    )


# implements FRS-REL-011
def post_successors(system: System, work: Work, place: deferral.Place) -> None:
    """Post the messages that waited for the one at ``place``, one after the other."""
    connection = work.connection
    while (held := deferral.held_at(connection, place := place.next)) is not None:
        operation = OPERATIONS[held.operation]
        envelope = read_message(
            system.settings.editions, MESSAGES[operation.name], held.body
        )
        # It was read before it was kept.
        assert not isinstance(envelope, Refusal)
        response = post(system, work, operation, envelope, (held.position, held.record_hash))
        inbox.replace_final(connection, place.source, held.message_id, response)
        document = Document(
            Direction.SENT, "answer", operation.id, place.source, held.message_id,
            response.body, response.status,
        )
        write_journal(connection, document, work.now)
        deferral.release(connection, place)
        inbox.mark_applied(connection, place.source, place.subject, place.subjectsequence)
        _tell_sender(system, work, envelope, response)


# implements FRS-REL-012
def _tell_sender(
    system: System, work: Work, envelope: Envelope[Any], response: HttpResponse
) -> None:
    settled: dict[str, Any] = {"outcome": Settlement.POSTED}
    if response.status != 200:
        problem = Problem.model_validate(read_json(response.body))
        settled = {
            "outcome": Settlement.REFUSED, "code": problem.code, "path": problem.path,
            "detail": problem.detail[:1000],
        }
    work.actor = system.itself("link")
    fact = MessageSettled(
        message_id=envelope.id, settled_at=work.now, station=Id("link"), **settled
    )
    about = About(f"link/{envelope.id}", envelope.correlationid, envelope.id)
    put(work, MESSAGES["message-settled"], fact, about)


def _actor(system: System, envelope: Envelope[Any]) -> Actor:
    data = envelope.data
    kind: type[Payload] = type(data)
    originators = (getattr(data, name) for name in _originators_in(kind))
    person = next((p for p in originators if p), envelope.source)
    return Actor(envelope.source, person, str(system.settings.role.partner), data.station)


@cache
def _originators_in(payload: type[Payload]) -> tuple[str, ...]:
    """Which of these members a message has; asking a message for what it lacks is slow."""
    return tuple(name for name in _ORIGINATORS if name in payload.model_fields)
