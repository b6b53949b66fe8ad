"""Where stock may stand: by temperature, hazard, allergen and status.

Source: 21 CFR 211.42(b),(c), 211.142(b); URS-RCV-003.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.model.codes import Code, Refusal
from contracts.model.lot_status import LotStatus
from contracts.model.segregation import TemperatureClass
from contracts.model.stimulus import Purpose

_PUT_AWAY_FROM = (Purpose.RECEIVING, Purpose.STORAGE, Purpose.DISCREPANCY)


@dataclass(frozen=True)
class Needs:
    """What a material needs of its place; no temperature class: any will do."""

    material_id: str
    temperature: TemperatureClass | None = None
    hazards: frozenset[str] = frozenset()
    allergens: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Place:
    """What a place is for and may hold; no statuses named: all are allowed."""

    location_id: str
    purpose: Purpose
    temperature: TemperatureClass
    hazards: frozenset[str] = frozenset()
    allergens: frozenset[str] = frozenset()
    statuses: frozenset[LotStatus] = frozenset()


# implements FRS-RCV-012
# implements FRS-RCV-013
# implements FRS-RCV-014
def check_classes(needs: Needs, place: Place, path: str) -> Refusal | None:
    """Refuse a place whose temperature, hazard or allergen class does not fit the material."""
    if needs.temperature is not None and needs.temperature is not place.temperature:
        return Refusal(
            Code.TEMPERATURE_MISMATCH, path,
            f"{needs.material_id} is kept {needs.temperature}, the place is {place.temperature}",
        )
    hazards = sorted(needs.hazards - place.hazards)
    if hazards:
        return Refusal(Code.HAZARD_MISMATCH, path, f"the place may not hold {', '.join(hazards)}")
    allergens = sorted(needs.allergens - place.allergens)
    if allergens:
        return Refusal(
            Code.ALLERGEN_MISMATCH, path, f"the place may not hold {', '.join(allergens)}"
        )
    return None


def allows(place: Place, status: LotStatus) -> bool:
    """Whether stock of a status may stand at a place."""
    return not place.statuses or status in place.statuses


# implements FRS-RCV-015
def check_status_allowed(status: LotStatus, place: Place, path: str) -> Refusal | None:
    """Refuse a place that does not allow the status."""
    if allows(place, status):
        return None
    allowed = ", ".join(sorted(place.statuses))
    return Refusal(Code.STATUS_NOT_ALLOWED_HERE, path, f"{status} is not among {allowed}")


# implements FRS-RCV-009
# implements FRS-STA-022
def check_put_away(
    status: LotStatus, present: Place | None, place: Place, path: str
) -> Refusal | None:
    """Refuse to put away what was staged or issued, and into places that are for something else.

    What may not stand where it is has to leave, wherever that is.
    """
    if present and present.purpose not in _PUT_AWAY_FROM and allows(present, status):
        return Refusal(Code.WRONG_PURPOSE, "scan", f"it stands at a place for {present.purpose}")
    if place.purpose is Purpose.STORAGE:
        return None
    if place.purpose is Purpose.DISCREPANCY and status is not LotStatus.RELEASED:
        return None
    return Refusal(Code.WRONG_PURPOSE, path, f"{place.location_id} is for {place.purpose}")
