"""The stimulus group and the background work behind it: the same work that a runner does.

It exists in test mode alone; outside it these addresses answer 404. Source: URS-CHG-007.
"""

from __future__ import annotations

import json
from datetime import datetime

from contracts.model.codes import Refusal
from contracts.model.inspection import ClockState
from contracts.model.inspection_evidence import TryOnEvidence
from contracts.model.instants import from_microseconds, microseconds, write_timestamp
from contracts.model.stimulus import (
    Arm,
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
from contracts.model.stimulus_faults import FailAudit
from contracts.model.verdicts import Outcome
from contracts.model.wire_model import WireModel
from reference_impl.checkpointing import keep_checkpoint_when_due
from reference_impl.crash_points import arm, crash_point
from reference_impl.evidence import try_on_evidence
from reference_impl.link import outbox, way
from reference_impl.loading import check_people
from reference_impl.location_map import check_locations
from reference_impl.records.readings import keep
from reference_impl.records.work import Cause
from reference_impl.store.database import Connection
from reference_impl.system import ROUTE, System
from reference_impl.watching.notices import CONTACT, send_notices
from reference_impl.web.faults import fail_audit
from reference_impl.web.reconciling import reconcile_when_due
from reference_impl.web.recovering import ask_again_at, recovered
from reference_impl.web.sending import ask_about_deferred, send_due


async def stimulate(system: System, name: str, body: WireModel) -> WireModel | Refusal:
    """Do what the harness asks for."""
    if isinstance(body, TryOnEvidence):
        return try_on_evidence(system, body)
    if isinstance(body, RunDue):
        with system.database.transaction() as connection:
            _set_clock(system, connection, body.now)
        return await run_due(system)
    if isinstance(body, FailAudit):
        return fail_audit(system, body)
    if isinstance(body, Arm):
        return arm(body, system.process_id)
    with system.work(system.itself("harness"), Cause(f"stimulus {name}", name)) as work:
        if isinstance(body, Load):
            refusal = check_locations(work, body) or check_people(body)
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
    if not await recovered(system):
        return _not_recovered(system)
    jobs = _run_jobs(system)
    await reconcile_when_due(system)
    counts = await send_due(system)
    await ask_about_deferred(system)
    await send_notices(system)
    keep_checkpoint_when_due(system)
    with system.database.reading() as connection:
        due_at = _next_due(system, connection)
    return RanDue(
        jobs=jobs,
        delivered=counts[Outcome.OK],
        refused=counts[Outcome.REFUSED],
        unknown=counts[Outcome.UNKNOWN],
        due_at=due_at,
    )


def _not_recovered(system: System) -> RanDue:
    """Nothing is done before the partner has told what a restore has lost; it is asked again."""
    with system.database.reading() as connection:
        again = ask_again_at(system.now(connection))
    return RanDue(jobs=0, delivered=0, refused=0, unknown=0, due_at=again)


def _run_jobs(system: System) -> int:
    with system.work(system.itself(), Cause("background work", "jobs")) as work:
        done: int = system.handlers.run_jobs(work)
        crash_point("jobs.before-commit")
    return done


def _next_due(system: System, connection: Connection) -> datetime | None:
    clock = system.now(connection)
    due_at = outbox.next_due(connection, clock)
    if due_at is not None:
        now = microseconds(clock)
        free_at = way.free_at(connection, system.settings, now)
        due_at = max(due_at, free_at) if free_at > now else due_at
    waiting = [at for at in (due_at, system.handlers.next_job(connection)) if at is not None]
    return from_microseconds(min(waiting), system.settings.site_zone) if waiting else None
