"""Corrections of the system's own events: declared an error, told anew, never deleted.

Source: URS-EPC-001; EPCIS 2.0, 7.4.1.4.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import bindparam, select

from contracts.formats.epcis_correction import corrected, withdrawn
from contracts.formats.epcis_event import Event, Members
from contracts.formats.epcis_vocabulary import QUANTITY_LISTS
from contracts.model.codes import Code, Refusal
from contracts.model.commands import CorrectEvent
from contracts.model.instants import microseconds
from contracts.model.quantities import Quantity
from reference_impl.domain.event_sense import is_ahead
from reference_impl.domain.reasons import check_reason
from reference_impl.domain.told_events import amount_of_lot, local_time, with_hash_id
from reference_impl.epcis.repository import Origin, event_of, find, keep
from reference_impl.epcis.telling import site_of
from reference_impl.records.work import Work
from reference_impl.store.database import Statement
from reference_impl.store.tables import event_corrections, outbox

_POSTED = Statement(
    select(outbox.c.originator).where(outbox.c.message_id == bindparam("message_id"))
)


# implements FRS-EPC-010
# implements FRS-EPC-014
def correct_event(work: Work, command: CorrectEvent) -> Refusal | None:
    """Declare an event an error; with what is right, tell the corrective event as well."""
    wrong = _correctable(work, command.event_id)
    if isinstance(wrong, Refusal):
        return wrong
    refusal = check_reason(command.reason) or _check_poster(work, command.event_id)
    if refusal is not None:
        return refusal
    right = _right(work, command, wrong)
    if isinstance(right, Refusal):
        return right
    told = corrected([wrong], [right], at=work.now) if right else withdrawn([wrong], at=work.now)
    origin = Origin(work.settings.system, command.correction_id, work.now)
    for event in told:
        keep(work.connection, event, origin)
    work.create(
        event_corrections, correction_id=command.correction_id, event_id=command.event_id,
        reason=command.reason, corrective_event_id=right.event_id if right else None,
        corrected_by=work.actor.account, corrected_at=microseconds(work.now),
    )
    return None


# implements FRS-EPC-011
# implements FRS-EPC-012
def _correctable(work: Work, event_id: str) -> Event | Refusal:
    row = find(work.connection, event_id)
    if row is None:
        return Refusal(Code.UNKNOWN_EVENT, "eventId", "no event here has this id")
    if row["told_by"] != work.settings.system:
        return Refusal(Code.EVENT_NOT_OWN, "eventId", f"{row['told_by']} told it")
    if find(work.connection, event_id, declares=True) is not None:
        return Refusal(Code.EVENT_DECLARED, "eventId", "it was declared an error before")
    return event_of(row)


# implements FRS-IAM-004
def _check_poster(work: Work, event_id: str) -> Refusal | None:
    """Refuse who posted the transaction that the event tells of. Source: URS-IAM-004."""
    row = find(work.connection, event_id)
    act = work.connection.row(_POSTED, message_id=row["cause"]) if row else None
    if act is None or act["originator"] != work.actor.account:
        return None
    return Refusal(Code.OWN_TRANSACTION, "eventId", f"{act['originator']} posted it")


# implements FRS-EPC-013
def _right(work: Work, command: CorrectEvent, wrong: Event) -> Event | Refusal | None:
    """The corrective event; None where the event never happened."""
    changes: Members = {}
    if command.event_time is not None:
        changes |= local_time(command.event_time)
    if command.location_id is not None:
        place = {"id": site_of(work).place(command.location_id)}
        named = [name for name in ("readPoint", "bizLocation") if name in wrong.members]
        if not named:
            return Refusal(Code.NOTHING_TO_CORRECT, "locationId", "the event has no place")
        changes |= dict.fromkeys(named, place)
    if command.quantity is not None:
        amounts = _amounts(wrong, command.quantity)
        if amounts is None:
            return Refusal(Code.NOTHING_TO_CORRECT, "quantity", "the event has no single amount")
        changes |= amounts
    if not changes:
        return None
    right = with_hash_id(replace(wrong, members={**wrong.members, **changes}))
    if right.event_id == wrong.event_id or find(work.connection, right.event_id or ""):
        return Refusal(Code.NOTHING_TO_CORRECT, "", "there is such an event already")
    ahead = timedelta(seconds=work.settings.event_time_ahead_max_s)
    early = is_ahead(right, "", work.now, ahead)
    return replace(early, path="eventTime") if early is not None else right


def _amounts(wrong: Event, quantity: Quantity) -> Members | None:
    """The lists of amounts with the right one in them; None where there is not exactly one."""
    listed = [(name, wrong.members[name]) for name in QUANTITY_LISTS if wrong.members.get(name)]
    if len(listed) != 1 or len(listed[0][1]) != 1 or "quantity" not in listed[0][1][0]:
        return None
    name, items = listed[0]
    return {name: amount_of_lot(items[0]["epcClass"], quantity)}
