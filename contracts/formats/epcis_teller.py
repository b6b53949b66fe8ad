"""How one message tells events: its instant, its papers and its business key in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.formats.epcis_event import Event, Members
from contracts.formats.epcis_site import Site
from contracts.formats.epcis_writing import PREFIXES
from contracts.model.instants import write_timestamp

_OFFSET_MAX = timedelta(hours=14)


@dataclass(frozen=True)
class Teller:
    """Makes the events of one message. ``key`` is its business key."""

    site: Site
    key: str

    def event(self, event_type: str, at: datetime, *papers: tuple[str, str], **said: Any) -> Event:
        """An event at an instant. ``papers`` are typed business documents by number."""
        shown = at if abs(at.utcoffset() or timedelta()) <= _OFFSET_MAX else at.astimezone(UTC)
        listed: list[Members] = [
            {"type": kind, "bizTransaction": self.site.paper(number)} for kind, number in papers
        ]
        members = {
            "eventTime": write_timestamp(shown),
            "eventTimeZoneOffset": _offset(shown),
            **{name: value for name, value in said.items() if value is not None},
            "bizTransactionList": [*listed, {"bizTransaction": self.site.paper(self.key)}],
        }
        return Event(event_type, members, prefixes=PREFIXES)

    def seen(self, at: datetime, step: str, state: str | None, *papers: tuple[str, str],
             **said: Any) -> Event:
        """Objects that were observed in a step."""
        return self.event("ObjectEvent", at, *papers, action="OBSERVE", bizStep=step,
                          disposition=state, **said)

    def begun(self, at: datetime, epcs: list[str], place: str | None = None,
              **said: Any) -> Event:
        """Objects that were given their identity."""
        return self.event("ObjectEvent", at, epcList=epcs, action="ADD", bizStep="commissioning",
                          disposition="active", readPoint=self.place(place), **said)

    def packed(self, at: datetime, parent: str, place: str | None = None,
               *papers: tuple[str, str], **children: Any) -> Event:
        """Children that went into a parent."""
        return self.event("AggregationEvent", at, *papers, parentID=parent, action="ADD",
                          bizStep="packing", disposition="in_progress",
                          readPoint=self.place(place), **children)

    def unpacked(self, at: datetime, parent: str, children: list[str]) -> Event:
        """Children that left a parent."""
        return self.event("AggregationEvent", at, parentID=parent, action="DELETE",
                          bizStep="unpacking", disposition="in_progress", childEPCs=children)

    def place(self, location_id: str | None) -> Members | None:
        """A location as read point or business location; None where none is known."""
        return None if location_id is None else {"id": self.site.place(location_id)}


def _offset(at: datetime) -> str:
    minutes = int((at.utcoffset() or timedelta()).total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
