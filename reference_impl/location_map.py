"""The map of locations, as both systems take it over and show it.

Source: URS-MDM-004.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import select

from contracts.model.codes import Refusal
from contracts.model.lot_status import LotStatus
from contracts.model.places import EquipmentLevel, LocationKind, LocationRow, Locations
from contracts.model.segregation import TemperatureClass
from contracts.model.stimulus import Load
from contracts.record.digests import digest_of
from reference_impl.domain.places_map import check_map
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import locations

_LOCATIONS = Statement(select(locations).order_by(locations.c.location_id))


def check_locations(work: Work, document: Load) -> Refusal | None:
    """Refuse a load document whose places do not fit the map."""
    if not document.locations:
        return None
    known = {row["location_id"]: _kind(row) for row in work.connection.rows(_LOCATIONS)}
    new = {str(place.location_id): place.kind for place in document.locations}
    return check_map(document.locations, {**new, **known})


# implements FRS-MDM-008
def show_locations(connection: Connection, _: Settings, __: int) -> Locations:
    """The whole map with its digest."""
    rows = {row["location_id"]: row for row in connection.rows(_LOCATIONS)}
    shown = tuple(_shown(row, rows) for row in rows.values())
    return Locations(rows=shown, sha256=digest_of([row.to_json() for row in shown]))


def _shown(row: Row, rows: Mapping[str, Row]) -> LocationRow:
    level = row["equipment_level"]
    return LocationRow(
        location_id=row["location_id"], kind=_kind(row), parent=row["parent"],
        path=tuple(_path(row, rows)), equipment_level=EquipmentLevel(level) if level else None,
        temperature_class=TemperatureClass(row["temperature_class"] or TemperatureClass.AMBIENT),
        hazard_classes=_words(row["hazard_classes"]), allergens=_words(row["allergens"]),
        quarantine=bool(row["quarantine"]),
        allowed_statuses=tuple(map(LotStatus, _words(row["allowed_statuses"]))),
    )


def _path(row: Row, rows: Mapping[str, Row]) -> list[str]:
    """From the widest place down; a wider kind stands above each, so this ends."""
    above = rows.get(row["parent"]) if row["parent"] else None
    return [*(_path(above, rows) if above else ()), row["location_id"]]


def _kind(row: Row) -> LocationKind:
    return LocationKind(row["kind"] or LocationKind.BIN)


def _words(column: str | None) -> tuple[str, ...]:
    return tuple(json.loads(column)) if column else ()


LOCATION_MAP = {"locations": show_locations}
