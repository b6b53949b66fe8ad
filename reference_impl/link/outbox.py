"""The outbox: messages written in the transaction of the change they tell of.

The body is frozen when it is first written; only its signature is made anew for each attempt.
Messages about one subject go out one after the other, the next when the one before has its final
answer; there is no last attempt. Source: URS-REL-002, URS-REL-003, URS-REL-005, URS-REL-006.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, func, insert, select, update

from contracts.model.envelope import Payload, sequence_number
from contracts.model.identifiers import Id, MessageId, SystemUri
from contracts.model.inspection import Direction
from contracts.model.instants import later, microseconds
from contracts.model.messages import MessageType
from contracts.model.verdicts import Outcome
from contracts.record.canonical import canonical_bytes
from reference_impl.records.counting import next_number
from reference_impl.records.journal import Document, write_journal
from reference_impl.records.work import Work
from reference_impl.settings import Retry
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import outbox

LEASE = timedelta(seconds=30)


class Delivery(StrEnum):
    """State of a message in the outbox."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


@dataclass(frozen=True)
class Outgoing:
    """A message that is to be sent now."""

    message_id: str
    operation: str
    body: bytes


@dataclass(frozen=True)
class Sent:
    """What came back for one attempt. ``answer`` is empty where nothing arrived."""

    outcome: Outcome
    status: int | None
    answer: bytes
    note: str
    retry_after_s: int = 0


_ADD = Statement(insert(outbox))
_ahead = outbox.alias("ahead")
_HEAD = ~(
    select(_ahead.c.ordinal)
    .where(
        _ahead.c.state == Delivery.PENDING.value,
        _ahead.c.subject == outbox.c.subject,
        _ahead.c.ordinal < outbox.c.ordinal,
    )
    .exists()
)
_PENDING = outbox.c.state == Delivery.PENDING.value
_DUE = Statement(
    select(outbox)
    .where(_PENDING, outbox.c.due_at <= bindparam("now"), _HEAD)
    .order_by(outbox.c.ordinal)
    .limit(bindparam("limit"))
)
_ONE = Statement(
    select(outbox).where(_PENDING, outbox.c.message_id == bindparam("message_id"), _HEAD)
)
_BY_ID = Statement(select(outbox).where(outbox.c.message_id == bindparam("message_id")))
_NEXT_DUE = Statement(select(func.min(outbox.c.due_at).label("due_at")).where(_PENDING, _HEAD))
_ALL_PENDING = Statement(select(outbox).where(_PENDING).order_by(outbox.c.ordinal))
_SETTLED = Statement(select(func.count().label("n")).where(~_PENDING))
_SET = Statement(
    update(outbox)
    .where(outbox.c.message_id == bindparam("of_message"))
    .values(
        state=bindparam("state"), attempts=bindparam("attempts"), due_at=bindparam("due_at")
    )
)


@dataclass(frozen=True)
class About:
    """What a message is about, and what it follows from."""

    subject: str
    correlation_id: str
    causation_id: str | None = None


def put(work: Work, message: MessageType, payload: Payload, about: About) -> MessageId:
    """Write a message into outbox and journal, in the transaction of the change."""
    connection = work.connection
    message_id = work.ids.message_id(work.now)
    own = next_number(connection, f"subject {about.subject}")
    envelope = message.envelope(
        id=message_id,
        source=SystemUri(work.settings.system),
        type=message.type,
        subject=about.subject,
        time=work.now,
        dataschema=message.dataschema,
        sequence=sequence_number(next_number(connection, "messages")),
        subjectsequence=sequence_number(own),
        correlationid=Id(about.correlation_id),
        causationid=MessageId(about.causation_id) if about.causation_id else None,
        data=payload,
    )
    body = canonical_bytes(envelope.to_json())
    operation = f"{work.settings.role.partner}/{message.name}"
    connection.run(
        _ADD, ordinal=next_number(connection, "outbox"), message_id=message_id,
        type=message.type, operation=operation, subject=about.subject, body=body,
        state=Delivery.PENDING.value, attempts=0, due_at=microseconds(work.now),
    )
    document = Document(
        Direction.SENT, "message", operation, work.settings.partner_system, message_id, body
    )
    write_journal(connection, document, work.now)
    return message_id


