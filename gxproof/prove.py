"""The proof that the harness can fail a bad system: every seeded defect, and what caught it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryDirectory

from contracts.model.verdicts import State
from gxproof.defects import Defect, DefectError, check_fits
from gxproof.urs import HarnessFailed
from simulator.plant import EXAMPLE, SHORT, read_plant

FAITHFUL = "faithful copy"
# The plants in which defects are tried that take faults to show.
PLAYED = (EXAMPLE, SHORT)


@dataclass(frozen=True)
class Challenge:
    """What one defect came to.

    ``caught_by`` are the scenarios and invariants that failed on it, ``held`` those that did not
    notice; ``error`` is set where the harness could not tell.
    """

    defect: Defect | None
    caught_by: tuple[str, ...]
    held: tuple[str, ...]
    started_at: datetime
    finished_at: datetime
    error: str = ""

    @property
    def state(self) -> State:
        """Passed where something caught the defect; a faithful copy must be caught by nothing."""
        if self.error:
            return State.ERROR
        wanted = self.defect is not None
        return State.PASSED if bool(self.caught_by) is wanted else State.FAILED

    @property
    def caught_by_its_rule(self) -> bool:
        """Whether a scenario of the requirement that the defect breaks caught it."""
        assert self.defect is not None
        return any(name.startswith(f"{self.defect.requirement}.") for name in self.caught_by)


def prove(
    defects: Iterable[Defect], seed: int, done: Callable[[Challenge], None] | None = None,
    *, faithful_for: str | None = None,
) -> list[Challenge]:
    """Try defects, each against the scenarios of its requirement until one catches it.

    A defect that takes faults to show is tried in a simulated shift as well. ``faithful_for`` adds
    a copy without any defect, tried against that requirement: it shows that copying alone catches
    nothing. Raises: DefectError, HarnessFailed.
    """
    chosen = {defect.id: defect for defect in defects}
    for defect in chosen.values():
        check_fits(defect)
    jobs = [_job(defect, seed) for defect in chosen.values()]
    if faithful_for:
        jobs.append(
            {"defect": FAITHFUL, "requirement": faithful_for, "seed": seed,
             "plants": [path.name for path in PLAYED]}
        )
    challenges = []
    for found in _run(jobs):
        challenge = _challenge(chosen.get(str(found["defect"])), found)
        challenges.append(challenge)
        if done:
            done(challenge)
    return sorted(challenges, key=lambda c: c.defect.id if c.defect else "")


def _job(defect: Defect, seed: int) -> dict[str, object]:
    return {
        "defect": defect.id, "requirement": defect.requirement, "seed": seed,
        "plants": _plants_with(defect.faults),
    }


def _plants_with(faults: tuple[str, ...]) -> list[str]:
    """The plants in which a defect shows: those that have one of the faults it takes."""
    if not faults:
        return []
    found = [
        path.name for path in PLAYED
        if any(fault.id in faults for fault in read_plant(path).faults)
    ]
    if not found:
        raise DefectError(f"no plant has any of the faults {', '.join(faults)}")
    return found


def _run(jobs: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    command = [sys.executable, "-m", "gxproof.prover"]
    # Its children end with it, and whatever they were writing goes with the folder.
    with (
        TemporaryDirectory(prefix="gxproof-prove-") as scratch,
        subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True, env={**os.environ, "TMPDIR": scratch},
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(json.dumps(jobs))
        process.stdin.close()
        count = 0
        try:
            for line in process.stdout:
                count += 1
                yield json.loads(line)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        if process.wait() != 0 or count != len(jobs):
            words = process.stderr.read().strip().splitlines()
            last = words[-1] if words else "it said nothing"
            raise HarnessFailed(f"{count} of {len(jobs)} defects were tried: {last}")


def _challenge(defect: Defect | None, found: dict[str, object]) -> Challenge:
    times = (_instant(found["started_at"]), _instant(found["finished_at"]))
    if "error" in found:
        return Challenge(defect, (), (), *times, str(found["error"]))
    states: dict[str, str] = {**found["scenarios"], **found["invariants"]}  # type: ignore[dict-item]
    reason = states.pop("reason", "")
    caught = tuple(name for name, state in states.items() if state == State.FAILED)
    held = tuple(name for name, state in states.items() if state == State.PASSED)
    errors = [name for name, state in states.items() if state == State.ERROR]
    if errors and not caught:
        told = f"the harness failed in {', '.join(errors)}{reason}"
        return Challenge(defect, caught, held, *times, told)
    return Challenge(defect, caught, held, *times)


def _instant(text: object) -> datetime:
    return datetime.fromisoformat(str(text))
