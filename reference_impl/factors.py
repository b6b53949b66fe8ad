"""The factors of a material and the densities of a lot, as the tables of both systems keep them.

Sources: URS-UOM-002, URS-UOM-005.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal

from contracts.model.units import Density, UnitFactor
from reference_impl.domain.rounding import STOCK_DIGITS
from reference_impl.domain.units import Factors
from reference_impl.store.database import Row


def conversions_text(factors: Iterable[UnitFactor]) -> str | None:
    """Factors as a column keeps them and a publication shows them; none leave it empty."""
    lines = sorted(f"{f.from_unit}={f.numerator}/{f.denominator} {f.to_unit}" for f in factors)
    return "; ".join(lines) or None


def densities_text(densities: Iterable[Density]) -> str | None:
    """Densities as a column keeps them; none leave it empty."""
    kept = [density.to_json() for density in densities]
    return json.dumps(kept) if kept else None


def factors_of(material: Row, lot: Row | None, celsius: Decimal | None) -> Factors:
    """What is stated of a material and of a lot of it."""
    return Factors(stated_factors(material), stated_densities(lot) if lot else (), celsius)


def stated_factors(material: Row) -> tuple[UnitFactor, ...]:
    """The factors of a material, in the order of its column."""
    stated = material["conversions"]
    return tuple(map(_factor, stated.split("; "))) if stated else ()


def stated_densities(lot: Row) -> tuple[Density, ...]:
    """The densities of a lot, in the order in which they came."""
    kept = lot["densities"]
    return tuple(map(Density.from_json, json.loads(kept))) if kept else ()


def stock_digits(material: Row) -> int:
    """To how many digits after the point the stock of a material is kept."""
    digits = material["stock_scale"]
    return STOCK_DIGITS if digits is None else int(digits)


def _factor(text: str) -> UnitFactor:
    unit, _, rest = text.partition("=")
    terms, _, to_unit = rest.partition(" ")
    numerator, _, denominator = terms.partition("/")
    return UnitFactor(
        from_unit=unit, to_unit=to_unit, numerator=int(numerator), denominator=int(denominator)
    )
