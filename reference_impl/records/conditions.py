"""Conditions: something is beyond its limit. One alarm is raised until it is within again.

Whoever notices something that lasts (a breaker that is open, a queue that grows) says so each time
by ``raise_condition`` and ends it by ``clear_condition``; neither needs to know how it stood
before. Source: URS-ALM-001.
"""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select

from contracts.model.instants import microseconds
from reference_impl.records.work import Work
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.watch_tables import conditions

_ADD = Statement(insert(conditions))
_REMOVE = Statement(delete(conditions).where(conditions.c.name == bindparam("name")))
_ALL = Statement(select(conditions).order_by(conditions.c.name))
_ONE = Statement(select(conditions).where(conditions.c.name == bindparam("name")))


# implements FRS-ALM-001
def raise_condition(work: Work, name: str, detail: str) -> None:
    """Raise the alarm ``name``, unless the condition stands already."""
    if work.connection.row(_ONE, name=name) is not None:
        return
    alarm_id = work.alarm(name, detail)
    work.connection.run(
        _ADD, name=name, since=microseconds(work.now), alarm_id=alarm_id, detail=detail
    )


def clear_condition(work: Work, name: str) -> None:
    """The condition is over; the next time it raises an alarm of its own."""
    work.connection.run(_REMOVE, name=name)


def set_condition(work: Work, name: str, detail: str | None) -> None:
    """Raise the condition, or clear it where there is nothing to say about it."""
    if detail is None:
        clear_condition(work, name)
    else:
        raise_condition(work, name, detail)


def standing(connection: Connection) -> list[Row]:
    """The conditions that stand now, by name."""
    return connection.rows(_ALL)
