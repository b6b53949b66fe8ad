"""How the steps read amounts, days and instants, and how observations show them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from contracts.model.quantities import PositiveQuantity, Quantity
from features.bench import UNIT

AMOUNT = r"(?P<amount>[0-9]+\.[0-9]{3,6}) kg"
LETTER = r"(?P<letter>[A-Z])"
DAY = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"


def amount_of(text: str) -> PositiveQuantity:
    """``10.000`` in the bench's unit."""
    return PositiveQuantity(value=Decimal(text), unit=UNIT)


def quantity_of(text: str) -> Quantity:
    """``0.000`` in the bench's unit; zero is allowed."""
    return Quantity(value=Decimal(text), unit=UNIT)


def day_of(text: str) -> date:
    """A calendar day."""
    return date.fromisoformat(text)


def local_time(text: str) -> datetime:
    """``2026-03-30 09:00`` without a zone, as the clock on the wall shows it."""
    return datetime.fromisoformat(text)
