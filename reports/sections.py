"""What the sections of a report hold: tables of checks, scenarios by requirement, digests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from contracts.model.verdicts import State, worst
from contracts.record.runs import Kind, Step
from reports.edition import Edition
from reports.trace import Check, ProtocolTrace, RequirementTrace, is_kill, operation_of, serves
from reports.wording import clipped, counted


@dataclass(frozen=True)
class Column:
    """A column of a table of checks, after number, check and state. Width in per cent."""

    heading: str
    width: int
    lines: Callable[[Check], Iterable[str]]


@dataclass(frozen=True)
class CheckTable:
    """A table of checks of one kind."""

    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    check_width: int
    criteria: tuple[tuple[str, str], ...] = ()
    """Acceptance criteria said once, each with the numbers of its checks."""
    shared: tuple[tuple[str, str], ...] = ()
    """Facts that all checks of the table give alike, said once."""


@dataclass(frozen=True)
class ScriptLine:
    """One line of a test script as it was executed; ``seen`` is its actual result."""

    text: str
    state: State
    seen: str

    @property
    def passed(self) -> bool:
        """Whether it went as it has to."""
        return self.state is State.PASSED

    @property
    def is_short(self) -> bool:
        """Whether it is its number alone, because another example tells it in words."""
        return self.text.isdigit()


@dataclass(frozen=True)
class RequirementPart:
    """A requirement as one protocol sees it."""

    trace: RequirementTrace
    checks: tuple[Check, ...]
    """Its checks in this protocol."""
    first: tuple[Check, ...]
    """The scenarios that are printed in full here."""
    elsewhere: tuple[Check, ...]
    """Scenarios that are printed under another requirement."""
    anchor: str

    @property
    def printed(self) -> bool:
        """Whether the report has a place of its own for it."""
        return bool(self.first or self.elsewhere)

    @property
    def state(self) -> State:
        """The worst state of its checks in this protocol."""
        return worst(check.state for check in self.checks)


def requirement_parts(edition: Edition, part: ProtocolTrace) -> tuple[RequirementPart, ...]:
    """The requirements that a protocol exercises, each scenario printed once."""
    printed: set[str] = set()
    parts = []
    for number, trace in enumerate(edition.trace.requirements, 1):
        checks = tuple(check for check in part.checks if trace.id in serves(check))
        if not checks:
            continue
        scenarios = [check for check in checks if check.planned.kind is Kind.SCENARIO]
        first = tuple(check for check in scenarios if check.id not in printed)
        elsewhere = tuple(check for check in scenarios if check.id in printed)
        printed |= {check.id for check in first}
        parts.append(RequirementPart(trace, checks, first, elsewhere, f"requirement-{number}"))
    return tuple(parts)


def unclaimed_scenarios(edition: Edition, part: ProtocolTrace) -> tuple[Check, ...]:
    """Scenarios that name no requirement of the plan; they are printed all the same."""
    known = {trace.id for trace in edition.trace.requirements}
    return tuple(
        check for check in part.of_kind(Kind.SCENARIO) if not known & set(serves(check))
    )


def check_table(part: ProtocolTrace, kind: Kind) -> CheckTable:
    """The table of one kind of check in a protocol."""
    checks = part.of_kind(kind)
    criteria = tuple(_criteria(checks)) if kind in _CRITERIA_ONCE else ()
    shared = tuple(_shared(checks)) if kind is Kind.INVARIANT else ()
    columns = _columns(kind, frozenset(name for name, _ in shared))
    told = tuple((name.replace("_", " "), value) for name, value in shared)
    width = 100 - _NUMBER - _STATE - sum(column.width for column in columns)
    return CheckTable(columns, checks, width, criteria, told)


def actual(check: Check, hidden: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """What was seen: reason first where it did not pass, then observations and facts."""
    reason = check.result.reason
    if len(reason) > _REASON_LONGEST:
        reason = f"{clipped(reason, _REASON_LONGEST)} (in full under “What is open”)"
    lines = [reason] if reason else []
    lines += [text for step in check.result.steps for text in step.observations]
    known = hidden.union(_KNOWN_FACTS.get(check.planned.kind, ()))
    lines += [
        f"{name.replace('_', ' ')}: {value}"
        for name, value in check.result.facts.items()
        if name not in known and str(value) not in check.planned.title
    ]
    return tuple(lines)


def evidence(edition: Edition, check: Check) -> tuple[str, str] | None:
    """The evidence file of a check and its SHA-256."""
    if not check.wire:
        return None
    return check.wire, edition.digests.get(check.wire, "file is missing")


@dataclass
class Told:
    """What a report has told of scenarios so far, so that nothing has to be told twice.

    ``setups`` are the checks that told a set-up, by requirement and steps; ``outlines`` the first
    example of each scenario outline.
    """

    setups: dict[tuple[str, ...], int] = field(default_factory=dict)
    outlines: dict[str, Check] = field(default_factory=dict)


def script_lines(check: Check, told: Told) -> tuple[ScriptLine, ...]:
    """The executed steps of a scenario. A set-up that went well is told in one line, and once.

    Of another example of an outline a step that passed and reads the same is its number alone.
    """
    steps = check.result.steps
    first = told.outlines.setdefault(outline_of(check.id), check)
    same = [step.text for step in first.result.steps] if first is not check else []
    setup = _setup_of(steps)
    lines = [_setup_line(check, setup, told)] if setup else []
    for number, step in enumerate(steps[setup:], setup + 1):
        known = same[number - 1 : number] == [step.text] and step.state is State.PASSED
        joint = "; " if known else "\n"
        seen = joint.join(step.observations) or "no observation was recorded"
        text = "" if known else f"{step.keyword} {step.text}"
        lines.append(ScriptLine(f"{number} {text}".strip(), step.state, seen))
    return tuple(lines)


def outline_of(id_: str) -> str:
    """Scenario ids are requirement.scenario, or requirement.outline.example."""
    return id_.rpartition(".")[0] if id_.count(".") == 2 else id_


def _setup_of(steps: tuple[Step, ...]) -> int:
    """How many steps set up and went well; 0 where they have to be told one by one."""
    setup = sum(1 for _ in takewhile(lambda kind: kind == "Given", _kinds(steps)))
    return setup if setup > 1 and all(s.state is State.PASSED for s in steps[:setup]) else 0


def _setup_line(check: Check, setup: int, told: Told) -> ScriptLine:
    texts = tuple(step.text for step in check.result.steps[:setup])
    first = told.setups.setdefault((*serves(check)[:1], *texts), check.number)
    listed = f"Given {'; '.join(texts)}" if first == check.number else f"as in check {first}"
    return ScriptLine(f"1–{setup} {listed}", State.PASSED, "")


def _kinds(steps: Iterable[Step]) -> Iterator[str]:
    """Given, When or Then of each step; And and But take the keyword before them."""
    last = "Given"
    for step in steps:
        last = last if step.keyword in ("And", "But", "*") else step.keyword
        yield last


def flattened(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """A configuration as path and value, in the order of the paths."""
    if isinstance(value, dict) and value:
        for name in sorted(value):
            yield from flattened(value[name], f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from flattened(item, f"{path}[{index}]")
    else:
        yield path, _plain(value)


def _plain(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if value not in ({}, [], "") else "(empty)"


def _criteria(checks: Iterable[Check]) -> Iterator[tuple[str, str]]:
    numbers: dict[str, list[int]] = {}
    for check in checks:
        numbers.setdefault(check.planned.expects, []).append(check.number)
    for text, held in numbers.items():
        whole = held == list(range(held[0], held[-1] + 1)) and len(held) > 1
        listed = f"{held[0]} to {held[-1]}" if whole else ", ".join(map(str, held))
        yield listed, text or "no criterion was recorded"


def _shared(checks: tuple[Check, ...]) -> Iterator[tuple[str, str]]:
    """Facts that every executed check of a table gives with the same value."""
    ran = [check for check in checks if check.result.facts]
    for name in ran[0].result.facts if len(ran) > 1 else ():
        values = {check.fact(name) for check in ran if name in check.result.facts}
        everywhere = all(name in check.result.facts for check in ran)
        if everywhere and len(values) == 1 and name not in _OWN_FACTS:
            yield name, values.pop()


def _columns(kind: Kind, shared: frozenset[str]) -> tuple[Column, ...]:
    if kind is Kind.INVARIANT:
        hidden = frozenset(shared)
        return (
            Column("What has to hold", 23, _title), Column("Expected", 17, _expected),
            Column("Observed", 26, lambda check: _observed(check, hidden)),
        )
    return _COLUMNS[kind]


def _title(check: Check) -> Iterator[str]:
    yield check.planned.title


def _expects(check: Check) -> Iterator[str]:
    yield check.planned.expects or "no criterion was recorded"


def _seen(check: Check) -> tuple[str, ...]:
    return actual(check) or ("no observation was recorded",)


def _remarks(check: Check) -> tuple[str, ...]:
    return actual(check) or ("–",)


def _fact(name: str) -> Callable[[Check], Iterable[str]]:
    return lambda check: (check.fact(name) or "–",)


def _operation(check: Check) -> Iterator[str]:
    yield operation_of(check)


def _findings(check: Check) -> Iterator[str]:
    findings = check.fact("findings")
    if findings not in ("", "0"):
        yield findings
    lines = actual(check)
    yield from lines
    if not lines and findings in ("", "0"):
        yield "none" if check.ran else "–"


def _defect(check: Check) -> Iterator[str]:
    yield check.planned.title
    if check.fact("defect") not in check.id.lower():
        yield f"defect {check.fact('defect')}"
    if check.fact("story"):
        yield check.fact("story")


def _caught(check: Check) -> Iterator[str]:
    if is_kill(check):
        yield check.fact("caught_by")
    elif check.ran:
        without = not check.fact("defect") and check.state is State.PASSED
        yield "nothing, as it has to be" if without else "nothing: not challenged"
    held = check.fact("held")
    if held.isdecimal():
        other = "other check" if check.fact("defect") else "check"
        yield f"{counted(int(held), other)} passed"
    yield from actual(check)


def _observed(check: Check, hidden: frozenset[str]) -> Iterator[str]:
    observed = [check.fact("observed")] if check.fact("observed") else []
    yield from (*observed, *actual(check, hidden)) or ("no observation was recorded",)


def _expected(check: Check) -> Iterator[str]:
    yield check.fact("expected") or check.planned.expects or "no criterion was recorded"


_REASON_LONGEST = 400
_NUMBER, _STATE = 5, 10
"""Widths of the first and the third column; the second, the check's id, takes what is left."""
_OWN_FACTS = ("expected", "observed", "compared", "violations")
"""What an invariant says of itself, even where all say the same."""
_CRITERIA_ONCE = (Kind.CONTRACT, Kind.FAULT, Kind.CHALLENGE)
_KNOWN_FACTS: dict[Kind, tuple[str, ...]] = {
    Kind.CONTRACT: ("operation", "cases", "accepted", "refused", "findings"),
    Kind.CHALLENGE: ("requirement", "defect", "story", "caught_by", "held"),
    Kind.INVARIANT: ("expected", "observed"),
    Kind.FAULT: ("fired", "felt"),
}
_COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.INSTALLATION: (
        Column("What is checked", 19, _title), Column("Acceptance criterion", 22, _expects),
        Column("Actual result", 29, _seen),
    ),
    Kind.CONTRACT: (
        Column("Operation", 20, _operation), Column("Cases", 7, _fact("cases")),
        Column("Accepted", 9, _fact("accepted")), Column("Refused", 8, _fact("refused")),
        Column("Findings", 20, _findings),
    ),
    Kind.CHALLENGE: (
        Column("Requirement", 13, _fact("requirement")),
        Column("Defect built in", 33, _defect), Column("Caught by", 21, _caught),
    ),
    Kind.FAULT: (
        Column("Fault", 34, _title), Column("Fired", 7, _fact("fired")),
        Column("Felt", 7, _fact("felt")), Column("Remarks", 17, _remarks),
    ),
}
