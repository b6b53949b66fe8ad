"""The plant as data: ``plant.toml``, the hardware design specification of a simulation.

Reading checks form and sense: what is referred to exists, names are unique, times lie in the
shift. Every finding names file, line and field.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from contracts.model.instants import Day, Timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.messages import MESSAGES
from contracts.model.quantities import ExactDecimal, PositiveDecimal, Unit
from contracts.model.roles import Duty
from contracts.model.stimulus import Purpose
from simulator.toml_places import Path as FieldPath
from simulator.toml_places import field_name, line_of

EXAMPLE = Path(__file__).parent / "plants" / "example.toml"
Name = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{0,23}$")]


PrintedName = Annotated[str, Field(min_length=1, max_length=100)]
Description = Annotated[str, Field(min_length=1, max_length=200)]


class PlantError(ValueError):
    """A plant file that cannot be used. Each finding is one line: ``file:line: field: reason``."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__("\n".join(findings))
        self.findings = findings


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone")
    return name


def _reason(text: str) -> str:
    if len("".join(text.split())) < 5:
        raise ValueError("a reason has at least five characters that are not blank")
    return text


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Site(_Part):
    """Where and when. ``start`` is the beginning of the shift, with offset."""

    name: str
    zone: Annotated[str, AfterValidator(_zone)]
    start: Timestamp
    hours: Annotated[int, Field(ge=1, le=24)]

    @property
    def end(self) -> datetime:
        """The end of the shift."""
        return self.start + timedelta(hours=self.hours)

    @property
    def zone_info(self) -> ZoneInfo:
        """The site's zone."""
        return ZoneInfo(self.zone)


class Runner(_Part):
    """How soon the systems do the work that follows from a command."""

    pause_s: Annotated[int, Field(ge=1, le=60)] = 1


class PersonPart(_Part):
    """A person with duties."""

    id: Name
    name: PrintedName
    duties: Annotated[tuple[Duty, ...], Field(min_length=1)]


class MaterialPart(_Part):
    """A material with its base unit."""

    id: Name
    description: Description
    unit: Unit


class LocationPart(_Part):
    """A place and how far it is from anywhere, in minutes of walking."""

    id: Name
    description: Description
    purpose: Purpose = Purpose.STORAGE
    walk_min: Annotated[int, Field(ge=0, le=120)]


class LotPart(_Part):
    """A lot with its status at the start of the shift."""

    id: Name
    material: Name
    expires_on: Day
    status: LotStatus = LotStatus.QUARANTINE


class ContainerPart(_Part):
    """Opening stock in one container."""

    id: Name
    lot: Name
    location: Name
    quantity: PositiveDecimal


class LinePart(_Part):
    """One material of an order."""

    id: Name
    material: Name
    quantity: PositiveDecimal
    tolerance: Annotated[ExactDecimal, Field(ge=0)]


class OrderPart(_Part):
    """An order, started and requested ``at`` its time."""

    id: Name
    at: Timestamp
    to: Name
    bom: Name
    version: Annotated[int, Field(ge=1, le=9999)]
    lines: Annotated[tuple[LinePart, ...], Field(min_length=1)]


class DecisionPart(_Part):
    """What the quality unit decides during the shift."""

    lot: Name
    to: LotStatus
    at: Timestamp
    reason: Annotated[str, Field(max_length=500), AfterValidator(_reason)]


class PickerPart(_Part):
    """A picker at a station."""

    person: Name
    station: Name


class FaultPart(_Part):
    """A fault on the link, anchored to a business message by members of its payload."""

    id: Name
    kind: Literal["request lost", "reply lost after commit"]
    message: Literal["pick-requested", "lot-status-changed", "pick-confirmed"]
    where: dict[str, str]
    attempt: Annotated[int, Field(ge=1)] = 1
    attempts: Annotated[int, Field(ge=1, le=1000)] = 1


class MisreadPart(_Part):
    """A scan that is not the label of the allocated container."""

    order: Name
    line: Name
    scan: Annotated[str, Field(min_length=1, max_length=200)]


