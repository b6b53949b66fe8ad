"""Facts and requests as ISA-95 operations: performances with actuals, schedules with requirements.

The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA International.
Source: ISA-95.00.02 (operations schedule and performance); the mapping of the contract.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from contracts.formats.b2mml_objects import (
    EquipmentActual,
    MaterialActual,
    MaterialRequirement,
    OperationsPerformance,
    OperationsRequest,
    OperationsResponse,
    OperationsSchedule,
    Parameter,
    PersonnelActual,
    ResourceLocation,
    SegmentRequirement,
    SegmentResponse,
)
from contracts.formats.b2mml_places import Material, Performance, Schedule
from contracts.formats.flat_members import Members

_T = TypeVar("_T")


class NotOurMessage(ValueError):
    """A transaction that is none of our messages, or a message that is no transaction."""


def performance(places: Performance, members: Members) -> OperationsPerformance:
    """A fact: one response with one segment, its people, equipment and material."""
    key = members.text(places.key) or ""
    request, requirement = members.texts(places.request), members.texts(places.requirement)
    people = tuple(
        PersonnelActual(id=str(number), person_id=(person,), personnel_use=use)
        for number, (use, member) in enumerate(places.people, 1)
        if (person := members.text(member)) is not None
    )
    equipment = tuple(
        EquipmentActual(id=str(number), equipment_id=(item,), equipment_use=use)
        for number, (use, member) in enumerate(places.equipment, 1)
        if (item := members.text(member)) is not None
    )
    end = members.text(places.at)
    materials = _actuals(places, members)
    segment = SegmentResponse(
        id=key, actual_end_time=end, process_segment_id=(places.segment,),
        operations_request_id=request, segment_requirement_id=requirement,
        segment_data=members.rest(), personnel_actual=people, equipment_actual=equipment,
        material_actual=materials,
    )
    kind = places.operations_type
    response = OperationsResponse(
        id=key, operations_type=kind, operations_request_id=request, segment_response=(segment,)
    )
    return OperationsPerformance(
        id=key, operations_type=kind, operations_response=(response,)
    )


def read_performance(
    places: Performance, noun: OperationsPerformance, members: Members
) -> None:
    """Put what a performance says into ``members``. Raises: NotOurMessage, MembersDiffer."""
    segment = _only(_only(noun.operations_response).segment_response)
    members.put(places.key, segment.id)
    members.put(places.at, segment.actual_end_time)
    members.put(places.request, _first(segment.operations_request_id))
    members.put(places.requirement, _first(segment.segment_requirement_id))
    for person in segment.personnel_actual:
        members.put(dict(places.people).get(person.personnel_use or ""), _first(person.person_id))
    for item in segment.equipment_actual:
        use = item.equipment_use or ""
        members.put(dict(places.equipment).get(use), _first(item.equipment_id))
    _read_actuals(places, segment.material_actual, members)
    members.put_properties(segment.segment_data)


def _actuals(places: Performance, members: Members) -> tuple[MaterialActual, ...]:
    # Every place is taken before the rest is given away, because two materials may share a member.
    bare = [
        (prefix, _actual(material, members, prefix, str(number)))
        for number, (material, prefix) in enumerate(_each(places.materials, members), 1)
    ]
    made = []
    for number, (prefix, actual) in enumerate(bare):
        own = members.rest(prefix) if prefix or (places.rest_with_material and not number) else ()
        made.append(replace(actual, material_actual_property=own))
    return tuple(made)


def _each(materials: tuple[Material, ...], members: Members) -> list[tuple[Material, str]]:
    found = []
    for material in materials:
        if material.each is None:
            found.append((material, ""))
        else:
            count = members.count(material.each)
            found += [(material, f"{material.each}/{i}/") for i in range(count)]
    return found


def _actual(material: Material, members: Members, prefix: str, number: str) -> MaterialActual:
    parts = tuple(
        MaterialActual(id=str(i + 1), material_sub_lot_id=members.texts(f"{material.parts}/{i}"))
        for i in range(members.count(material.parts) if material.parts else 0)
    )
    return MaterialActual(
        id=number,
        material_definition_id=members.texts(_at(prefix, material.definition)),
        material_lot_id=members.texts(_at(prefix, material.lot)),
        material_sub_lot_id=members.texts(_at(prefix, material.sublot)),
        material_use=material.use,
        storage_location=_place(members.text(_at(prefix, material.place))),
        quantity=members.quantity(_at(prefix, material.quantity)),
        assembly_actual=parts,
        assembly_type="Physical" if parts else None,
        assembly_relationship="Transient" if parts else None,
    )


def _read_actuals(
    places: Performance, found: tuple[MaterialActual, ...], members: Members
) -> None:
    first = places.materials[0]
    for number, actual in enumerate(found):
        material = first if first.each else _of_use(places, actual.material_use, number)
        prefix = f"{material.each}/{number}/" if material.each else ""
        members.put(_at(prefix, material.definition), _first(actual.material_definition_id))
        members.put(_at(prefix, material.lot), _first(actual.material_lot_id))
        members.put(_at(prefix, material.sublot), _first(actual.material_sub_lot_id))
        members.put(_at(prefix, material.place), _location(actual.storage_location))
        members.put_quantity(_at(prefix, material.quantity), actual.quantity)
        for i, part in enumerate(actual.assembly_actual):
            members.put(f"{material.parts}/{i}", _first(part.material_sub_lot_id))
        members.put_properties(actual.material_actual_property, prefix)


def _of_use(places: Performance, use: str | None, number: int) -> Material:
    known = places.materials[number] if number < len(places.materials) else None
    if known is None or known.use != use:
        raise NotOurMessage(f"material {number + 1} with use {use!r} is not of this message")
    return known


def schedule(places: Schedule, members: Members) -> OperationsSchedule:
    """A request: one operations request with one segment and what it needs."""
    key = members.text(places.key) or ""
    material = places.material
    wanted = _each((material,), members) if material else []
    requirements = tuple(_requirement(item, members, prefix) for item, prefix in wanted)
    needed_by, definition = members.text(places.needed_by), members.text(places.definition)
    segment = SegmentRequirement(
        id=key, latest_end_time=needed_by, process_segment_id=places.segment,
        operations_definition_id=definition or places.segment,  # the schema wants both
        operations_segment_id=places.segment,
        segment_parameter=tuple(Parameter(item.id, item.value) for item in members.rest()),
        material_requirement=requirements,
    )
    kind = places.operations_type
    request = OperationsRequest(
        id=key, operations_type=kind, operations_definition_id=definition,
        segment_requirement=(segment,),
    )
    return OperationsSchedule(id=key, operations_type=kind, operations_request=(request,))


def _requirement(material: Material, members: Members, prefix: str) -> MaterialRequirement:
    return MaterialRequirement(
        id=members.text(_at(prefix, material.id)),
        material_definition_id=members.texts(_at(prefix, material.definition)),
        material_use=material.use,
        storage_location=_place(members.text(_at(prefix, material.place))),
        quantity=members.quantity(_at(prefix, material.quantity)),
        material_requirement_property=members.rest(prefix),
    )


def read_schedule(places: Schedule, noun: OperationsSchedule, members: Members) -> None:
    """Put what a schedule says into ``members``. Raises: NotOurMessage, MembersDiffer."""
    request = _only(noun.operations_request)
    segment = _only(request.segment_requirement)
    members.put(places.key, segment.id)
    members.put(places.needed_by, segment.latest_end_time)
    members.put(places.definition, request.operations_definition_id)
    members.put_properties(segment.segment_parameter)
    material = places.material
    for number, found in enumerate(segment.material_requirement if material else ()):
        assert material is not None
        prefix = f"{material.each}/{number}/"
        members.put(_at(prefix, material.id), found.id)
        members.put(_at(prefix, material.definition), _first(found.material_definition_id))
        members.put(_at(prefix, material.place), _location(found.storage_location))
        members.put_quantity(_at(prefix, material.quantity), found.quantity)
        members.put_properties(found.material_requirement_property, prefix)


def _at(prefix: str, name: str | None) -> str | None:
    """The path of a member of one item; a leading slash leads to the message itself."""
    if name is None:
        return None
    return name[1:] if name.startswith("/") else prefix + name


def _place(location: str | None) -> ResourceLocation | None:
    return ResourceLocation(location, "Operational Location ID") if location else None


def _location(place: ResourceLocation | None) -> str | None:
    return place.location if place else None


def _first(texts: tuple[str, ...]) -> str | None:
    return texts[0] if texts else None


def _only(items: tuple[_T, ...]) -> _T:
    if len(items) != 1:
        raise NotOurMessage(f"{len(items)} parts where the message has one")
    return items[0]
