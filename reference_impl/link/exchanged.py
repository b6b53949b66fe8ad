"""What a partner is told that was restored from a backup: what it lost of the exchange.

Everything stands in the journal behind the position that the asker knew: the acknowledgements of
what it received, and what it sent. Source: URS-BKP-003.
"""

from __future__ import annotations

import base64
from typing import Any

from pydantic import ValidationError
from sqlalchemy import bindparam, func, or_, select

from contracts.model.answers import Acknowledgement
from contracts.model.envelope import Envelope
from contracts.model.inspection import Direction
from contracts.model.messages import MESSAGES
from contracts.model.questions import AskStatus, StandsAs
from contracts.model.recovery import Exchanged, ExchangedSince, ReceivedFromAsker, SentToAsker
from contracts.record.digests import sha256
from contracts.record.strict_json import Unreadable, read_json
from reference_impl.link.heartbeat import ends_at
from reference_impl.link.outbox import Delivery
from reference_impl.link.settling import message_status
from reference_impl.records.journal import last_record
from reference_impl.records.work import Work
from reference_impl.store.database import Row, Statement
from reference_impl.store.link_tables import tombstones
from reference_impl.store.tables import journal, links, outbox

_ROWS_MAX = 200
_RECEIVED = journal.c.direction == Direction.RECEIVED.value
_PAGE = Statement(
    select(journal)
    .where(
        journal.c.position > bindparam("after"), journal.c.partner == bindparam("asker"),
        _RECEIVED, or_(journal.c.kind == "message", journal.c.kind == "answer"),
    )
    .order_by(journal.c.position)
    .limit(_ROWS_MAX)
)
_SENT = Statement(select(outbox).where(outbox.c.message_id == bindparam("message_id")))
_IN_PLACE = Statement(
    select(tombstones.c.body).where(tombstones.c.message_id == bindparam("message_id"))
)
_HEARD = Statement(
    select(func.max(links.c.farthest).label("n")).where(links.c.partner == bindparam("asker"))
)
_END = Statement(
    select(links.c.position, links.c.record_hash).where(links.c.partner == bindparam("asker"))
)
_AT = Statement(select(journal.c.hash).where(journal.c.position == bindparam("position")))
_FINAL = {Delivery.ACCEPTED: StandsAs.POSTED, Delivery.REFUSED: StandsAs.REFUSED}


# implements FRS-BKP-005
def exchanged_since(work: Work, question: ExchangedSince) -> Exchanged:
    """One page of what the asker has lost; of the asker it is taken down where its journal ends."""
    asker = work.actor.account
    after = _known_to_asker(work, question)
    rows = work.connection.rows(_PAGE, after=after, asker=asker)
    acknowledged = [(row, _acknowledgement(row)) for row in rows if row["kind"] == "answer"]
    sent = [_sent(work, row, ack, question.own_position) for row, ack in acknowledged]
    received = [_received(work, row, question) for row in rows if row["kind"] == "message"]
    end, end_hash = last_record(work.connection)
    is_full = len(rows) == _ROWS_MAX
    heard = work.connection.row(_HEARD, asker=asker)
    known = [ack.journal_position for _, ack in acknowledged if ack]
    _tell_people(work, question)
    ends_at(work.connection, asker, question.own_position, question.own_hash)
    return Exchanged(
        sent=tuple(filter(None, sent)), received=tuple(filter(None, received)),
        read_from=after, read_to=rows[-1]["position"] if is_full else end,
        read_to_hash=rows[-1]["hash"] if is_full else end_hash, last_position=end,
        asker_position=max([*known, (heard and heard["n"]) or 0]),
    )


# implements FRS-BKP-014
def _tell_people(work: Work, question: ExchangedSince) -> None:
    """Raise an alarm, once for each restore: people know whether there was one.

    Whoever held the partner's credential could cut its journal and say that it was restored.
    """
    asker = work.actor.account
    end = work.connection.row(_END, asker=asker)
    if end and (end["position"], end["record_hash"]) == (question.own_position, question.own_hash):
        return
    before = end["position"] if end and end["position"] is not None else "none that is known here"
    work.alarm(
        "PARTNER_RESTORED",
        f"{asker} says that it was restored: its journal ends at {question.own_position}; "
        f"its end was {before}",
    )


# implements FRS-BKP-010
def _known_to_asker(work: Work, question: ExchangedSince) -> int:
    """The position behind which is told: 0 where the row that the asker knows is no row of ours.

    That is so where this system was restored since, and wrote other rows in the place of those.
    """
    position = question.known_position
    row = work.connection.row(_AT, position=position)
    return position if row is not None and row["hash"] == question.known_hash else 0


def _acknowledgement(row: Row) -> Acknowledgement | None:
    """What the asker acknowledged; None where it refused, or said nothing that can be read."""
    if row["status"] != 200:
        return None
    try:
        return Acknowledgement.from_json(read_json(row["body"]))
    except (Unreadable, ValidationError):
        return None


def _sent(
    work: Work, row: Row, ack: Acknowledgement | None, own_position: int
) -> SentToAsker | None:
    """A message that the asker has lost: it answered it behind the end of its journal."""
    message = work.connection.row(_SENT, message_id=row["key"])
    if message is None or message["state"] not in _FINAL:
        return None
    if ack is not None and ack.journal_position <= own_position:
        return None
    if ack is None and message["state"] != Delivery.REFUSED:
        return None
    in_place = work.connection.row(_IN_PLACE, message_id=row["key"])
    told = message["operation"].endswith("/message-discarded") and in_place
    body = in_place["body"] if told and in_place else message["body"]
    return SentToAsker(
        operation=message["operation"], message_id=row["key"], status=row["status"],
        body=base64.b64encode(body).decode(), answer=base64.b64encode(row["body"]).decode(),
        stands_as=_FINAL[Delivery(message["state"])],
    )


def _received(work: Work, row: Row, question: ExchangedSince) -> ReceivedFromAsker | None:
    """A message whose number the asker has not given yet, as far as it knows."""
    envelope = envelope_of(row["operation"], row["body"])
    if envelope is None or int(envelope.sequence) <= question.own_sequence:
        return None
    status = message_status(work, AskStatus(message_id=envelope.id))
    return ReceivedFromAsker(
        message_id=envelope.id, type=envelope.type, subject=envelope.subject,
        sequence=int(envelope.sequence), subject_sequence=int(envelope.subjectsequence),
        occurred_at=envelope.time, body_sha256=sha256(row["body"]), stands_as=status.outcome,
    )


def envelope_of(operation: str, body: bytes) -> Envelope[Any] | None:
    """A message as it was read when it came; None where it could not be read."""
    message = MESSAGES.get(operation.partition("/")[2])
    if message is None:
        return None
    try:
        envelope: Envelope[Any] = message.envelope.from_json(read_json(body))
    except (Unreadable, ValidationError):
        return None
    return envelope
