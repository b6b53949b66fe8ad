"""What was inside what at any time, from the acts of putting in and taking out alone.

The acts may be heard of in any order: a child stands where it was put in more often than taken
out, and the first putting in belongs to the first taking out. Source: URS-AGG-002, URS-RET-001.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import zip_longest

from contracts.model.codes import Code, Refusal


class MoveKind(StrEnum):
    """Whether something was put into a unit or taken out of it."""

    IN = "IN"
    OUT = "OUT"


@dataclass(frozen=True)
class Move:
    """One act about one child. ``follows`` are the disaggregations that a putting in follows on."""

    child: str
    parent: str
    kind: MoveKind
    at: datetime
    cause: str
    by: str
    follows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Period:
    """A child stood in a parent from ``begin`` to ``end``; None: it does still."""

    begin: Move
    end: Move | None

    def covers(self, at: datetime) -> bool:
        """Whether the child stood there at an instant."""
        return self.begin.at <= at and (self.end is None or at < self.end.at)


# implements FRS-AGG-008
def periods_of(moves: Iterable[Move]) -> list[Period]:
    """The periods that follow from the moves, by child and time; a taking out that no putting in
    explains yet waits for it.
    """
    into: dict[tuple[str, str], list[Move]] = defaultdict(list)
    out: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for move in moves:
        side = into if move.kind is MoveKind.IN else out
        side[(move.child, move.parent)].append(move)
    found = [
        Period(begin, end)
        for key, begins in into.items()
        for begin, end in zip_longest(_in_order(begins), _in_order(out[key])[: len(begins)])
    ]
    return sorted(found, key=_by_child_and_time)


def standing(moves: Iterable[Move]) -> list[Period]:
    """Where a child stands now: one period in a tree, none where it stands alone."""
    return [period for period in periods_of(moves) if period.end is None]


def _in_order(moves: Iterable[Move]) -> list[Move]:
    return sorted(moves, key=lambda move: (move.at, move.cause))


def _by_child_and_time(period: Period) -> tuple[str, datetime, bool, datetime, str]:
    end = period.end
    return (
        period.begin.child, period.begin.at, end is None, end.at if end else period.begin.at,
        period.begin.cause,
    )


# implements FRS-AGG-005
def check_all_inside(children: Sequence[str], inside: Collection[str]) -> Refusal | None:
    """Refuse to take out what does not stand there. All are keys of units."""
    for index, child in enumerate(children):
        if child not in inside:
            return Refusal(Code.NOT_IN_UNIT, f"children[{index}]", f"{child} is not in it")
    return None


# implements FRS-RET-006
def check_set_aside(wanted: Decimal | int, free: Decimal, path: str) -> Refusal | None:
    """Refuse to take out what is set aside for a pick."""
    if wanted <= free:
        return None
    return Refusal(Code.UNIT_NOT_CLOSED, path, f"only {free} of it are not set aside for a pick")
