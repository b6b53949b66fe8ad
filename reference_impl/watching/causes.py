"""What is looked at every half minute, and what is said when it is beyond its limit.

The look goes along with the background work; it makes none due by itself, as a heartbeat makes
none. Source: URS-ALM-001.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import bindparam, func, select

from contracts.model.inspection import Direction
from contracts.model.instants import microseconds, read_timestamp
from reference_impl.link.outbox import Delivery
from reference_impl.master_data import uncompared
from reference_impl.records.conditions import clear_condition, set_condition
from reference_impl.records.readings import keep, read
from reference_impl.records.work import Work
from reference_impl.store.database import Statement
from reference_impl.store.tables import journal, outbox, partner_records
from reference_impl.watching import misuse
from reference_impl.watching.backups import backup_overdue, restore_test_overdue
from reference_impl.watching.certificates import certificates_of
from reference_impl.watching.clock import measured

_LOOKED, _ANSWERED = "looked at", "answers read to"
_PENDING = outbox.c.state == Delivery.PENDING.value
_BACKLOG = Statement(select(func.count().label("n")).where(_PENDING))
# By the instant at its beginning: after a clock was set back, what was put first is not the oldest.
_OLDEST = Statement(select(func.min(outbox.c.message_id).label("message_id")).where(_PENDING))
_ANSWERS = Statement(
    select(journal.c.position, journal.c.key, journal.c.at)
    .where(
        journal.c.position > bindparam("after"), journal.c.kind == "answer",
        journal.c.direction == Direction.RECEIVED.value, journal.c.status == 200,
    )
    .order_by(journal.c.position)
)
_DIFFERING = Statement(
    select(partner_records.c.kind, partner_records.c.record_id)
    .where(partner_records.c.differs != "")
    .order_by(partner_records.c.kind, partner_records.c.record_id)
)


# implements FRS-ALM-001
def look(work: Work) -> int:
    """Look at everything, where the last look is long enough ago. Returns: 0; it is no work."""
    now = microseconds(work.now)
    last = read(work.connection, _LOOKED)
    if last is not None and 0 <= now - int(last) < work.settings.watch.every_s * 1_000_000:
        return 0
    keep(work.connection, _LOOKED, str(now))
    seeded = read(work.connection, "seeded offset")
    if seeded is not None:
        measured(work, int(seeded))
    for name, cause in CAUSES.items():
        set_condition(work, name, cause(work))
    misuse.look(work)
    return 0


def p95_latency_ms(work: Work) -> int | None:
    """The 95th percentile from the writing of a message to its acknowledgement.

    Over the messages delivered since it was taken last; None while these are too few.
    """
    after = int(read(work.connection, _ANSWERED) or 0)
    rows = work.connection.rows(_ANSWERS, after=after)
    if len(rows) < work.settings.watch.latency_samples_min:
        return None
    keep(work.connection, _ANSWERED, str(rows[-1]["position"]))
    taken = sorted(_ms(row["at"]) - _written_ms(row["key"]) for row in rows)
    p95 = taken[-(-len(taken) * 95 // 100) - 1]
    keep(work.connection, "latency p95", str(p95))
    return p95


def oldest_pending_s(work: Work) -> int:
    """How long the oldest message has been waiting for its answer; 0 where none waits."""
    row = work.connection.row(_OLDEST)
    if row is None or row["message_id"] is None:
        return 0
    return max(0, (microseconds(work.now) // 1000 - _written_ms(row["message_id"])) // 1000)


def backlog(work: Work) -> int:
    """How many messages wait for their answer."""
    row = work.connection.row(_BACKLOG)
    return int(row["n"]) if row else 0


def _latency(work: Work) -> str | None:
    p95 = p95_latency_ms(work)
    if p95 is None:
        # Too few to say anything new: what was said last stands.
        p95 = int(read(work.connection, "latency p95") or 0)
    limit = work.settings.watch.latency_p95_max_ms
    return f"95 % take up to {p95} ms, at most {limit} ms" if p95 > limit else None


def _queue_age(work: Work) -> str | None:
    age, limit = oldest_pending_s(work), work.settings.watch.queue_age_max_s
    return f"the oldest message waits for {age} s, at most {limit} s" if age > limit else None


def _backlog(work: Work) -> str | None:
    waiting, limit = backlog(work), work.settings.watch.backlog_max
    return f"{waiting} messages wait, at most {limit}" if waiting > limit else None


def _certificates(work: Work) -> str | None:
    least = timedelta(days=work.settings.watch.certificate_days_min)
    ending = [
        f"{name} ends at {end.isoformat()}" for name, end in certificates_of(work).items()
        if end - work.now < least
    ]
    return "; ".join(ending) or None


def _reconciliation(work: Work) -> str | None:
    rows = work.connection.rows(_DIFFERING)
    differing = [f"{row['kind']} {row['record_id']}" for row in rows]
    return _each(work, "RECONCILIATION_DIFFERENCE", "records differ from the partner's", differing)


def _uncompared(work: Work) -> str | None:
    within = f"no answer of the partner within {work.settings.watch.queue_age_max_s} s"
    return _each(work, "MASTER_DATA_UNCOMPARED", within, uncompared(work))


def _each(work: Work, name: str, what: str, records: list[str]) -> str | None:
    """What is wrong with records. One more of them is a cause of its own: its alarm names it."""
    known = json.loads(read(work.connection, f"records of {name}") or "[]")
    new = [record for record in records if record not in set(known)]
    if new:
        clear_condition(work, name)
    if records != known:
        keep(work.connection, f"records of {name}", json.dumps(records) if records else None)
    return f"{what}: {', '.join((new or records)[:10])}" if records else None


def _ms(text: str) -> int:
    return microseconds(read_timestamp(text)) // 1000


def _written_ms(message_id: str) -> int:
    """When a message was written, by its id. Source: RFC 9562 5.7."""
    return int(message_id.replace("-", "")[:12], 16)


CAUSES: dict[str, Callable[[Work], str | None]] = {
    "LATENCY_HIGH": _latency,
    "QUEUE_OLD": _queue_age,
    "BACKLOG_LARGE": _backlog,
    "CERTIFICATE_ENDS": _certificates,
    "RECONCILIATION_DIFFERENCE": _reconciliation,
    "MASTER_DATA_UNCOMPARED": _uncompared,
    "BACKUP_OVERDUE": backup_overdue,
    "RESTORE_TEST_OVERDUE": restore_test_overdue,
}

__all__ = ["CAUSES", "backlog", "look", "oldest_pending_s"]
