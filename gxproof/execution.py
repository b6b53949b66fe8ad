"""Executing the three protocols: what each one runs, and the results that come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from contracts.model.ports import NoAnswer
from contracts.model.requirements import Protocol
from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.record.canonical import canonical_bytes
from contracts.record.folder import RunFolder
from contracts.record.runs import Kind, Result
from contracts.wire.system import SystemUnderTest
from features.contract_checks import check_contract, to_result
from gxproof.defects import Defect
from gxproof.installation import CHECKS, Context, run_check
from gxproof.planning import FAITHFUL_ID, WORKLOAD_ID
from gxproof.prove import Challenge, prove
from gxproof.urs import UrsRun, run_urs
from simulator.campaign import Campaign, fault_state, invariant_state, run_shift
from simulator.faults import FaultState
from simulator.invariants import Invariant, Judgement, invariants_for
from simulator.namespace import Namespace
from simulator.plant_model import Plant
from simulator.workload import missing_from


@dataclass
class Job:
    """What the protocols of one run share. ``prefix`` keeps its names apart from other runs'."""

    sut: SystemUnderTest
    plant: Plant
    seed: int
    target: str
    folder: RunFolder
    prefix: str
    step: Callable[[str], None]
    requirements: tuple[str, ...] = ()
    defects: tuple[Defect, ...] = ()
    renewed: Callable[[], SystemUnderTest] | None = None
    """New systems like the old ones, where they can be had; whoever asks closes them."""
    history_sha256: str | None = None


def installation_qualification(job: Job) -> list[Result]:
    """IQ: every check that this set-up can show."""
    results = []
    for check in CHECKS:
        if job.sut.mode in check.modes:
            results.append(run_check(check, Context(job.sut)))
            job.step(check.title)
    return results


def operational_qualification(job: Job) -> list[Result]:
    """OQ: the URS scenarios, the contract of every operation, the challenge of the method."""
    return [*_scenarios(job), *_contract(job), *_challenge(job)]


def performance_qualification(job: Job) -> list[Result]:
    """PQ, simulated part: one day, judged against physical truth.

    In process it is played on new systems, so that its history depends on plant and seed alone.
    """
    started = datetime.now(UTC)
    sut = job.renewed() if job.renewed else job.sut
    try:
        campaign = run_shift(job.plant, sut, job.seed, Namespace(f"{job.prefix}S"))
    except (AssertionError, NoAnswer) as exc:
        return _stopped(job, exc, started)
    finally:
        if sut is not job.sut:
            sut.close()
    job.folder.write_history(campaign.events)
    job.history_sha256 = campaign.history_sha256
    _write_coverage(job, campaign)
    finished = datetime.now(UTC)
    results = [
        _invariant_result(invariant, judgement, campaign, (started, finished))
        for invariant, judgement in campaign.judgements
    ]
    results.append(_workload_result(campaign, (started, finished)))
    results += [_fault_result(fault, (started, finished)) for fault in campaign.faults]
    for result in results:
        job.step(result.id)
    return results


def _stopped(job: Job, exc: AssertionError | NoAnswer, started: datetime) -> list[Result]:
    """The plant could not go on: a system broke the contract (failed), or fell silent."""
    silent = isinstance(exc, NoAnswer)
    state = State.INCONCLUSIVE if silent else State.FAILED
    reason = f"the plant came to a stop: {exc}"
    results = [
        Result(
            id=name, protocol=Protocol.PQ, kind=kind, state=state, reason=reason[:500],
            started_at=started, finished_at=datetime.now(UTC), facts={},
        )
        for kind, names in (
            (Kind.INVARIANT, [*(i.id for i in invariants_for(job.plant)), WORKLOAD_ID]),
            (Kind.FAULT, [fault.id for fault in job.plant.faults]),
        )
        for name in names
    ]
    for result in results:
        job.step(result.id)
    return results


EXECUTE: dict[Protocol, Callable[[Job], list[Result]]] = {
    Protocol.IQ: installation_qualification,
    Protocol.OQ: operational_qualification,
    Protocol.PQ: performance_qualification,
}


