"""The plan of a run: what IQ, OQ and PQ set out to show, and what they leave out and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from contracts.model.messages import MESSAGES
from contracts.model.requirements import Protocol, Requirement
from contracts.model.roles import Role
from contracts.model.rules import RULES
from contracts.record.runs import (
    PART_ALONE,
    Cell,
    Kind,
    Outside,
    Plan,
    Planned,
    ProtocolPlan,
    RuleItem,
)
from contracts.wire.system import Mode, Network
from features.catalogue import ScenarioItem, read_catalogue, requirements_of
from features.contract_checks import planned_checks
from gxproof.defects import Defect, one_for_each, read_defects
from gxproof.dossier import BASELINE
from gxproof.implements import implementations
from gxproof.installation import CHECKS
from simulator.invariants import invariants_for
from simulator.plant_model import Plant
from simulator.workload import REQUIRED

FAITHFUL_ID = "CHL-faithful-copy"
WORKLOAD_ID = "PQ-WORKLOAD"
# What a requirement may need, and what is said where the set-up does not offer it.
_NOT_OFFERED = {
    "network": "in process nothing travels over a network",
    "rotation": "the target names no command that rotates certificates and keys",
    "refused-certificates": "the target names no certificates that have to be refused",
    "zones": "the target declares no zones and conduits",
}
_IN_PROCESS = (
    Outside(
        subject="Concurrent senders", reason="in process one caller is inside a system at a time"
    ),
    Outside(
        subject="Durability of the database files",
        reason="in process they are thrown away, and lie in memory where the machine has room",
    ),
)
_GRANTS = Outside(
    subject="Database grants (URS-AUD-004)",
    reason="SQLite has no roles; triggers refuse changes of journal and audit trail instead",
)
_ALWAYS = (
    Outside(
        subject="Crash and power loss beyond a short day",
        reason="a thousand kills and failing power over all places of the code are the long tests "
        "of a release; disks that lie about a sync are not modelled",
    ),
)
_NO_HOST = "no host control: these systems cannot be killed, cut off from power or restored here"


_JOURNAL_LIMIT = Outside(
    subject="Rows of a journal behind its last checkpoint (URS-JRN-004)",
    reason="whoever can cut the database cuts them off without a checkpoint's showing it: at most "
           "the rows of one interval of 15 minutes; the scenario says how many there were",
)


class UnknownRequirement(LookupError):
    """A requirement was asked for that no feature file holds."""


@dataclass(frozen=True)
class Scope:
    """What a run is about: all requirements or those named, one defect of each or all.

    ``contract`` False leaves the contract checks out.
    """

    requirements: tuple[str, ...] = ()
    all_defects: bool = False
    contract: bool = True


EVERYTHING = Scope()


def offers_of(network: Network | None) -> frozenset[str]:
    """What a set-up offers of what a requirement may need."""
    if network is None:
        return frozenset()
    found = {
        "network": True, "rotation": bool(network.rotate), "zones": bool(network.zones),
        "refused-certificates": bool(network.refused),
    }
    return frozenset(name for name, is_there in found.items() if is_there)


def make_plan(
    mode: Mode, plant: Plant, scope: Scope = EVERYTHING, database: str = "SQLite",
    offered: frozenset[str] = frozenset(), given: frozenset[str] = frozenset(),
) -> Plan:
    """The plan for a set-up; ``database`` is the engine that the target declares.

    ``offered`` is what requirements may need of it, ``given`` are the papers that the site hands
    in; with an approved baseline among them the plan is an approved one.

    Raises: UnknownRequirement, RequirementError, DefectError, Unattached.
    """
    whole = read_catalogue()
    every = tuple(item for item in whole if can_run(item.requirement, offered))
    chosen = tuple(
        item for item in every
        if not scope.requirements or item.requirement.id in scope.requirements
    )
    hidden = _hidden(mode, chosen)
    chosen = tuple(item for item in chosen if item.requirement.id not in hidden)
    requirements = requirements_of(chosen)
    _refuse_what_cannot_run(scope, requirements_of(whole), offered)
    apart = tuple(r for r in requirements_of(whole) if not can_run(r, offered))
    missing = {*scope.requirements} - {r.id for r in requirements} - hidden
    if missing:
        raise UnknownRequirement(f"no feature file holds {', '.join(sorted(missing))}")
    left_out = len(requirements_of(every)) - len(requirements) - len(hidden)
    return Plan(
        protocols=(
            _iq(mode, database, given),
            _with(_oq(mode, chosen, scope, left_out), _apart(Protocol.OQ, apart, offered)),
            _with(_pq(mode, plant, chosen, scope), _apart(Protocol.PQ, apart, offered)),
        ),
        requirements=requirements,
        rules=_rules(),
        approved=BASELINE in given,
    )


def can_run(requirement: Requirement, offered: frozenset[str]) -> bool:
    """Whether the scenarios of a requirement can run where this is offered."""
    return offered.issuperset(requirement.needs)


def _why_not(requirement: Requirement, offered: frozenset[str]) -> str:
    """The first need that is not met; without a network no other one is."""
    missing = [name for name in _NOT_OFFERED if name in {*requirement.needs} - offered]
    return _NOT_OFFERED[missing[0]]


def _refuse_what_cannot_run(
    scope: Scope, requirements: tuple[Requirement, ...], offered: frozenset[str]
) -> None:
    for requirement in requirements:
        if requirement.id in scope.requirements and not can_run(requirement, offered):
            raise UnknownRequirement(f"{requirement.id}: {_why_not(requirement, offered)}")


def _apart(
    protocol: Protocol, requirements: tuple[Requirement, ...], offered: frozenset[str]
) -> Iterator[Outside]:
    """The requirements that a protocol cannot show in this set-up, each with the reason."""
    for requirement in requirements:
        if requirement.exercised_in is protocol:
            yield Outside(
                subject=f"{requirement.id} {requirement.title}",
                reason=_why_not(requirement, offered),
            )


def challenges_of(requirements: Iterable[str], scope: Scope) -> tuple[Defect, ...]:
    """The seeded defects that a run tries."""
    names = tuple(requirements)
    unserved = _unserved(names)
    bank = tuple(
        defect for defect in read_defects()
        if defect.requirement in names and defect.requirement not in unserved
    )
    return bank if scope.all_defects else one_for_each(bank, names)


def _unserved(names: tuple[str, ...]) -> frozenset[str]:
    """The requirements whose defects cannot be served here: those that take zones of our own."""
    zoned = frozenset(
        r.id for r in requirements_of(read_catalogue()) if "zones" in r.needs and r.id in names
    )
    if not zoned:
        return zoned
    from gxproof.zoned import why_no_zones  # noqa: PLC0415 - loads the reference

    return zoned if why_no_zones() else frozenset()


def _with(protocol: ProtocolPlan, apart: Iterator[Outside]) -> ProtocolPlan:
    return protocol.model_copy(update={"outside": (*apart, *protocol.outside)})


def _hidden(mode: Mode, chosen: tuple[ScenarioItem, ...]) -> frozenset[str]:
    """Requirements that take a look behind a system's interfaces, where nobody lets us look."""
    if mode != "vendor system":
        return frozenset()
    return frozenset(r.id for r in requirements_of(chosen) if r.method == "whitebox")


