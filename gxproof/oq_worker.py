"""The process that does the work of OQ and PQ: scenarios, contract checks, seeded defects.

It loads everything but the systems once and collects the scenarios once. The reference itself it
never loads. What is aimed at the target is forked from a child that has used it before, and so are
the seeded defects: each is put into the reference of a child of its own.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pkgutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

# Loaded before the first fork, because each child would otherwise load them again.
import argon2  # noqa: F401
import cryptography.hazmat.primitives.asymmetric.ed25519  # noqa: F401
import psycopg  # noqa: F401
import sqlalchemy.dialects.postgresql
import sqlalchemy.dialects.sqlite  # noqa: F401
import starlette.applications  # noqa: F401
from hypothesis.strategies import characters

import features.steps
import gxproof.over_https  # noqa: F401
from contracts.model.roles import Role
from contracts.model.verdicts import State
from features.catalogue import read_catalogue
from features.contract_checks import cases_of_all, check_contract, to_result
from features.plugin import open_target
from features.step_lookup import look_up_all
from gxproof.defects import read_defects
from gxproof.implanting import Loaded
from gxproof.oq_work import CHALLENGED, Aim, Job, Kind
from gxproof.side_by_side import Found, Piece, asked_for, cores, fork, fork_each
from gxproof.urs import UrsRun, in_session, run_scenarios
from simulator.campaign import run_shift
from simulator.namespace import Namespace
from simulator.plant import EXAMPLE, PLANTS, read_plant

if TYPE_CHECKING:
    import pytest

for _steps in pkgutil.iter_modules(features.steps.__path__):
    importlib.import_module(f"features.steps.{_steps.name}")

_DEFECTS = {defect.id: defect for defect in read_defects()}
_OVER_NETWORK = {i.requirement.id for i in read_catalogue() if i.requirement.needs}


def main() -> int:
    """Do all jobs. Returns: 0."""
    if "reference_impl" in sys.modules:
        raise RuntimeError("this process must not load the reference itself")
    in_session(_do)
    return 0


def _do(session: pytest.Session) -> None:
    _prepare(session)
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else None
    meanwhile = iter(()) if seed is None else cases_of_all(seed)
    while (asked := asked_for(meanwhile)) is not None:
        _Floor(session, Aim(**asked["aim"])).do([Job(**job) for job in asked["jobs"]])


def _prepare(session: pytest.Session) -> None:
    """What every child would otherwise do again: find the steps, learn the characters of UTF-8."""
    look_up_all(
        session,
        {
            (step.keyword.lower(), step.text)
            for item in read_catalogue() for step in item.planned.steps
        },
    )
    characters(codec="utf-8").validate()


class _Floor:
    """Where the jobs of one session are done."""

    def __init__(self, session: pytest.Session, aim: Aim) -> None:
        self._session = session
        self._aim = aim
        self._do: dict[Kind, Callable[[Job], Found]] = {
            Kind.CONTRACT: self._contract,
            Kind.SCENARIOS: self._scenarios,
            Kind.DEFECT: self._defect,
        }

    def do(self, jobs: list[Job]) -> None:
        """What is aimed at the target, and what is aimed at the reference with a defect.

        Where each piece has systems of its own they are one queue; else the defects come after.
        """
        pieces = [Piece(n, lambda j=job: self._do[j.kind](j)) for n, job in enumerate(jobs)]  # type: ignore[misc]
        challenges = [p for p in pieces if jobs[p.number].kind is Kind.DEFECT]
        at_target = [p for p in pieces if p not in challenges]
        if self._aim.renewable:
            _in_child(lambda: self._at_reference([*at_target, *challenges]))
            return
        if at_target:
            _in_child(lambda: self._at_target(at_target))
        if challenges:
            _in_child(lambda: self._at_reference(challenges))

    def _at_target(self, pieces: list[Piece]) -> None:
        open_target(self._aim.target, self._aim.seed).close()  # its code is loaded from now on
        fork_each(pieces, 1)

    def _at_reference(self, pieces: list[Piece]) -> None:
        # What is loaded and prepared at the first use then is there in each child. What comes of
        # this shift is thrown away, also where the system is too broken to play.
        with contextlib.suppress(Exception):
            _try_shift(EXAMPLE.name, self._aim.seed)
        self._reference = Loaded()
        fork_each(pieces, cores())

    def _scenarios(self, job: Job) -> Found:
        wire = Path(self._aim.wire) if self._aim.wire else None
        run = UrsRun(job.name, self._aim.target, self._aim.seed, self._aim.namespace, wire)
        return {"results": [r.to_json() for r in run_scenarios(self._session, run)]}

    def _contract(self, job: Job) -> Found:
        results, started = [], datetime.now(UTC)
        sut = open_target(self._aim.target, self._aim.seed)
        try:
            for findings in check_contract(sut, Role(job.name), self._aim.seed):
                finished = datetime.now(UTC)
                results.append(to_result(findings, started, finished).to_json())
                started = finished
        finally:
            sut.close()
        return {"results": results}

    def _defect(self, job: Job) -> Found:
        if job.requirement in _OVER_NETWORK:
            # Serving loads the reference, which this process must not do before it has forked.
            served_with = importlib.import_module("gxproof.served_defects").served_with
            with served_with(_DEFECTS.get(job.name)) as target:
                return {"scenarios": self._challenge(job, str(target)), "invariants": {}}
        self._reference.implant(_DEFECTS.get(job.name))
        scenarios = self._challenge(job, CHALLENGED)
        return {"scenarios": scenarios, "invariants": self._plants(job)}

    def _challenge(self, job: Job, target: str) -> dict[str, str]:
        run = UrsRun(
            job.requirement, target, self._aim.seed, "P",
            until_one_fails=True, first=job.first,
        )
        return {r.id: r.state.value for r in run_scenarios(self._session, run)}

    def _plants(self, job: Job) -> dict[str, str]:
        """Play each plant; an invariant that fails in one of them has failed."""
        states: dict[str, str] = {}
        for name in job.plants:
            for invariant, state in _try_shift(name, self._aim.seed).items():
                if states.get(invariant) != State.FAILED:
                    states[invariant] = state
        return states


def _in_child(do: Callable[[], None]) -> None:
    _, status = os.waitpid(fork(do), 0)
    if status:
        os._exit(1)  # the child has said why, and its words are to be the last


def _try_shift(plant: str, seed: int) -> dict[str, str]:
    sut = open_target(CHALLENGED, seed)
    try:
        campaign = run_shift(read_plant(PLANTS / plant), sut, seed, Namespace("P"))
    except AssertionError as exc:
        # The plant could not go on: the system answered what no plant can work with.
        return {"the plant came to a stop": State.FAILED.value, "reason": str(exc)}
    finally:
        sut.close()
    states = campaign.states
    return {invariant.id: states[invariant.id].value for invariant, _ in campaign.judgements}


if __name__ == "__main__":
    raise SystemExit(main())
