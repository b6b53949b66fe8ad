"""Counting the labels of an order against the record.

Source: URS-LBL-003; 21 CFR 211.125(c): each label that was issued is accounted for.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.model.codes import Code, Refusal


@dataclass(frozen=True)
class LabelBalance:
    """What the record says became of the labels of an order."""

    applied: int
    destroyed: int
    open: int

    @property
    def issued(self) -> int:
        """All prints."""
        return self.applied + self.destroyed + self.open

    def difference(self, applied: int, destroyed: int) -> int:
        """How many labels were not found where the record has them."""
        return abs(self.applied - applied) + abs(self.destroyed - destroyed)


# implements FRS-LBL-002
# implements FRS-LBL-003
def check_balance(balance: LabelBalance, difference: int, difference_max: int) -> Refusal | None:
    """Refuse while labels are about, and where more are missing than may be."""
    if balance.open:
        return Refusal(Code.LABELS_OPEN, "orderId", f"{balance.open} of {balance.issued}")
    if difference > difference_max:
        return Refusal(
            Code.LABELS_NOT_BALANCED, "orderId", f"{difference} differ, {difference_max} may"
        )
    return None
