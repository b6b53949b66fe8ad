"""First pass yield: of the units that were packed, those that were good without rework.

ISO 22400-2 counts a good part only where it met the requirements in its first run; a part that was
reworked is inspected and not good, however it ended. What tells of rework in a journal:

- a unit of sale that was taken out of its case for REWORK, whether it was put back or not;
- everything in a case that was taken off its pallet for REWORK and not opened for it in turn: then
  only what came out of it was reworked, and taking it off was the way there;
- an order that was issued what had been packed as the very material that it packs: what it was
  issued was reworked, and so is what it made. Where the journal does not say which units of a
  container were issued, as many of them count as were issued.

Repacking and opening for a return leave a unit as it was.
Source: ISO 22400-2:2014, first pass yield (FPY = GP / IP); URS-KPI-001.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from contracts.model.identifiers import ItemName
from contracts.model.messages.custody import Breaking
from simulator.kpis.figures import About, Family, Figure, share
from simulator.kpis.journals import Exchange, Exchanged

_TELLS = (
    "pack-completed", "unit-aggregated", "unit-disaggregated", "material-issued",
    "material-scrapped",
)

_Order = tuple[str, str]
"""An order and a material."""


def first_pass_yield(exchange: Exchange) -> Figure:
    """Of serialised units: inspected is what was packed, good what was not reworked or scrapped."""
    told = [m for m in exchange.messages if m.name in _TELLS and m.is_done]
    units = Units()
    for message in told:
        units.follow(message)
    about = About(
        "first-pass-yield", "First pass yield",
        "good parts without rework / inspected parts (GP / IP), over serialised units packed",
        "URS-KPI-001", Family.ISO_22400,
    )
    named, unnamed = units.reworked()
    good = len(units.packed - units.scrapped - named) - unnamed
    return share(about, max(good, 0), len(units.packed), [message.key for message in told])


@dataclass(frozen=True)
class Issued:
    """What had been packed and was issued to an order: the units, or none where nobody knows."""

    units: frozenset[str]
    pieces: int


@dataclass
class Units:
    """Units of sale by their names, followed through the messages of a journal in their order."""

    packed: set[str] = field(default_factory=set)
    scrapped: set[str] = field(default_factory=set)
    inside: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """What is in a logistic unit now: units of sale and other logistic units."""
    _made_of: dict[str, str] = field(default_factory=dict)
    """The material of each packed lot; below what came of an order, and what it was issued."""
    _made: defaultdict[_Order, set[str]] = field(default_factory=lambda: defaultdict(set))
    _issued: defaultdict[_Order, list[Issued]] = field(default_factory=lambda: defaultdict(list))
    _taken_out: set[str] = field(default_factory=set)
    _taken_off: dict[str, set[str]] = field(default_factory=dict)

    def reworked(self) -> tuple[set[str], int]:
        """The units that were reworked by their names, and how many more without."""
        named, unnamed = self._taken_out.union(*self._taken_off.values()), 0
        for order, made in self._made.items():
            for one in self._issued[order]:
                named |= made | one.units
                unnamed += 0 if one.units else one.pieces
        return named, unnamed

    def follow(self, message: Exchanged) -> None:
        """Take over what one message tells."""
        {
            "pack-completed": self._pack, "unit-aggregated": self._put_in,
            "unit-disaggregated": self._take_out, "material-issued": self._issue,
            "material-scrapped": self._scrap,
        }[message.name](message.data)

    def _pack(self, data: Any) -> None:
        items = {str(ItemName.of(data.gtin, serial)) for serial in data.serials}
        self.packed |= items
        self.inside[data.sscc] |= items
        self._made_of[data.lot_id] = data.material_id
        self._made[data.order_id, data.material_id] |= items

    def _put_in(self, data: Any) -> None:
        children = {str(child) for child in data.children}
        self.inside[data.parent] |= children
        if data.source is not None:
            self.inside[data.source] -= children

    def _take_out(self, data: Any) -> None:
        is_rework = data.purpose is Breaking.REWORK
        if is_rework:
            self._taken_off.pop(data.parent, None)
        for out in data.taken_out:
            name = str(out.unit)
            self.inside[data.parent].discard(name)
            if out.into is not None:
                self.inside[out.into].add(name)
            if is_rework and out.unit.is_item:
                self._taken_out.add(name)
            elif is_rework:
                self._taken_off[name] = self._items(name)

    def _issue(self, data: Any) -> None:
        if self._made_of.get(data.lot_id) != data.material_id:
            return
        items, pieces = self._items(data.source_container), int(data.quantity.value)
        known = frozenset(items) if len(items) == pieces else frozenset()
        self._issued[data.order_id, data.material_id].append(Issued(known, pieces))

    def _scrap(self, data: Any) -> None:
        self.scrapped |= {str(ItemName.of(data.gtin, one)) for one in data.serials if data.gtin}

    def _items(self, name: str) -> set[str]:
        found: set[str] = set()
        waiting, seen = [name], {name}
        while waiting:
            for one in self.inside.get(waiting.pop(), set()):
                if one not in self.inside:
                    found.add(one)
                elif one not in seen:
                    seen.add(one)
                    waiting.append(one)
        return found

