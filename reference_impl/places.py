"""Places and the needs of materials, as the tables of both systems keep them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from contracts.model.codes import Refusal
from contracts.model.lot_status import LotStatus
from contracts.model.segregation import TemperatureClass
from contracts.model.stimulus import Location, Purpose
from reference_impl.domain.places import Needs, Place, check_classes, check_status_allowed
from reference_impl.records.work import Work
from reference_impl.store.database import Row
from reference_impl.store.tables import locations, materials


def as_list(words: Iterable[str]) -> str | None:
    """Words as a column keeps them; none at all leave it empty."""
    kept = sorted(str(word) for word in words)
    return json.dumps(kept) if kept else None


def allowed_statuses(place: Location) -> tuple[LotStatus, ...]:
    """The statuses that may stand at a place; one of quarantine that names none: not released."""
    if place.allowed_statuses or not place.quarantine:
        return place.allowed_statuses
    return tuple(status for status in LotStatus if status is not LotStatus.RELEASED)


def place_at(work: Work, location_id: str) -> Place | None:
    """A place by its id; None where it is not known."""
    row = work.find(locations, location_id)
    return read_place(row) if row else None


def read_place(row: Row) -> Place:
    """The place that a row of the table holds."""
    temperature = row["temperature_class"] or TemperatureClass.AMBIENT.value
    return Place(
        row["location_id"], Purpose(row["purpose"]), TemperatureClass(temperature),
        _words(row["hazard_classes"]), _words(row["allergens"]),
        frozenset(map(LotStatus, _words(row["allowed_statuses"]))),
    )


# implements FRS-PCK-064
# implements FRS-PCK-065
# implements FRS-PCK-066
# implements FRS-STA-023
def check_stands(
    work: Work, what: tuple[str, LotStatus], location_id: str, path: str
) -> Refusal | None:
    """Refuse a place where ``what``, a material in a status, may not be worked on or brought to.

    A place that is not known says nothing; whoever needs to know it asks before.
    """
    place = place_at(work, location_id)
    if place is None:
        return None
    material_id, status = what
    return check_classes(needs_of(work, material_id), place, path) or check_status_allowed(
        status, place, path
    )


def is_locked(allowed_statuses: str | None, status: str) -> bool:
    """Whether a place that allows these statuses does not allow this one; empty: all are."""
    return allowed_statuses is not None and status not in _words(allowed_statuses)


def needs_of(work: Work, material_id: str) -> Needs:
    """What a material needs; one that is not known here needs nothing that is known."""
    row = work.find(materials, material_id)
    if row is None:
        return Needs(material_id)
    temperature = row["temperature_class"]
    return Needs(
        material_id, TemperatureClass(temperature) if temperature else None,
        _words(row["hazard_classes"]), _words(row["allergens"]),
    )


def _words(column: str | None) -> frozenset[str]:
    return frozenset(json.loads(column)) if column else frozenset()
