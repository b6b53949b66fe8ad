"""What has the right form in a plant file and makes no sense."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.model.messages import MESSAGES
from contracts.model.operations import OPERATIONS, Group
from contracts.model.roles import Duty
from contracts.model.stimulus import Purpose
from simulator.aside_sense import senseless_asides
from simulator.parts import FaultPart, Work
from simulator.plant_model import Plant
from simulator.toml_places import Path as FieldPath


def senseless(plant: Plant) -> Iterator[tuple[FieldPath, str]]:
    """Every place that has the right form and makes no sense."""
    yield from _doubled(plant)
    yield from _dangling(plant)
    yield from _untimely(plant)
    yield from _unmanned(plant)
    yield from senseless_asides(plant)
    for duty in (Duty.PRODUCTION, Duty.QUALITY):
        if not any(duty in person.duties for person in plant.people):
            yield ("people",), f"nobody has the duty {duty}"


def _doubled(plant: Plant) -> Iterator[tuple[FieldPath, str]]:
    for part in (
        "people", "materials", "locations", "equipment", "customers", "stations", "lots",
        "containers", "deliveries", "orders", "counts", "publications", "holds", "scraps",
        "faults",
    ):
        seen: set[str] = set()
        for index, item in enumerate(getattr(plant, part)):
            if item.id in seen:
                yield (part, index, "id"), f"{item.id} stands twice"
            seen.add(item.id)
    for index, order in enumerate(plant.orders):
        lines: set[str] = set()
        for number, line in enumerate(order.lines):
            if line.id in lines:
                yield ("orders", index, "lines", number, "id"), f"{line.id} stands twice"
            lines.add(line.id)


def _dangling(plant: Plant) -> Iterator[tuple[FieldPath, str]]:
    known = {
        part: {item.id for item in getattr(plant, part)}
        for part in ("people", "materials", "locations", "lots", "containers", "orders")
    }
    references: list[tuple[str, str, str]] = [
        ("lots", "material", "materials"), ("containers", "lot", "lots"),
        ("containers", "location", "locations"), ("orders", "to", "locations"),
        ("decisions", "lot", "lots"), ("pickers", "person", "people"),
        ("misreads", "order", "orders"), ("publications", "material", "materials"),
        ("stations", "person", "people"), ("stations", "location", "locations"),
        ("counts", "container", "containers"), ("holds", "lot", "lots"),
        ("scraps", "container", "containers"),
    ]
    for part, member, target in references:
        for index, item in enumerate(getattr(plant, part)):
            name = getattr(item, member)
            if name not in known[target]:
                yield (part, index, member), f"there is no {name} in [[{target}]]"
    yield from _dangling_inside(plant, known)


def _dangling_inside(
    plant: Plant, known: dict[str, set[str]]
) -> Iterator[tuple[FieldPath, str]]:
    for index, order in enumerate(plant.orders):
        for number, line in enumerate(order.lines):
            if line.material not in known["materials"]:
                place = ("orders", index, "lines", number, "material")
                yield place, f"there is no {line.material} in [[materials]]"
    staging = {loc.id for loc in plant.locations if loc.purpose is Purpose.STAGING}
    for index, order in enumerate(plant.orders):
        if order.to in known["locations"] and order.to not in staging:
            yield ("orders", index, "to"), f"{order.to} is no staging location"
    duties = {person.id: person.duties for person in plant.people}
    for index, picker in enumerate(plant.pickers):
        if Duty.PICKER not in duties.get(picker.person, (Duty.PICKER,)):
            yield ("pickers", index, "person"), f"{picker.person} has no duty picker"
    lines = {order.id: {line.id for line in order.lines} for order in plant.orders}
    for index, misread in enumerate(plant.misreads):
        if misread.line not in lines.get(misread.order, {misread.line}):
            yield ("misreads", index, "line"), f"{misread.order} has no line {misread.line}"
    for index, fault in enumerate(plant.faults):
        yield from _unanchored(index, fault)


def _unanchored(index: int, fault: FaultPart) -> Iterator[tuple[FieldPath, str]]:
    names = _members(fault.message)
    if names is None:
        yield ("faults", index, "message"), f"there is no message or command {fault.message}"
        return
    for member in fault.where:
        if member not in names:
            yield ("faults", index, "where"), f"{fault.message} has no member {member}"


def _members(name: str) -> set[str] | None:
    """The members that a message or a command has, by their names on the wire."""
    if name in MESSAGES:
        payload = MESSAGES[name].payload
        return {field.alias or "" for field in payload.model_fields.values()}
    for operation in OPERATIONS.values():
        if operation.name == name and operation.group is Group.OPERATOR and operation.body:
            return {field.alias or "" for field in operation.body.model_fields.values()}
    return None


def _untimely(plant: Plant) -> Iterator[tuple[FieldPath, str]]:
    for part in (
        "deliveries", "orders", "decisions", "counts", "publications", "holds", "scraps",
    ):
        for index, item in enumerate(getattr(plant, part)):
            if not plant.site.start <= item.at < plant.site.end:
                yield (part, index, "at"), "it lies outside the shift"


def _unmanned(plant: Plant) -> Iterator[tuple[FieldPath, str]]:
    """What the plant is to do and has no station, or no second person, or no device for."""
    makes = any(order.product for order in plant.orders) or plant.day is not None
    needed = {
        Work.RECEIVING: bool(plant.deliveries) or plant.day is not None,
        Work.SAMPLING: bool(plant.deliveries) or plant.day is not None,
        Work.DISPENSING: makes, Work.PACKING: makes, Work.COUNTING: bool(plant.counts),
        Work.SHIPPING: any(o.product and o.product.ship_to for o in plant.orders),
    }
    for work, wanted in needed.items():
        if wanted and not plant.stations_for(work):
            yield ("stations",), f"no station is for {work}"
    for index, station in enumerate(plant.stations):
        if station.work is Work.DISPENSING and not (station.second and station.scale):
            yield ("stations", index, "work"), f"{station.id} has no second person or no scale"
        if station.work is Work.PACKING and len(station.printers) < 2:
            yield ("stations", index, "printers"), f"{station.id} has no second printer"
