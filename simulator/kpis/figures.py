"""One key figure: exact, with what it was computed from.

Durations are whole microseconds, shares are two exact amounts; a share is rounded at one named
point, half to even at six decimals, for reading only. Without anything to compute from a figure is
*not computable*, never 0 and never 100 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Any

from contracts.record.digests import digest_of

_SIX = Decimal("0.000001")
_PERCENTS = (50, 95, 99)


class Family(StrEnum):
    """Whose name a figure bears. Source: ISO 22400-2:2014 for those that are in it."""

    ISO_22400 = "ISO 22400-2:2014"
    HARNESS = "GxProof"


@dataclass(frozen=True)
class About:
    """What a figure is: its id, its name, how it is computed, and the requirement it serves."""

    id: str
    name: str
    formula: str
    requirement: str
    family: Family = Family.HARNESS


@dataclass(frozen=True)
class Figure:
    """A computed figure. ``measures`` are exact texts or integers; none: not computable.

    ``events`` are the keys of the messages that it was computed from.
    """

    about: About
    unit: str
    measures: dict[str, int | str] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    why_not: str = ""

    @property
    def is_computable(self) -> bool:
        """Whether there was anything to compute from."""
        return bool(self.measures)

    def to_json(self) -> dict[str, Any]:
        """The figure with all that it rests on."""
        return {
            "id": self.about.id, "name": self.about.name, "family": self.about.family.value,
            "formula": self.about.formula, "requirement": self.about.requirement,
            "unit": self.unit, "state": "computed" if self.measures else "not computable",
            **({"whyNot": self.why_not} if self.why_not else {}),
            "measures": self.measures, "events": len(self.events),
            "eventsSha256": digest_of(sorted(self.events)),
        }


def durations(about: About, taken: Iterable[tuple[str, timedelta]]) -> Figure:
    """The spread of durations by the event that each belongs to: nearest rank, no interpolation."""
    pairs = list(taken)
    if not pairs:
        return Figure(about, "us", why_not="nothing of the kind happened")
    spans = sorted(span // timedelta(microseconds=1) for _, span in pairs)
    measures: dict[str, int | str] = {f"p{p}": nearest_rank(spans, p) for p in _PERCENTS}
    measures["max"] = spans[-1]
    return Figure(about, "us", measures, tuple(key for key, _ in pairs))


def share(
    about: About, part: Decimal | int, whole: Decimal | int, events: Iterable[str]
) -> Figure:
    """A part of a whole."""
    if not whole:
        return Figure(about, "1", why_not="there is nothing to take a share of")
    ratio = (Decimal(part) / Decimal(whole)).quantize(_SIX, ROUND_HALF_EVEN)
    measures: dict[str, int | str] = {
        "numerator": f"{Decimal(part):f}", "denominator": f"{Decimal(whole):f}",
        "ratio": f"{ratio:f}",
    }
    return Figure(about, "1", measures, tuple(events))


def count(about: About, number: int, events: Iterable[str]) -> Figure:
    """How often something happened."""
    return Figure(about, "count", {"count": number}, tuple(events))


def nearest_rank(ordered: Sequence[int], percent: int) -> int:
    """The smallest value that at least ``percent`` of all do not exceed."""
    return ordered[(percent * len(ordered) + 99) // 100 - 1]


def between(start: datetime, end: datetime) -> timedelta:
    """How long it took."""
    return end - start
