"""The faults of a shift: where they strike, how often they fired, and whether they were felt.

A *conduit* is a way that requests take: ``link`` between the two systems, or the name of a station
between it and its system. A fault is anchored to a business message (or command) by members of its
payload, never to a running number. A fault counts when it fired **and** a sender noticed it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from simulator.parts import FaultKind, FaultPart

LINK = "link"


class Cut(StrEnum):
    """Where a conduit cuts an exchange: before the request arrives, or after it was done."""

    BEFORE = "before"
    AFTER = "after"
    TWICE = "twice"


_CUTS = {
    FaultKind.REQUEST_LOST: Cut.BEFORE,
    FaultKind.OUTAGE: Cut.BEFORE,
    FaultKind.REPLY_LOST: Cut.AFTER,
    FaultKind.DUPLICATED: Cut.TWICE,
}


@dataclass
class FaultState:
    """One planned fault and what became of it.

    ``fired``: how often it struck. ``felt``: whether somebody noticed, that is, tried again after
    the last strike, or recognised what came twice. ``hits`` and ``noticed`` count by message.
    """

    plan: FaultPart
    fired: int = 0
    felt: bool = False
    hits: Counter[str] = field(default_factory=Counter)
    noticed: Counter[str] = field(default_factory=Counter)
    ends_at: datetime | None = None
    _open: dict[str, str] = field(default_factory=dict)
    _met: Counter[str] = field(default_factory=Counter)

    @property
    def cut(self) -> Cut | None:
        """Where it cuts a conduit; None for what does not happen on one."""
        return _CUTS.get(self.plan.kind)

    def strikes(self, message: str, business: dict[str, str], key: str) -> bool:
        """Whether this attempt is to be hit; attempts that another fault took do not count."""
        if not self.concerns(message, business):
            return False
        self._met[key] += 1
        first, last = self.plan.attempt, self.plan.attempt + self.plan.attempts - 1
        return first <= self._met[key] <= last

    def concerns(self, message: str, business: dict[str, str]) -> bool:
        """Whether the fault is anchored to this message."""
        if message != self.plan.message:
            return False
        return all(business.get(name) == value for name, value in self.plan.where.items())

    def fire(self, message: str, key: str) -> None:
        """It struck."""
        self.fired += 1
        self.hits[message] += 1
        self._open[key] = message

    def feel(self, key: str) -> None:
        """Whoever was struck acts again, or has recognised it."""
        message = self._open.pop(key, None)
        if message is not None:
            self.felt = True
            self.noticed[message] += 1


class Faults:
    """All faults of a shift. ``now`` is the plant's time; ``struck`` is told of each strike."""

    def __init__(self, plans: tuple[FaultPart, ...], now: Callable[[], datetime]) -> None:
        self.states = tuple(FaultState(plan) for plan in plans)
        self._now = now
        self._down: dict[str, FaultState] = {}
        self.struck: Callable[[FaultState, str], None] = lambda state, message: None

    def meet(
        self, conduit: str, message: str, business: dict[str, str], key: str
    ) -> Cut | None:
        """What an attempt on a conduit meets; None where it passes unharmed."""
        state = self.hit(conduit, message, business, key)
        return state.cut if state else None

    def hit(
        self, conduit: str, message: str, business: dict[str, str], key: str
    ) -> FaultState | None:
        """The fault that hits an attempt. The one that hit the same sender before is now felt."""
        state = self._outage(conduit) or self._anchored(conduit, message, business, key)
        for other in self.states:
            if other is not state and other.plan.kind is not FaultKind.DUPLICATED:
                other.feel(key)
        if state is not None:
            state.fire(message, key)
            self.struck(state, message)
        return state

    def doubled(self, key: str, *, noticed: bool) -> None:
        """What came twice was recognised by its receiver, or was not."""
        for state in self.states:
            if noticed and state.plan.kind is FaultKind.DUPLICATED:
                state.feel(key)

    def jam(self, kind: FaultKind, label: str) -> FaultState | None:
        """The jam that strikes a label at this moment; it is felt when the label is made good."""
        for state in self.states:
            if state.plan.kind is kind and state.strikes("print-label", {"labelId": label}, label):
                state.fire("print-label", label)
                self.struck(state, "print-label")
                return state
        return None

    def made_good(self, name: str) -> None:
        """The label that was lost in a jam has been printed again."""
        for state in self.states:
            state.feel(name)

    def _outage(self, conduit: str) -> FaultState | None:
        state = self._down.get(conduit)
        if state is not None and state.ends_at is not None and self._now() < state.ends_at:
            return state
        return None

    def _anchored(
        self, conduit: str, message: str, business: dict[str, str], key: str
    ) -> FaultState | None:
        for state in self.states:
            if state.plan.kind not in _CUTS or not state.strikes(message, business, key):
                continue
            if state.plan.kind is FaultKind.OUTAGE:
                if state.fired:
                    continue
                state.ends_at = self._now() + timedelta(minutes=state.plan.minutes)
                self._down[conduit] = state
            return state
        return None
