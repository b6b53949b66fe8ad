"""The physical ledger: where every kilogram really is, whatever anybody recorded.

The simulator writes it when matter moves. A power loss or a lost message undoes records, never
matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class Held:
    """What one container holds, and where it stands. Quantities are in the lot's base unit."""

    container: str
    lot: str
    quantity: Decimal
    location: str


@dataclass(frozen=True)
class Moved:
    """Matter that was picked: from one container, into it or into another one, to a place."""

    at: datetime
    order: str
    line: str
    lot: str
    source: str
    container: str
    quantity: Decimal
    location: str


class PhysicalLedger:
    """Containers as they are, and every pick that physically took place, in order."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        self.moves: list[Moved] = []

    def put(self, held: Held) -> None:
        """A container stands somewhere at the start."""
        self._held[held.container] = held

    def move(self, moved: Moved) -> None:
        """A picker takes ``quantity`` out of ``source`` and brings it.

        Raises: ValueError where there is not that much; matter cannot be invented.
        """
        source = self._held[moved.source]
        if moved.quantity > source.quantity:
            raise ValueError(f"{moved.source} holds {source.quantity}, not {moved.quantity}")
        if moved.container == moved.source:
            self._held[moved.source] = replace(source, location=moved.location)
        else:
            left = source.quantity - moved.quantity
            self._held[moved.source] = replace(source, quantity=left)
            self._held[moved.container] = Held(
                moved.container, moved.lot, moved.quantity, moved.location
            )
        self.moves.append(moved)

    def held(self) -> list[Held]:
        """All containers, by name."""
        return [self._held[name] for name in sorted(self._held)]

    def content(self, container: str) -> Held:
        """What a container holds. Raises: KeyError."""
        return self._held[container]

    def picked(self, order: str, line: str) -> Decimal:
        """How much was physically picked for a line."""
        moves = (m for m in self.moves if m.order == order and m.line == line)
        return sum((m.quantity for m in moves), Decimal(0))
