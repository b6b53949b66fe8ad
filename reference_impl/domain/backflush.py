"""Consumption that is computed at the end of an order, and for which material that is allowed.

Sources: URS-DSP-003, URS-DSP-008.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from contracts.model.codes import Code, Refusal
from contracts.model.messages.dispensing import IssueMode
from contracts.model.quantities import Quantity
from contracts.model.stimulus import Risk, RiskRecord

_SCALE = 10**6


# implements FRS-DSP-030
def consumption(line: Quantity, size: Quantity, made: Quantity) -> Quantity | Refusal:
    """The quantity of a line for ``size`` of the product, for as much as was made of it.

    ``made`` is good and scrap together, in the unit of ``size``.
    """
    exact = Fraction(line.value) * Fraction(made.value) / Fraction(size.value)
    scaled = exact * _SCALE
    if scaled.denominator != 1:
        return Refusal(
            Code.QUANTITY_NOT_EXACT, "goodQuantity", f"{line} for {size}: {made} takes {exact}"
        )
    return Quantity(value=Decimal(scaled.numerator) / _SCALE, unit=line.unit)


# implements FRS-DSP-031
def check_weighed(mode: IssueMode) -> Refusal | None:
    """Refuse to weigh out what is computed at the end of the order."""
    if mode is IssueMode.REAL_TIME:
        return None
    return Refusal(Code.WRONG_ISSUE_MODE, "lineId", f"the issue mode is {mode}")


# implements FRS-DSP-032
def check_issue_mode(
    material_id: str, mode: IssueMode, record: RiskRecord | None, path: str
) -> Refusal | None:
    """Refuse backflush that no signed risk record decided, or for what may never have it."""
    if mode is IssueMode.REAL_TIME:
        return None
    why = _why_not(record)
    return Refusal(Code.BACKFLUSH_NOT_ALLOWED, path, f"{material_id}: {why}") if why else None


def _why_not(record: RiskRecord | None) -> str | None:
    if record is None:
        return "there is no risk record"
    if record.signature is None:
        return f"risk record {record.record_id} is not signed"
    if record.is_active:
        return "it is an active ingredient"
    return "its risk is high" if record.risk is Risk.HIGH else None
