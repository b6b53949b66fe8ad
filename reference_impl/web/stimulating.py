"""The stimulus group and the background work behind it: the same work that a runner does.

It exists in test mode alone; outside it these addresses answer 404. Source: URS-CHG-007.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime

from contracts.model.codes import Refusal
from contracts.model.identifiers import MessageId
from contracts.model.inspection import ClockState
from contracts.model.instants import from_microseconds, write_timestamp
from contracts.model.questions import AskStatus, MessageStatus
from contracts.model.stimulus import (
    InstrumentsSet,
    Load,
    Loaded,
    RanDue,
    RouteContact,
    Routed,
    RoutePartner,
    RunDue,
    SetClock,
    SetInstruments,
)
from contracts.model.verdicts import Outcome
from contracts.model.wire_model import WireModel
from reference_impl.link import outbox
from reference_impl.link.settling import settle, take_status
from reference_impl.location_map import check_locations
from reference_impl.records.readings import keep
from reference_impl.records.work import Cause
from reference_impl.store.database import Connection
from reference_impl.system import ROUTE, System
from reference_impl.watching.notices import CONTACT, send_notices
from reference_impl.web.asking import ask

_ROUNDS_MAX = 10_000


async def stimulate(system: System, name: str, body: WireModel) -> WireModel | Refusal:
    """Do what the harness asks for."""
    if isinstance(body, RunDue):
        with system.database.transaction() as connection:
            _set_clock(system, connection, body.now)
        return await run_due(system)
    with system.work(system.itself("harness"), Cause(f"stimulus {name}", name)) as work:
        if isinstance(body, Load):
            refusal = check_locations(work, body)
            if refusal:
                return refusal
            return Loaded(records=system.handlers.load(work, body))
        if isinstance(body, RoutePartner):
            system.set(work.connection, ROUTE, body.url or system.settings.partner_url)
            return Routed(url=body.url or system.settings.partner_url)
        if isinstance(body, RouteContact):
            keep(work.connection, CONTACT, body.url)
            return Routed(url=body.url or system.settings.security_contact or "")
        if isinstance(body, SetInstruments):
            return _seed(work.connection, body)
        assert isinstance(body, SetClock)
        _set_clock(system, work.connection, body.now)
    return clock_state(system)


def _set_clock(system: System, connection: Connection, now: datetime | None) -> None:
    """Drive the clock or free it; unless it just goes on, that is entered. URS-TIM-004."""
    before, was_driven = system.now(connection), system.is_driven(connection)
    work = system.work_in(connection, system.itself("harness"), Cause("stimulus clock", "clock"))
    system.drive(connection, now)
    after = system.now(connection)
    if after < before or was_driven is not system.is_driven(connection):
        work.clock_set(before, after)


def _seed(connection: Connection, body: SetInstruments) -> InstrumentsSet:
    offset = body.clock_offset_ms
    keep(connection, "seeded offset", None if offset is None else str(offset))
    if offset is None:
        keep(connection, "clock", None)
    ends = {row.name: write_timestamp(row.ends_at) for row in body.certificates}
    keep(connection, "seeded certificates", json.dumps(ends) if ends else None)
    return InstrumentsSet(seeded=len(ends) + (offset is not None))


def clock_state(system: System) -> ClockState:
    """The site clock and when work is next due."""
    with system.database.reading() as connection:
        return ClockState(
            now=system.now(connection),
            driven=system.is_driven(connection),
            due_at=_next_due(system, connection),
        )


async def run_due(system: System) -> RanDue:
    """Do the jobs that are due, then send what is due, until nothing more is."""
    counts: Counter[Outcome] = Counter()
    jobs = _run_jobs(system)
    transport = system.partner_transport()
    for _ in range(_ROUNDS_MAX):
        with system.database.transaction() as connection:
            batch = outbox.take_due(connection, system.now(connection))
        if not batch:
            break
        for outgoing in batch:
            sent = await system.client.send(outgoing, transport)
            counts[sent.outcome] += 1
            cause = Cause(f"answer to message {outgoing.message_id}", outgoing.message_id)
            with system.work(system.itself(), cause) as work:
                settle(work, system.handlers.settled, outgoing.message_id, sent)
    await _ask_about_deferred(system)
    await send_notices(system)
    with system.database.reading() as connection:
        due_at = _next_due(system, connection)
    return RanDue(
        jobs=jobs,
        delivered=counts[Outcome.OK],
        refused=counts[Outcome.REFUSED],
        unknown=counts[Outcome.UNKNOWN],
        due_at=due_at,
    )


async def _ask_about_deferred(system: System) -> None:
    """Ask the partner how the messages stand that it deferred a while ago."""
    with system.database.reading() as connection:
        waiting = outbox.to_ask(connection, system.now(connection))
    for message_id in waiting:
        status = await ask(system, "message-status", AskStatus(message_id=MessageId(message_id)))
        with system.work(system.itself(), Cause(f"status of {message_id}", message_id)) as work:
            known = status if isinstance(status, MessageStatus) else None
            take_status(work, system.handlers.settled, message_id, known)


def _run_jobs(system: System) -> int:
    with system.work(system.itself(), Cause("background work", "jobs")) as work:
        return system.handlers.run_jobs(work)


def _next_due(system: System, connection: Connection) -> datetime | None:
    times = (outbox.next_due(connection), system.handlers.next_job(connection))
    waiting = [at for at in times if at is not None]
    return from_microseconds(min(waiting), system.settings.site_zone) if waiting else None
