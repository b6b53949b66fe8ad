"""A whole plant: what stands in its file, and the questions that people ask about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from contracts.model.quantities import Unit
from contracts.model.roles import Duty
from contracts.model.stimulus import Purpose
from simulator.aside_parts import HoldPart, ScrapPart
from simulator.part import Part
from simulator.parts import (
    ContainerPart,
    CountPart,
    CustomerPart,
    DecisionPart,
    DeliveryPart,
    EquipmentPart,
    FaultPart,
    LocationPart,
    LotPart,
    MaterialPart,
    MisreadPart,
    OrderPart,
    PersonPart,
    PickerPart,
    PublicationPart,
    RunnerPart,
    SitePart,
    StationPart,
    Work,
)
from simulator.patterns import DayPattern


class Plant(Part):
    """A plant and one shift in it."""

    site: SitePart
    runner: RunnerPart = RunnerPart()
    people: tuple[PersonPart, ...]
    materials: tuple[MaterialPart, ...]
    locations: tuple[LocationPart, ...]
    equipment: tuple[EquipmentPart, ...] = ()
    customers: tuple[CustomerPart, ...] = ()
    stations: tuple[StationPart, ...] = ()
    lots: tuple[LotPart, ...]
    containers: tuple[ContainerPart, ...]
    deliveries: tuple[DeliveryPart, ...] = ()
    orders: tuple[OrderPart, ...]
    counts: tuple[CountPart, ...] = ()
    publications: tuple[PublicationPart, ...] = ()
    decisions: tuple[DecisionPart, ...] = ()
    holds: tuple[HoldPart, ...] = ()
    scraps: tuple[ScrapPart, ...] = ()
    pickers: Annotated[tuple[PickerPart, ...], Field(min_length=1)]
    faults: tuple[FaultPart, ...] = ()
    misreads: tuple[MisreadPart, ...] = ()
    day: DayPattern | None = None
    """What is to be expanded by a seed; absent in a schedule."""

    def second_person(self, duty: Duty) -> PersonPart:
        """Another person with a duty. Raises: LookupError."""
        first, *others = (person for person in self.people if duty in person.duties)
        if not others:
            raise LookupError(f"{first.id} alone has the duty {duty}")
        return others[0]

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

    @property
    def store(self) -> str:
        """The first place of the store. Raises: LookupError."""
        for part in self.locations:
            if part.purpose is Purpose.STORAGE:
                return part.id
        raise LookupError("there is no place for storage")

    def location(self, name: str) -> LocationPart:
        """A place. Raises: LookupError."""
        for part in self.locations:
            if part.id == name:
                return part
        raise LookupError(name)

    def stations_for(self, work: Work) -> tuple[StationPart, ...]:
        """The stations at which something is done."""
        return tuple(part for part in self.stations if part.work is work)

    def material_of(self, lot: str) -> str:
        """The material of a lot, wherever it comes from. Raises: LookupError."""
        named = [
            *((part.id, part.material) for part in self.lots),
            *((part.lot, part.material) for d in self.deliveries for part in d.lots),
            *((o.product.lot, o.product.material) for o in self.orders if o.product),
        ]
        return next(material for name, material in named if name == lot)

    def lots_of_all(self) -> Iterator[tuple[str, date]]:
        """Every lot with its last day: opening stock, deliveries, products."""
        for part in self.lots:
            yield part.id, part.expires_on
        for delivery in self.deliveries:
            for delivered in delivery.lots:
                yield delivered.lot, delivered.expires_on
        for order in self.orders:
            if order.product is not None:
                yield order.product.lot, order.product.expires_on

    def expiry_of(self, lot: str) -> datetime:
        """The first instant at which a lot is expired, by the plant's own reckoning.

        It is midnight after its last day, in the site's zone (URS-EXP-001).
        """
        last_day = next(day for name, day in self.lots_of_all() if name == lot)
        following = last_day + timedelta(days=1)
        return datetime(
            following.year, following.month, following.day, tzinfo=self.site.zone_info
        )
