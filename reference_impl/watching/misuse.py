"""Credentials in the wrong hands: what the audit trail tells of callers that were turned away.

Reading what is entered anyway costs a posting nothing, and is in time. Source: URS-ALM-003.
"""

from __future__ import annotations

from collections import Counter

from sqlalchemy import bindparam, func, insert, or_, select

from contracts.model.codes import Code
from contracts.model.inspection import AuditAction
from contracts.model.instants import microseconds
from reference_impl.records.readings import keep, read
from reference_impl.records.work import Work
from reference_impl.store.database import Statement
from reference_impl.store.tables import audit
from reference_impl.store.watch_tables import notices

MISUSE = "CREDENTIAL_MISUSE"
_FROM, _SINCE = "suspected from", "suspected since"
_LAST = Statement(select(func.max(audit.c.sequence).label("n")))
_TURNED_AWAY = Statement(
    select(audit.c.record_type, audit.c.record_id, audit.c.account, audit.c.new_value)
    .where(
        audit.c.sequence > bindparam("after"), audit.c.action == AuditAction.REFUSE.value,
        or_(
            audit.c.new_value == Code.UNAUTHENTICATED.value,
            audit.c.new_value == Code.IDENTITY_MISMATCH.value,
        ),
    )
    .order_by(audit.c.sequence)
)
_NOTIFY = Statement(insert(notices))


# implements FRS-ALM-004
def look(work: Work) -> None:
    """Raise an alarm, and a notice to the security contact, for each account under suspicion."""
    after = int(read(work.connection, _FROM) or 0)
    sign_ins: Counter[str] = Counter()
    links: Counter[str] = Counter()
    for row in work.connection.rows(_TURNED_AWAY, after=after):
        if row["record_type"] == "sessions":
            sign_ins[row["record_id"]] += 1
        elif row["new_value"] == Code.IDENTITY_MISMATCH:
            links[f"account {row['account']}"] += 1
        else:
            links[f"certificate {row['record_id']}"] += 1
    limit = work.settings.watch.sign_in_failures_max
    found = [f"{n} wrong passwords of {who}" for who, n in sign_ins.items() if n >= limit]
    found += [f"{n} requests of {who} are not signed by it" for who, n in links.items()]
    for detail in found:
        _suspect(work, detail)
    _begin_anew(work, is_over=bool(found))


def _suspect(work: Work, detail: str) -> None:
    alarm_id = work.alarm(MISUSE, detail)
    work.connection.run(
        _NOTIFY, alarm_id=alarm_id, due_at=microseconds(work.now), attempts=0, taken_over_at=None
    )


def _begin_anew(work: Work, *, is_over: bool) -> None:
    """Count from here on, after an alarm or when the window has passed."""
    now = microseconds(work.now)
    since = read(work.connection, _SINCE)
    window = work.settings.watch.sign_in_window_s * 1_000_000
    if is_over or since is None or not 0 <= now - int(since) < window:
        row = work.connection.row(_LAST)
        keep(work.connection, _SINCE, str(now))
        keep(work.connection, _FROM, str((row and row["n"]) or 0))
