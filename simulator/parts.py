"""What a plant file is made of: people, places, things, and what is to happen with them.

Names in a plant file are short and the plant's own; on the wire they get the run's prefix.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from contracts.model.instants import Day, Timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import ExactDecimal, PositiveDecimal, Unit
from contracts.model.receipts import Condition
from contracts.model.roles import Duty
from contracts.model.stimulus import EquipmentKind, Purpose
from simulator.aside_parts import ComingBackPart, KitPart, OnwardPart, ReworkPart
from simulator.part import Minutes, Name, Part, Reason

PrintedName = Annotated[str, Field(min_length=1, max_length=100)]
Description = Annotated[str, Field(min_length=1, max_length=200)]


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone")
    return name


class SitePart(Part):
    """Where and when. ``start`` is the beginning of the shift, with offset."""

    name: str
    zone: Annotated[str, AfterValidator(_zone)]
    start: Timestamp
    hours: Annotated[int, Field(ge=1, le=24)]
    heal_min: Annotated[int, Field(ge=1, le=1440)] = 120
    """Plant time within which both systems have to agree after the shift."""
    hold_s: Annotated[int, Field(ge=1, le=3600)] = 5
    """Within so many seconds a hold has to be effective in the other system, at the 99th
    percentile.
    """

    @property
    def end(self) -> datetime:
        """The end of the shift."""
        return self.start + timedelta(hours=self.hours)

    @property
    def zone_info(self) -> ZoneInfo:
        """The site's zone."""
        return ZoneInfo(self.zone)


class RunnerPart(Part):
    """How soon the systems do the work that follows from a command."""

    pause_s: Annotated[int, Field(ge=1, le=60)] = 1


class PersonPart(Part):
    """A person with duties."""

    id: Name
    name: PrintedName
    duties: Annotated[tuple[Duty, ...], Field(min_length=1)]


class MaterialPart(Part):
    """A material with its base unit."""

    id: Name
    description: Description
    unit: Unit


class LocationPart(Part):
    """A place and how far it is from anywhere, in minutes of walking."""

    id: Name
    description: Description
    purpose: Purpose = Purpose.STORAGE
    walk_min: Annotated[int, Field(ge=0, le=120)]


class EquipmentPart(Part):
    """A device. It may be used until the end of its calibration day; absent: none is needed."""

    id: Name
    kind: EquipmentKind
    description: Description
    calibration_due: Day | None = None


class LotPart(Part):
    """A lot with its status at the start of the shift."""

    id: Name
    material: Name
    expires_on: Day
    status: LotStatus = LotStatus.QUARANTINE
    potency: PositiveDecimal | None = None
    """Percent; absent where the material is not corrected for it."""


class ContainerPart(Part):
    """Opening stock in one container."""

    id: Name
    lot: Name
    location: Name
    quantity: PositiveDecimal


class CustomerPart(Part):
    """A consignee, with the shelf life that must be left when goods leave."""

    id: Name
    name: PrintedName
    minimum_days: Annotated[int, Field(ge=0, le=3650)] = 0


class Work(StrEnum):
    """What people do at a station."""

    RECEIVING = "receiving"
    SAMPLING = "sampling"
    DISPENSING = "dispensing"
    PACKING = "packing"
    COUNTING = "counting"
    SHIPPING = "shipping"


class StationPart(Part):
    """A station: who works there, where it is, and with what. ``second`` is the second person."""

    id: Name
    work: Work
    person: Name
    second: Name | None = None
    location: Name
    scale: Name | None = None
    printers: tuple[Name, ...] = ()


class LabelVariant(StrEnum):
    """How suppliers write the same label: other symbologies, other orders of its fields."""

    LINEAR = "GS1-128, expiry before lot"
    MATRIX = "GS1 DataMatrix, expiry before lot"
    LOT_FIRST = "GS1-128, lot before expiry, with separator"
    QR = "GS1 QR Code, item before lot"


class ArrivalPart(Part):
    """A container of a delivery. ``actual`` is what is in it, where that differs; ``missing``: it
    was announced and never came.
    """

    id: Name
    quantity: PositiveDecimal
    store: Name
    actual: PositiveDecimal | None = None
    condition: Condition = Condition.INTACT
    missing: bool = False
    variant: LabelVariant = LabelVariant.LINEAR
    misread: Annotated[str, Field(max_length=200)] = ""
    """What the receiver scans first by mistake."""


