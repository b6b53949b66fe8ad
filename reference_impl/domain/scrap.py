"""When material may be given up, and who has to sign for it. Source: URS-ADJ-003."""

from __future__ import annotations

from decimal import Decimal

from contracts.model.codes import Code, Refusal
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Quantity
from contracts.model.roles import Duty

_UNDECIDED = (LotStatus.BLOCKED, LotStatus.RECALLED)


# implements FRS-SCR-003
# implements FRS-SCR-004
def check_amount(wanted: Quantity, held: Quantity) -> Refusal | None:
    """Refuse another unit than that of the book, and more than there is."""
    if wanted.unit is not held.unit:
        return Refusal(Code.UNIT_NOT_BASE_UNIT, "quantity.unit", f"it is {held.unit}")
    if held < wanted:
        return Refusal(Code.QUANTITY_ABOVE_CONTENT, "quantity", f"it holds {held}")
    return None


# implements FRS-SCR-009
def check_decided(status: LotStatus, path: str) -> Refusal | None:
    """Refuse what quality has not decided on: it may be evidence."""
    if status in _UNDECIDED:
        return Refusal(Code.CONTAINER_LOCKED, path, f"it is {status}")
    return None


# implements FRS-SCR-006
# implements FRS-SCR-007
def check_second_person(
    wanted: Quantity, threshold: Decimal, performer: str, verifier: str | None
) -> Refusal | None:
    """Refuse more than the threshold without a second person, and one's own second signature."""
    if verifier is None:
        if wanted.value <= threshold:
            return None
        return Refusal(
            Code.SECOND_PERSON_REQUIRED, "verification", f"it is more than {threshold}"
        )
    if verifier == performer:
        return Refusal(Code.VERIFIER_IS_PERFORMER, "verification.userId", f"{performer} scraps it")
    return None


# implements FRS-SCR-008
def check_signer(duties: frozenset[Duty] | None) -> Refusal | None:
    """Refuse a signature that does not count, or of somebody who may not sign for scrap."""
    if duties is None:
        return Refusal(Code.SIGNATURE_REFUSED, "verification", "user id or password is wrong")
    if not duties & {Duty.SUPERVISOR, Duty.QUALITY}:
        return Refusal(Code.SIGNATURE_REFUSED, "verification", "the signer may not sign for scrap")
    return None