def _iq(mode: Mode, database: str, given: frozenset[str]) -> ProtocolPlan:
    inside = [check for check in CHECKS if check.shows_something(mode, database, given)]
    outside = tuple(
        Outside(subject=f"{check.id} {check.title}", reason=check.not_here)
        for check in CHECKS if check not in inside
    )
    return ProtocolPlan(
        protocol=Protocol.IQ, scope=tuple(check.planned for check in inside),
        outside=(*outside, *((_GRANTS,) if database == "SQLite" else ())),
    )


def _oq(
    mode: Mode, scenarios: tuple[ScenarioItem, ...], chosen: Scope, left_out: int
) -> ProtocolPlan:
    exercised, challenges, parts = _exercised_in(Protocol.OQ, scenarios, chosen)
    contract = tuple(item for role in Role for item in planned_checks(role))
    scope = (*exercised, *(contract if chosen.contract else ()), _faithful(), *challenges)
    defects = challenges_of((r.id for r in requirements_of(scenarios)), chosen)
    hidden = sorted(_hidden(mode, read_catalogue()))
    limits = (
        *(_IN_PROCESS if mode == "in process" else ()), *_left_out(left_out, len(defects)),
        *(() if chosen.contract else (_no_contract(len(contract)),)),
        *(Outside(subject=name, reason=_NO_HOST) for name in hidden),
    )
    outside = (*limits, *_journal_limit(scenarios), *parts)
    return ProtocolPlan(protocol=Protocol.OQ, scope=scope, outside=outside)


