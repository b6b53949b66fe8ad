"""Events as they are kept: written once, never changed, each once under its id.

An event is kept as the JSON it is shown with, without its ``recordTime``: that is the instant of
the row. Source: URS-EPC-001, URS-EPC-003.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.sqlite import insert

from contracts.formats.epcis_event import Event
from contracts.formats.epcis_json import read_epcis_json
from contracts.formats.epcis_writing import PREFIXES, event_json, write_json
from contracts.model.epcis import EventRepository
from contracts.model.instants import microseconds
from reference_impl.domain.event_form import instant
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import events

_kept = events.alias("kept")
# One system writes at a time, so the next ordinal is free; an event that is known takes none.
_NEXT = select(func.coalesce(func.max(_kept.c.ordinal), 0) + 1).scalar_subquery()
_ADD = Statement(
    insert(events)
    .values({**{column.name: bindparam(column.name) for column in events.columns},
             "ordinal": _NEXT})
    .on_conflict_do_nothing(index_elements=["event_id", "declares"])
    # Else an ordinal that is an expression is returned, and what is returned counts no rows.
    .inline()
)
_FIND = Statement(
    select(events).where(
        events.c.event_id == bindparam("event_id"), events.c.declares == bindparam("declares")
    )
)
_COUNT = Statement(
    select(
        func.count().label("events"),
        func.coalesce(func.sum(events.c.declares), 0).label("declared"),
    ).select_from(events)
)


@dataclass(frozen=True)
class Origin:
    """Who told an event, by which message, document or correction, and when it was recorded."""

    told_by: str
    cause: str
    recorded_at: datetime


# implements FRS-EPC-001
# implements FRS-EPC-009
def keep(connection: Connection, event: Event, origin: Origin) -> bool:
    """Keep an event. Returns: whether it is new; one that is known stays as it was."""
    at = instant(event.members["eventTime"])
    assert at is not None, "the time of an event was read before"
    added = connection.run(
        _ADD, event_id=event.event_id,
        declares=int("errorDeclaration" in event.members), event_type=event.type,
        biz_step=event.members.get("bizStep", ""),
        event_time=microseconds(at), recorded_at=microseconds(origin.recorded_at),
        told_by=origin.told_by, cause=origin.cause, body=written(event),
    )
    return added == 1


def written(event: Event) -> str:
    """The JSON of an event without its ``recordTime``, with prefixes that are not of the site."""
    told = event_json(event)
    told.pop("recordTime", None)
    foreign = {name: uri for name, uri in event.prefixes.items() if PREFIXES.get(name) != uri}
    return write_json({"@context": [foreign], **told} if foreign else told)


def find(connection: Connection, event_id: str, *, declares: bool = False) -> Row | None:
    """The row of an event, or of its declaration as an error."""
    return connection.row(_FIND, event_id=event_id, declares=int(declares))


def event_of(row: Row) -> Event:
    """The event that a row holds, read again."""
    prefixes = write_json({"@context": [PREFIXES], "type": "EPCISDocument"})[:-1]
    raw = f'{prefixes},"epcisBody":{{"eventList":[{row["body"]}]}}}}'
    return read_epcis_json(raw.encode()).events[0]


def show_repository(connection: Connection, settings: Settings, _: int) -> EventRepository:
    """How things are named, and how many events there are."""
    counted = connection.row(_COUNT)
    assert counted is not None
    return EventRepository(
        site_gln=settings.naming.site_gln, uri_root=settings.naming.uri_root,
        event_time_ahead_max_s=settings.event_time_ahead_max_s,
        events=counted["events"], declared=counted["declared"],
    )
