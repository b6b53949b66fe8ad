"""When a reason says something. Source: URS-AUD-002."""

from __future__ import annotations

from contracts.model.codes import Code, Refusal

REASON_MIN = 5


# implements FRS-AUD-002
def check_reason(reason: str, path: str = "reason") -> Refusal | None:
    """Refuse a reason of fewer than five characters that are not blank."""
    given = len("".join(reason.split()))
    if given >= REASON_MIN:
        return None
    return Refusal(Code.REASON_TOO_SHORT, path, f"{given} characters of {REASON_MIN}")
