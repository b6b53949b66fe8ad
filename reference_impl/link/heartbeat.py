"""Signs of life between the two systems, and what is known of the partner from them.

A heartbeat goes along with the background work when the last one is long enough ago; while one
waits, no other is written. One that became a dead letter waits for people, and holds up none.
Whatever arrives from the partner counts as hearing from it.
Source: URS-STA-004.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from contracts.model.codes import Refusal
from contracts.model.envelope import Envelope
from contracts.model.identifiers import Id
from contracts.model.inspection_delivery import Link, LinkRow
from contracts.model.instants import from_microseconds, microseconds, write_timestamp
from contracts.model.messages import MESSAGES
from contracts.model.messages.delivery import LinkHeartbeat
from reference_impl.link import way
from reference_impl.link.outbox import About, Delivery, put
from reference_impl.records.journal import last_record
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import links, outbox

HEARTBEAT = MESSAGES["link-heartbeat"]
_NEW = upsert(links)
_HEARD = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["partner"], set_={"heard_at": _NEW.excluded.heard_at}
    )
)
_TOLD = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["partner"], set_={"told_at": _NEW.excluded.told_at}
    )
)
_SHOWN = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["partner"],
        set_={
            name: getattr(_NEW.excluded, name)
            for name in (
                "heard_at", "position", "record_hash", "clock", "ahead_ms", "sequence", "farthest",
            )
        },
    )
)
_ENDS = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["partner"],
        set_={name: getattr(_NEW.excluded, name) for name in ("position", "record_hash")},
    )
)
_EMPTY = {column.name: None for column in links.columns}
_ALL = Statement(select(links).order_by(links.c.partner))
_ONE = Statement(select(links).where(links.c.partner == bindparam("partner")))
# What lies ahead was heard before the clock was set back; it hides nothing that was heard since.
_LATEST = Statement(
    select(func.max(links.c.heard_at).label("at")).where(links.c.heard_at <= bindparam("now"))
)
_ON_ITS_WAY = (Delivery.PENDING, Delivery.DEFERRED)
_WAITING = Statement(
    select(outbox.c.ordinal)
    .where(
        outbox.c.type == HEARTBEAT.type, or_(*(outbox.c.state == s.value for s in _ON_ITS_WAY))
    )
    .limit(1)
)


def heard(connection: Connection, partner: str, now: datetime) -> None:
    """Remember that something arrived from the partner."""
    connection.run(_HEARD, **{**_EMPTY, "partner": partner, "heard_at": microseconds(now)})


def is_fresh(work: Work) -> bool:
    """Whether the partner was heard lately enough to go by what it told."""
    now = microseconds(work.now)
    row = work.connection.row(_LATEST, now=now)
    if row is None or row["at"] is None:
        return False
    return now - int(row["at"]) <= work.settings.status_age_max_s * 1_000_000


# implements FRS-STA-042
def send_heartbeat(work: Work) -> int:
    """Write a heartbeat where one is due. Returns: 0; a sign of life is no work done."""
    partner = work.settings.partner_system
    row = work.connection.row(_ONE, partner=partner)
    interval = work.settings.heartbeat_s * 1_000_000
    now = microseconds(work.now)
    told_at = row["told_at"] if row else None
    if told_at is not None and 0 <= now - told_at < interval:
        return 0
    if work.connection.row(_WAITING) is not None:
        return 0
    position, record_hash = last_record(work.connection)
    heartbeat_id = Id(f"HB-{position}-{record_hash[:16]}")
    fact = LinkHeartbeat(
        heartbeat_id=heartbeat_id, journal_position=position, record_hash=record_hash,
        clock=work.now, station=Id("link"),
    )
    put(work, HEARTBEAT, fact, About(f"link/{heartbeat_id}", heartbeat_id))
    work.connection.run(_TOLD, **{**_EMPTY, "partner": partner, "told_at": now})
    return 0


# implements FRS-BKP-010
def link_heartbeat(work: Work, envelope: Envelope[LinkHeartbeat]) -> Refusal | None:
    """Take down how far the partner's journal is and what its clock reads.

    One that was overtaken by a later one tells nothing new. Which is later its number says, not
    the position: the journal of a partner that was restored is shorter than it was.
    """
    fact = envelope.data
    known = work.connection.row(_ONE, partner=envelope.source)
    number = int(envelope.sequence)
    if known is not None and (known["sequence"] or 0) > number:
        return None
    ahead = fact.clock - work.now
    work.connection.run(
        _SHOWN, partner=envelope.source, heard_at=microseconds(work.now), told_at=None,
        position=fact.journal_position, record_hash=fact.record_hash,
        clock=write_timestamp(fact.clock), ahead_ms=ahead // timedelta(milliseconds=1),
        sequence=number, farthest=fact.journal_position,
    )
    return None


# implements FRS-BKP-010
def ends_at(connection: Connection, partner: str, position: int, record_hash: str) -> None:
    """Take it down that the journal of a restored partner ends here, whatever it reached before."""
    connection.run(
        _ENDS, **{**_EMPTY, "partner": partner, "position": position, "record_hash": record_hash}
    )


def show_link(connection: Connection, settings: Settings, _: int) -> Link:
    """What is known of each account that arrives as the partner, and of the way to it."""
    return Link(
        heartbeat_s=settings.heartbeat_s,
        status_age_max_s=settings.status_age_max_s,
        rows=tuple(_row(row, settings) for row in connection.rows(_ALL) if row["heard_at"]),
        breaker=way.show_breaker(connection, settings),
        retry_budget=way.show_budget(connection, settings),
    )


def _row(row: Row, settings: Settings) -> LinkRow:
    return LinkRow.model_validate(
        {
            "partner": row["partner"],
            "last_heard_at": from_microseconds(row["heard_at"], settings.site_zone),
            "partner_position": row["position"],
            "partner_record_hash": row["record_hash"],
            "partner_clock": row["clock"],
            "partner_clock_ahead_ms": row["ahead_ms"],
        }
    )
