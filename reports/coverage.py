"""Which fault struck which message: planned, fired, felt, and where it could have struck at all.

A planned fault that no system felt shows nothing, so its cell is void. Cells that could be struck
and were not planned are counted too, so that full coverage means something.
Source: URS-DEV-003; simulator design, "fired and felt".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.model.verdicts import State
from contracts.record.runs import Cell, Kind
from reports.coherence import count_of, felt
from reports.trace import Check


@dataclass(frozen=True)
class Struck:
    """One kind of fault on one message."""

    feasible: bool
    checks: tuple[Check, ...] = ()

    @property
    def planned(self) -> int:
        """How many faults the plan sets here."""
        return len(self.checks)

    @property
    def fired(self) -> int:
        """How often they struck."""
        return sum(count_of(check, "fired") for check in self.checks)

    @property
    def felt(self) -> int:
        """How many of them a system noticed."""
        return sum(felt(check) for check in self.checks)

    @property
    def void(self) -> bool:
        """Whether a fault was planned here that shows nothing."""
        return any(check.state is not State.PASSED for check in self.checks)

    @property
    def sort(self) -> str:
        """How the cell is drawn."""
        if not self.checks:
            return "free" if self.feasible else "none"
        return "void" if self.void else "felt"


@dataclass(frozen=True)
class Coverage:
    """The grid, message by message."""

    kinds: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Struck, ...]], ...]

    def cells(self, *sorts: str) -> int:
        """How many cells are drawn in one of these ways."""
        return sum(cell.sort in sorts for _, row in self.rows for cell in row)

    @property
    def void(self) -> tuple[str, ...]:
        """The void cells by name."""
        return tuple(
            f"{kind} of {message}"
            for message, row in self.rows
            for kind, cell in zip(self.kinds, row, strict=True) if cell.void
        )


def coverage(checks: Iterable[Check], feasible: Iterable[Cell]) -> Coverage | None:
    """The grid of the planned faults; None where there is nothing to cover."""
    held: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        if check.planned.kind is Kind.FAULT:
            held.setdefault(place_of(check), []).append(check)
    could = {(cell.fault, cell.message) for cell in feasible} | set(held)
    if not could:
        return None
    kinds = tuple(dict.fromkeys((*(kind for kind, _ in held), *sorted(kind for kind, _ in could))))
    messages = sorted({message for _, message in could})
    return Coverage(kinds, tuple(
        (message, tuple(
            Struck((kind, message) in could, tuple(held.get((kind, message), ())))
            for kind in kinds
        ))
        for message in messages
    ))


def place_of(check: Check) -> tuple[str, str]:
    """Kind and message of a fault: from its facts, else from its title ``kind: message``."""
    kind, _, message = (part.strip() for part in check.planned.title.partition(":"))
    return check.fact("kind") or kind, check.fact("message") or message or "any message"
