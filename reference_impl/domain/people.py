"""Which duties go together. Source: URS-IAM-003; 21 CFR 11.10(g)."""

from __future__ import annotations

from collections.abc import Iterable

from contracts.model.codes import Code, Refusal
from contracts.model.roles import Duty

# Who looks after accounts may also read; everything else creates or changes GMP records.
_BESIDE_ADMINISTRATION = frozenset({Duty.ADMINISTRATOR, Duty.AUDITOR})


# implements FRS-IAM-003
def check_duties(duties: Iterable[Duty], path: str = "duties") -> Refusal | None:
    """Refuse an administrator who would do GMP work as well."""
    given = frozenset(duties)
    if Duty.ADMINISTRATOR not in given or given <= _BESIDE_ADMINISTRATION:
        return None
    others = ", ".join(sorted(given - _BESIDE_ADMINISTRATION))
    return Refusal(Code.DUTIES_NOT_COMPATIBLE, path, f"{Duty.ADMINISTRATOR} beside {others}")
