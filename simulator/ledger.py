"""The physical ledger: where every kilogram and every labelled unit really is, whatever anybody
recorded.

The simulator writes it when matter moves. A power loss or a lost message undoes records, never
matter; a printed label stays printed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from contracts.model.scrap import SerialState


class NotThere(ValueError, AssertionError):
    """Somebody was sent to take what is not there. Matter cannot be invented."""


class Standing(StrEnum):
    """In whose hands a container physically is."""

    STOCK = "in stock"
    ISSUED = "issued to production"
    SAMPLE = "taken as a sample"
    SHIPPED = "shipped"


class Moving(StrEnum):
    """What a movement of matter was."""

    STOOD = "stood there at the start"
    RECEIVED = "received"
    PUT_AWAY = "put away"
    PICKED = "picked"
    ISSUED = "issued"
    RETURNED = "returned"
    TAKEN_BACK = "taken back unused"
    PRODUCED = "produced"
    SAMPLED = "sampled"
    SCRAPPED = "scrapped"
    SPILLED = "spilled"
    SHIPPED = "shipped"
    BROUGHT_ON = "brought on in process"
    LOST_IN_PROCESS = "given up in process"
    TAKEN_OUT = "taken out of its case"
    REPACKED = "put back into a case"
    BROUGHT = "brought elsewhere"
    CAME_BACK = "sent back by a customer"
    ASSEMBLED = "put into a kit"
    TAKEN_APART = "taken out of a kit"
    OPENED = "ended with its kit"


@dataclass(frozen=True)
class Held:
    """What one container holds, and where it stands. Quantities are in the lot's base unit."""

    container: str
    lot: str
    quantity: Decimal
    location: str
    standing: Standing = Standing.STOCK
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moved:
    """Matter that moved: out of one container, into it or into another one, to a place."""

    at: datetime
    moving: Moving
    lot: str
    source: str
    container: str
    quantity: Decimal
    location: str
    order: str = ""
    line: str = ""


@dataclass(frozen=True)
class Onto:
    """Where matter goes: into which container, to which place, in whose hands, for what."""

    container: str
    location: str
    standing: Standing = Standing.STOCK
    order: str = ""
    line: str = ""


@dataclass(frozen=True)
class Sticker:
    """A label of paper: printed once, then on a unit, or in the bin.

    ``custom`` is the language and character set that were asked for; ``misprint`` what people read
    in place of it, empty where the paper says what it should.
    """

    label: str
    unit: str
    printer: str
    applied: bool = False
    custom: str = ""
    misprint: str = ""


class PhysicalLedger:
    """Containers as they are, units on pallets, stickers, and every movement in order."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        self.moves: list[Moved] = []
        self.parents: dict[str, str] = {}
        self.stickers: dict[str, Sticker] = {}
        self.kits: dict[str, dict[str, str]] = {}
        """Kits that are whole: their components, each with its lot, by serial number."""
        self.ended: dict[str, SerialState] = {}
        """Serial numbers that stand in nothing of the site any more."""
        self.stacked: dict[str, int] = {}
        """How many units were first stacked on a pallet."""

    def put(self, held: Held, at: datetime, moving: Moving = Moving.STOOD, order: str = "") -> None:
        """A container comes into being, or into the plant, with its content.

        Raises: ValueError where a container of that name is there already.
        """
        if held.container in self._held:
            raise ValueError(f"{held.container} is there already")
        self._held[held.container] = held
        self.moves.append(
            Moved(
                at, moving, held.lot, held.container, held.container, held.quantity,
                held.location, order,
            )
        )

    def carry(self, at: datetime, container: str, moving: Moving, onto: Onto) -> Moved:
        """A whole container travels, and what stands on it travels with it."""
        held = self.content(container)
        return self.take(at, container, held.quantity, moving, replace_container(onto, container))

    def take(
        self, at: datetime, source: str, quantity: Decimal, moving: Moving, onto: Onto
    ) -> Moved:
        """Somebody takes ``quantity`` out of ``source`` and brings it.

        Raises: NotThere where there is not that much.
        """
        held = self.content(source)
        if quantity > held.quantity:
            raise NotThere(f"{source} holds {held.quantity}, not {quantity}")
        if onto.container == source:
            self._travel(source, onto)
        else:
            self._held[source] = replace(held, quantity=held.quantity - quantity)
            self._held[onto.container] = Held(
                onto.container, held.lot, quantity, onto.location, onto.standing
            )
        moved = Moved(
            at, moving, held.lot, source, onto.container, quantity, onto.location, onto.order,
            onto.line,
        )
        self.moves.append(moved)
        return moved

    def spill(self, at: datetime, container: str, quantity: Decimal) -> None:
        """Matter is gone, and nobody has told anybody."""
        held = self.content(container)
        if quantity > held.quantity:
            raise NotThere(f"{container} holds {held.quantity}, not {quantity}")
        self._held[container] = replace(held, quantity=held.quantity - quantity)
        self.moves.append(
            Moved(at, Moving.SPILLED, held.lot, container, container, quantity, held.location)
        )

    def stack(self, parent: str, children: tuple[str, ...]) -> None:
        """Units are stacked on a pallet."""
        self.stacked.setdefault(parent, len(children))
        for child in children:
            self.parents[child] = parent

    def unstack(self, child: str) -> None:
        """A unit comes off what it stands on; one that stands alone stays so."""
        self.parents.pop(child, None)

    def becomes(self, held: Held) -> None:
        """What a container holds from now on, in whose hands and where."""
        self._held[held.container] = held

    def apply(self, label: str) -> None:
        """A sticker goes onto its unit."""
        self.stickers[label] = replace(self.stickers[label], applied=True)

    def children(self, parent: str) -> tuple[str, ...]:
        """The units that stand on a pallet, by name."""
        return tuple(sorted(child for child, on in self.parents.items() if on == parent))

    def held(self, *standings: Standing) -> list[Held]:
        """All containers, or those in these hands, by name."""
        wanted = standings or tuple(Standing)
        return [h for _, h in sorted(self._held.items()) if h.standing in wanted]

    def is_there(self, container: str) -> bool:
        """Whether there is, or ever was, a container of that name."""
        return container in self._held

    def content(self, container: str) -> Held:
        """What a container holds. Raises: NotThere for one that does not exist."""
        if container not in self._held:
            raise NotThere(f"there is no container {container}")
        return self._held[container]

    def picked(self, order: str, line: str) -> Decimal:
        """How much was physically picked for a line."""
        moves = (
            m for m in self.moves
            if m.moving is Moving.PICKED and m.order == order and m.line == line
        )
        return sum((m.quantity for m in moves), Decimal(0))

    def totals(self, lot: str) -> dict[Moving, Decimal]:
        """How much of a lot moved in each way."""
        totals: dict[Moving, Decimal] = defaultdict(Decimal)
        for moved in self.moves:
            if moved.lot == lot:
                totals[moved.moving] += moved.quantity
        return totals

    def on_hand(self, lot: str) -> Decimal:
        """How much of a lot stands in stock."""
        return sum((h.quantity for h in self.held(Standing.STOCK) if h.lot == lot), Decimal(0))

    def _travel(self, container: str, onto: Onto) -> None:
        held = self._held[container]
        self._held[container] = replace(held, location=onto.location, standing=onto.standing)
        for child in self.children(container):
            self._travel(child, onto)


def replace_container(onto: Onto, container: str) -> Onto:
    """The same destination for a whole container."""
    return replace(onto, container=container)
