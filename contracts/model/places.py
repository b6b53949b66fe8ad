"""The map of a site: what kind of place each location is, and what it is in ISA-95.

Source: ISA-95 Part 2 (operational location, equipment hierarchy); URS-MDM-004.
"""

from __future__ import annotations

from enum import StrEnum

from contracts.model.answers import Sha256
from contracts.model.identifiers import Id
from contracts.model.lot_status import LotStatus
from contracts.model.segregation import TemperatureClass
from contracts.model.wire_model import WireModel


class LocationKind(StrEnum):
    """The levels of a location code, the widest first; each is an ISA-95 operational location."""

    SITE = "SITE"
    BUILDING = "BUILDING"
    AREA = "AREA"
    ROOM = "ROOM"
    BIN = "BIN"


class EquipmentLevel(StrEnum):
    """What a place is in the equipment hierarchy of ISA-95, where it is equipment."""

    STORAGE_ZONE = "STORAGE_ZONE"
    STORAGE_UNIT = "STORAGE_UNIT"
    WORK_CENTER = "WORK_CENTER"
    WORK_UNIT = "WORK_UNIT"
    WORK_CELL = "WORK_CELL"


class LocationRow(WireModel):
    """One location with its place in the site, from the site down to itself."""

    location_id: Id
    kind: LocationKind
    parent: Id | None = None
    path: tuple[Id, ...]
    equipment_level: EquipmentLevel | None = None
    """Absent where the place is an operational location alone."""
    temperature_class: TemperatureClass
    hazard_classes: tuple[Id, ...] = ()
    allergens: tuple[Id, ...] = ()
    quarantine: bool
    allowed_statuses: tuple[LotStatus, ...] = ()


class Locations(WireModel):
    """The whole map. ``sha256`` is over the canonical JSON of ``rows``."""

    rows: tuple[LocationRow, ...]
    sha256: Sha256
