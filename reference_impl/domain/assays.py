"""What a potency counts for: its basis, and the active quantity that it makes of a weight.

Sources: URS-UOM-004, URS-UOM-005; 21 CFR 211.101(a).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from contracts.model.codes import Code, Refusal
from contracts.model.quantities import Quantity
from contracts.model.units import PotencyBasis, QuantityType
from reference_impl.domain.rounding import Rounded, rounded


@dataclass(frozen=True)
class Assay:
    """The assay of a lot that counts: its version, potency in percent, and what that is of."""

    version: int
    potency: Decimal
    basis: PotencyBasis | None


# implements FRS-UOM-010
def check_basis(
    stated: PotencyBasis | None, of_material: PotencyBasis | None, path: str
) -> Refusal | None:
    """Refuse a potency that is stated on no basis, or on another one than the material's."""
    if stated is not None and stated is of_material:
        return None
    return Refusal(
        Code.POTENCY_BASIS_MISMATCH, path,
        f"the potency is stated {stated or 'on no basis'}, the material {of_material or 'none'}",
    )


# implements FRS-UOM-008
def active_quantity(net: Quantity, assay: Assay) -> Rounded:
    """How much active substance a net weight holds."""
    exact = Fraction(net.value) * Fraction(assay.potency) / 100
    return rounded(exact, net.unit, QuantityType.ACTIVE)
