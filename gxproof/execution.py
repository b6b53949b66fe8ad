"""Executing the three protocols: what each one runs, and the results that come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from contracts.model.ports import NoAnswer
from contracts.model.requirements import Protocol, Requirement
from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.record.canonical import canonical_bytes
from contracts.record.folder import RunFolder
from contracts.record.runs import Kind, Result
from contracts.wire.system import SystemUnderTest
from features.contract_checks import planned_checks
from gxproof import oq_work
from gxproof.defects import Defect
from gxproof.dossier import EMPTY, Dossier
from gxproof.installation import CHECKS, Context, run_check
from gxproof.planning import FAITHFUL_ID, WORKLOAD_ID
from gxproof.prove import Challenge, challenge_jobs, challenge_of, faithful_job
from gxproof.side_by_side import ERROR, Found, HarnessFailed, Worker
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
    requirements: tuple[Requirement, ...] = ()
    """Those whose scenarios run, and below their seeded defects and the ids of all planned items.
    """
    defects: tuple[Defect, ...] = ()
    scope: tuple[str, ...] = ()
    renewed: Callable[[], SystemUnderTest] | None = None
    """New systems like the old ones, where they can be had; whoever asks closes them."""
    worker: Worker | None = None
    """The process that runs scenarios and the like, where it was started ahead."""
    history_sha256: str | None = None
    given: frozenset[str] = frozenset()
    """The papers that the plan counts on, and below what came of those that were handed in."""
    dossier: Dossier = EMPTY


_STEPS = {
    oq_work.Kind.CONTRACT: "contract checks",
    oq_work.Kind.SCENARIOS: "scenarios",
    oq_work.Kind.DEFECT: "seeded defects",
}


def installation_qualification(job: Job) -> list[Result]:
    """IQ: every check that this set-up can show."""
    results = []
    for check in CHECKS:
        if check.shows_something(job.sut.mode, job.sut.engine, job.given):
            results.append(run_check(check, Context(job.sut, job.dossier)))
            job.step(check.title)
    return results


def operational_qualification(job: Job) -> list[Result]:
    """OQ: the URS scenarios, the contract of every operation, the challenge of the method.

    They are done side by side in a process of its own, each on systems of its own where they can
    be had; the results come in the order of the plan.
    """
    jobs = [*_contracts(job), *_exercised(job, Protocol.OQ), *_challenges(job, Protocol.OQ)]
    found = oq_work.work_done(_aim(job), jobs, job.worker)
    return _in_order(job, _told(job, Protocol.OQ, found))


def performance_qualification(job: Job) -> list[Result]:
    """PQ, simulated part: one day judged against physical truth, and the scenarios of its level.

    In process the day is played on new systems, so that its history depends on plant and seed
    alone, and the scenarios run beside it, on systems of their own.
    """
    jobs = [*_exercised(job, Protocol.PQ), *_challenges(job, Protocol.PQ)]
    if not jobs:
        return _play_the_day(job)
    with oq_work.work_begun(_aim(job), jobs, job.worker) as found:
        told = _told(job, Protocol.PQ, found)
        if job.renewed:
            return _in_order(job, (*_play_the_day(job), *told))
        return _in_order(job, (*told, *_play_the_day(job)))


def _play_the_day(job: Job) -> list[Result]:
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


def _aim(job: Job) -> oq_work.Aim:
    wire = str((job.folder.path / "wire").absolute())
    renewable = job.renewed is not None
    return oq_work.Aim(job.target, job.seed, job.prefix, wire, renewable=renewable)


def _contracts(job: Job) -> list[oq_work.Job]:
    """The contract of each role that the plan has checks of."""
    return [
        oq_work.Job(oq_work.Kind.CONTRACT, role.value) for role in Role
        if any(check.id in job.scope for check in planned_checks(role))
    ]


def _exercised(job: Job, protocol: Protocol) -> list[oq_work.Job]:
    return [
        oq_work.Job(oq_work.Kind.SCENARIOS, requirement.id) for requirement in job.requirements
        if requirement.exercised_in is protocol
    ]


def _challenges(job: Job, protocol: Protocol) -> list[oq_work.Job]:
    """The challenges of a protocol's scenarios; with the OQ goes the reference without a defect."""
    own = {r.id for r in job.requirements if r.exercised_in is protocol}
    defects = [defect for defect in job.defects if defect.requirement in own]
    faithful = [faithful_job(job.requirements[0].id)] if protocol is Protocol.OQ else []
    return [*faithful, *challenge_jobs(defects)]


def _told(
    job: Job, protocol: Protocol, found: Iterator[tuple[oq_work.Job, Found]]
) -> Iterator[Result]:
    defects = {defect.id: defect for defect in job.defects}
    for piece, what in found:
        for result in _results(piece, what, defects, protocol):
            job.step(_STEPS[piece.kind])
            yield result


def _in_order(job: Job, results: Iterable[Result]) -> list[Result]:
    """The results in the order of the plan."""
    place = {name: number for number, name in enumerate(job.scope)}
    return sorted(results, key=lambda result: place.get(result.id, len(place)))


def _results(
    piece: oq_work.Job, found: Found, defects: Mapping[str, Defect], protocol: Protocol
) -> Iterator[Result]:
    if piece.kind is oq_work.Kind.DEFECT:
        yield _challenge_result(challenge_of(defects.get(piece.name), found), protocol)
        return
    if ERROR in found:
        raise HarnessFailed(f"{piece.kind} {piece.name}: {found[ERROR]}")
    yield from (Result.from_json(result) for result in found["results"])


def _challenge_result(challenge: Challenge, protocol: Protocol) -> Result:
    defect = challenge.defect
    facts: dict[str, str | int] = {
        "caught_by": ", ".join(challenge.caught_by) or "nothing",
        "held": len(challenge.held),
    }
    if defect is not None:
        facts |= {"defect": defect.id, "requirement": defect.requirement, "story": defect.story}
    reason = challenge.error
    if challenge.state is State.FAILED:
        reason = "no check noticed the defect" if defect else "a check failed without any defect"
    return Result(
        id=f"CHL-{defect.id}" if defect else FAITHFUL_ID, protocol=protocol,
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
            **({"seen": judgement.seen} if judgement.seen else {}),
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
            **campaign.counts,
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
