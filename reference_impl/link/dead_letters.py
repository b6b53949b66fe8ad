"""Dead letters: messages that their receiver broke on again and again, until somebody sees to it.

A dead letter keeps its bytes, its key and its place: what is about the same subject waits behind
it, everything else goes on. Source: URS-DLQ-001, URS-DLQ-003, URS-DLQ-004.
"""

from __future__ import annotations

import base64

from sqlalchemy import bindparam, func, null, select, update

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ReplayDeadLetter
from contracts.model.inspection_delivery import DeadLetter, DeadLetters, LetterState
from contracts.model.instants import from_microseconds, microseconds
from reference_impl.domain.reasons import check_reason
from reference_impl.link import outbox
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import dead_letters
from reference_impl.store.tables import outbox as outbox_table

_WAITS = (dead_letters.c.state == LetterState.OPEN.value, dead_letters.c.call_at.is_not(None))
_TO_CALL = Statement(
    select(dead_letters)
    .where(*_WAITS, dead_letters.c.call_at <= bindparam("now"))
    .order_by(dead_letters.c.message_id)
)
_NEXT_CALL = Statement(select(func.min(dead_letters.c.call_at).label("at")).where(*_WAITS))
_CALLED = Statement(
    update(dead_letters)
    .where(dead_letters.c.message_id == bindparam("of_message"))
    .values(call_at=null())
)
_ALL = Statement(
    select(dead_letters, outbox_table.c.type, outbox_table.c.subject, outbox_table.c.body)
    .join(outbox_table, outbox_table.c.message_id == dead_letters.c.message_id)
    .order_by(outbox_table.c.ordinal)
)


# implements FRS-DLQ-002
# implements FRS-DLQ-003
def replay_dead_letter(work: Work, command: ReplayDeadLetter) -> Refusal | None:
    """Send a dead letter again, with its own bytes under its own key."""
    letter = work.find(dead_letters, command.message_id)
    if letter is None or letter["state"] != LetterState.OPEN:
        return Refusal(Code.UNKNOWN_DEAD_LETTER, "messageId", command.message_id)
    refusal = check_reason(command.reason)
    if refusal:
        return refusal
    if letter["posted_by"] == work.actor.account:
        return Refusal(Code.OWN_DEAD_LETTER, "messageId", f"{letter['posted_by']} caused it")
    work.change(
        dead_letters, command.message_id, state=LetterState.REPLAYED.value,
        replayed_by=work.actor.account, reason=command.reason,
    )
    outbox.send_again(work, command.message_id)
    return None


# implements FRS-DLQ-009
def call_about_old_ones(work: Work) -> int:
    """Raise an alarm once about each dead letter that is open for too long."""
    rows = work.connection.rows(_TO_CALL, now=microseconds(work.now))
    for row in rows:
        work.connection.run(_CALLED, of_message=row["message_id"])
        minutes = work.settings.dead_letter_age_max_s // 60
        detail = f"{row['message_id']} is a dead letter for {minutes} minutes"
        work.alarm("DEAD_LETTER_OLD", detail)
    return len(rows)


def next_old_one(connection: Connection) -> int | None:
    """When a dead letter will have been open for too long, in microseconds."""
    row = connection.row(_NEXT_CALL)
    return row["at"] if row else None


def show_dead_letters(connection: Connection, settings: Settings, _: int) -> DeadLetters:
    """All messages that ever were dead letters."""
    rows = []
    for row in connection.rows(_ALL):
        members = {
            name: row[name]
            for name in (
                "message_id", "type", "subject", "state", "why", "last_error", "attempts",
                "body_sha256", "posted_by",
            )
        }
        rows.append(
            DeadLetter.model_validate(
                {
                    **members,
                    "body": base64.b64encode(row["body"]).decode(),
                    "dead_at": from_microseconds(row["dead_at"], settings.site_zone),
                }
            )
        )
    return DeadLetters(rows=tuple(rows))
