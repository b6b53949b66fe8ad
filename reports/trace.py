"""What leads to what: requirement, rule, check, result, evidence; and where the chain has a gap.

Everything is read from one run record. States come from ``contracts.model.verdicts`` alone.
Source: URS-EVD-004; EU GMP Annex 11 4.4 (traceable throughout the life cycle).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from contracts.model.requirements import Protocol, Requirement
from contracts.model.verdicts import State, Verdict, worst, worst_verdict
from contracts.record.deviations import Deviation, draft_numbers
from contracts.record.runs import Kind, Outside, Planned, Result, RuleItem, RunRecord

_OPERATION = re.compile(r"\b[a-z]+/[a-z][a-z-]*")
OPEN = (State.ERROR, State.FAILED, State.INCONCLUSIVE, State.REVIEW, State.NOT_TESTED)


@dataclass(frozen=True)
class Check:
    """A planned check and what it came to. ``number`` is its place in the plan of its protocol."""

    number: int
    planned: Planned
    result: Result

    @property
    def id(self) -> str:
        """Its id in the plan."""
        return self.planned.id

    @property
    def state(self) -> State:
        """What it came to."""
        return self.result.state

    @property
    def ran(self) -> bool:
        """False for a check that was planned and never began."""
        result = self.result
        began = bool(result.steps) or result.finished_at > result.started_at
        return began or result.state is not State.NOT_TESTED

    @property
    def control(self) -> bool:
        """Whether it is a scenario that runs a requirement against a seeded condition."""
        return self.planned.kind is Kind.SCENARIO and self.planned.must_succeed is None

    @property
    def wire(self) -> str | None:
        """The evidence file as it is named in the run folder."""
        name = self.result.wire
        return name if name is None or name.startswith("wire/") else f"wire/{name}"

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.result.finished_at - self.result.started_at).total_seconds()

    def fact(self, name: str) -> str:
        """A named observation as text; empty when the check did not make it."""
        return str(self.result.facts.get(name, ""))


@dataclass(frozen=True)
class ProtocolTrace:
    """One protocol: its checks in the order of the plan, and its verdict."""

    protocol: Protocol
    checks: tuple[Check, ...]
    outside: tuple[Outside, ...]
    verdict: Verdict

    @property
    def planned(self) -> tuple[Planned, ...]:
        """What the plan names, in its order."""
        return tuple(check.planned for check in self.checks)

    @property
    def executed(self) -> bool:
        """Whether any of its checks ran."""
        return any(check.ran for check in self.checks)

    @property
    def started_at(self) -> datetime | None:
        """When its first check began; None where none ran."""
        return min((check.result.started_at for check in self.checks if check.ran), default=None)

    @property
    def seconds(self) -> float:
        """From the beginning of its first check to the end of its last."""
        ends = [check.result.finished_at for check in self.checks if check.ran]
        begin = self.started_at
        return (max(ends) - begin).total_seconds() if begin else 0.0

    @property
    def counts(self) -> dict[State, int]:
        """How many checks are in each state, all states named."""
        counted = Counter(check.state for check in self.checks)
        return {state: counted[state] for state in State}

    @property
    def open(self) -> tuple[Check, ...]:
        """The checks that keep the protocol from passing, worst first."""
        return in_states(self.checks, *OPEN)

    @property
    def why_not_executed(self) -> str:
        """The reason that all its checks give for not having run; empty where they differ."""
        reasons = {check.result.reason for check in self.checks}
        return reasons.pop() if len(reasons) == 1 and not self.executed else ""

    def of_kind(self, kind: Kind) -> tuple[Check, ...]:
        """The checks of one kind."""
        return _of_kind(self.checks, kind)


@dataclass(frozen=True)
class RequirementTrace:
    """One requirement with everything that the run holds about it."""

    requirement: Requirement
    rules: tuple[RuleItem, ...]
    checks: tuple[Check, ...]

    @property
    def id(self) -> str:
        """The id of the requirement."""
        return self.requirement.id

    @property
    def state(self) -> State:
        """The worst state of its checks, over all protocols; inconclusive without any."""
        return worst(check.state for check in self.checks)

    @property
    def scenarios(self) -> tuple[Check, ...]:
        """Its scenarios."""
        return _of_kind(self.checks, Kind.SCENARIO)

    @property
    def challenges(self) -> tuple[Check, ...]:
        """The seeded defects that were set against its checks."""
        return _of_kind(self.checks, Kind.CHALLENGE)

    @property
    def others(self) -> tuple[Check, ...]:
        """Its checks that are neither scenarios nor challenges."""
        return tuple(
            check for check in self.checks
            if check.planned.kind not in (Kind.SCENARIO, Kind.CHALLENGE)
        )

    @property
    def challenged(self) -> bool:
        """Whether a seeded defect was caught on its behalf."""
        return any(is_kill(check) for check in self.challenges)


class Trace:
    """The chain of one run. ``deviations`` are the approved ones that it was started with."""

    def __init__(self, record: RunRecord, deviations: tuple[Deviation, ...] = ()) -> None:
        self.record = record
        self.deviations = deviations

    @cached_property
    def protocols(self) -> tuple[ProtocolTrace, ...]:
        """The planned protocols, in the order in which they are run."""
        planned = {plan.protocol for plan in self.record.plan.protocols}
        return tuple(self._protocol(protocol) for protocol in Protocol if protocol in planned)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Every check of every protocol."""
        return tuple(check for part in self.protocols for check in part.checks)

    @cached_property
    def requirements(self) -> tuple[RequirementTrace, ...]:
        """The requirements in the order of the plan."""
        plan = self.record.plan
        return tuple(
            RequirementTrace(
                requirement,
                tuple(rule for rule in plan.rules if rule.requirement == requirement.id),
                tuple(check for check in self.checks if requirement.id in serves(check)),
            )
            for requirement in plan.requirements
        )

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the protocols."""
        return worst_verdict(part.verdict for part in self.protocols)

    @property
    def challenged(self) -> int:
        """How many requirements were challenged."""
        return sum(trace.challenged for trace in self.requirements)

    @cached_property
    def drafts(self) -> dict[str, str]:
        """The number of the draft deviation of each check that failed, by protocol and id."""
        results = tuple(check.result for check in self.checks)
        numbers = draft_numbers(self.record.header.number, results)
        return {f"{protocol} {check}": number for (protocol, check), number in numbers.items()}

    def draft_of(self, check: Check) -> str:
        """The number of a check's draft deviation; empty where it needs none."""
        return self.drafts.get(f"{check.result.protocol} {check.id}", "")

    def protocol(self, protocol: Protocol) -> ProtocolTrace:
        """One planned protocol. Raises: KeyError when the plan has none."""
        for part in self.protocols:
            if part.protocol is protocol:
                return part
        raise KeyError(protocol)

    def _protocol(self, protocol: Protocol) -> ProtocolTrace:
        plan = self.record.plan.protocol(protocol)
        results = self.record.results_of(protocol)
        checks = tuple(
            Check(number, planned, result)
            for number, (planned, result) in enumerate(zip(plan.scope, results, strict=True), 1)
        )
        return ProtocolTrace(protocol, checks, plan.outside, self.record.verdict(protocol))


