"""The circuit breaker of one way to the partner, as a value: what each event makes of it.

Closed, every call passes. After so many failures within so long it opens, and no call passes; a
while later exactly one does, the probe, and its result decides. Only what happens to the way
counts: an answer of the partner, whatever it says, is no failure. Instants are in microseconds
since 1970. Source: URS-CBR-001.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from contracts.model.inspection_delivery import BreakerState

_SECOND = 1_000_000
# A ticket of a call that passed a closed breaker; a probe has its own number, from 1.
ORDINARY = 0


@dataclass(frozen=True)
class BreakerLimits:
    """It opens after ``failures`` within ``within_s``, for ``open_s``."""

    failures: int = 5
    within_s: int = 30
    open_s: int = 30


@dataclass(frozen=True)
class Breaker:
    """One breaker. ``until``: while it is open, when it may be tried; in HALF_OPEN, how long the
    result of the probe is waited for. ``probes`` numbers the probes.
    """

    state: BreakerState = BreakerState.CLOSED
    failures: tuple[int, ...] = ()
    until: int = 0
    probes: int = 0


def waits_until(breaker: Breaker, now: int, limits: BreakerLimits) -> int:
    """From when on a call may pass; ``now`` or less where one may pass now.

    A clock that was set back never holds the way shut for longer than ``open_s``.
    """
    if breaker.state is BreakerState.CLOSED or breaker.until > now + limits.open_s * _SECOND:
        return now
    return breaker.until


# implements FRS-CBR-001
# implements FRS-CBR-002
def entered(breaker: Breaker, now: int, limits: BreakerLimits) -> tuple[Breaker, int | None]:
    """A call wants to pass. Returns: the breaker after it, and its ticket; None: it may not."""
    if breaker.state is BreakerState.CLOSED:
        return replace(breaker, failures=_lately(breaker, now, limits)), ORDINARY
    if waits_until(breaker, now, limits) > now:
        return breaker, None
    probe = breaker.probes + 1
    until = now + limits.open_s * _SECOND
    return replace(breaker, state=BreakerState.HALF_OPEN, until=until, probes=probe), probe


def answered(breaker: Breaker, ticket: int) -> Breaker:
    """The partner answered a call; the answer to the probe closes the breaker."""
    if breaker.state is BreakerState.HALF_OPEN and ticket == breaker.probes:
        return Breaker(probes=breaker.probes)
    return breaker


# implements FRS-CBR-001
def failed(breaker: Breaker, ticket: int, now: int, limits: BreakerLimits) -> Breaker:
    """A call got no answer of the partner; what passed before the breaker opened counts no more."""
    opened = replace(
        breaker, state=BreakerState.OPEN, failures=(), until=now + limits.open_s * _SECOND
    )
    if breaker.state is BreakerState.HALF_OPEN and ticket == breaker.probes:
        return opened
    if breaker.state is not BreakerState.CLOSED or ticket != ORDINARY:
        return breaker
    lately = (*_lately(breaker, now, limits), now)
    if len(lately) >= limits.failures:
        return opened
    return replace(breaker, failures=lately)


def _lately(breaker: Breaker, now: int, limits: BreakerLimits) -> tuple[int, ...]:
    """The failures that count still; a call forgets the others, whatever the clock does later."""
    since = now - limits.within_s * _SECOND
    return tuple(at for at in breaker.failures if since < at <= now)
