"""The stock ledger: each movement takes matter out of one place and puts it into another.

Source: the data dictionary of the contract, entity Movement (double entry, sum zero).
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.model.instants import write_timestamp
from contracts.model.quantities import Quantity
from reference_impl.records.work import Work
from reference_impl.stock import text
from reference_impl.store.tables import movements


@dataclass(frozen=True)
class Spot:
    """A container and where it stands; outside the stock, a name for what is there instead."""

    sscc: str
    location: str


@dataclass(frozen=True)
class Movement:
    """An amount of one lot, from one spot to another. ``cause`` is unique among movements."""

    cause: str
    lot_id: str
    quantity: Quantity
    source: Spot
    target: Spot


def post_movement(work: Work, moved: Movement) -> None:
    """Enter a movement that happens now. Raises: sqlite3.IntegrityError if its cause has one."""
    work.create(
        movements, cause=moved.cause, lot_id=moved.lot_id, from_sscc=moved.source.sscc,
        from_location=moved.source.location, to_sscc=moved.target.sscc,
        to_location=moved.target.location, quantity=text(moved.quantity),
        unit=moved.quantity.unit.value, at=write_timestamp(work.now),
    )
