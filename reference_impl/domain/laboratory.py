"""How a result is judged, and when it is the assay of its lot. Source: URS-LIM-001."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.model.codes import Code, Refusal
from contracts.model.lot_status import LotStatus
from contracts.model.quality import ResultVerdict
from contracts.model.roles import Duty
from reference_impl.domain.lot_status import LotInUse

_ASSAY_DIGITS = 3
_REVIEWERS = frozenset({Duty.ANALYST, Duty.QUALITY})
# Who found a result and who reviewed it.
Roles = tuple[str, str]


@dataclass(frozen=True)
class Limits:
    """The specification of one test; both ends are within, None is no limit."""

    unit: str
    low: Decimal | None
    high: Decimal | None
    sets_potency: bool


def verdict_of(value: Decimal, limits: Limits) -> ResultVerdict:
    """Whether a value is within its limits; nothing is rounded."""
    is_low = limits.low is not None and value < limits.low
    is_high = limits.high is not None and value > limits.high
    return ResultVerdict.FAILED if is_low or is_high else ResultVerdict.PASSED


# implements FRS-LIM-003
def check_unit(unit: str, limits: Limits) -> Refusal | None:
    """Refuse another unit than that of the specification."""
    if unit == limits.unit:
        return None
    return Refusal(Code.TEST_UNIT_DIFFERS, "unit", f"it is {limits.unit}")


# implements FRS-LIM-005
def check_second_analyst(analyst: str, reviewer: str) -> Refusal | None:
    """Refuse that somebody reviews the own result. Source: 21 CFR 211.194(a)(8)."""
    if analyst != reviewer:
        return None
    return Refusal(Code.VERIFIER_IS_PERFORMER, "review.userId", f"{analyst} found it")


# implements FRS-SIG-008
def check_roles(analyst: str, reviewer: str, earlier: Iterable[Roles]) -> Refusal | None:
    """Refuse who did the other part in another result of the same sample. Source: 11.10(g), (j)."""
    for tested_by, reviewed_by in earlier:
        if reviewer == tested_by:
            return Refusal(Code.SIGNERS_NOT_DIFFERENT, "review.userId", f"{reviewer} tested it")
        if analyst == reviewed_by:
            return Refusal(Code.SIGNERS_NOT_DIFFERENT, "sampleId", f"{analyst} reviewed it")
    return None


# implements FRS-SIG-007
def check_third_person(approver: str, found: Iterable[Roles], path: str) -> Refusal | None:
    """Refuse who found or reviewed a result of the lot as the one who releases it."""
    if any(approver in roles for roles in found):
        return Refusal(Code.SIGNERS_NOT_DIFFERENT, path, f"{approver} found or reviewed a result")
    return None


# implements FRS-LIM-006
def may_review(duties: Collection[Duty]) -> bool:
    """Whether somebody with these duties may review a result."""
    return not _REVIEWERS.isdisjoint(duties)


# implements FRS-LIM-007
def potency_of(value: Decimal, limits: Limits) -> Decimal | Refusal | None:
    """The assay in percent that a result gives its lot; None where it gives none."""
    if not limits.sets_potency or verdict_of(value, limits) is ResultVerdict.FAILED:
        return None
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_ASSAY_DIGITS:
        return Refusal(Code.ASSAY_TOO_FINE, "value", f"{value} has {-exponent} digits")
    return value


# implements FRS-LIM-010
def check_retest_date(
    retest_on: date | None, verdict: ResultVerdict, lot: LotInUse, bounds: tuple[date, date]
) -> Refusal | None:
    """Refuse a retest date that a failed result gives, or a lot not in quarantine is given.

    ``bounds``: today where the site stands, which lies before it, and the expiry day of the lot.
    """
    if retest_on is None:
        return None
    if verdict is ResultVerdict.FAILED:
        return _no_retest_date("the result failed")
    if lot.status is not LotStatus.QUARANTINE:
        return _no_retest_date(f"lot {lot.lot_id} is {lot.status}")
    today, expires_on = bounds
    if not today < retest_on <= expires_on:
        return _no_retest_date(f"it lies after {today} and not after {expires_on}")
    return None


# implements FRS-LIM-008
# implements FRS-LIM-009
def check_results(
    required: Iterable[str], verdicts: Iterable[tuple[str, ResultVerdict]]
) -> Refusal | None:
    """Refuse the release of a lot with a failed result, then of one without a required one."""
    found = list(verdicts)
    failed = sorted(test for test, verdict in found if verdict is ResultVerdict.FAILED)
    if failed:
        return Refusal(Code.RESULT_FAILED, "lotId", f"failed: {', '.join(failed)}")
    missing = sorted(set(required) - {test for test, _ in found})
    if missing:
        return Refusal(Code.RESULT_MISSING, "lotId", f"missing: {', '.join(missing)}")
    return None


def _no_retest_date(why: str) -> Refusal:
    return Refusal(Code.RETEST_DATE_NOT_ALLOWED, "retestOn", why)
