"""The one place where an amount is rounded; what that takes is handed back as an exact residue.

Source: URS-UOM-003.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from contracts.model.codes import Code, Refusal
from contracts.model.quantities import Quantity, Unit
from contracts.model.units import ROUNDING, ExactAmount, QuantityType, RoundingMode

_RULES = {rule.quantity_type: rule for rule in ROUNDING}
_WHOLE_DIGITS = 15
STOCK_DIGITS = 6


@dataclass(frozen=True)
class Rounded:
    """A rounded quantity; with ``residue``, in the same unit, it is what it was made of."""

    quantity: Quantity
    residue: Fraction

    @property
    def exact_residue(self) -> ExactAmount:
        """The residue as the contract writes it."""
        return exact_amount(self.residue, self.quantity.unit)


# implements FRS-UOM-004
def rounded(
    exact: Fraction, unit: Unit, kind: QuantityType, stock_digits: int = STOCK_DIGITS
) -> Rounded:
    """Round an amount by the rule of its type.

    Raises: ValueError where it has more than 15 digits before the point.
    """
    rule = _RULES[kind]
    digits = stock_digits if rule.digits is None else rule.digits
    scaled = exact * 10**digits
    whole = round(scaled) if rule.mode is RoundingMode.HALF_EVEN else int(scaled)
    if abs(whole) >= 10 ** (_WHOLE_DIGITS + digits):
        raise ValueError(f"more than {_WHOLE_DIGITS} digits before the point")
    value = Decimal(whole) / Decimal(10**digits)
    return Rounded(Quantity(value=value, unit=unit), exact - Fraction(whole, 10**digits))


def posted(exact: Fraction, unit: Unit, stock_digits: int, path: str) -> Rounded | Refusal:
    """An amount above zero as the stock ledger takes it; refused where nothing is left of it."""
    try:
        amount = rounded(exact, unit, QuantityType.STOCK, stock_digits)
    except ValueError as exc:
        return Refusal(Code.QUANTITY_OUT_OF_RANGE, path, str(exc))
    if amount.quantity.value > 0:
        return amount
    return Refusal(
        Code.QUANTITY_OUT_OF_RANGE, path, f"to {stock_digits} digits nothing is left of it"
    )


def divided(exact: Fraction, unit: Unit, parts: int) -> Rounded:
    """One of several equal parts, and what they leave of the whole. Raises: ValueError."""
    kind = QuantityType.SHOWN if parts == 1 else QuantityType.PART
    part = rounded(exact / parts, unit, kind)
    return Rounded(part.quantity, exact - parts * Fraction(part.quantity.value))


def exact_amount(amount: Fraction, unit: Unit) -> ExactAmount:
    """An exact amount as the contract writes it."""
    return ExactAmount(
        numerator=str(amount.numerator), denominator=str(amount.denominator), unit=unit
    )
