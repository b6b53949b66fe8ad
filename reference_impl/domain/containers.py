"""What quality may decide about a container that is stricter than its lot. Source: URS-RCV-007."""

from __future__ import annotations

from contracts.model.codes import Code, Refusal
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Duty

_WAITING = (LotStatus.BLOCKED, LotStatus.QUARANTINE)
Signer = tuple[str, frozenset[Duty]]


# implements FRS-RCV-028
def check_waiting(status: str | None, path: str) -> Refusal | None:
    """Refuse a container that waits for no decision of its own."""
    if status is not None and LotStatus(status) in _WAITING:
        return None
    return Refusal(Code.NOTHING_TO_DECIDE, path, f"it is {status or 'as its lot'}")


# implements FRS-RCV-029
# implements FRS-RCV-030
def check_signers(
    wanted: LotStatus, first: Signer | None, second: Signer | None, prefix: str = ""
) -> Refusal | None:
    """Refuse a decision that quality has not signed, and a release that two have not."""
    path = f"{prefix}signature"
    if first is None or Duty.QUALITY not in first[1]:
        return Refusal(Code.SIGNATURE_REFUSED, path, "it is none of the quality unit")
    if wanted is not LotStatus.RELEASED:
        return None
    path = f"{prefix}secondSignature"
    if second is None or second[0] == first[0]:
        return Refusal(Code.SECOND_SIGNATURE_REQUIRED, path, "a release is signed by two persons")
    if Duty.QUALITY not in second[1]:
        return Refusal(Code.SIGNATURE_REFUSED, path, "it is none of the quality unit")
    return None


# implements FRS-RCV-032
def status_after(wanted: LotStatus) -> str | None:
    """The container's own status: none when it is released, then it is as its lot again."""
    return None if wanted is LotStatus.RELEASED else wanted.value
