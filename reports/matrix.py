"""The traceability matrix, from both sides, and its gaps.

One side asks of each requirement what shows it; the other asks of each operation of the contract
what holds it to account. A gap is a finding, computed and never typed.
Source: evidence design, "the chain"; EU GMP Annex 11 4.4; URS-EVD-011.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contracts.record.runs import Kind, RuleItem
from reports.edition import Edition
from reports.trace import Check, RequirementTrace, Trace, operation_of, serves

_SHORT = 16
"""Hex digits of an evidence digest that the matrix shows; the reports show all 64."""
_LISTED = 6
"""So many operations with the same codes are named on paper; the other forms name each."""


@dataclass(frozen=True)
class Element:
    """An operation of the contract that a rule guards, and the codes it may refuse with."""

    operation: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A requirement and everything that traces to it."""

    trace: RequirementTrace
    accepted: tuple[Check, ...]
    """Scenarios in which the system has to succeed."""
    refused: tuple[Check, ...]
    """Scenarios in which it has to refuse, and controls: a seeded condition is to be reported."""
    elements: tuple[Element, ...]
    evidence: tuple[tuple[str, str], ...]
    """Evidence file and the first digits of its SHA-256."""

    @property
    def guarded(self) -> tuple[tuple[str, str], ...]:
        """Codes, and the operations that may be refused with them; counted where they are many."""
        held: dict[tuple[str, ...], list[str]] = {}
        for element in self.elements:
            held.setdefault(element.codes, []).append(element.operation)
        return tuple(
            (", ".join(codes),
             ", ".join(names) if len(names) <= _LISTED else f"{len(names)} operations")
            for codes, names in held.items()
        )

    def digest_of(self, check: Check) -> str:
        """The first digits of the SHA-256 of a check's evidence; empty where it has none."""
        return dict(self.evidence).get(check.wire or "", "")


@dataclass(frozen=True)
class OperationRow:
    """An operation of the contract from its own side."""

    operation: str
    rules: tuple[RuleItem, ...]
    requirements: tuple[str, ...]
    scenarios: tuple[Check, ...]
    contract: tuple[Check, ...]

    def count_of(self, requirement: str) -> int:
        """How many of its scenarios show a requirement."""
        return sum(requirement in serves(check) for check in self.scenarios)


@dataclass(frozen=True)
class Gap:
    """A sort of gap and what falls into it; nothing in it is said in words."""

    kind: str
    found: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """Both sides, the checks that serve no requirement, and the gaps."""

    rows: tuple[Row, ...]
    operations: tuple[OperationRow, ...]
    loose: tuple[Check, ...]
    gaps: tuple[Gap, ...]

    @property
    def gap_count(self) -> int:
        """How many things fall into any gap."""
        return sum(len(gap.found) for gap in self.gaps)


def matrix(edition: Edition) -> Matrix:
    """The matrix of a run."""
    trace = edition.trace
    rows = tuple(_row(edition, item) for item in trace.requirements)
    operations = tuple(_operations(trace))
    known = {item.id for item in trace.requirements}
    loose = tuple(check for check in trace.checks if not known & set(serves(check)))
    return Matrix(rows, operations, loose, tuple(_gaps(edition, rows, operations)))


def requirement_gaps(trace: Trace) -> Iterator[Gap]:
    """What is missing before a requirement is shown from both sides and its checks challenged."""
    items = trace.requirements
    musts = {item.id: {c.planned.must_succeed for c in item.scenarios} for item in items}
    yield _gap("Requirement without any check", (i.id for i in items if not i.checks))
    yield _gap("Requirement without scenario", (i.id for i in items if not i.scenarios))
    yield _gap("Requirement without a scenario that has to succeed",
               (id_ for id_, must in musts.items() if must and True not in must))
    yield _gap("Requirement without a scenario that has to be refused, and without a control",
               (id_ for id_, must in musts.items() if must and not must & {False, None}))
    yield _gap("Requirement that was not challenged", (i.id for i in items if not i.challenged))


def code_of(rule: RuleItem) -> tuple[str, ...]:
    """Where a rule is implemented, without the digest."""
    return tuple(item.partition(" ")[0] for item in rule.implemented_by)


def _row(edition: Edition, item: RequirementTrace) -> Row:
    files = dict.fromkeys(check.wire for check in item.checks if check.wire)
    return Row(
        trace=item,
        accepted=tuple(c for c in item.scenarios if c.planned.must_succeed),
        refused=tuple(c for c in item.scenarios if not c.planned.must_succeed),
        elements=tuple(_elements(item.rules)),
        evidence=tuple((name, edition.digests.get(name, "missing")[:_SHORT]) for name in files),
    )


def _elements(rules: Iterable[RuleItem]) -> Iterator[Element]:
    codes: dict[str, dict[str, None]] = {}
    for rule in rules:
        for operation in rule.guards:
            codes.setdefault(operation, {})[rule.code] = None
    for operation, held in codes.items():
        yield Element(operation, tuple(held))


def _operations(trace: Trace) -> Iterator[OperationRow]:
    contract: dict[str, list[Check]] = {}
    for check in trace.checks:
        if check.planned.kind is Kind.CONTRACT:
            contract.setdefault(operation_of(check), []).append(check)
    guarded = {operation for rule in trace.record.plan.rules for operation in rule.guards}
    for operation in sorted(guarded | set(contract)):
        rules = tuple(r for r in trace.record.plan.rules if operation in r.guards)
        requirements = tuple(dict.fromkeys(rule.requirement for rule in rules))
        scenarios = tuple(
            check for item in trace.requirements if item.id in requirements
            for check in item.scenarios
        )
        yield OperationRow(
            operation, rules, requirements,
            tuple({check.id: check for check in scenarios}.values()),
            tuple(contract.get(operation, ())),
        )


def _gaps(
    edition: Edition, rows: tuple[Row, ...], operations: tuple[OperationRow, ...]
) -> Iterator[Gap]:
    record = edition.trace.record
    known = {row.trace.id for row in rows}
    plan = record.plan
    yield from requirement_gaps(edition.trace)
    yield _gap("Requirement without business rule", (r.trace.id for r in rows if not r.trace.rules))
    yield _gap("Business rule of a requirement that is not in the plan",
               (f"{r.id} ({r.requirement})" for r in plan.rules if r.requirement not in known))
    if record.header.environment.mode != "vendor system":
        yield _gap("Business rule without known code",
                   (rule.id for rule in plan.rules if not rule.implemented_by))
    yield from _check_gaps(edition, known)
    yield _gap("Guarded operation without contract check",
               (o.operation for o in operations if o.rules and not o.contract))


def _check_gaps(edition: Edition, known: set[str]) -> Iterator[Gap]:
    checks = edition.trace.checks
    yield _gap("Check that names a requirement that is not in the plan",
               (f"{c.id} ({r})" for c in checks for r in serves(c) if r not in known))
    scenarios = [c for c in checks if c.planned.kind is Kind.SCENARIO]
    yield _gap("Scenario without requirement", (c.id for c in scenarios if not serves(c)))
    yield _gap("Executed scenario without evidence file",
               (c.id for c in scenarios if c.ran and not c.wire))
    yield _gap("Evidence file that is missing",
               (f"{c.wire} ({c.id})" for c in checks if c.wire and c.wire not in edition.digests))


def _gap(kind: str, items: Iterable[str]) -> Gap:
    return Gap(kind, tuple(items))
