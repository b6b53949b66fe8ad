"""The map of the site: what stands in what, and what a place may be.

Source: ISA-95 Part 2; URS-MDM-004.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contracts.model.codes import Code, Refusal
from contracts.model.lot_status import LotStatus
from contracts.model.places import EquipmentLevel, LocationKind
from contracts.model.stimulus import Location

_WIDEST_FIRST = tuple(LocationKind)
_ZONES = frozenset({EquipmentLevel.STORAGE_ZONE, EquipmentLevel.WORK_CENTER})
_UNITS = frozenset(
    {EquipmentLevel.STORAGE_UNIT, EquipmentLevel.WORK_UNIT, EquipmentLevel.WORK_CELL}
)
_LEVELS: dict[LocationKind, frozenset[EquipmentLevel]] = {
    LocationKind.SITE: frozenset(),
    LocationKind.BUILDING: frozenset(),
    LocationKind.AREA: _ZONES,
    LocationKind.ROOM: _ZONES | _UNITS,
    LocationKind.BIN: _UNITS,
}


def check_map(
    places: Sequence[Location], known: Mapping[str, LocationKind]
) -> Refusal | None:
    """Refuse the first place that does not fit. ``known``: the kinds of all places, these too."""
    for index, place in enumerate(places):
        refusal = _check(place, known, f"locations[{index}]")
        if refusal:
            return refusal
    return None


# implements FRS-MDM-007
def _check(place: Location, known: Mapping[str, LocationKind], path: str) -> Refusal | None:
    if place.parent is not None:
        above = known.get(place.parent)
        if above is None:
            return _broken(f"{path}.parent", f"{place.parent} is not known")
        if _WIDEST_FIRST.index(above) >= _WIDEST_FIRST.index(place.kind):
            return _broken(f"{path}.parent", f"a {place.kind} is not inside a {above}")
    level = place.equipment_level
    if level is not None and level not in _LEVELS[place.kind]:
        return _broken(f"{path}.equipmentLevel", f"a {place.kind} is no {level}")
    if place.quarantine and LotStatus.RELEASED in place.allowed_statuses:
        return _broken(f"{path}.allowedStatuses", "a place of quarantine allows nothing released")
    return None


def _broken(path: str, why: str) -> Refusal:
    return Refusal(Code.LOCATION_MAP_BROKEN, path, why)
