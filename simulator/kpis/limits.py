"""Limits of key figures, and what is above or below them. Source: URS-KPI-002.

A limit names a figure and one of its measures; durations are limited in seconds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from contracts.model.quantities import ExactDecimal
from contracts.model.wire_model import WireModel
from simulator.kpis.figures import Figure

_MICROSECONDS = Decimal(1_000_000)


class LimitsUnreadable(ValueError):
    """A file of limits that cannot be read, or that names what no figure has."""


class Limit(WireModel):
    """The most or the least that a measure of a figure may be."""

    figure: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    measure: Annotated[str, StringConstraints(pattern=r"^(p50|p95|p99|max|ratio|count)$")]
    at_most: ExactDecimal | None = None
    at_least: ExactDecimal | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.at_most is None and self.at_least is None:
            raise ValueError("a limit says atMost or atLeast")
        return self


class Limits(WireModel):
    """All limits of a site."""

    limit: Annotated[tuple[Limit, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Breach:
    """A figure that is beyond its limit. ``observed`` is in the unit of the limit."""

    figure: Figure
    limit: Limit
    observed: Decimal

    @property
    def sentence(self) -> str:
        """What is wrong, for the deviation that it opens."""
        most, least = self.limit.at_most, self.limit.at_least
        above = most is not None and self.observed > most
        word, bound = ("at most", most) if above else ("at least", least)
        unit = " s" if self.figure.unit == "us" else ""
        return (
            f"{self.figure.about.name} ({self.limit.measure}) is {self.observed:f}{unit}, "
            f"{word} {bound:f}{unit} is allowed"
        )


def read_limits(raw: bytes) -> tuple[Limit, ...]:
    """Read a TOML file of limits. Raises: LimitsUnreadable in words."""
    try:
        return Limits.from_json(tomllib.loads(raw.decode("utf-8"))).limit
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise LimitsUnreadable(f"the limits: {place}: {first['msg']}") from exc
    except ValueError as exc:
        raise LimitsUnreadable(f"the limits are not TOML: {exc}") from exc


def breaches_of(
    figures: Iterable[Figure], limits: Iterable[Limit]
) -> tuple[tuple[Breach, ...], tuple[Limit, ...]]:
    """What is beyond its limit, and the limits that nothing could be held against.

    Raises: LimitsUnreadable where a limit names a figure or measure that does not exist.
    """
    known = {figure.about.id: figure for figure in figures}
    found, unheld = [], []
    for limit in limits:
        figure = known.get(limit.figure)
        if figure is None:
            raise LimitsUnreadable(f"no figure is called {limit.figure}")
        if not figure.is_computable:
            unheld.append(limit)
            continue
        observed = _observed(figure, limit)
        most, least = limit.at_most, limit.at_least
        if (most is not None and observed > most) or (least is not None and observed < least):
            found.append(Breach(figure, limit, observed))
    return tuple(found), tuple(unheld)


def _observed(figure: Figure, limit: Limit) -> Decimal:
    if limit.measure not in figure.measures:
        has = ", ".join(figure.measures)
        raise LimitsUnreadable(f"{limit.figure} has no {limit.measure}; it has {has}")
    value = Decimal(figure.measures[limit.measure])
    return value / _MICROSECONDS if figure.unit == "us" else value
