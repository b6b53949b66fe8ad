"""Discarding a dead letter: two people give it up, and its receiver takes that over in its place.

What goes out has the id, the subject and the numbers of the discarded message, so neither side is
left with a gap: what waited behind it goes on, and a late copy of it conflicts. The bytes of the
message stay in outbox and journal. Source: URS-DLQ-003.
"""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import DiscardDeadLetter
from contracts.model.envelope import Envelope
from contracts.model.inspection import Direction
from contracts.model.inspection_delivery import (
    DiscardedMessage,
    DiscardedMessages,
    LetterState,
)
from contracts.model.instants import write_timestamp
from contracts.model.messages import MESSAGES
from contracts.model.messages.delivery import MessageDiscarded
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.roles import Duty
from contracts.model.verdicts import Outcome
from contracts.record.canonical import canonical_bytes
from contracts.record.strict_json import read_json
from reference_impl.domain.reasons import check_reason
from reference_impl.link import outbox
from reference_impl.link.outbox import Sent
from reference_impl.link.settling import Follow
from reference_impl.records.accounts import Accounts
from reference_impl.records.journal import Document, write_journal
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.link_tables import discarded, tombstones
from reference_impl.store.tables import dead_letters

DISCARDED = MESSAGES["message-discarded"]
_APPROVERS = frozenset({Duty.SUPERVISOR, Duty.QUALITY})
_ALL = Statement(select(discarded).order_by(discarded.c.message_id))
_ADD = Statement(insert(tombstones))
_DROP = Statement(delete(tombstones).where(tombstones.c.message_id == bindparam("of_message")))


# implements FRS-DLQ-004
def discard_dead_letter(
    work: Work, command: DiscardDeadLetter, accounts: Accounts
) -> Refusal | None:
    """Put the word that it is discarded into the place of a dead letter."""
    letter = work.find(dead_letters, command.message_id)
    if letter is None or letter["state"] != LetterState.OPEN:
        return Refusal(Code.UNKNOWN_DEAD_LETTER, "messageId", command.message_id)
    refusal = check_reason(command.reason) or _check_people(work, command, letter)
    if refusal:
        return refusal
    approval = _countersigned(work, command, accounts)
    if isinstance(approval, Refusal):
        return approval
    work.change(
        dead_letters, command.message_id, state=LetterState.DISCARDING.value,
        replayed_by=work.actor.account, reason=command.reason,
    )
    _put_in_place(work, command, letter, approval)
    return None


# implements FRS-DLQ-005
# implements FRS-DLQ-006
def _check_people(work: Work, command: DiscardDeadLetter, letter: Row) -> Refusal | None:
    """Three people: who caused it, who discards it, who approves that."""
    who, approver = work.actor.account, command.approval.user_id
    caused = f"{letter['posted_by']} caused it"
    if who == letter["posted_by"]:
        return Refusal(Code.OWN_DEAD_LETTER, "messageId", caused)
    if approver == letter["posted_by"]:
        return Refusal(Code.OWN_DEAD_LETTER, "approval.userId", caused)
    if approver == who:
        return Refusal(Code.VERIFIER_IS_PERFORMER, "approval.userId", f"{who} discards it")
    return None


# implements FRS-DLQ-007
def _countersigned(
    work: Work, command: DiscardDeadLetter, accounts: Accounts
) -> SignatureManifest | Refusal:
    content = command.model_dump(mode="json", exclude={"approval"})
    record = ("dead_letters", command.message_id, content)
    found = accounts.sign(work, command.approval.user_id, command.approval, record)
    if found is None or not found[1] & _APPROVERS:
        return Refusal(Code.SIGNATURE_REFUSED, "approval", "it does not count for this")
    return found[0]


# implements FRS-DLQ-008
def _put_in_place(
    work: Work, command: DiscardDeadLetter, letter: Row, approval: SignatureManifest
) -> None:
    _, body = outbox.message_of(work.connection, command.message_id)
    original = read_json(body)
    fact = MessageDiscarded(
        discard_id=command.discard_id, discarded_type=original["type"],
        body_sha256=letter["body_sha256"], reason=command.reason,
        discarded_by=work.actor.account, approval=approval, discarded_at=work.now,
        station=work.actor.station,
    )
    envelope = {
        **original, "type": DISCARDED.type, "dataschema": DISCARDED.dataschema,
        "time": write_timestamp(work.now), "data": fact.to_json(),
    }
    raw = canonical_bytes(DISCARDED.envelope.from_json(envelope).to_json())
    operation = f"{work.settings.role.partner}/{DISCARDED.name}"
    work.connection.run(_DROP, of_message=command.message_id)
    work.connection.run(_ADD, message_id=command.message_id, body=raw)
    outbox.send_in_place(work, command.message_id, operation)
    document = Document(
        Direction.SENT, "message", operation, work.settings.partner_system, command.message_id, raw
    )
    write_journal(work.connection, document, work.now)


# implements FRS-DLQ-008
def discard_settled(work: Work, follow: Follow, body: bytes, sent: Sent) -> None:
    """Its receiver has taken the discarding over, or has the message already and says so."""
    original = read_json(body)
    message_id, name = original["id"], original["type"].split(".")[1]
    if sent.outcome is not Outcome.OK:
        work.change(dead_letters, message_id, state=LetterState.SETTLED.value)
        outbox.ask_instead(work, message_id, f"{work.settings.role.partner}/{name}")
        work.alarm("DISCARD_REFUSED", f"{message_id}: {sent.note}")
        return
    work.change(dead_letters, message_id, state=LetterState.DISCARDED.value)
    then = follow.get(name)
    if then is not None:
        then(work, body, Sent(Outcome.REFUSED, None, b"", "discarded by two people"))


def message_discarded(work: Work, envelope: Envelope[MessageDiscarded]) -> Refusal | None:
    """The partner's people gave a message up; somebody here has to know what never came."""
    fact = envelope.data
    work.create(
        discarded, message_id=envelope.id, type=fact.discarded_type, subject=envelope.subject,
        body_sha256=fact.body_sha256, reason=fact.reason, discarded_by=fact.discarded_by,
        approved_by=fact.approval.person_id, discarded_at=write_timestamp(fact.discarded_at),
    )
    about = f"{fact.discarded_type} {envelope.id} about {envelope.subject}"
    work.alarm("MESSAGE_DISCARDED", f"{about}: {fact.reason}")
    return None


def show_discarded(connection: Connection, _: Settings, __: int) -> DiscardedMessages:
    """All that the partner discarded."""
    rows = [dict(row) for row in connection.rows(_ALL)]
    return DiscardedMessages(rows=tuple(DiscardedMessage.model_validate(row) for row in rows))
