"""The outbox: messages written in the transaction of the change they tell of.

The body is frozen when it is first written; only its signature is made anew for each attempt.
Messages about one subject go out one after the other, the next when the one before has its final
answer; there is no last attempt. Source: URS-REL-002, URS-REL-003, URS-REL-005, URS-REL-006.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, case, func, insert, or_, select, update

from contracts.model.envelope import Payload, sequence_number
from contracts.model.identifiers import Id, MessageId, SystemUri
from contracts.model.inspection import Direction
from contracts.model.inspection_delivery import LetterState
from contracts.model.instants import later, microseconds
from contracts.model.messages import MessageType
from contracts.model.verdicts import Outcome
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import sha256
from reference_impl.crash_points import crash_point
from reference_impl.epcis.telling import tell
from reference_impl.link import way
from reference_impl.link.pauses import retry_delay
from reference_impl.records.counting import next_number
from reference_impl.records.journal import Document, write_journal
from reference_impl.records.work import Work
from reference_impl.settings import Budget
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.link_tables import tombstones
from reference_impl.store.tables import dead_letters, outbox

LEASE = timedelta(seconds=30)
# No ``Retry-After`` parks a message for longer, and neither does a pause of our own. What is due
# later than that was put off before the clock was set back: it is due now.
RETRY_AFTER_MAX_S = 3600
_LONGEST_PAUSE = timedelta(seconds=RETRY_AFTER_MAX_S)


class Delivery(StrEnum):
    """State of a message in the outbox."""

    PENDING = "PENDING"
    DEFERRED = "DEFERRED"
    DEAD = "DEAD"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


@dataclass(frozen=True)
class Outgoing:
    """A message that is to be sent now."""

    message_id: str
    operation: str
    body: bytes
    unclear: bool = False
    """Whether an earlier attempt may have arrived: its receiver is asked first."""


@dataclass(frozen=True)
class Sent:
    """What came back for one attempt. ``answer`` is empty where nothing arrived."""

    outcome: Outcome
    status: int | None
    answer: bytes
    note: str
    retry_after_s: int = 0
    deferred: bool = False
    counts_as_failure: bool = False
    """Whether it speaks against the message itself, not against the way to its receiver."""
    way_failed: bool = False
    """Whether the partner gave no answer of its own: none came, or one of a gateway."""
    may_have_arrived: bool = True
    """Whether its receiver may have posted it, although the outcome is unknown."""


# States in which a message holds back the later ones about its subject.
OPEN = (Delivery.PENDING, Delivery.DEFERRED, Delivery.DEAD)
_ADD = Statement(insert(outbox))
_ahead = outbox.alias("ahead")
_HEAD = ~(
    select(_ahead.c.ordinal)
    .where(
        or_(*(_ahead.c.state == state.value for state in OPEN)),
        _ahead.c.subject == outbox.c.subject,
        _ahead.c.ordinal < outbox.c.ordinal,
    )
    .exists()
)
_PENDING = outbox.c.state == Delivery.PENDING.value
_IS_DUE = or_(outbox.c.due_at <= bindparam("now"), outbox.c.due_at > bindparam("latest"))
_DUE = Statement(
    select(outbox)
    .where(_PENDING, _IS_DUE, _HEAD)
    .order_by(outbox.c.ordinal)
    .limit(bindparam("limit"))
)
_ONE = Statement(
    select(outbox).where(_PENDING, outbox.c.message_id == bindparam("message_id"), _HEAD)
)
_IN_PLACE = "/message-discarded"
_TOMBSTONE = Statement(
    select(tombstones.c.body).where(tombstones.c.message_id == bindparam("message_id"))
)
_BY_ID = Statement(select(outbox).where(outbox.c.message_id == bindparam("message_id")))
_DEFERRED = outbox.c.state == Delivery.DEFERRED.value
_NEXT_DUE = Statement(
    select(
        func.min(
            case((outbox.c.due_at > bindparam("latest"), bindparam("now")), else_=outbox.c.due_at)
        ).label("due_at")
    ).where((_PENDING & _HEAD) | _DEFERRED)
)
_TO_ASK = Statement(
    select(outbox)
    .where(_DEFERRED, _IS_DUE)
    .order_by(outbox.c.ordinal)
)
_ALL_PENDING = Statement(select(outbox).where(_PENDING | _DEFERRED).order_by(outbox.c.ordinal))
_COUNTS = Statement(
    select(outbox.c.state, func.count().label("n")).group_by(outbox.c.state)
)
_SET = Statement(
    update(outbox)
    .where(outbox.c.message_id == bindparam("of_message"))
    .values(
        state=bindparam("state"), attempts=bindparam("attempts"), due_at=bindparam("due_at"),
        failures=bindparam("failures"), last_error=bindparam("last_error"),
        unclear=bindparam("unclear"), operation=bindparam("operation"),
    )
)


@dataclass(frozen=True)
class About:
    """What a message is about, and what it follows from."""

    subject: str
    correlation_id: str
    causation_id: str | None = None


# implements FRS-REL-002
def put(work: Work, message: MessageType, payload: Payload, about: About) -> MessageId:
    """Write a message into outbox and journal, in the transaction of the change."""
    crash_point("outbox.before-put")
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
        failures=0, last_error="", originator=work.actor.originator, unclear=0,
    )
    document = Document(
        Direction.SENT, "message", operation, work.settings.partner_system, message_id, body
    )
    write_journal(connection, document, work.now)
    tell(work, message.name, payload, work.settings.system, message_id)
    crash_point("outbox.after-put")
    return message_id


# implements FRS-REL-021
def take_due(
    connection: Connection, now: datetime, limit: int = 50, budget: Budget | None = None
) -> list[Outgoing]:
    """The messages to send now, each leased so that nobody else sends it meanwhile.

    What would be tried again beyond the budget waits until there is room for it; without a budget
    it is a probe, which is exempt and counts for nothing.
    """
    taken = []
    for row in connection.rows(_DUE, **_at(now), limit=limit):
        again = row["attempts"] > 0
        if again and budget and not way.may_try_again(connection, budget, microseconds(now)):
            _write(connection, row, due_at=way.budget_frees_at(connection, microseconds(now)))
        else:
            taken.append(_lease(connection, row, now, counts=budget is not None))
    return taken


def take_one(connection: Connection, message_id: str, now: datetime) -> Outgoing | None:
    """One message, where nothing about its subject waits before it."""
    row = connection.row(_ONE, message_id=message_id)
    return _lease(connection, row, now) if row else None


# implements FRS-REL-006
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
    state, due_at = _AFTER[sent.outcome], work.now
    if sent.outcome is Outcome.UNKNOWN:
        pause = timedelta(seconds=sent.retry_after_s)
        delay = max(retry_delay(work.settings.retry, message_id, attempts), pause)
        due_at = later(work.now, min(delay, _LONGEST_PAUSE))
    if sent.deferred:
        state = Delivery.DEFERRED
    failures = row["failures"] + sent.counts_as_failure
    if state is Delivery.PENDING and failures >= work.settings.failures_max:
        state = Delivery.DEAD
        _bury(work, row, attempts, sent)
    _set(
        work, row, state=state.value, attempts=attempts, due_at=microseconds(due_at),
        failures=failures, last_error=sent.note if sent.outcome is Outcome.UNKNOWN else "",
        unclear=int(sent.outcome is Outcome.UNKNOWN and sent.may_have_arrived),
    )
    return state in _AFTER.values() and state is not Delivery.PENDING


def conclude(work: Work, message_id: str, outcome: Outcome) -> bool:
    """Enter a final outcome that reached the sender otherwise than as an answer.

    Returns: whether the message was still open.
    """
    row = work.connection.row(_BY_ID, message_id=message_id)
    if row is None or row["state"] not in OPEN:
        return False
    if row["state"] == Delivery.DEAD:
        work.change(dead_letters, message_id, state=LetterState.SETTLED.value)
    _set(work, row, state=_AFTER[outcome].value)
    return True


def give_back(connection: Connection, message_id: str, due_at: int) -> None:
    """End the lease of a message that was not sent; it is due at an instant in microseconds."""
    row = connection.row(_BY_ID, message_id=message_id)
    if row is not None and row["state"] == Delivery.PENDING:
        _write(connection, row, due_at=due_at)


def defer(work: Work, message_id: str) -> None:
    """Its receiver keeps it until its predecessor is there: ask again later, send no more."""
    row = work.connection.row(_BY_ID, message_id=message_id)
    if row is not None and row["state"] == Delivery.PENDING:
        _set(work, row, state=Delivery.DEFERRED.value)
        wait_on(work, message_id)


def to_ask(connection: Connection, now: datetime) -> list[str]:
    """The messages that were deferred and whose receiver is to be asked now how they stand."""
    return [row["message_id"] for row in connection.rows(_TO_ASK, **_at(now))]


def wait_on(work: Work, message_id: str) -> None:
    """Ask again later how a deferred message stands."""
    row = work.connection.row(_BY_ID, message_id=message_id)
    if row is not None and row["state"] == Delivery.DEFERRED:
        attempts = row["attempts"] + 1
        delay = retry_delay(work.settings.retry, message_id, attempts)
        due_at = later(work.now, min(delay, _LONGEST_PAUSE))
        _set(work, row, attempts=attempts, due_at=microseconds(due_at))


def send_again(work: Work, message_id: str) -> None:
    """Send a message anew, with its own bytes under its own key."""
    row = work.connection.row(_BY_ID, message_id=message_id)
    if row is not None and row["state"] in OPEN:
        _set(
            work, row, state=Delivery.PENDING.value, due_at=microseconds(work.now), failures=0
        )


def send_in_place(work: Work, message_id: str, operation: str) -> None:
    """Send what stands in the tombstone of a message, under its key, in its place."""
    row = work.connection.row(_BY_ID, message_id=message_id)
    assert row is not None, f"no message {message_id}"
    _set(
        work, row, state=Delivery.PENDING.value, due_at=microseconds(work.now), failures=0,
        operation=operation, unclear=0,
    )


def ask_instead(work: Work, message_id: str, operation: str) -> None:
    """Its receiver has the message itself: ask how it stands, in place of sending anything."""
    row = work.connection.row(_BY_ID, message_id=message_id)
    assert row is not None, f"no message {message_id}"
    _set(
        work, row, state=Delivery.DEFERRED.value, due_at=microseconds(work.now),
        operation=operation,
    )


def is_known(connection: Connection, message_id: str) -> bool:
    """Whether a message was ever put here."""
    return connection.row(_BY_ID, message_id=message_id) is not None


def next_due(connection: Connection, now: datetime) -> int | None:
    """When the next message is due, in microseconds; None when none waits."""
    return row["due_at"] if (row := connection.row(_NEXT_DUE, **_at(now))) else None


def _at(now: datetime) -> dict[str, int]:
    return {"now": microseconds(now), "latest": microseconds(now + _LONGEST_PAUSE)}


def pending(connection: Connection) -> list[Row]:
    """Messages without a final answer that are not dead letters, oldest first."""
    return connection.rows(_ALL_PENDING)


def counts(connection: Connection) -> tuple[int, int]:
    """How many messages have a final answer, and how many are dead letters."""
    by_state = {row["state"]: int(row["n"]) for row in connection.rows(_COUNTS)}
    final = sum(by_state.get(state.value, 0) for state in (Delivery.ACCEPTED, Delivery.REFUSED))
    return final, by_state.get(Delivery.DEAD.value, 0)


_AFTER: dict[Outcome, Delivery] = {
    Outcome.OK: Delivery.ACCEPTED,
    Outcome.REFUSED: Delivery.REFUSED,
    Outcome.UNKNOWN: Delivery.PENDING,
}


def _lease(connection: Connection, row: Row, now: datetime, *, counts: bool = True) -> Outgoing:
    if counts:
        again = row["attempts"] > 0
        way.note_attempt(connection, row["message_id"], microseconds(now), again=again)
    _write(connection, row, due_at=microseconds(later(now, LEASE)))
    body = row["body"]
    if row["operation"].endswith(_IN_PLACE):
        instead = connection.row(_TOMBSTONE, message_id=row["message_id"])
        assert instead is not None, f"no tombstone of {row['message_id']}"
        body = instead["body"]
    return Outgoing(row["message_id"], row["operation"], body, bool(row["unclear"]))


# implements FRS-DLQ-001
def _bury(work: Work, row: Row, attempts: int, sent: Sent) -> None:
    """Make a message a dead letter: its receiver breaks on it, so somebody has to see to it."""
    message_id = row["message_id"]
    known = {
        "state": LetterState.OPEN.value, "last_error": sent.note, "attempts": attempts,
        "dead_at": microseconds(work.now),
        "call_at": microseconds(work.now) + work.settings.dead_letter_age_max_s * 1_000_000,
        "why": f"answered {work.settings.failures_max} times with what speaks against it",
    }
    if work.find(dead_letters, message_id):
        work.change(dead_letters, message_id, **known)
    else:
        work.create(
            dead_letters, message_id=message_id, body_sha256=sha256(row["body"]),
            posted_by=row["originator"], **known,
        )
    work.alarm("DEAD_LETTER", f"{row['type']} {message_id} about {row['subject']}: {sent.note}")


def _set(work: Work, row: Row, **changes: str | int) -> None:
    _write(work.connection, row, **changes)


def _write(connection: Connection, row: Row, **changes: str | int) -> None:
    names = ("state", "attempts", "due_at", "failures", "last_error", "unclear", "operation")
    values = {name: row[name] for name in names} | changes
    connection.run(_SET, of_message=row["message_id"], **values)


def message_of(connection: Connection, message_id: str) -> tuple[str, bytes]:
    """Name and frozen body of a message. Raises: LookupError for one that was never put."""
    row = connection.row(_BY_ID, message_id=message_id)
    if row is None:
        raise LookupError(f"no message {message_id}")
    return row["operation"].partition("/")[2], row["body"]
