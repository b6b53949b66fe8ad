"""The clock of the machine: measured against the reference, and watched for being set.

Source: URS-TIM-002, URS-TIM-004.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

from reference_impl.records.readings import read
from reference_impl.records.work import Cause
from reference_impl.system import System
from reference_impl.watching import ntp
from reference_impl.watching.clock import measured

STEP_MIN_S = 0.5
"""A clock that is led back slowly never moves so far between two looks; one that is set does."""


class MachineClock:
    """Watches the clock that one process reads. ``steady`` counts seconds and is never set."""

    def __init__(self, system: System, steady: Callable[[], float] = time.monotonic) -> None:
        self._system = system
        self._steady = steady
        self._at = (system.wall(), steady())
        self._measure_at = steady()

    async def look(self) -> None:
        """Enter a clock that was set; measure where a measurement is due."""
        self.enter_step()
        server = self._system.settings.time_server
        if server is None or self._steady() < self._measure_at:
            return
        self._measure_at = self._steady() + self._system.settings.watch.clock_every_s
        await self._measure(server)

    # implements FRS-TIM-005
    def enter_step(self) -> None:
        """Compare what the clock reads with what it has to read by now."""
        wall, steady = self._system.wall(), self._steady()
        due = self._at[0] + (steady - self._at[1])
        self._at = (wall, steady)
        if abs(wall - due) < STEP_MIN_S:
            return
        with self._system.work(self._system.itself(), Cause("the clock was set", "clock")) as work:
            zone = work.settings.site_zone
            before, after = (datetime.fromtimestamp(s, UTC).astimezone(zone) for s in (due, wall))
            work.clock_set(before, after)

    async def _measure(self, server: tuple[str, int]) -> None:
        try:
            offset = await asyncio.to_thread(ntp.offset_ms, server, self._system.wall)
        except ntp.NoTime:
            offset = None
        cause = Cause("measurement of the clock", "clock")
        with self._system.work(self._system.itself(), cause) as work:
            if read(work.connection, "seeded offset") is None:
                measured(work, offset)
