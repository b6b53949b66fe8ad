"""What a restored system lost of the exchange: asked of the partner, had again or listed.

One restore is one recovery with its gap list. Every page that the partner tells is taken over in
transactions of its own, each message in one, so that a death on the way loses nothing: the page is
asked for again, and what is on record is not done twice. Source: URS-BKP-003.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy import update as change_of
from sqlalchemy.dialects.sqlite import insert as upsert

from contracts.model.instants import write_timestamp
from contracts.model.questions import StandsAs
from contracts.model.recovery import (
    Exchanged,
    ExchangedSince,
    Gap,
    GapKind,
    Recoveries,
    Recovery,
    RecoveryState,
    SentToAsker,
)
from contracts.record.digests import sha256
from reference_impl.link.deferral import is_held
from reference_impl.link.exchanged import envelope_of
from reference_impl.link.inbox import answer_to
from reference_impl.records.counting import (
    SET_AHEAD,
    last_number,
    next_number,
    next_numbers,
)
from reference_impl.records.journal import ORIGIN, last_record
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.recovery_tables import recoveries, recovery_gaps
from reference_impl.store.tables import links, sequences

LABELLED_AHEAD = 10_000
# What stands on labels and in records that people hold, or in messages that the partner took.
_LASTING = (
    "sscc %", "lot codes of %", "signatures", "alarms", "deviations", "stock differences",
    "scans", "expiry", "retest", "late receipts",
)
_OPEN = Statement(select(recoveries).where(recoveries.c.state == RecoveryState.OPEN.value))
_ALL = Statement(select(recoveries).order_by(recoveries.c.begun_at, recoveries.c.recovery_id))
_GAPS = Statement(
    select(recovery_gaps)
    .where(recovery_gaps.c.recovery_id == bindparam("recovery_id"))
    .order_by(recovery_gaps.c.place)
)
_HEARD = Statement(
    select(links.c.position, links.c.record_hash).where(
        links.c.partner == bindparam("partner"), links.c.position.is_not(None)
    )
)
_NEW = upsert(sequences)
_RAISE = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["name"],
        set_={"value": func.max(sequences.c.value, _NEW.excluded.value)},
    )
)
_AHEAD = Statement(
    change_of(sequences)
    .where(or_(*(sequences.c.name.like(name) for name in _LASTING)))
    .values(value=sequences.c.value + LABELLED_AHEAD)
)


def begin(work: Work, backup_taken_at: str) -> None:
    """Open the recovery of this restore, where that has not happened yet."""
    if work.connection.row(_OPEN) is not None:
        return
    heard = work.connection.row(_HEARD, partner=work.settings.partner_system)
    position, own_hash = last_record(work.connection)
    known = (heard["position"], heard["record_hash"]) if heard else (0, ORIGIN)
    work.create(
        recoveries, recovery_id=f"RESTORE-{next_number(work.connection, 'recoveries')}",
        state=RecoveryState.OPEN.value, backup_taken_at=backup_taken_at, own_position=position,
        own_hash=own_hash,
        own_sequence=last_number(work.connection, "messages"),
        known_position=known[0], read_to=known[0], read_hash=known[1], partner_knows=position,
        begun_at=write_timestamp(work.now),
    )


def question(connection: Connection) -> ExchangedSince:
    """What the partner is asked next."""
    open_one = _the_open(connection)
    return ExchangedSince(
        own_position=open_one["own_position"], own_hash=open_one["own_hash"],
        own_sequence=open_one["own_sequence"],
        known_position=open_one["read_to"], known_hash=open_one["read_hash"],
    )


# implements FRS-BKP-012
def note_closed(work: Work, locked: list[str]) -> None:
    """Put on record what the restore has closed; who is locked is to be reviewed."""
    work.changed("sessions", work.settings.system, "state", "as backed up", "ended")
    for person in locked:
        work.changed("accounts", person, "locked", "false", "true")
        _note(
            work, f"account {person}", GapKind.ACCOUNT,
            "locked: whether it was closed, or what opens it set anew, after the backup nobody can "
            "tell; an administrator reviews, resets and unlocks it", subject=person,
        )


# implements FRS-BKP-006
def note_obtained(
    work: Work, lost: SentToAsker, body: bytes, stands_as: StandsAs
) -> None:
    """Enter a message that was had again, and whether it ended as its sender holds it.

    DEFERRED: it waits here for its predecessor, which may come yet.
    """
    envelope = envelope_of(lost.operation, body)
    kind, detail = _came_again(lost.operation.rpartition("/")[2], stands_as, lost.stands_as)
    _note(
        work, f"received {lost.message_id}", kind, detail, at_sender=lost.stands_as.value,
        sequence=int(envelope.sequence) if envelope else None, message_id=lost.message_id,
        type=envelope.type if envelope else None, subject=envelope.subject if envelope else None,
        body_sha256=sha256(body),
    )


# implements FRS-BKP-006
# implements FRS-BKP-007
def note_page(work: Work, page: Exchanged) -> None:
    """Enter the messages that were sent from here, go on behind their numbers, mark the page."""
    for message in page.received:
        _note(
            work, f"sent {message.sequence:012}", GapKind.SENT,
            f"told of {write_timestamp(message.occurred_at)}, {message.stands_as} at the partner; "
            "what it tells of is not on record here",
            sequence=message.sequence, message_id=message.message_id, type=message.type,
            subject=message.subject, body_sha256=message.body_sha256,
        )
        for name, number in (
            (f"subject {message.subject}", message.subject_sequence),
            ("messages", message.sequence), ("outbox", message.sequence),
        ):
            work.connection.run(_RAISE, name=name, value=number)
    open_one = _the_open(work.connection)
    work.change(
        recoveries, open_one["recovery_id"], read_to=page.read_to, read_hash=page.read_to_hash,
        partner_knows=max(open_one["partner_knows"], page.asker_position),
    )


# implements FRS-BKP-006
# implements FRS-BKP-007
def end_restore(work: Work) -> None:
    """List what nobody has any more, set labelled numbers ahead, and tell people."""
    open_one = _the_open(work.connection)
    recovery_id, own = open_one["recovery_id"], open_one["own_position"]
    _end_waiting(work, recovery_id)
    sent = {
        row["sequence"] for row in work.connection.rows(_GAPS, recovery_id=recovery_id)
        if row["kind"] == GapKind.SENT
    }
    for number in range(open_one["own_sequence"] + 1, max(sent, default=0)):
        if number not in sent:
            _note(
                work, f"sent {number:012}", GapKind.NUMBER,
                "given to a message that never arrived; what it told of is lost", sequence=number,
            )
    if open_one["partner_knows"] > own:
        _note(
            work, f"rows {own + 1:012}", GapKind.ROWS,
            f"journal {own + 1} to {open_one['partner_knows']} was acknowledged before the restore "
            "and is lost, with the audit trail of that time",
        )
    work.connection.run(_AHEAD)
    next_numbers(work.connection, SET_AHEAD, LABELLED_AHEAD)
    work.change(
        recoveries, recovery_id, state=RecoveryState.DONE.value,
        ended_at=write_timestamp(work.now),
    )
    count = len(work.connection.rows(_GAPS, recovery_id=recovery_id))
    if count:
        work.alarm("RESTORED_INTO_THE_PAST", f"{recovery_id}: {count} entries in the gap list")


# implements FRS-BKP-006
def _end_waiting(work: Work, recovery_id: str) -> None:
    """Enter how those ended that waited for a predecessor which was had again after them."""
    partner = work.settings.partner_system
    for gap in work.connection.rows(_GAPS, recovery_id=recovery_id):
        message_id = gap["message_id"]
        if gap["kind"] != GapKind.WAITING or is_held(work.connection, partner, message_id):
            continue
        answer = answer_to(work.connection, partner, message_id)
        assert answer is not None, f"{message_id} was kept, and has no answer"
        here = StandsAs.POSTED if answer.status == 200 else StandsAs.REFUSED
        name = gap["detail"].partition(" ")[0]
        kind, detail = _came_again(name, here, StandsAs(gap["at_sender"]))
        work.change_read(recovery_gaps, gap, kind=kind.value, detail=detail)


def _came_again(
    name: str, here: StandsAs, at_sender: StandsAs
) -> tuple[GapKind, str]:
    """The kind of a message that was had again, and what is said of it."""
    if here is StandsAs.DEFERRED:
        return GapKind.WAITING, f"{name} waits here for its predecessor, {at_sender} at its sender"
    kind = GapKind.OBTAINED if here is StandsAs.POSTED else GapKind.REFUSED
    if here is not at_sender:
        kind = GapKind.DIFFERS
    return kind, f"{name} {here} here, {at_sender} at its sender"


def show_recoveries(connection: Connection, _: Settings, __: int) -> Recoveries:
    """All restores with their gap lists."""
    return Recoveries(rows=tuple(_shown(connection, row) for row in connection.rows(_ALL)))


def _shown(connection: Connection, row: Row) -> Recovery:
    gaps = connection.rows(_GAPS, recovery_id=row["recovery_id"])
    return Recovery.model_validate({
        "recovery_id": row["recovery_id"], "state": row["state"],
        "backup_taken_at": row["backup_taken_at"], "restored_to_position": row["own_position"],
        "begun_at": row["begun_at"], "ended_at": row["ended_at"],
        "gaps": tuple(Gap.model_validate({n: gap[n] for n in Gap.model_fields}) for gap in gaps),
    })


def _the_open(connection: Connection) -> Row:
    row = connection.row(_OPEN)
    assert row is not None, "no recovery is open"
    return row


def _note(work: Work, place: str, kind: GapKind, detail: str, **about: Any) -> None:
    """One entry, once: a page that is told again changes nothing."""
    recovery_id = _the_open(work.connection)["recovery_id"]
    if work.find(recovery_gaps, recovery_id, place) is None:
        work.create(
            recovery_gaps, recovery_id=recovery_id, place=place, kind=kind.value, detail=detail,
            **about,
        )
