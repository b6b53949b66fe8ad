"""What V0701 wants and V0401 leaves out: ids of what is in a message, and types of places.

An id that nobody gave is the place among its siblings, as our own messages number them; a schedule
or a performance is named after the first request or response in it. No other fact is made up: a
reference that V0701 wants and nobody gave stays an empty element.
Source: B2MML V0701 and V0401 (which objects need an id).
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

from contracts.formats.b2mml_codes import OTHER
from contracts.formats.b2mml_elements import WANTED, parts
from contracts.formats.b2mml_objects import (
    EquipmentActual,
    MaterialActual,
    MaterialRequirement,
    Noun,
    OperationsPerformance,
    OperationsRequest,
    OperationsResponse,
    OperationsSchedule,
    Parameter,
    PersonnelActual,
    Property,
    ResourceLocation,
    SegmentRequirement,
    SegmentResponse,
)

_NUMBERED = (
    OperationsRequest, OperationsResponse, SegmentRequirement, SegmentResponse, Property,
    Parameter, MaterialRequirement, MaterialActual, PersonnelActual, EquipmentActual,
)
_FIRST = "1"


def completed(noun: Noun) -> Noun:
    """The object with an id wherever V0701 wants one, and a type of every place."""
    whole: Noun = _completed(noun)
    if isinstance(whole, OperationsSchedule) and not whole.id:
        first = whole.operations_request[0].id if whole.operations_request else None
        return dataclasses.replace(whole, id=first or _FIRST)
    if isinstance(whole, OperationsPerformance) and not whole.id:
        first = whole.operations_response[0].id if whole.operations_response else None
        return dataclasses.replace(whole, id=first or _FIRST)
    return whole


def lacking(noun: Noun) -> Counter[str]:
    """How many ids, types of places and references ``noun`` lacks for V0701, by what they are."""
    found: Counter[str] = Counter()
    if isinstance(noun, OperationsSchedule | OperationsPerformance) and not noun.id:
        found[f"{type(noun).__name__}/ID"] += 1
    _count(noun, found)
    return found


def _completed(value: Any) -> Any:
    changes: dict[str, Any] = {}
    for part in parts(type(value)):
        held = getattr(value, part.field)
        if isinstance(held, tuple) and held and not isinstance(held[0], str):
            changes[part.field] = _numbered(tuple(_completed(item) for item in held))
        elif dataclasses.is_dataclass(held):
            changes[part.field] = _completed(held)
    if isinstance(value, ResourceLocation) and not value.location_type:
        changes["location_type"] = OTHER
    return dataclasses.replace(value, **changes)


def _numbered(items: tuple[Any, ...]) -> tuple[Any, ...]:
    if not isinstance(items[0], _NUMBERED):
        return items
    given = {item.id for item in items if item.id}
    named = []
    for place, item in enumerate(items, 1):
        number = place
        while not item.id and str(number) in given:
            number += len(items)
        given.add(item.id or str(number))
        named.append(item if item.id else dataclasses.replace(item, id=str(number)))
    return tuple(named)


def _count(value: Any, found: Counter[str]) -> None:
    name = type(value).__name__
    if isinstance(value, _NUMBERED) and not value.id:
        found[f"{name}/ID"] += 1
    if isinstance(value, ResourceLocation) and not value.location_type:
        found["StorageLocation/LocationType"] += 1
    for part in parts(type(value)):
        held = getattr(value, part.field)
        if held is None and part.field in WANTED.get(name, ()):
            found[f"{name}/{part.element}"] += 1
        for item in held if isinstance(held, tuple) else (held,):
            if dataclasses.is_dataclass(item):
                _count(item, found)
