"""May a lot be used now: how its owner answers, and what the asker makes of the answer.

Sources: URS-PCK-005, URS-STA-004.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.model.codes import Code, Refusal
from contracts.model.instants import later
from contracts.model.questions import Validation, WhyNot
from reference_impl.domain.lot_status import LotInUse, check_usable

# How long an answer counts; longer than a call takes, shorter than a walk to the rack.
GOOD_FOR = timedelta(seconds=60)


def state_of_use(lot: LotInUse | None, asked_for: str, now: datetime) -> Validation:
    """The owner's answer, by its own records and clock."""
    if lot is None:
        return Validation(
            allowed=False, code=WhyNot.UNKNOWN_LOT, detail=f"lot {asked_for} is not known here",
            answered_at=now,
        )
    refusal = check_usable(lot, now, "")
    if refusal is None:
        ends = min(lot.expires_at, lot.retest_at or lot.expires_at)
        return Validation(
            allowed=True, until=min(later(now, GOOD_FOR), ends), status=lot.status,
            detail=f"lot {lot.lot_id} may be used", answered_at=now,
        )
    return Validation(
        allowed=False, code=WhyNot(refusal.code.value), status=lot.status, detail=refusal.detail,
        answered_at=now,
    )


# implements FRS-PCK-014
# implements FRS-STA-041
def check_answer(reply: Validation | None, now: datetime, path: str) -> Refusal | None:
    """Refuse what the owner does not allow, and what nobody can confirm."""
    if reply is None:
        return Refusal(Code.STATUS_UNCONFIRMED, path, "the owner of the status did not answer")
    if reply.code is not None:
        return Refusal(Code(reply.code.value), path, reply.detail)
    if reply.until is None or now >= reply.until:
        return Refusal(Code.STATUS_UNCONFIRMED, path, "the answer of the owner is too old")
    return None
