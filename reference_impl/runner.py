"""The runner: a thin loop that does the background work of one system in a process of its own.

It pauses while the stimulus interface drives the clock, so that time has one driver. The processes
of a system share its database and nothing else.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress

from reference_impl.records.work import AuditNotWritten
from reference_impl.store.database import RecordsBusy
from reference_impl.system import RUNNER, System
from reference_impl.watching.machine import MachineClock
from reference_impl.web.stimulating import run_due

POLL_S = 0.25
ALIVE_S = 5.0


async def run(system: System, stopped: Callable[[], bool]) -> None:
    """Work until ``stopped`` says so."""
    machine = MachineClock(system)
    while not stopped():
        # What could not be written has not happened; it stays due.
        with suppress(AuditNotWritten, RecordsBusy):
            await _round(system, machine)
        await asyncio.sleep(POLL_S)


async def _round(system: System, machine: MachineClock) -> None:
    await machine.look()
    with system.database.transaction() as connection:
        sign_of_life = {"id": system.process_id, "at_ms": int(system.wall() * 1000)}
        system.set(connection, RUNNER, json.dumps(sign_of_life))
        paused = system.is_driven(connection)
    if not paused:
        await run_due(system)


def runner_id(system: System, text: str | None) -> str | None:
    """The id of the runner that showed a sign of life lately, or None."""
    if text is None:
        return None
    sign = json.loads(text)
    alive = system.wall() * 1000 - sign["at_ms"] < ALIVE_S * 1000
    return str(sign["id"]) if alive else None
