"""The stock ledger: each movement takes matter out of one place and puts it into another.

Source: the data dictionary of the contract, entity Movement (double entry, sum zero).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from contracts.model.inspection_batch import MovementRow, Movements
from contracts.model.instants import read_timestamp, write_timestamp
from contracts.model.quantities import Quantity
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.stock import quantity, text
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import movements

_MOVEMENTS = Statement(select(movements).order_by(movements.c.cause))


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
    """Enter a movement that happens now. Raises: the error of the engine if its cause has one."""
    work.create(movements, **_entered(work, moved))


def post_movement_once(work: Work, moved: Movement) -> bool:
    """The same. Returns: False where its cause has a movement already, and nothing is entered."""
    return work.create_once(movements, **_entered(work, moved))


def _entered(work: Work, moved: Movement) -> dict[str, str]:
    return {
        "cause": moved.cause, "lot_id": moved.lot_id, "from_sscc": moved.source.sscc,
        "from_location": moved.source.location, "to_sscc": moved.target.sscc,
        "to_location": moved.target.location, "quantity": text(moved.quantity),
        "unit": moved.quantity.unit.value, "at": write_timestamp(work.now),
    }


def show_movements(connection: Connection, _: Settings, __: int) -> Movements:
    """The whole stock ledger."""
    return Movements(
        rows=tuple(
            MovementRow(
                cause=row["cause"], lot_id=row["lot_id"], from_container=row["from_sscc"],
                from_location=row["from_location"], to_container=row["to_sscc"],
                to_location=row["to_location"], quantity=quantity(row),
                moved_at=read_timestamp(row["at"]),
            )
            for row in connection.rows(_MOVEMENTS)
        )
    )
