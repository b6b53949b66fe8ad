"""Whether a record says one thing: header, times, and each result against what it observed.

A state is a claim about observations that stand beside it in the same record. Where they do not
carry it, the record contradicts itself, and neither a seal nor a verification accepts it.
Source: URS-EVD-004, URS-EVD-007.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from contracts.model.verdicts import State, worst
from contracts.record.runs import EPHEMERAL_KEY, NOT_APPROVED, Kind, RunHeader
from reports.findings import Finding
from reports.trace import Check, Trace, caught

_RUN = "run.json"


def incoherent(trace: Trace, folder: Path) -> Iterator[Finding]:
    """What the record of a run says that it does not itself bear out."""
    yield from _informal(trace)
    yield from _times(trace)
    alone = {item.id for item in trace.record.plan.requirements if item.applies_to == ("tool",)}
    for check in trace.checks:
        serves = set(check.planned.requirements)
        of_tool = bool(serves) and serves <= alone
        for problem in _problems(check, folder, of_tool):
            yield Finding(_records(check), f"{check.id} {problem}")


def _records(check: Check) -> str:
    return f"records/{check.result.protocol.lower()}.jsonl"


def _informal(trace: Trace) -> Iterator[Finding]:
    header = trace.record.header
    said = {
        NOT_APPROVED: not trace.record.plan.approved,
        EPHEMERAL_KEY: header.ephemeral_key,
    }
    for sentence, true in said.items():
        if true and sentence not in header.informal:
            yield Finding(_RUN, f"does not say that it was {sentence}, and it was")
        elif not true and sentence in header.informal:
            yield Finding(_RUN, f"says that it was {sentence}, and it was not")


def _times(trace: Trace) -> Iterator[Finding]:
    header = trace.record.header
    if header.finished_at is None:
        yield Finding(_RUN, "does not say when the run ended, so it did not")
    elif header.finished_at < header.started_at:
        yield Finding(_RUN, "ended before it began")
    else:
        for check in trace.checks:
            yield from _within(header, check)


def _within(header: RunHeader, check: Check) -> Iterator[Finding]:
    result, end = check.result, header.finished_at
    if not check.ran or end is None:
        return
    if result.finished_at < result.started_at:
        yield Finding(_records(check), f"{check.id} ended before it began")
    elif result.started_at < header.started_at or result.finished_at > end:
        yield Finding(_records(check), f"{check.id} was not executed within the time of the run")


def _problems(check: Check, folder: Path, of_tool: bool) -> Iterator[str]:
    bad = {step.state for step in check.result.steps} - {State.PASSED, State.NOT_APPLICABLE}
    if bad and worst((*bad, check.state)) is not check.state and not excused(check):
        yield f"is {check.state.value}, yet a step of it is {worst(bad).value}"
    if check.state is State.PASSED and check.planned.kind is Kind.SCENARIO:
        yield from _scenario(check, folder, of_tool)
    elif check.state is State.PASSED:
        yield from _PASSED.get(check.planned.kind, _nothing)(check, folder)


def _nothing(check: Check, folder: Path) -> Iterator[str]:
    yield from ()


def _scenario(check: Check, folder: Path, of_tool: bool) -> Iterator[str]:
    """A requirement of the tool alone may be tried without a system; then it observes something."""
    if not check.result.steps:
        yield "is passed without a single step"
    if of_tool and check.wire is None:
        if not any(step.observations for step in check.result.steps):
            yield "is passed, yet nothing was observed"
        return
    file = folder / check.wire if check.wire else None
    if file is None or not file.is_file() or not file.stat().st_size:
        yield "is passed without any recorded exchange"


def _contract(check: Check, folder: Path) -> Iterator[str]:
    if not count_of(check, "accepted"):
        yield "is passed, yet the system accepted not one case"


def _challenge(check: Check, folder: Path) -> Iterator[str]:
    defective = bool(check.planned.requirements) or bool(check.fact("defect"))
    if defective and not caught(check):
        yield "is passed, yet nothing caught the defect"
    if not defective and caught(check):
        yield f"is passed, yet {check.fact('caught_by')} failed on a copy without a defect"


def _invariant(check: Check, folder: Path) -> Iterator[str]:
    if not count_of(check, "compared"):
        yield "is passed, yet nothing was compared"
    if check.fact("violations") != "0":
        yield f"is passed, yet it found {check.fact('violations') or 'nobody knows how many'} " \
              "violations"


def _fault(check: Check, folder: Path) -> Iterator[str]:
    if not count_of(check, "fired"):
        yield "is passed, yet it never fired"
    if not felt(check):
        yield "is passed, yet no system felt it"


def excused(check: Check) -> bool:
    """Whether a deviation stands for the check; that it is a good one is judged elsewhere."""
    return check.state is State.DEVIATION


def count_of(check: Check, fact: str) -> int:
    """A counted observation; 0 where the check did not make it."""
    told = check.fact(fact)
    return int(told) if told.isdecimal() and told.isascii() else 0


def felt(check: Check) -> bool:
    """Whether a system noticed a fault, told as yes and no or as how often."""
    return check.fact("felt") == "yes" or count_of(check, "felt") > 0


_PASSED: dict[Kind, Callable[[Check, Path], Iterator[str]]] = {
    Kind.CONTRACT: _contract,
    Kind.CHALLENGE: _challenge,
    Kind.INVARIANT: _invariant,
    Kind.FAULT: _fault,
}
