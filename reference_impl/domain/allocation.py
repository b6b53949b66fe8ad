"""Which containers to take for a line: first expired, first out, all of it or nothing.

Sources: URS-PCK-001, URS-EXP-002 (ties by release date).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contracts.model.identifiers import Sscc
from contracts.model.quantities import Quantity
from reference_impl.domain.lot_status import LotInUse, check_usable, has_shelf_life


@dataclass(frozen=True)
class Candidate:
    """A container that could serve a line. ``free`` is what no other line has set aside."""

    sscc: Sscc
    lot: LotInUse
    released_at: datetime
    free: Quantity


@dataclass(frozen=True)
class Share:
    """How much of one container is set aside."""

    sscc: Sscc
    lot_id: str
    quantity: Quantity


# implements FRS-PCK-004
def allocate(
    wanted: Quantity, candidates: Iterable[Candidate], now: datetime, minimum_days: int
) -> tuple[Share, ...]:
    """Shares that sum to ``wanted`` exactly, or none at all where the stock does not suffice."""
    shares: list[Share] = []
    missing = wanted
    for candidate in sorted(candidates, key=_first_expired_first):
        if missing.value == 0:
            break
        if not _eligible(candidate, now, minimum_days):
            continue
        taken = min(missing, candidate.free)
        shares.append(Share(candidate.sscc, candidate.lot.lot_id, taken))
        missing = missing - taken
    return tuple(shares) if missing.value == 0 else ()


# implements FRS-EXP-002
def _first_expired_first(candidate: Candidate) -> tuple[datetime, datetime, str, str]:
    return candidate.lot.expires_at, candidate.released_at, candidate.lot.lot_id, candidate.sscc


def _eligible(candidate: Candidate, now: datetime, minimum_days: int) -> bool:
    if candidate.free.value <= 0 or check_usable(candidate.lot, now, ""):
        return False
    return has_shelf_life(candidate.lot, now, minimum_days)
