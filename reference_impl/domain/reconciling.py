"""Comparing the stock of two systems, each as of one moment of its own.

What a message on its way names is at rest in one of them only; it is set apart on both sides.
Source: URS-REC-001, URS-REC-002.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from contracts.model.inspection_differences import HeldRow, StockPicture
from contracts.model.instants import read_timestamp

_NUMBERED = re.compile(r"(?!0{12})[0-9]{12}")
_CONTAINER = re.compile(r"(?<![0-9])(?:\(00\))?([0-9]{18})(?![0-9])")
Place = tuple[str, str, str, str, str]
"""Location, material, lot, status, unit."""
Held = Mapping[str, HeldRow]
"""What a system shows of each container, by SSCC."""


@dataclass(frozen=True)
class Underway:
    """What messages on their way name: containers, and lots of which they name none."""

    containers: frozenset[str] = frozenset()
    lots: frozenset[str] = frozenset()

    def with_(self, other: Underway) -> Underway:
        """Both together."""
        return Underway(self.containers | other.containers, self.lots | other.lots)

    def names(self, row: HeldRow) -> bool:
        """Whether a container is among them."""
        return row.sscc in self.containers or row.lot_id in self.lots


@dataclass(frozen=True)
class Difference:
    """A place with what each side shows there. ``mes`` and ``wms`` are by container."""

    place: Place
    mes: Held
    wms: Held

    @property
    def amounts(self) -> tuple[Decimal, Decimal]:
        """What MES and WMS show at the place."""
        return _sum(self.place, self.mes), _sum(self.place, self.wms)


@dataclass(frozen=True)
class Letter:
    """A message as the journal keeps it: what reconciliation has to know of it."""

    message_id: str
    written_at: datetime
    sequence: int


def letter_in(body: bytes) -> Letter | None:
    """The message in a journalled document; None where it is none, and was refused for its form."""
    content = _read(body)
    try:
        written = read_timestamp(content["time"])
        message_id, sequence = content["id"], content["sequence"]
    except (ValueError, KeyError, TypeError):
        return None
    # Whoever counts messages counts those that the contract knows: numbered from one.
    if not (isinstance(message_id, str) and isinstance(sequence, str)):
        return None
    if not _NUMBERED.fullmatch(sequence) or not isinstance(content.get("data"), dict):
        return None
    return Letter(message_id, written, int(sequence))


def _read(body: bytes) -> dict[str, Any]:
    """The members of a journalled document; none where it is no JSON object."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def named_in(body: bytes) -> Underway:
    """What a message names. Its containers are its own words; a lot counts where it has none."""
    texts, lots = [], set()
    data = _read(body).get("data")
    for name, value in _members(data if isinstance(data, dict) else {}):
        texts.append(value)
        if name == "lotId":
            lots.add(value)
    containers = frozenset(found for text in texts for found in _CONTAINER.findall(text))
    return Underway(containers, frozenset() if containers else frozenset(lots))


def underway_of(picture: StockPicture) -> Underway:
    """What the messages name that a system has on their way."""
    return Underway(
        frozenset(sscc for row in picture.underway for sscc in row.containers),
        frozenset(lot for row in picture.underway for lot in row.lots),
    )


# implements FRS-REC-001
def compare(
    mes: Iterable[HeldRow], wms: Iterable[HeldRow], underway: Underway
) -> tuple[list[Difference], int, int]:
    """What differs, in the order of places; how many places were compared, containers set apart.

    A container that either side shows under an underway lot or name is left out on both sides.
    """
    here: Held = {row.sscc: row for row in mes}
    there: Held = {row.sscc: row for row in wms}
    apart = {row.sscc for row in (*here.values(), *there.values()) if underway.names(row)}
    by_place: dict[Place, tuple[dict[str, HeldRow], dict[str, HeldRow]]] = {}
    for side, rows in enumerate((here, there)):
        for sscc, row in rows.items():
            if sscc not in apart:
                by_place.setdefault(_place(row), ({}, {}))[side][sscc] = row
    found = []
    for place in sorted(by_place):
        at_place = by_place[place]
        if _sum(place, at_place[0]) != _sum(place, at_place[1]):
            involved = sorted({*at_place[0], *at_place[1]})
            found.append(Difference(
                place, {s: here[s] for s in involved if s in here},
                {s: there[s] for s in involved if s in there},
            ))
    return found, len(by_place), len(apart)


def _place(row: HeldRow) -> Place:
    return (row.location_id, row.material_id, row.lot_id, row.status.value,
            row.quantity.unit.value)


def _sum(place: Place, rows: Held) -> Decimal:
    at_place = (row.quantity.value for row in rows.values() if _place(row) == place)
    return sum(at_place, Decimal(0))


def _members(value: Any, name: str = "") -> Iterable[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for member, inner in value.items():
            yield from _members(inner, member)
    elif isinstance(value, list):
        for inner in value:
            yield from _members(inner, name)