def take_due(connection: Connection, now: datetime, limit: int = 50) -> list[Outgoing]:
    """The messages to send now, each leased so that nobody else sends it meanwhile."""
    rows = connection.rows(_DUE, now=microseconds(now), limit=limit)
    return [_lease(connection, row, now) for row in rows]


def take_one(connection: Connection, message_id: str, now: datetime) -> Outgoing | None:
    """One message, where nothing about its subject waits before it."""
    row = connection.row(_ONE, message_id=message_id)
    return _lease(connection, row, now) if row else None


def settle(work: Work, message_id: str, sent: Sent) -> bool:
    """Enter what came back; a final answer ends the message, an unknown one is tried again.

    Returns: whether the message is settled now. A second settlement of the same message changes
    nothing, so late and doubled answers do no harm.
    """
    row = work.connection.row(_BY_ID, message_id=message_id)
    if row is None or row["state"] != Delivery.PENDING:
        return False
    document = Document(
        Direction.RECEIVED, "answer", row["operation"], work.settings.partner_system, message_id,
        sent.answer or sent.note.encode(), sent.status,
    )
    write_journal(work.connection, document, work.now)
    attempts = row["attempts"] + 1
    state, due_at = _AFTER[sent.outcome], microseconds(work.now)
    if sent.outcome is Outcome.UNKNOWN:
        delay = max(
            retry_delay(work.settings.retry, message_id, attempts),
            timedelta(seconds=sent.retry_after_s),
        )
        due_at = microseconds(later(work.now, delay))
    work.connection.run(
        _SET, of_message=message_id, state=state.value, attempts=attempts, due_at=due_at
    )
    return state is not Delivery.PENDING


def retry_delay(retry: Retry, message_id: str, attempts: int) -> timedelta:
    """The pause after the n-th unknown outcome: doubling, capped, with a jitter of 0.5 to 1.5.

    The jitter is taken from the message id, so that a simulation repeats itself.
    """
    curve = min(retry.first_delay_s * 2 ** min(attempts - 1, 30), retry.delay_max_s)
    seed = hashlib.sha256(f"{message_id}/{attempts}".encode()).digest()
    jitter_permille = 500 + int.from_bytes(seed[:4], "big") % 1001
    return timedelta(milliseconds=curve * jitter_permille)


def next_due(connection: Connection) -> int | None:
    """When the next message is due, in microseconds; None when none waits."""
    row = connection.row(_NEXT_DUE)
    return row["due_at"] if row else None


def pending(connection: Connection) -> list[Row]:
    """Messages without a final answer, oldest first."""
    return connection.rows(_ALL_PENDING)


def settled_count(connection: Connection) -> int:
    """How many messages have a final answer."""
    row = connection.row(_SETTLED)
    return int(row["n"]) if row else 0


_AFTER: dict[Outcome, Delivery] = {
    Outcome.OK: Delivery.ACCEPTED,
    Outcome.REFUSED: Delivery.REFUSED,
    Outcome.UNKNOWN: Delivery.PENDING,
}


def _lease(connection: Connection, row: Row, now: datetime) -> Outgoing:
    connection.run(
        _SET, of_message=row["message_id"], state=row["state"], attempts=row["attempts"],
        due_at=microseconds(later(now, LEASE)),
    )
    return Outgoing(row["message_id"], row["operation"], row["body"])


def message_of(connection: Connection, message_id: str) -> tuple[str, bytes]:
    """Name and frozen body of a message. Raises: LookupError for one that was never put."""
    row = connection.row(_BY_ID, message_id=message_id)
    if row is None:
        raise LookupError(f"no message {message_id}")
    return row["operation"].partition("/")[2], row["body"]