def _no_contract(operations: int) -> Outside:
    return Outside(subject=f"The contract of {operations} operations", reason=PART_ALONE)


def _journal_limit(scenarios: tuple[ScenarioItem, ...]) -> Iterator[Outside]:
    if any(item.requirement.id == "URS-JRN-004" for item in scenarios):
        yield _JOURNAL_LIMIT


def _exercised_in(
    protocol: Protocol, scenarios: tuple[ScenarioItem, ...], chosen: Scope
) -> tuple[tuple[Planned, ...], tuple[Planned, ...], tuple[Outside, ...]]:
    """The scenarios that a protocol runs, their challenges, and what they leave outside."""
    own = tuple(item for item in scenarios if item.requirement.exercised_in is protocol)
    requirements = requirements_of(own)
    defects = challenges_of((requirement.id for requirement in requirements), chosen)
    return (
        tuple(item.planned for item in own),
        tuple(challenge_item(defect) for defect in defects),
        tuple(
            Outside(subject=f"Part of {requirement.id}", reason=part)
            for requirement in requirements for part in requirement.outside
        ),
    )


def _left_out(requirements: int, defects: int) -> Iterator[Outside]:
    if requirements:
        yield Outside(
            subject=f"{requirements} requirements that have scenarios",
            reason=PART_ALONE,
        )
    rest = len(read_defects()) - defects
    if rest:
        yield Outside(
            subject=f"{rest} of {rest + defects} seeded defects",
            reason="one of each requirement is tried here; `gxproof prove` tries all of them",
        )


def _pq(
    mode: Mode, plant: Plant, scenarios: tuple[ScenarioItem, ...], chosen: Scope
) -> ProtocolPlan:
    exercised, challenges, parts = _exercised_in(Protocol.PQ, scenarios, chosen)
    scope = (
        *exercised,
        *(
            Planned(
                id=invariant.id, kind=Kind.INVARIANT, title=invariant.title,
                requirements=invariant.requirements, expects="no violation, and something compared",
            )
            for invariant in invariants_for(plant)
        ),
        Planned(
            id=WORKLOAD_ID, kind=Kind.INVARIANT, requirements=("URS-DEV-005",),
            title="The cases that a performance run must have are in the workload",
            expects=f"each of these at least once: {', '.join(REQUIRED)}",
        ),
        *(
            Planned(
                id=fault.id, kind=Kind.FAULT, title=f"{fault.kind.value}: {fault.message}",
                expects="it fires, and a system feels it",
            )
            for fault in plant.faults
        ),
        *challenges,
    )
    outside = (
        Outside(
            subject="The site itself (URS-DEV-007)",
            reason="this is the simulated part of a PQ; real devices in their zones are not in it",
        ),
        *_ALWAYS,
        *(_IN_PROCESS[:1] if mode == "in process" else ()),
        *parts,
    )
    return ProtocolPlan(
        protocol=Protocol.PQ, scope=scope, outside=outside, feasible=_feasible(plant)
    )


def _feasible(plant: Plant) -> tuple[Cell, ...]:
    """Where the planned kinds of fault can strike: one of the link, on every message."""
    planned = {(fault.kind, fault.message) for fault in plant.faults}
    link = {kind for kind, message in planned if message in MESSAGES}
    cells = planned | {(kind, message) for kind in link for message in MESSAGES}
    return tuple(Cell(fault=kind, message=message) for kind, message in sorted(cells))


def challenge_item(defect: Defect) -> Planned:
    """A seeded defect as an item of a plan."""
    return Planned(
        id=f"CHL-{defect.id}", kind=Kind.CHALLENGE, title=defect.title,
        requirements=(defect.requirement,), expects="at least one check fails on this system",
    )


def _faithful() -> Planned:
    return Planned(
        id=FAITHFUL_ID, kind=Kind.CHALLENGE, title="The reference loaded anew, without any defect",
        expects="no check fails on this system",
    )


def _rules() -> tuple[RuleItem, ...]:
    spec = find_spec("reference_impl")
    assert spec is not None
    assert spec.submodule_search_locations
    obeyed = implementations(Path(spec.submodule_search_locations[0]))
    return tuple(
        RuleItem(
            id=rule.id, requirement=rule.requirement, text=rule.text, code=rule.code.value,
            sentence=rule.sentence, guards=rule.guards,
            implemented_by=tuple(str(item) for item in obeyed.get(rule.id, ())),
        )
        for rule in RULES
    )
