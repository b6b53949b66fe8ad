"""The events of a posted message, in the transaction that posts it: at its sender and its receiver.

Both keep the same events under the same ids, for an id is the hash of what the event says.
Source: URS-EPC-003.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import bindparam, select

from contracts.formats.epcis_site import Site
from contracts.model.envelope import Payload
from contracts.model.identifiers import Gtin14, LotNumber
from reference_impl.domain.event_sense import ahead_by
from reference_impl.domain.told_events import events_told
from reference_impl.epcis.repository import Origin, keep
from reference_impl.records.work import Work
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import lots, materials

T = TypeVar("T")
_GTIN = Statement(
    select(materials.c.gtin.label("told")).where(materials.c.material_id == bindparam("named"))
)
_LOT = Statement(select(lots.c.lot.label("told")).where(lots.c.lot_id == bindparam("named")))


class _OnRecord(Mapping[str, T]):
    """What a statement finds of a name: looked up when it is asked for, not before."""

    def __init__(self, connection: Connection, found: Statement, read: Callable[[str], T]) -> None:
        self._connection = connection
        self._found = found
        self._read = read

    def __getitem__(self, name: str) -> T:
        row = self._connection.row(self._found, named=name)
        if row is None or row["told"] is None:
            raise KeyError(name)
        return self._read(row["told"])

    def __iter__(self) -> Iterator[str]:
        raise TypeError("what is on record is asked for by name")

    def __len__(self) -> int:
        raise TypeError("what is on record is asked for by name")


def site_of(work: Work) -> Site:
    """How the site names its things, by its master data as they are now."""
    naming = work.settings.naming
    return Site(
        naming.site_gln, naming.uri_root,
        gtins=_OnRecord(work.connection, _GTIN, Gtin14),
        lots=_OnRecord(work.connection, _LOT, LotNumber),
    )


# implements FRS-EPC-001
def tell(work: Work, name: str, fact: Payload, told_by: str, message_id: str) -> None:
    """Keep the events that a message tells of, each once."""
    origin = Origin(told_by, message_id, work.now)
    for event in events_told(name, fact, site_of(work)):
        keep(work.connection, event, origin)


# implements FRS-EPC-008
def tell_received(work: Work, name: str, fact: Payload, told_by: str, message_id: str) -> None:
    """The same of a message that came in: what lies ahead of the clock is kept and alarmed.

    Matter has moved, so the fact stands; its time is what somebody has to look at.
    """
    origin = Origin(told_by, message_id, work.now)
    ahead = timedelta(seconds=work.settings.event_time_ahead_max_s)
    told = events_told(name, fact, site_of(work))
    for event in told:
        keep(work.connection, event, origin)
    if told and ahead_by(told[0], work.now) > ahead:
        by = ahead_by(told[0], work.now)
        work.alarm("EVENT_IN_FUTURE", f"{name} {fact.business_key}: {by} ahead of the clock")
