"""What serial numbers have to agree with: each stands once, as many as are counted, of one item."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.model.quantities import Quantity, Unit


def must_be_counted(serials: Sequence[str], quantity: Quantity, gtin: str | None) -> None:
    """Check the serial numbers of a message. Raises: ValueError in words."""
    if not serials:
        return
    if gtin is None:
        raise ValueError("serial numbers need the gtin of their item")
    if len(set(serials)) != len(serials):
        raise ValueError("a serial number stands twice")
    if quantity.unit is not Unit.EACH or len(serials) != quantity.value:
        raise ValueError(f"{len(serials)} serials of {quantity}")
