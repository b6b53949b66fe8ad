"""Corrections in EPCIS: an event is never changed; it is declared an error, and another is told.

Source: EPCIS 2.0, 7.4.1.3 and 7.4.1.4 (error declaration, matching by event id).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from contracts.formats.epcis_event import Event
from contracts.model.instants import write_timestamp


def corrected(wrong: Iterable[Event], right: Iterable[Event], *, at: datetime) -> list[Event]:
    """The wrong events sent again as errors that name the right ones, then the right ones.

    Events that are among both stay as they are and are not sent again. Raises: ValueError where an
    event has no id, or nothing differs.
    """
    before, after = _by_id(wrong), _by_id(right)
    told = [event for name, event in after.items() if name not in before]
    declared = [event for name, event in before.items() if name not in after]
    if not declared:
        raise ValueError("nothing to correct: every event is told again as it was")
    reason = "incorrect_data" if told else "did_not_occur"
    names = [event.event_id for event in told if event.event_id]
    return [*(_declared(event, reason, names, at) for event in declared), *told]


def withdrawn(events: Iterable[Event], *, at: datetime) -> list[Event]:
    """Events that never happened, sent again as such. Raises: ValueError for one without an id."""
    return [_declared(event, "did_not_occur", [], at) for event in _by_id(events).values()]


def _by_id(events: Iterable[Event]) -> dict[str, Event]:
    found: dict[str, Event] = {}
    for event in events:
        if event.event_id is None:
            raise ValueError("an event without an id cannot be corrected")
        found[event.event_id] = event
    return found


def _declared(event: Event, reason: str, names: list[str], at: datetime) -> Event:
    """The same event with its id: the declaration takes no part in the hash."""
    declaration = {
        "declarationTime": write_timestamp(at),
        "reason": reason,
        **({"correctiveEventIDs": names} if names else {}),
    }
    return replace(event, members={**event.members, "errorDeclaration": declaration})
