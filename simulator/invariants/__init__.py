"""The oracles: each compares physical truth with recorded truth and names what does not fit.

An oracle is a pure function over evidence. It counts what it compared, so that a comparison of
nothing is inconclusive, never passed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.evidence import Evidence
from simulator.invariants.nothing_doubled import nothing_doubled
from simulator.invariants.nothing_lost import nothing_lost
from simulator.invariants.only_usable_picked import only_usable_picked
from simulator.invariants.violation import Judgement


@dataclass(frozen=True)
class Invariant:
    """A statement about every run, the requirements it serves, and the oracle that judges it."""

    id: str
    title: str
    requirements: tuple[str, ...]
    judge: Callable[[Evidence], Judgement]


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "INV-NOTHING-LOST", "Every message is posted and every pick is on record in both systems",
        ("URS-IDM-002", "URS-PCK-003"), nothing_lost,
    ),
    Invariant(
        "INV-NOTHING-DOUBLED", "No message and no pick is posted twice",
        ("URS-IDM-002", "URS-IDM-008", "URS-PCK-003"), nothing_doubled,
    ),
    Invariant(
        "INV-ONLY-USABLE-PICKED", "No expired, blocked or unreleased lot is picked",
        ("URS-EXP-001", "URS-PCK-001", "URS-STA-003"), only_usable_picked,
    ),
)

__all__ = ["INVARIANTS", "Invariant", "Judgement"]
