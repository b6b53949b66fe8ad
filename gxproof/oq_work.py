"""What the process that does the work of OQ and PQ is asked for, job by job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum

from gxproof.ahead import FLOOR
from gxproof.side_by_side import Found, Worker

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


@contextmanager
def work_begun(
    aim: Aim, jobs: Sequence[Job], worker: Worker | None = None
) -> Iterator[Iterator[tuple[Job, Found]]]:
    """Jobs that are being done: each with what was found, as they end and are asked for.

    By a worker that is up already, or a new one. Raises: HarnessFailed, OSError.
    """
    with ExitStack() as held:
        by = worker or held.enter_context(Worker(FLOOR))
        by.ask({"aim": asdict(aim), "jobs": [asdict(job) for job in jobs]})
        yield ((jobs[number], found) for number, found in by.answers(len(jobs)))


def work_done(
    aim: Aim, jobs: Sequence[Job], worker: Worker | None = None
) -> Iterator[tuple[Job, Found]]:
    """The same where nothing else is to be done meanwhile. Raises: HarnessFailed, OSError."""
    with work_begun(aim, jobs, worker) as found:
        yield from found
