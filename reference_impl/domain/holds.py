"""Which holds the warehouse may place, and what counts where a hold meets a decision of quality.

Sources: URS-STA-005, URS-STA-007.
"""

from __future__ import annotations

from contracts.model.codes import Code, Refusal
from contracts.model.lot_status import LotStatus

_STRICTNESS: dict[LotStatus, int] = {
    LotStatus.RELEASED: 0,
    LotStatus.QUARANTINE: 1,
    LotStatus.BLOCKED: 2,
    LotStatus.EXPIRED: 3,
    LotStatus.RECALLED: 3,
    LotStatus.REJECTED: 3,
    LotStatus.CLOSED: 4,
}
HOLDS = (LotStatus.QUARANTINE, LotStatus.BLOCKED)


def is_stricter(wanted: LotStatus, present: LotStatus) -> bool:
    """Whether less may be done with a lot in the one status than in the other."""
    return _STRICTNESS[wanted] > _STRICTNESS[present]


# implements FRS-STA-009
def check_hold(present: LotStatus, wanted: LotStatus, path: str) -> Refusal | None:
    """Refuse what is no hold, and what would not be stricter than before."""
    if wanted in HOLDS and is_stricter(wanted, present):
        return None
    return Refusal(Code.ONLY_QUALITY_DECIDES, path, f"from {present} to {wanted}")


# implements FRS-STA-012
def status_after(
    present: LotStatus, decided_from: LotStatus, decided: LotStatus, *, held: bool
) -> LotStatus:
    """The status in the warehouse after a decision of quality arrived.

    A decision that began at another status than the warehouse has did not know of its hold; then
    the stricter of both counts.
    """
    if held and decided_from is not present and not is_stricter(decided, present):
        return present
    return decided
