"""Capture: an EPCIS document of the partner, all of it or nothing.

Source: URS-EPC-001, URS-EPC-002; EPCIS 2.0, 8.2.8 (capture), 7.4.1.3 (eventID), 7.4.1.4 (error
declaration).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from contracts.formats.epcis_event import Event
from contracts.formats.epcis_hash import event_hash, pre_hash
from contracts.formats.epcis_json import read_epcis_json
from contracts.model.codes import Code, Refusal
from contracts.model.epcis import Captured
from reference_impl.domain.event_sense import check_event
from reference_impl.domain.told_events import with_hash_id
from reference_impl.epcis.repository import Origin, event_of, find, keep
from reference_impl.records.work import Work

_HASH_ID = "ni:///sha-256;"
LIST = "epcisBody.eventList"


# implements FRS-EPC-009
def capture(work: Work, raw: bytes, told_by: str, cause: str) -> Captured | Refusal:
    """Take over a document whose schema was checked. On a refusal the caller takes all back."""
    new = 0
    told: list[Event] = []
    for number, event in enumerate(read_epcis_json(raw).events):
        place = f"{LIST}[{number}]"
        refusal = check_event(
            event, place, work.now, timedelta(seconds=work.settings.event_time_ahead_max_s)
        )
        if refusal is not None:
            return refusal
        identified = _identified(event)
        refusal = _check_id(work, identified, told, place)
        if refusal is not None:
            return refusal
        new += keep(work.connection, identified, Origin(told_by, cause, work.now))
        told.append(identified)
    return _check_declarations(work, told, told_by) or Captured(
        recorded_at=work.now, captured=new, known=len(told) - new,
        event_ids=tuple(event.event_id or "" for event in told),
    )


def _identified(event: Event) -> Event:
    return event if event.event_id is not None else with_hash_id(event)


# implements FRS-EPC-007
def _check_id(work: Work, event: Event, before: list[Event], place: str) -> Refusal | None:
    """Refuse an id that is not the event's own, or that another event has."""
    path, event_id = f"{place}.eventID", event.event_id or ""
    declares = "errorDeclaration" in event.members
    if event_id.startswith(_HASH_ID) and event_id != event_hash(event):
        return Refusal(Code.EVENT_ID_CONFLICT, path, "it is not the hash of this event")
    twins = ((e.event_id, "errorDeclaration" in e.members) for e in before)
    if (event_id, declares) in twins:
        return Refusal(Code.EVENT_ID_CONFLICT, path, "it stands in this document twice")
    known = find(work.connection, event_id)
    if known is not None and pre_hash(event_of(known)) != pre_hash(event):
        return Refusal(Code.EVENT_ID_CONFLICT, path, "it was recorded with other content")
    return None


def _check_declarations(work: Work, told: list[Event], told_by: str) -> Refusal | None:
    """Refuse declarations about what is not known, not one's own, or declared otherwise before."""
    for number, event in enumerate(told):
        if "errorDeclaration" in event.members:
            refusal = _check_declaration(work, event, told_by, f"{LIST}[{number}]")
            if refusal is not None:
                return refusal
    return None


# implements FRS-EPC-010
# implements FRS-EPC-011
# implements FRS-EPC-012
def _check_declaration(work: Work, event: Event, told_by: str, place: str) -> Refusal | None:
    event_id = event.event_id or ""
    original = find(work.connection, event_id)
    if original is None:
        return Refusal(Code.UNKNOWN_EVENT, f"{place}.eventID", f"{event_id[:200]} is not known")
    if original["told_by"] != told_by:
        detail = f"{original['told_by']} told it"
        return Refusal(Code.EVENT_NOT_OWN, f"{place}.eventID", detail)
    named = event.members["errorDeclaration"].get("correctiveEventIDs", [])
    for position, corrective in enumerate(named):
        if find(work.connection, corrective) is None:
            path = f"{place}.errorDeclaration.correctiveEventIDs[{position}]"
            return Refusal(Code.UNKNOWN_EVENT, path, f"{corrective[:200]} is not known")
    kept = find(work.connection, event_id, declares=True)
    if kept is not None and not _same_declaration(event_of(kept), event):
        return Refusal(Code.EVENT_DECLARED, f"{place}.eventID", "it was declared otherwise before")
    return None


def _same_declaration(one: Event, other: Event) -> bool:
    """The hash does not cover the declaration, so it is compared as it stands."""
    declared = (event.members["errorDeclaration"] for event in (one, other))
    first, second = (replace(one, members={**one.members, "ilmd": said}) for said in declared)
    return pre_hash(first) == pre_hash(second)
