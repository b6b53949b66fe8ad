"""What the process that does an OQ's work is asked for, job by job."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from gxproof.side_by_side import Found, Worker

WORKER = "gxproof.oq_worker"
# The target into which defects are put.
CHALLENGED = "reference-in-memory"


class Kind(StrEnum):
    """What is done: the scenarios of a requirement, the contract of a role, a seeded defect."""

    SCENARIOS = "scenarios"
    CONTRACT = "contract"
    DEFECT = "defect"


@dataclass(frozen=True)
class Aim:
    """What scenarios and contract checks are aimed at, and under which names.

    ``renewable`` says that each job has systems of its own there, so that several may run at once.
    """

    target: str
    seed: int
    namespace: str = "T"
    wire: str = ""
    renewable: bool = False


@dataclass(frozen=True)
class Job:
    """One job. ``name`` is a requirement, a role or a defect; a defect's job also names the
    requirement whose scenarios have to catch it, which of them is tried ``first``, and the plants
    in which it may show.
    """

    kind: Kind
    name: str
    requirement: str = ""
    first: str = ""
    plants: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))


def work_done(
    aim: Aim, jobs: Sequence[Job], worker: Worker | None = None
) -> Iterator[tuple[Job, Found]]:
    """Each job with what was found, as they end; by a worker that is up already, or a new one.

    Raises: HarnessFailed, OSError.
    """
    asked = {"aim": asdict(aim), "jobs": [asdict(job) for job in jobs]}
    with contextlib.ExitStack() as held:
        by = worker or held.enter_context(Worker(WORKER))
        for number, found in by.answers(asked, len(jobs)):
            yield jobs[number], found
