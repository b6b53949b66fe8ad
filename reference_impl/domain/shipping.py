"""What may leave the site, or move while quality decides.

Sources: URS-PAK-004, URS-STA-006.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from contracts.model.codes import Code, Refusal
from contracts.model.lot_status import LotStatus
from reference_impl.domain.lot_status import LotInUse, check_usable

ON_HOLD = frozenset({LotStatus.BLOCKED, LotStatus.REJECTED, LotStatus.RECALLED})


# implements FRS-STA-006
def check_unlocked(content: Iterable[LotInUse], path: str) -> Refusal | None:
    """Refuse a unit that holds anything on hold, at any level. ``content`` is all that it holds."""
    for held in content:
        if held.status in ON_HOLD:
            return Refusal(Code.CONTAINER_LOCKED, path, f"lot {held.lot_id} is {held.status}")
    return None


# implements FRS-SHP-003
# implements FRS-SHP-004
# implements FRS-SHP-005
def check_shippable(
    content: Iterable[LotInUse], now: datetime, minimum_days: int, path: str
) -> Refusal | None:
    """Refuse what is not released, not in date, or too near to its expiry for the customer."""
    for held in content:
        refusal = check_usable(held, now, path)
        if refusal:
            return refusal
        if held.expires_at - now < timedelta(days=minimum_days):
            return Refusal(
                Code.SHELF_LIFE_TOO_SHORT, path,
                f"lot {held.lot_id} expires at {held.expires_at}, {minimum_days} days are wanted",
            )
    return None
