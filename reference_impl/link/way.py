"""The way to the partner: whether a call may go now, and what came of those that went.

The breaker stands in the database, so that all processes of a system share it and a restart leaves
it as it was. Its changes stand in the journal. Source: URS-CBR-001, URS-CBR-002, URS-REL-004.
"""

from __future__ import annotations

import json

from sqlalchemy import bindparam, delete, func, insert, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from contracts.model.identifiers import SystemUri
from contracts.model.inspection import Direction
from contracts.model.inspection_delivery import (
    BreakerChange,
    BreakerRow,
    BreakerState,
    RetryBudget,
)
from contracts.model.instants import from_microseconds, microseconds
from contracts.record.canonical import canonical_bytes
from reference_impl.domain.breaker import Breaker, answered, entered, failed, waits_until
from reference_impl.records.journal import Document, write_journal
from reference_impl.records.work import Work
from reference_impl.settings import Budget, Settings
from reference_impl.store.database import Connection, Statement
from reference_impl.store.link_tables import attempts_of_late, breakers

_MINUTE = 60_000_000
_FIND = Statement(select(breakers).where(breakers.c.target == bindparam("target")))
_NEW = upsert(breakers)
_KEEP = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["target"],
        set_={c.name: getattr(_NEW.excluded, c.name) for c in breakers.c if c.name != "target"},
    )
)
_NOTE = Statement(insert(attempts_of_late))
_at = attempts_of_late.c.at
_LATELY = (_at > bindparam("since"), _at <= bindparam("now"))
# What lies ahead was noted before the clock was set back.
_FORGET = Statement(
    delete(attempts_of_late).where(or_(_at <= bindparam("since"), _at > bindparam("now")))
)
_UNDO = Statement(
    delete(attempts_of_late).where(
        attempts_of_late.c.message_id == bindparam("of_message"), _at == bindparam("at")
    )
)
_COUNT = Statement(
    select(func.count().label("n"), func.sum(attempts_of_late.c.again).label("again"))
    .where(*_LATELY)
)
_LAST = Statement(select(func.max(_at).label("at")))
_FIRST_RETRY = Statement(
    select(func.min(_at).label("at")).where(*_LATELY, attempts_of_late.c.again == 1)
)


# --- the breaker --------------------------------------------------------------------------------


def free_at(connection: Connection, settings: Settings, now: int) -> int:
    """From when on a call may go; ``now`` where one may."""
    breaker, _ = _kept(connection, settings)
    return waits_until(breaker, now, settings.breaker)


def is_closed(connection: Connection, settings: Settings) -> bool:
    """Whether every call may go."""
    return _kept(connection, settings)[0].state is BreakerState.CLOSED


def enter(work: Work) -> int | None:
    """Let a call go, in the transaction that takes it. Returns: its ticket; None: it may not go."""
    breaker, _ = _kept(work.connection, work.settings)
    after, ticket = entered(breaker, microseconds(work.now), work.settings.breaker)
    if after != breaker:
        _change(work, breaker, after, f"probe {ticket} was let through")
    return ticket


def leave(work: Work, ticket: int, way_failed: bool, note: str) -> None:
    """Take down what came of a call. An answer to an ordinary one changes nothing."""
    if not (way_failed or ticket):
        return
    breaker, _ = _kept(work.connection, work.settings)
    if way_failed:
        after = failed(breaker, ticket, microseconds(work.now), work.settings.breaker)
    else:
        after = answered(breaker, ticket)
    if after != breaker:
        _change(work, breaker, after, note)


# implements FRS-CBR-003
def _change(work: Work, before: Breaker, after: Breaker, why: str) -> None:
    target, now = work.settings.partner_system, microseconds(work.now)
    _, changed_at = _kept(work.connection, work.settings)
    moved = before.state is not after.state
    work.connection.run(
        _KEEP, target=target, state=after.state.value, failures=json.dumps(after.failures),
        until=after.until, probes=after.probes, changed_at=now if moved else changed_at,
    )
    if not moved:
        return
    change = BreakerChange(
        target=SystemUri(target), from_state=before.state, to_state=after.state, why=why,
    )
    document = Document(
        Direction.OWN, "breaker", f"{work.settings.role.partner}/link", target, "",
        canonical_bytes(change.to_json()),
    )
    write_journal(work.connection, document, work.now)
    if before.state is BreakerState.CLOSED:
        work.alarm("BREAKER_OPEN", f"the way to {target} is shut: {why}")


def _kept(connection: Connection, settings: Settings) -> tuple[Breaker, int]:
    row = connection.row(_FIND, target=settings.partner_system)
    if row is None:
        return Breaker(), 0
    failures = tuple(json.loads(row["failures"]))
    breaker = Breaker(BreakerState(row["state"]), failures, row["until"], row["probes"])
    return breaker, row["changed_at"]


def show_breaker(connection: Connection, settings: Settings) -> BreakerRow:
    """The breaker as it stands."""
    breaker, changed_at = _kept(connection, settings)
    limits, zone = settings.breaker, settings.site_zone
    shut = breaker.state is not BreakerState.CLOSED
    return BreakerRow(
        target=SystemUri(settings.partner_system), state=breaker.state,
        failures=len(breaker.failures),
        changed_at=from_microseconds(changed_at, zone) if changed_at else None,
        until=from_microseconds(breaker.until, zone) if shut else None,
        failures_max=limits.failures, within_s=limits.within_s, open_s=limits.open_s,
    )


# --- the retry budget ---------------------------------------------------------------------------


def note_attempt(connection: Connection, message_id: str, now: int, again: bool) -> None:
    """Take down an attempt that is about to be made."""
    connection.run(_FORGET, since=now - _MINUTE, now=now)
    connection.run(_NOTE, at=now, again=int(again), message_id=message_id)


def forget_attempt(connection: Connection, message_id: str, now: int) -> None:
    """An attempt was not made after all."""
    connection.run(_UNDO, of_message=message_id, at=now)


# implements FRS-REL-021
def may_try_again(connection: Connection, budget: Budget, now: int) -> bool:
    """Whether one attempt more is within the budget of the minute that ends now."""
    first, again = _lately(connection, now)
    return 100 * (again + 1) <= max(budget.percent * first, 100 * budget.at_least)


def budget_frees_at(connection: Connection, now: int) -> int:
    """When the oldest retry of the last minute counts no more."""
    row = connection.row(_FIRST_RETRY, since=now - _MINUTE, now=now)
    return (row["at"] if row and row["at"] is not None else now) + _MINUTE


def show_budget(connection: Connection, settings: Settings) -> RetryBudget:
    """The budget, and what was used of it in the minute that ended with the last attempt."""
    last = connection.row(_LAST)
    first, again = _lately(connection, last["at"] or 0 if last else 0)
    budget = settings.budget
    return RetryBudget(
        percent=budget.percent, at_least=budget.at_least, first_attempts=first, retries=again
    )


def _lately(connection: Connection, now: int) -> tuple[int, int]:
    row = connection.row(_COUNT, since=now - _MINUTE, now=now)
    assert row is not None
    again = int(row["again"] or 0)
    return int(row["n"]) - again, again
