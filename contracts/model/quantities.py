"""Exact amounts of material: a decimal and a UN/ECE Rec 20 unit code, never a binary float.

On the wire a quantity is ``{"value": "12.500", "unit": "KGM"}``. The value is a string because a
JSON number is read as a binary float by most parsers. Source: URS-UOM-001; UN/ECE Rec 20 Rev 17.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from contracts.model.wire_model import WireModel

DECIMAL_PATTERN = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$"
POSITIVE_PATTERN = (
    r"^([1-9][0-9]{0,14}(\.[0-9]{1,6})?"
    r"|0\.([1-9][0-9]{0,5}|0[1-9][0-9]{0,4}|00[1-9][0-9]{0,3}|000[1-9][0-9]{0,2}"
    r"|0000[1-9][0-9]?|00000[1-9]))$"
)
NON_NEGATIVE_PATTERN = r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$"

PIECES_PATTERN = r"^[1-9][0-9]{0,7}$"
PERCENT_PATTERN = r"^[1-9][0-9]{0,2}(\.[0-9]{1,3})?$"

_DECIMAL = re.compile(DECIMAL_PATTERN)
_PERCENT = re.compile(PERCENT_PATTERN)


class Unit(StrEnum):
    """The Rec 20 codes in use. ``KG`` is a keg in Rec 20; the kilogram is ``KGM``."""

    KILOGRAM = "KGM"
    GRAM = "GRM"
    LITRE = "LTR"
    MILLILITRE = "MLT"
    EACH = "C62"


class UnitMismatch(ValueError):
    """Two quantities of different units were added or compared."""


def read_decimal(value: Any) -> Decimal:
    """A decimal from its string: at most 15 digits before the point and 6 after it.

    Raises: ValueError for any other shape, JSON numbers included.
    """
    if isinstance(value, Decimal):
        value = f"{value:f}"
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise ValueError("expected a decimal string, at most 15 digits, a point and 6 digits")
    return Decimal(value)


def _percent(value: Any) -> Decimal:
    text = f"{value:f}" if isinstance(value, Decimal) else value
    if not isinstance(text, str) or not _PERCENT.fullmatch(text):
        raise ValueError("expected percent from 1 to 999.999, at most three digits after the point")
    return Decimal(text)


def _above_zero(value: Decimal) -> Decimal:
    if value <= 0:
        raise ValueError("expected an amount above zero")
    return value


def _whole(value: Decimal) -> Decimal:
    if not re.fullmatch(PIECES_PATTERN.removeprefix("^").removesuffix("$"), f"{value:f}"):
        raise ValueError("expected a whole number of at most 8 digits above zero")
    return value


def _not_below_zero(value: Decimal) -> Decimal:
    if value < 0 or value.is_signed():
        raise ValueError("expected an amount of zero or more")
    return value


_AS_STRING = PlainSerializer(lambda d: f"{d:f}", return_type=str)

ExactDecimal = Annotated[
    Decimal,
    BeforeValidator(read_decimal),
    _AS_STRING,
    WithJsonSchema({"type": "string", "pattern": DECIMAL_PATTERN}),
]

PositiveDecimal = Annotated[
    Decimal,
    BeforeValidator(read_decimal),
    AfterValidator(_above_zero),
    _AS_STRING,
    WithJsonSchema({"type": "string", "pattern": POSITIVE_PATTERN}),
]

PieceCount = Annotated[
    Decimal,
    BeforeValidator(read_decimal),
    AfterValidator(_whole),
    _AS_STRING,
    WithJsonSchema({"type": "string", "pattern": PIECES_PATTERN}),
]


Percent = Annotated[
    Decimal,
    BeforeValidator(_percent),
    _AS_STRING,
    WithJsonSchema({"type": "string", "pattern": PERCENT_PATTERN}),
]

NonNegativeDecimal = Annotated[
    Decimal,
    BeforeValidator(read_decimal),
    AfterValidator(_not_below_zero),
    _AS_STRING,
    WithJsonSchema({"type": "string", "pattern": NON_NEGATIVE_PATTERN}),
]


class Quantity(WireModel):
    """An amount with its unit. Arithmetic is exact and stays inside one unit.

    Raises: UnitMismatch when two units meet; a conversion is a named act elsewhere.
    """

    value: ExactDecimal
    unit: Unit

    @classmethod
    def of(cls, text: str) -> Quantity:
        """Read ``"12.500 KGM"``. Raises: ValueError when it is not value, space, unit."""
        value, _, unit = text.partition(" ")
        return cls(value=read_decimal(value), unit=Unit(unit))

    @classmethod
    def zero(cls, unit: Unit) -> Quantity:
        """Nothing, in ``unit``."""
        return cls(value=Decimal(0), unit=unit)

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(value=self.value + self._same(other), unit=self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity(value=self.value - self._same(other), unit=self.unit)

    def __lt__(self, other: Quantity) -> bool:
        return self.value < self._same(other)

    def __le__(self, other: Quantity) -> bool:
        return self.value <= self._same(other)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Quantity):
            return NotImplemented
        return self.unit is other.unit and self.value == other.value

    def __hash__(self) -> int:
        return hash((self.value, self.unit))

    def __str__(self) -> str:
        return f"{self.value:f} {self.unit}"

    def _same(self, other: Quantity) -> Decimal:
        if self.unit is not other.unit:
            raise UnitMismatch(f"{self.unit} and {other.unit} cannot be mixed")
        return other.value


class PositiveQuantity(Quantity):
    """An amount above zero, as requests and facts carry it."""

    value: PositiveDecimal


class Pieces(PositiveQuantity):
    """A whole number of pieces, at most what a label can say. Source: GS1 AI (37)."""

    value: PieceCount
    unit: Literal[Unit.EACH]
class NonNegativeQuantity(Quantity):
    """An amount of zero or more, as a book or a count holds it."""

    value: NonNegativeDecimal