def _scenarios(job: Job) -> list[Result]:
    run = UrsRun(
        target=job.target, seed=job.seed, namespace=job.prefix,
        records=job.folder.path / ".scenarios.jsonl", wire=job.folder.path / "wire",
        only=job.requirements,
    )
    try:
        return run_urs(run, lambda _: job.step("scenarios"))
    finally:
        run.records.unlink(missing_ok=True)


def _contract(job: Job) -> list[Result]:
    results = []
    for role in Role:
        started = datetime.now(UTC)
        for findings in check_contract(
            job.sut, role, job.seed, progress=lambda _: job.step("contract checks")
        ):
            finished = datetime.now(UTC)
            results.append(to_result(findings, started, finished))
            started = finished
    return results


def _challenge(job: Job) -> list[Result]:
    challenges = prove(
        job.defects, job.seed, lambda _: job.step("seeded defects"),
        faithful_for=job.defects[0].requirement,
    )
    return [_challenge_result(challenge) for challenge in challenges]


def _challenge_result(challenge: Challenge) -> Result:
    defect = challenge.defect
    facts: dict[str, str | int] = {
        "caught_by": ", ".join(challenge.caught_by) or "nothing",
        "held": len(challenge.held),
    }
    if defect is not None:
        facts |= {"defect": defect.id, "requirement": defect.requirement, "story": defect.story}
    reason = challenge.error
    if challenge.state is State.FAILED:
        reason = "no check noticed the defect" if defect else "a check failed on a faithful copy"
    return Result(
        id=f"CHL-{defect.id}" if defect else FAITHFUL_ID, protocol=Protocol.OQ,
        kind=Kind.CHALLENGE, state=challenge.state, reason=reason,
        started_at=challenge.started_at, finished_at=challenge.finished_at, facts=facts,
    )


def _invariant_result(
    invariant: Invariant, judgement: Judgement, campaign: Campaign,
    times: tuple[datetime, datetime],
) -> Result:
    state = invariant_state(judgement, campaign.healed)
    reason = "; ".join(str(violation) for violation in judgement.violations[:3])
    if state is State.INCONCLUSIVE:
        reason = "nothing was compared" if campaign.healed else "the systems did not converge"
    return Result(
        id=invariant.id, protocol=Protocol.PQ, kind=Kind.INVARIANT, state=state, reason=reason,
        started_at=times[0], finished_at=times[1],
        facts={
            "compared": judgement.checked, "violations": len(judgement.violations),
            **campaign.counts,
        },
    )


def _workload_result(campaign: Campaign, times: tuple[datetime, datetime]) -> Result:
    """Which cases the day had; a day without one of them shows less than it should."""
    missing = missing_from(campaign.workload)
    return Result(
        id=WORKLOAD_ID, protocol=Protocol.PQ, kind=Kind.INVARIANT,
        state=campaign.workload_state,
        reason=f"the day had no {', no '.join(missing)}" if missing else "",
        started_at=times[0], finished_at=times[1],
        facts={
            "compared": sum(campaign.workload.values()), "violations": 0, **campaign.workload,
        },
    )


def _write_coverage(job: Job, campaign: Campaign) -> None:
    """Keep the counts of faults by message beside the results, for the heat map."""
    cells = [cell.as_json() for cell in campaign.coverage]
    job.folder.write("records/coverage.json", canonical_bytes(cells) + b"\n")


def _fault_result(fault: FaultState, times: tuple[datetime, datetime]) -> Result:
    state = fault_state(fault)
    reason = ""
    if state is not State.PASSED:
        reason = "it fired and nobody felt it" if fault.fired else "it did not fire"
    return Result(
        id=fault.plan.id, protocol=Protocol.PQ, kind=Kind.FAULT, state=state, reason=reason,
        started_at=times[0], finished_at=times[1],
        facts={
            "fired": fault.fired, "felt": "yes" if fault.felt else "no",
            "kind": fault.plan.kind.value, "message": fault.plan.message,
        },
    )
