"""What may be weighed out of a container, by whom, on which scale, and how much of it.

Sources: URS-DSP-001, URS-DSP-004, URS-DSP-006, URS-DSP-007.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from zoneinfo import ZoneInfo

from contracts.model.codes import Code, Refusal
from contracts.model.identifiers import Sscc
from contracts.model.instants import start_of_day
from contracts.model.quantities import Quantity
from contracts.model.roles import Duty
from contracts.model.stimulus import EquipmentKind, Purpose
from contracts.model.units import PotencyBasis
from reference_impl.domain.assays import check_basis
from reference_impl.domain.lot_status import LotInUse, check_shelf_life, check_usable

# Quantities have up to 21 digits and potencies six: a product of both stays exact.
_EXACT = Context(prec=60)
SUPPLY_AREAS = (Purpose.STAGING, Purpose.DISPENSING)


@dataclass(frozen=True)
class SourceContainer:
    """A container that somebody has scanned to take material out of it."""

    sscc: Sscc
    content: Quantity
    material_id: str
    lot: LotInUse
    potency: Decimal | None
    purpose: str | None
    """What its location is for; None where the location is not known."""
    basis: PotencyBasis | None = None
    """What the potency is stated of."""
    material_basis: PotencyBasis | None = None
    """On which basis the potency of the material counts."""


@dataclass(frozen=True)
class Portion:
    """An amount of one lot. ``potency`` in percent; None where the lot has none."""

    amount: Decimal
    potency: Decimal | None


@dataclass(frozen=True)
class OrderLine:
    """A line of an order, with what was dispensed for it before and is still there."""

    material_id: str
    quantity: Quantity
    tolerance_low: Quantity
    tolerance_high: Quantity
    potency_basis: Decimal | None
    before: tuple[Portion, ...]
    minimum_shelf_life_days: int = 0

    def worth(self, portions: Sequence[Portion]) -> Decimal:
        """What portions count for the line: amounts, times potency where it has a basis."""
        total = Decimal(0)
        for portion in portions:
            factor = portion.potency if self.potency_basis else None
            total = _EXACT.add(total, _EXACT.multiply(portion.amount, factor or Decimal(1)))
        return total

    def bound(self, amount: Quantity) -> Decimal:
        """An amount of the bill of materials, counted in the same way."""
        return _EXACT.multiply(amount.value, self.potency_basis or Decimal(1))

    def falls_short(self, portions: Sequence[Portion]) -> bool:
        """Whether portions are less than the line takes at least."""
        return self.worth(portions) < self.bound(self.quantity - self.tolerance_low)


@dataclass(frozen=True)
class Scale:
    """A piece of equipment that somebody weighs on."""

    equipment_id: str
    kind: str
    calibration_due: date | None


@dataclass(frozen=True)
class Worker:
    """A person at the scale. ``qualified_until`` None: the qualification has no end."""

    person_id: str
    duties: frozenset[Duty]
    qualified_until: date | None


# implements FRS-EXP-003
# implements FRS-DSP-018
# implements FRS-DSP-020
# implements FRS-DSP-021
# implements FRS-DSP-022
def check_source(source: SourceContainer, line: OrderLine, now: datetime) -> Refusal | None:
    """Confirm material, place, status, shelf life and potency at the moment of weighing."""
    if source.material_id != line.material_id:
        return Refusal(
            Code.WRONG_MATERIAL, "scan", f"{source.material_id} is not {line.material_id}"
        )
    refusal = (
        check_staged(source, "scan")
        or check_usable(source.lot, now, "scan")
        or check_shelf_life(source.lot, now, line.minimum_shelf_life_days, "scan")
    )
    if refusal:
        return refusal
    if line.potency_basis is None:
        return None
    if source.potency is None:
        return Refusal(Code.POTENCY_UNKNOWN, "scan", f"lot {source.lot.lot_id} has no potency")
    return check_basis(source.basis, source.material_basis, "scan")


# implements FRS-DSP-019
def check_staged(source: SourceContainer, path: str) -> Refusal | None:
    """Refuse a container that production does not have at hand."""
    if source.purpose in SUPPLY_AREAS:
        return None
    where = source.purpose or "an unknown location"
    return Refusal(Code.CONTAINER_NOT_STAGED, path, f"{source.sscc} stands in {where}")


# implements FRS-DSP-006
# implements FRS-DSP-008
def check_weights(
    gross: Quantity, tare: Quantity, net: Quantity | None, base: Quantity
) -> Refusal | None:
    """Refuse another unit than ``base`` has, and weights that do not add up."""
    weights = {"gross": gross, "tare": tare} | ({"net": net} if net else {})
    for path, weight in weights.items():
        if weight.unit is not base.unit:
            return Refusal(Code.UNIT_NOT_BASE_UNIT, f"{path}.unit", f"it is {base.unit}")
    if tare.value < 0:
        return Refusal(Code.NET_NOT_GROSS_MINUS_TARE, "tare", "tare is below zero")
    difference = gross - tare
    if difference.value <= 0:
        return Refusal(Code.NET_NOT_GROSS_MINUS_TARE, "gross", f"net would be {difference}")
    if net is not None and net != difference:
        return Refusal(Code.NET_NOT_GROSS_MINUS_TARE, "net", f"gross minus tare is {difference}")
    return None


# implements FRS-DSP-007
def check_content(net: Quantity, content: Quantity, path: str) -> Refusal | None:
    """Refuse more than the container holds."""
    if net <= content:
        return None
    return Refusal(Code.QUANTITY_ABOVE_CONTENT, path, f"the container holds {content}")


# implements FRS-DSP-009
# implements FRS-DSP-010
def check_scale(scale: Scale | None, now: datetime, zone: ZoneInfo) -> Refusal | None:
    """Refuse what is no known scale, and one whose calibration has ended."""
    if scale is None or scale.kind != EquipmentKind.SCALE.value:
        return Refusal(Code.UNKNOWN_EQUIPMENT, "scaleId", "no such scale")
    if is_over(scale.calibration_due, now, zone):
        return Refusal(
            Code.SCALE_NOT_CALIBRATED, "scaleId", f"calibration ended on {scale.calibration_due}"
        )
    return None


# implements FRS-DSP-011
def check_worker(worker: Worker, now: datetime, zone: ZoneInfo, path: str) -> Refusal | None:
    """Refuse who is no dispenser, and whose qualification has ended."""
    if Duty.DISPENSER not in worker.duties:
        return Refusal(Code.NOT_QUALIFIED, path, f"{worker.person_id} is no dispenser")
    if is_over(worker.qualified_until, now, zone):
        return Refusal(Code.NOT_QUALIFIED, path, f"qualified until {worker.qualified_until}")
    return None


# implements FRS-DSP-023
def check_second_dispenser(performer: str, verifier: str) -> Refusal | None:
    """Refuse that somebody verifies the own work. Source: 21 CFR 211.101(c)."""
    if performer != verifier:
        return None
    return Refusal(Code.VERIFIER_IS_PERFORMER, "verification.userId", f"{performer} weighed it")


# implements FRS-DSP-001
def check_band(line: OrderLine, portion: Portion, *, final: bool) -> Refusal | None:
    """Refuse a weight that takes the line above its band, or the final one that stays below it.

    Parts before the final one may stay below; nothing is rounded.
    """
    portions = (*line.before, portion)
    if line.worth(portions) > line.bound(line.quantity + line.tolerance_high):
        most = line.quantity + line.tolerance_high
        return Refusal(Code.WEIGHT_OUT_OF_TOLERANCE, "gross", f"the line takes at most {most}")
    if final and line.falls_short(portions):
        least = line.quantity - line.tolerance_low
        return Refusal(Code.WEIGHT_OUT_OF_TOLERANCE, "gross", f"the line takes at least {least}")
    return None


# implements FRS-DSP-002
def check_approvals(signers: Sequence[tuple[str, frozenset[Duty]]]) -> Refusal | None:
    """Refuse an override that two different persons, one of quality, have not signed."""
    path = "override.approvals"
    if len({person for person, _ in signers}) != len(signers):
        return Refusal(Code.SIGNERS_NOT_DIFFERENT, path, f"{signers[0][0]} signed twice")
    if not any(Duty.QUALITY in duties for _, duties in signers):
        return Refusal(Code.SIGNERS_NOT_DIFFERENT, path, "nobody of the quality unit signed")
    return None


def is_over(last_day: date | None, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a last day has ended where the site stands."""
    return last_day is not None and now >= start_of_day(last_day + timedelta(days=1), zone)
