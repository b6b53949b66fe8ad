"""How one amount becomes another: ratios of whole numbers, density, potency, and how it is rounded.

A factor is a ratio of integers that the master data of the material states; where none is stated,
none is assumed. Source: URS-UOM-002 to URS-UOM-005; 21 CFR 211.68(b), 211.101(a).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from contracts.model.identifiers import Identifier
from contracts.model.quantities import ExactDecimal, PositiveDecimal, Unit
from contracts.model.wire_model import WireModel

Term = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)]
ScaleDigits = Annotated[int, Field(strict=True, ge=0, le=6)]


class WholeNumber(Identifier):
    """A whole number above zero as a string of digits, so that no reader makes a float of it."""

    __slots__ = ()
    pattern = r"^[1-9][0-9]{0,39}$"
    shape = "a whole number above zero, at most 40 digits"


class SignedWholeNumber(Identifier):
    """A whole number as a string of digits, with a sign where it is below zero."""

    __slots__ = ()
    pattern = r"^(0|-?[1-9][0-9]{0,39})$"
    shape = "a whole number, at most 40 digits"


class UnitFactor(WireModel):
    """One ``from_unit`` of a material is ``numerator``/``denominator`` of ``to_unit``.

    It serves in both directions. Source: UN/ECE Rec 20; the data dictionary, UomConversion.
    """

    from_unit: Unit
    to_unit: Unit
    numerator: Term
    denominator: Term


class Density(WireModel):
    """What a litre of a lot weighs at one temperature. ``B35`` is kilogram per litre in Rec 20."""

    value: PositiveDecimal
    unit: Literal["B35"]
    at_celsius: ExactDecimal
    """The temperature of the material at which the density holds, in degrees Celsius."""


class PotencyBasis(StrEnum):
    """What a potency is stated of: the material as it is, dried, or without its water."""

    AS_IS = "AS_IS"
    DRIED = "DRIED"
    ANHYDROUS = "ANHYDROUS"


class ExactAmount(WireModel):
    """An amount that six decimals may not hold: ``numerator``/``denominator`` of ``unit``."""

    numerator: SignedWholeNumber
    denominator: WholeNumber
    unit: Unit


class AppliedConversion(WireModel):
    """How a net weight in the unit of the scale became a quantity in the base unit.

    ``numerator``/``denominator`` base units are one unit of the scale, density included;
    net times this ratio is quantity plus ``residue``, exactly.
    """

    numerator: WholeNumber
    denominator: WholeNumber
    residue: ExactAmount
    at_celsius: ExactDecimal | None = None
    """The temperature of the material, where its density was used."""


class QuantityType(StrEnum):
    """What an amount is, as far as rounding goes."""

    STOCK = "STOCK"
    """Posted to the stock ledger."""
    ACTIVE = "ACTIVE"
    """Adjusted for potency."""
    SHOWN = "SHOWN"
    """Told to a person and posted nowhere."""
    PART = "PART"
    """One of several equal parts of a whole."""


class RoundingMode(StrEnum):
    """Which neighbour is taken."""

    HALF_EVEN = "HALF_EVEN"
    DOWN = "DOWN"


class RoundingStage(StrEnum):
    """When an amount is rounded; before that it is exact."""

    POSTING = "POSTING"
    SIGNING = "SIGNING"
    SHOWING = "SHOWING"
    DIVIDING = "DIVIDING"


class RoundingRule(WireModel):
    """How amounts of one type are rounded, by both systems alike. Source: URS-UOM-003.

    ``digits`` absent: as many as the material's stock scale says.
    """

    quantity_type: QuantityType
    mode: RoundingMode
    digits: ScaleDigits | None = None
    stage: RoundingStage


ROUNDING: tuple[RoundingRule, ...] = (
    RoundingRule(
        quantity_type=QuantityType.STOCK, mode=RoundingMode.HALF_EVEN, stage=RoundingStage.POSTING
    ),
    RoundingRule(
        quantity_type=QuantityType.ACTIVE, mode=RoundingMode.HALF_EVEN, digits=6,
        stage=RoundingStage.SIGNING,
    ),
    RoundingRule(
        quantity_type=QuantityType.SHOWN, mode=RoundingMode.HALF_EVEN, digits=6,
        stage=RoundingStage.SHOWING,
    ),
    RoundingRule(
        quantity_type=QuantityType.PART, mode=RoundingMode.DOWN, digits=6,
        stage=RoundingStage.DIVIDING,
    ),
)
"""The rules that both systems keep, one for each type of quantity."""
