"""The words for what came out: of an operation, of a check, of a protocol.

Three outcomes of an operation, eight states of a check, five verdicts of a protocol; nothing else
is ever printed. Nothing to check is not success: an empty scope is INCONCLUSIVE.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class Outcome(StrEnum):
    """What a sender knows about an operation it asked for. Unknown is never read as refused."""

    OK = "ok"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class State(StrEnum):
    """The state of a requirement, rule or check."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"
    NOT_APPLICABLE = "not applicable"
    NOT_TESTED = "not tested"
    REVIEW = "review"
    DEVIATION = "deviation"


class Verdict(StrEnum):
    """The verdict of a protocol over the scope of its plan."""

    ERROR = "ERROR"
    FAILED = "FAILED"
    INCONCLUSIVE = "INCONCLUSIVE"
    PASSED_WITH_DEVIATIONS = "PASSED WITH DEVIATIONS"
    PASSED = "PASSED"


class Exit(IntEnum):
    """Exit code of every command."""

    PASSED = 0
    FAILED = 1
    WRONG_USAGE = 2
    HARNESS_FAILED = 3
    TARGET_NOT_READY = 4
    INCONCLUSIVE = 5
    INTERRUPTED = 130


_WORST_FIRST = (
    ({State.ERROR}, Verdict.ERROR),
    ({State.FAILED}, Verdict.FAILED),
    ({State.INCONCLUSIVE, State.NOT_TESTED, State.REVIEW}, Verdict.INCONCLUSIVE),
    ({State.DEVIATION}, Verdict.PASSED_WITH_DEVIATIONS),
)

_STATE_ORDER = (
    State.ERROR,
    State.FAILED,
    State.INCONCLUSIVE,
    State.REVIEW,
    State.NOT_TESTED,
    State.DEVIATION,
    State.PASSED,
    State.NOT_APPLICABLE,
)


def verdict_of(states: Iterable[State]) -> Verdict:
    """The verdict over the states of everything in scope, worst first.

    ``not applicable`` does not count. An empty scope is INCONCLUSIVE, never PASSED.
    """
    present = {state for state in states if state is not State.NOT_APPLICABLE}
    for bad, verdict in _WORST_FIRST:
        if present & bad:
            return verdict
    return Verdict.PASSED if present else Verdict.INCONCLUSIVE


def worst(states: Iterable[State]) -> State:
    """The state of a whole whose parts have these states; INCONCLUSIVE for no parts at all."""
    present = set(states)
    return next((state for state in _STATE_ORDER if state in present), State.INCONCLUSIVE)


def worst_verdict(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of several verdicts; INCONCLUSIVE for none."""
    present = set(verdicts)
    return next((verdict for verdict in Verdict if verdict in present), Verdict.INCONCLUSIVE)


def exit_code(verdict: Verdict) -> Exit:
    """The exit code that a command ends with for this verdict."""
    return {
        Verdict.ERROR: Exit.HARNESS_FAILED,
        Verdict.FAILED: Exit.FAILED,
        Verdict.INCONCLUSIVE: Exit.INCONCLUSIVE,
    }.get(verdict, Exit.PASSED)
