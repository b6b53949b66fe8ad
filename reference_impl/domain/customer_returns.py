"""What may come back from a customer: what left, no more of it, with the serial numbers it had.

Source: URS-RET-002.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from contracts.model.codes import Code, Refusal
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Quantity
from contracts.model.stimulus import Purpose
from reference_impl.domain.serials import check_serials


@dataclass(frozen=True)
class Shipped:
    """A container as it left. ``serials`` are the units that were in it."""

    quantity: Quantity
    serials: Collection[str]


# implements FRS-RET-028
# implements FRS-RET-029
def check_returned(
    shipped: Shipped, quantity: Quantity, serials: Sequence[str]
) -> Refusal | None:
    """Refuse what is not what was shipped."""
    if quantity.unit is not shipped.quantity.unit:
        return Refusal(
            Code.UNIT_NOT_BASE_UNIT, "quantity.unit", f"it left in {shipped.quantity.unit}"
        )
    if shipped.quantity < quantity:
        return Refusal(Code.RETURN_ABOVE_SHIPPED, "quantity", f"{shipped.quantity} left")
    return check_serials(serials, shipped.serials, quantity)


# implements FRS-RET-030
# implements FRS-RET-031
def check_dock(purpose: str | None, location_id: str) -> Refusal | None:
    """Refuse a place that is not known, or not for receiving."""
    if purpose is None:
        return Refusal(Code.UNKNOWN_LOCATION, "locationId", location_id)
    if purpose != Purpose.RECEIVING:
        return Refusal(Code.WRONG_PURPOSE, "locationId", f"it is for {purpose}")
    return None


# implements FRS-RET-033
def status_of_return() -> LotStatus:
    """The status in which everything enters that a customer sent back."""
    return LotStatus.QUARANTINE
