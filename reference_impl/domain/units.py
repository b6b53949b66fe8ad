"""How much one unit of a material is in another: by its own factors, and by a lot's density.

Sources: URS-UOM-002, URS-UOM-005; 21 CFR 211.101(a), 211.68(b).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from contracts.model.quantities import Unit
from contracts.model.units import Density, UnitFactor

_MASS = frozenset({Unit.KILOGRAM, Unit.GRAM})
_VOLUME = frozenset({Unit.LITRE, Unit.MILLILITRE})


@dataclass(frozen=True)
class Factors:
    """What is stated of a material and a lot. ``celsius``: how warm the material is now."""

    stated: Sequence[UnitFactor] = ()
    densities: Sequence[Density] = ()
    celsius: Decimal | None = None


class Missing(StrEnum):
    """What it would take to convert, and nobody has stated, or not only once."""

    FACTOR = "factor"
    DENSITY = "density at this temperature"


def ratio(factors: Factors, unit: Unit, to: Unit) -> Fraction | Missing:
    """How many ``to`` one ``unit`` is."""
    direct = _stated(factors, unit, to)
    if direct is not None:
        return direct
    if {unit, to} <= _MASS | _VOLUME and (unit in _MASS) != (to in _MASS):
        return _by_density(factors, unit, to)
    return Missing.FACTOR


# implements FRS-UOM-002
def _stated(factors: Factors, unit: Unit, to: Unit) -> Fraction | None:
    """The ratio that master data states; None where it states none, or two that differ."""
    if unit is to:
        return Fraction(1)
    found = {
        Fraction(f.numerator, f.denominator) for f in factors.stated
        if (f.from_unit, f.to_unit) == (unit, to)
    } | {
        Fraction(f.denominator, f.numerator) for f in factors.stated
        if (f.from_unit, f.to_unit) == (to, unit)
    }
    return found.pop() if len(found) == 1 else None


# implements FRS-UOM-009
def _by_density(factors: Factors, unit: Unit, to: Unit) -> Fraction | Missing:
    inside, outside = (
        (Unit.KILOGRAM, Unit.LITRE) if unit in _MASS else (Unit.LITRE, Unit.KILOGRAM)
    )
    before, after = _stated(factors, unit, inside), _stated(factors, outside, to)
    if before is None or after is None:
        return Missing.FACTOR
    densities = {
        Fraction(density.value) for density in factors.densities
        if density.at_celsius == factors.celsius
    }
    if len(densities) != 1:
        return Missing.DENSITY
    kilograms_per_litre = densities.pop()
    middle = 1 / kilograms_per_litre if unit in _MASS else kilograms_per_litre
    return before * middle * after
