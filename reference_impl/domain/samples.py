"""What may be sampled: material in quarantine or released, in date, as much as there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contracts.model.codes import Code, Refusal
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Quantity
from reference_impl.domain.lot_status import LotInUse, is_expired

MAY_BE_SAMPLED = (LotStatus.QUARANTINE, LotStatus.RELEASED)


@dataclass(frozen=True)
class SampledContainer:
    """A container that a sampler opens. ``status`` is its own where it is stricter than the lot."""

    content: Quantity
    lot: LotInUse
    status: LotStatus


# implements FRS-ADJ-015
# implements FRS-SMP-001
# implements FRS-SMP-002
# implements FRS-SMP-003
# implements FRS-SMP-004
def check_sample(
    hand: SampledContainer, wanted: Quantity, now: datetime, label_is_used: bool
) -> Refusal | None:
    """Refuse what may not be sampled, what is not there, and a label that was used before."""
    if is_expired(hand.lot, now):
        return Refusal(Code.LOT_EXPIRED, "scan", f"lot {hand.lot.lot_id} has expired")
    if hand.status not in MAY_BE_SAMPLED:
        return Refusal(Code.SAMPLING_NOT_ALLOWED, "scan", f"it is {hand.status}")
    if wanted.unit is not hand.content.unit:
        return Refusal(Code.UNIT_NOT_BASE_UNIT, "quantity.unit", f"it is {hand.content.unit}")
    if hand.content < wanted:
        return Refusal(Code.QUANTITY_ABOVE_CONTENT, "quantity", f"it holds {hand.content}")
    if label_is_used:
        return Refusal(Code.CONTAINER_IN_USE, "sampleContainer", "the label was used before")
    return None