def serves(check: Check) -> tuple[str, ...]:
    """The requirements that a check names, a challenge also by its facts."""
    named = check.planned.requirements
    challenged = check.fact("requirement") if check.planned.kind is Kind.CHALLENGE else ""
    return named if not challenged or challenged in named else (*named, challenged)


def is_kill(check: Check) -> bool:
    """Whether a challenge ended with its defect caught by something."""
    return check.state is State.PASSED and bool(check.fact("defect")) and caught(check)


def caught(check: Check) -> bool:
    """Whether any check failed on the copy that a challenge was made with."""
    return check.fact("caught_by") not in ("", "nothing")


def operation_of(check: Check) -> str:
    """The operation that a contract check exercises: from its facts, else from its title."""
    found = _OPERATION.search(check.planned.title)
    return check.fact("operation") or (found.group() if found else check.planned.title)


def planned_faults(scope: Iterable[Planned]) -> tuple[str, ...]:
    """The kind of each planned fault; the plan entitles a fault ``kind: message``."""
    return tuple(
        item.title.partition(":")[0].strip() for item in scope if item.kind is Kind.FAULT
    )


def in_states(checks: Iterable[Check], *states: State) -> tuple[Check, ...]:
    """The checks in these states, in the order in which the states are given."""
    held = tuple(checks)
    return tuple(check for state in states for check in held if check.state is state)


def _of_kind(checks: Iterable[Check], kind: Kind) -> tuple[Check, ...]:
    return tuple(check for check in checks if check.planned.kind is kind)