class DeliveredLotPart(Part):
    """A lot of a delivery; it is sampled when it is put away, and decided on after the tests."""

    lot: Name
    material: Name
    expires_on: Day
    containers: Annotated[tuple[ArrivalPart, ...], Field(min_length=1)]
    sample: PositiveDecimal | None = None
    tested_after_min: Minutes = 240
    decide: LotStatus = LotStatus.RELEASED


class DeliveryPart(Part):
    """A truck at the dock, announced by its ASN."""

    id: Name
    at: Timestamp
    supplier: Description
    lots: Annotated[tuple[DeliveredLotPart, ...], Field(min_length=1)]


class PublicationPart(Part):
    """The record of a material is published to the warehouse."""

    id: Name
    at: Timestamp
    material: Name


class CountPart(Part):
    """A cycle count of a container. ``spilled`` is what was lost before, unnoticed until now."""

    id: Name
    at: Timestamp
    container: Name
    spilled: PositiveDecimal | None = None


class LinePart(Part):
    """One material of an order."""

    id: Name
    material: Name
    quantity: PositiveDecimal
    tolerance: Annotated[ExactDecimal, Field(ge=0)]
    potency_basis: PositiveDecimal | None = None
    """Percent that ``quantity`` is stated for; absent: it is no matter of potency."""


class ReturnPart(Part):
    """What production brings back of a line after weighing."""

    line: Name
    quantity: PositiveDecimal
    to: Name


class ProductPart(Part):
    """What an order makes: a lot in cases of ``per_case`` pieces, ``per_pallet`` cases on one.

    ``making_min`` is how long the batch takes. Quality decides ``released_after_min`` after it is
    packed, and then it is shipped to ``ship_to``, where somebody is named.
    """

    lot: Name
    material: Name
    expires_on: Day
    cases: Annotated[int, Field(ge=1, le=200)]
    per_case: Annotated[int, Field(ge=1, le=100)]
    per_pallet: Annotated[int, Field(ge=1, le=200)]
    making_min: Minutes = 60
    released_after_min: Minutes = 30
    ship_to: Name | None = None
    misread_label: Annotated[int, Field(ge=0, le=200)] = 0
    """The packer scans the label of the case before this one first; 0: never."""
    rework: ReworkPart | None = None
    comes_back: ComingBackPart | None = None


class OrderPart(Part):
    """An order, started and requested ``at`` its time.

    With a ``product`` it is weighed, made and packed as well; without, it ends at the picks.
    """

    id: Name
    at: Timestamp
    to: Name
    bom: Name
    version: Annotated[int, Field(ge=1, le=9999)]
    lines: Annotated[tuple[LinePart, ...], Field(min_length=1)]
    product: ProductPart | None = None
    cancel_after_min: Minutes | None = None
    """Production takes the request back after this time; absent: it waits."""
    weigh_at: Timestamp | None = None
    """When it is weighed at the earliest; absent: as soon as everything is staged."""
    returns: tuple[ReturnPart, ...] = ()
    onward: OnwardPart | None = None
    kit: KitPart | None = None
    """Absent: the product is made of what was weighed."""


class DecisionPart(Part):
    """What the quality unit decides during the shift."""

    lot: Name
    to: LotStatus
    at: Timestamp
    reason: Reason


class PickerPart(Part):
    """A picker at a station."""

    person: Name
    station: Name


class FaultKind(StrEnum):
    """What can go wrong on a conduit, or at a printer."""

    REQUEST_LOST = "request lost"
    REPLY_LOST = "reply lost after commit"
    DUPLICATED = "duplicated"
    OUTAGE = "outage"
    JAM_BEFORE_PRINT = "jam before print"
    JAM_AFTER_PRINT = "jam after print"
    JAM_BEFORE_VERIFY = "jam before verify"
    JAM_AFTER_VERIFY = "jam after verify"


class FaultPart(Part):
    """A fault, anchored to a business message or command by members of its payload.

    ``minutes`` is how long an outage lasts from the moment of that message.
    """

    id: Name
    kind: FaultKind
    message: str
    where: dict[str, str]
    attempt: Annotated[int, Field(ge=1)] = 1
    attempts: Annotated[int, Field(ge=1, le=1000)] = 1
    minutes: Minutes = 0


class MisreadPart(Part):
    """A scan that is not the label of the allocated container."""

    order: Name
    line: Name
    scan: Annotated[str, Field(min_length=1, max_length=200)]
