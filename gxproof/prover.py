"""The process in which seeded defects are tried: it never loads the reference itself.

It loads everything else once, then forks a child per defect; the child puts the folder with the
defective copy first on its import path, so the name ``reference`` leads there. Jobs come as one
JSON list on standard input, results go out as one JSON line each.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# Loaded before the first fork, because each child would otherwise load them again.
import cryptography.hazmat.primitives.asymmetric.ed25519  # noqa: F401
import sqlalchemy.dialects.sqlite  # noqa: F401
import starlette.applications  # noqa: F401

import features.steps
from contracts.model.verdicts import State
from features.plugin import open_target
from gxproof.defects import read_defects, seeded
from gxproof.urs import UrsRun, run_urs
from simulator.campaign import run_shift
from simulator.namespace import Namespace
from simulator.plant import PLANTS, read_plant

for _steps in pkgutil.iter_modules(features.steps.__path__):
    importlib.import_module(f"features.steps.{_steps.name}")


_DEFECTS = {defect.id: defect for defect in read_defects()}


@dataclass(frozen=True)
class Job:
    """One defect to try; an id that no defect has stands for a faithful copy."""

    defect: str
    requirement: str
    seed: int
    plants: list[str]
    target: str = "reference-in-memory"


def main() -> int:
    """Try all jobs, two at a time. Returns: 0."""
    if "reference_impl" in sys.modules:
        raise RuntimeError("the prover must not load the reference itself")
    jobs = [Job(**job) for job in json.load(sys.stdin)]
    running: dict[int, tuple[Job, Path, datetime]] = {}
    workers = max(1, min(os.cpu_count() or 1, 4))
    while jobs or running:
        while jobs and len(running) < workers:
            job = jobs.pop(0)
            out = Path(tempfile.mkstemp(prefix="gxproof-job-")[1])
            running[_fork(job, out)] = (job, out, datetime.now(UTC))
        child, status = os.wait()
        job, out, started = running.pop(child)
        found = _outcome(job, out, status) | _times(started)
        print(json.dumps(found), flush=True)  # noqa: T201
    return 0


def _fork(job: Job, out: Path) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.dup2(2, 1)  # whatever a library prints must not look like a result
        with seeded(_DEFECTS.get(job.defect)) as folder:
            sys.path.insert(0, str(folder))
            out.write_text(json.dumps(_try(job)))
        code = 0
    except BaseException as exc:
        out.write_text(json.dumps({"error": f"{type(exc).__name__}: {exc}"}))
    finally:
        os._exit(code)


def _try(job: Job) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="gxproof-prove-") as name:
        records = Path(name) / "records.jsonl"
        run = UrsRun(
            job.target, job.seed, "P", records, only=(job.requirement,), until_one_fails=True
        )
        scenarios = {r.id: r.state.value for r in run_urs(run)}
    return {"scenarios": scenarios, "invariants": _try_plants(job)}


def _try_plants(job: Job) -> dict[str, str]:
    """Play each plant; an invariant that fails in one of them has failed."""
    states: dict[str, str] = {}
    for name in job.plants:
        for invariant, state in _try_shift(job, name).items():
            if states.get(invariant) != State.FAILED:
                states[invariant] = state
    return states


def _try_shift(job: Job, plant: str) -> dict[str, str]:
    sut = open_target(job.target, job.seed)
    try:
        campaign = run_shift(read_plant(PLANTS / plant), sut, job.seed, Namespace("P"))
    except AssertionError as exc:
        # The plant could not go on: the system answered what no plant can work with.
        return {"the plant came to a stop": State.FAILED.value, "reason": str(exc)}
    finally:
        sut.close()
    states = campaign.states
    return {invariant.id: states[invariant.id].value for invariant, _ in campaign.judgements}


def _outcome(job: Job, out: Path, status: int) -> dict[str, Any]:
    text = out.read_text()
    out.unlink()
    found = json.loads(text) if text else {"error": f"the process ended with {status}"}
    return {"defect": job.defect, **found}


def _times(started: datetime) -> dict[str, str]:
    return {"started_at": started.isoformat(), "finished_at": datetime.now(UTC).isoformat()}


if __name__ == "__main__":
    raise SystemExit(main())
