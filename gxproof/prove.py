"""The proof that the harness can fail a bad system: every seeded defect, and what caught it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from contracts.model.verdicts import State
from gxproof.defects import Defect, DefectError, edited_texts
from gxproof.oq_work import Aim, Job, Kind, work_done
from gxproof.side_by_side import ERROR, FINISHED, STARTED, Found
from simulator.plant import EXAMPLE, SHORT, read_plant

FAITHFUL = "faithful reference"
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
        """Passed where something caught the defect; the faithful reference nothing may catch."""
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
    *, faithful_for: str,
) -> list[Challenge]:
    """Try defects, in the order of their ids, and the faithful reference, loaded anew.

    ``done`` is told of each as it ends. Raises: DefectError, HarnessFailed, OSError.
    """
    chosen = {defect.id: defect for defect in defects}
    jobs = [faithful_job(faithful_for), *challenge_jobs(chosen.values())]
    challenges = []
    for job, found in work_done(Aim("", seed), jobs):
        challenge = challenge_of(chosen.get(job.name), found)
        challenges.append(challenge)
        if done:
            done(challenge)
    return in_order(challenges)


def challenge_jobs(defects: Iterable[Defect]) -> list[Job]:
    """The jobs that try defects, each by the scenarios of its requirement until one catches it.

    A defect that takes faults or a plant to show is tried in a simulated shift as well.

    Raises: DefectError.
    """
    chosen = list(defects)
    for defect in chosen:
        edited_texts(defect)  # whatever does not fit is told before anything runs
    return [_job(defect) for defect in chosen]


def faithful_job(requirement: str) -> Job:
    """The reference loaded anew without any defect, tried by a requirement and in every plant.

    It shows that putting something in does not by itself catch anything.
    """
    return Job(Kind.DEFECT, FAITHFUL, requirement, plants=tuple(path.name for path in PLAYED))


def in_order(challenges: Iterable[Challenge]) -> list[Challenge]:
    """The faithful reference first, then by the ids of the defects."""
    return sorted(challenges, key=lambda c: c.defect.id if c.defect else "")


def challenge_of(defect: Defect | None, found: Found) -> Challenge:
    """What a job that tried a defect came to."""
    if ERROR in found:
        return Challenge(defect, (), (), *_times(found), str(found[ERROR]))
    states: dict[str, str] = {**found["scenarios"], **found["invariants"]}
    reason = states.pop("reason", "")
    caught = tuple(name for name, state in states.items() if state == State.FAILED)
    held = tuple(name for name, state in states.items() if state == State.PASSED)
    errors = [name for name, state in states.items() if state == State.ERROR]
    told = ""
    if errors and not caught:
        told = f"the harness failed in {', '.join(errors)}{reason}"
    return Challenge(defect, caught, held, *_times(found), told)


def _times(found: Found) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(found[STARTED]), datetime.fromisoformat(found[FINISHED])


def _job(defect: Defect) -> Job:
    plants = (*_plants_with(defect.faults), *defect.plants)
    return Job(Kind.DEFECT, defect.id, defect.requirement, defect.caught_by, plants)


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