class Plant(_Part):
    """A plant and one shift in it."""

    site: Site
    runner: Runner = Runner()
    people: tuple[PersonPart, ...]
    materials: tuple[MaterialPart, ...]
    locations: tuple[LocationPart, ...]
    lots: tuple[LotPart, ...]
    containers: tuple[ContainerPart, ...]
    orders: tuple[OrderPart, ...]
    decisions: tuple[DecisionPart, ...] = ()
    pickers: Annotated[tuple[PickerPart, ...], Field(min_length=1)]
    faults: tuple[FaultPart, ...] = ()
    misreads: tuple[MisreadPart, ...] = ()

    def person(self, duty: Duty) -> PersonPart:
        """The first person with a duty. Raises: LookupError."""
        for person in self.people:
            if duty in person.duties:
                return person
        raise LookupError(f"nobody has the duty {duty}")

    def unit(self, material: str) -> Unit:
        """The base unit of a material. Raises: LookupError."""
        for part in self.materials:
            if part.id == material:
                return part.unit
        raise LookupError(material)


def read_plant(path: Path) -> Plant:
    """Read and check a plant file. Raises: PlantError with every finding."""
    try:
        raw = path.read_bytes()
    except OSError as exc:
        raise PlantError([f"{path}: cannot be read: {exc.strerror}"]) from exc
    try:
        text = raw.decode("utf-8")
        content = tomllib.loads(text)
    except UnicodeDecodeError as exc:
        line = raw[: exc.start].count(b"\n") + 1
        raise PlantError([f"{path}:{line}: (whole file): invalid UTF-8"]) from exc
    except (ValueError, RecursionError) as exc:
        raise PlantError([_toml_finding(path, exc)]) from exc
    try:
        plant = Plant.model_validate(content)
    except ValidationError as exc:
        errors = exc.errors(include_url=False, include_context=False)
        findings = [_finding(path, text, e["loc"], _plain(e["msg"])) for e in errors]
        raise PlantError(findings) from exc
    except RecursionError as exc:
        raise PlantError([f"{path}:1: (whole file): too many levels"]) from exc
    findings = [_finding(path, text, place, why) for place, why in _senseless(plant)]
    if findings:
        raise PlantError(findings)
    return plant


def _finding(path: Path, text: str, place: FieldPath, why: str) -> str:
    return f"{path}:{line_of(text, place)}: {field_name(place)}: {why}"


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def _toml_finding(path: Path, exc: Exception) -> str:
    message = str(exc)
    _, _, place = message.rpartition("(at line ")
    line = place.partition(",")[0] if place[:1].isdigit() else "1"
    return f"{path}:{line}: (whole file): {message}"


def _senseless(plant: Plant) -> Iterator[tuple[FieldPath, str]]:
    """Every place that has the right form and makes no sense."""
    yield from _doubled(plant)
    yield from _dangling(plant)
    yield from _untimely(plant)
    for duty in (Duty.PRODUCTION, Duty.QUALITY):
        if not any(duty in person.duties for person in plant.people):
            yield ("people",), f"nobody has the duty {duty}"


def _doubled(plant: Plant) -> Iterator[tuple[FieldPath, str]]:
    for part in ("people", "materials", "locations", "lots", "containers", "orders", "faults"):
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
        for part in ("people", "materials", "locations", "lots", "orders")
    }
    references: list[tuple[str, str, str]] = [
        ("lots", "material", "materials"), ("containers", "lot", "lots"),
        ("containers", "location", "locations"), ("orders", "to", "locations"),
        ("decisions", "lot", "lots"), ("pickers", "person", "people"),
        ("misreads", "order", "orders"),
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
    payload = MESSAGES[fault.message].payload
    names = {field.alias for field in payload.model_fields.values()}
    for member in fault.where:
        if member not in names:
            yield ("faults", index, "where"), f"{fault.message} has no member {member}"


def _untimely(plant: Plant) -> Iterator[tuple[FieldPath, str]]:
    for part in ("orders", "decisions"):
        for index, item in enumerate(getattr(plant, part)):
            if not plant.site.start <= item.at < plant.site.end:
                yield (part, index, "at"), "it lies outside the shift"
