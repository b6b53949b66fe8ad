"""What the harness alone may do, in test mode: load, set the clock, run what is due, reroute.

In contract testing these play the part of provider states. A system without them can still reach
the conformance levels Exchange and Reconcilable.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, StrictBool, StringConstraints, model_validator
from pydantic.config import JsonDict

from contracts.model.batch_records import MasterRecord
from contracts.model.identifiers import Gtin14, Id, LotNumber, Sscc
from contracts.model.inspection import Count
from contracts.model.instants import Day, Timestamp
from contracts.model.lines import UNIQUE_LINE_IDS
from contracts.model.lot_status import LotStatus
from contracts.model.master_data import SHELF_LIFE_DAYS_MAX
from contracts.model.messages.dispensing import IssueMode
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.places import EquipmentLevel, LocationKind
from contracts.model.quality import RequiredTest
from contracts.model.quantities import Percent, PositiveQuantity, Quantity, Unit
from contracts.model.receipts import AsnId
from contracts.model.roles import Duty
from contracts.model.scans import ScanStep
from contracts.model.second_factor import TotpSecret
from contracts.model.segregation import TemperatureClass
from contracts.model.signing import SigningRecords
from contracts.model.units import Density, PotencyBasis, ScaleDigits, UnitFactor
from contracts.model.wire_model import WireModel

Url = Annotated[str, StringConstraints(pattern=r"^(https|asgi)://[\x21-\x7e]{1,200}$")]


class Person(WireModel):
    """A person with an account. Example data: nobody real."""

    person_id: Id
    printed_name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    duties: tuple[Duty, ...]
    password: Annotated[str, StringConstraints(min_length=8, max_length=128)]
    totp_secret: TotpSecret | None = None
    """What the person's authenticator is made with; absent: the person opens no session."""
    qualified_until: Day | None = None
    """The last day of the qualification; absent: it has no end."""
    signing: SigningRecords | None = None
    """What lets the person sign; absent: nothing is on file, and the person cannot."""


class Risk(StrEnum):
    """How much depends on recording the use of a material at once."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class RiskRecord(WireModel):
    """The decision on how a material is issued; it counts when it is signed. URS-DSP-008."""

    record_id: Id
    is_active: StrictBool
    """Whether the material is an active ingredient."""
    risk: Risk
    signature: SignatureManifest | None = None


class Material(WireModel):
    """A material definition."""

    material_id: Id
    description: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    gtin: Gtin14 | None = None
    base_unit: Unit
    temperature_class: TemperatureClass | None = None
    """At which temperature it is kept; absent: at any."""
    hazard_classes: tuple[Id, ...] = ()
    allergens: tuple[Id, ...] = ()
    issue_mode: IssueMode = IssueMode.REAL_TIME
    risk_record: RiskRecord | None = None
    conversions: Annotated[tuple[UnitFactor, ...], Field(max_length=10)] = ()
    """What other units it may be given in; without a factor there is no conversion."""
    stock_scale: ScaleDigits = 6
    """To how many digits after the point its stock is kept."""
    potency_basis: PotencyBasis | None = None
    """The basis on which its potency counts; absent: it has none that counts."""
    shelf_life_days: Annotated[int, Field(strict=True, ge=1, le=SHELF_LIFE_DAYS_MAX)] | None = None
    """For how many days after it was made it is good; absent: as each of its lots says."""
    required_tests: Annotated[tuple[RequiredTest, ...], Field(min_length=1)] | None = None
    """What each of its lots has to pass before it is released; absent: nothing."""


class Purpose(StrEnum):
    """What a location is for. Stock is allocated from storage alone."""

    STORAGE = "storage"
    STAGING = "staging"
    RECEIVING = "receiving"
    DISCREPANCY = "discrepancy"
    DISPENSING = "dispensing"
    PACKING = "packing"
    SHIPPING = "shipping"


class Location(WireModel):
    """A place where stock can stand."""

    location_id: Id
    kind: LocationKind = LocationKind.BIN
    parent: Id | None = None
    """The place that it is in: known, or in the same document, and of a wider kind."""
    equipment_level: EquipmentLevel | None = None
    """What it is in the equipment hierarchy; absent: an operational location alone."""
    quarantine: StrictBool = False
    """Whether it is a place of quarantine, where nothing released may stand."""
    purpose: Purpose = Purpose.STORAGE
    description: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    temperature_class: TemperatureClass = TemperatureClass.AMBIENT
    hazard_classes: tuple[Id, ...] = ()
    """What it may hold; material without a hazard class may stand anywhere."""
    allergens: tuple[Id, ...] = ()
    """What it may hold; material without an allergen may stand anywhere."""
    allowed_statuses: tuple[LotStatus, ...] = ()
    """The statuses that may stand here; none named: all."""
    discrepancy_location: Id | None = None
    """Of a receiving place: where what does not match is put; absent: the first that there is."""


class EquipmentKind(StrEnum):
    """What a piece of equipment is."""

    SCALE = "scale"
    PRINTER = "printer"
    SCANNER = "scanner"


class Equipment(WireModel):
    """A device. It may be used until the end of its calibration day; absent: none is needed."""

    equipment_id: Id
    kind: EquipmentKind
    description: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    calibration_due: Day | None = None
    location_id: Id | None = None
    """Where it stands, and so what it may touch; absent: it goes where it is needed."""


class Lot(WireModel):
    """A material lot. The site's own ``lot_id`` is one per lot of each shipment."""

    lot_id: Id
    material_id: Id
    lot: LotNumber
    expires_on: Day
    expires_at: Timestamp | None = None
    """From when on it is expired on that day, as a label may say (AI 7003); absent: its end."""
    retest_on: Day | None = None
    """The last day on which it is used without another test; absent: it has none."""
    status: LotStatus = LotStatus.QUARANTINE
    potency: Percent | None = None
    """The assay of the lot; absent: it has none."""
    potency_basis: PotencyBasis | None = None
    """What the assay is stated of."""
    densities: tuple[Density, ...] = ()


class Container(WireModel):
    """Opening stock in one handling unit."""

    sscc: Sscc
    lot_id: Id
    location_id: Id
    quantity: PositiveQuantity


class BomLine(WireModel):
    """One material of a bill of materials, for the whole order."""

    line_id: Id
    material_id: Id
    quantity: PositiveQuantity
    tolerance_high: Quantity
    minimum_shelf_life_days: Annotated[int, Field(strict=True, ge=0, le=3650)] = 0
    tolerance_low: Quantity | None = None
    """How much less than ``quantity`` may be dispensed, same unit; absent: nothing."""
    potency_basis: Percent | None = None
    """The potency that ``quantity`` is stated for; absent: it is no matter of potency."""


class DispenseLabel(WireModel):
    """What the labels of an order's dispensed containers say. Source: 21 CFR 211.101(b)."""

    product: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    strength: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    batch: LotNumber


class Product(WireModel):
    """What an order makes: one lot of one trade item, in quarantine until quality releases it.

    ``label_difference_max``: how many labels may stay unaccounted for, with a reason;
    ``is_device``: its batch record is a device history record as well.
    """

    material_id: Id
    gtin: Gtin14
    lot_id: Id
    lot: LotNumber
    expires_on: Day
    label_difference_max: Count = 0
    is_device: StrictBool = False


class Order(WireModel):
    """A production order with the version of the bill of materials that it is made by."""

    order_id: Id
    bom_id: Id
    bom_version: Annotated[int, Field(strict=True, ge=1, le=9999)]
    approved: StrictBool = True
    lines: Annotated[tuple[BomLine, ...], Field(min_length=1), UNIQUE_LINE_IDS]
    product: Product | None = None
    size: PositiveQuantity | None = None
    """How much of the product the bill of materials is for; needed for backflush."""
    dispense_label: DispenseLabel | None = None
    """Needed where material is dispensed for the order."""
    master_record: MasterRecord | None = None
    """What the electronic batch record has to hold; absent: the record is kept on paper."""


class AsnLine(WireModel):
    """One lot of a delivery, in the container ``sscc`` where the supplier named it."""

    line_id: Id
    sscc: Sscc | None = None
    material_id: Id
    gtin: Gtin14 | None = None
    supplier_lot: LotNumber
    expires_on: Day
    retest_on: Day | None = None
    """The supplier's retest date; absent: there is none."""
    quantity: PositiveQuantity


class Asn(WireModel):
    """An advance shipping notice: what a supplier says is on its way."""

    asn_id: AsnId
    supplier: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    lines: Annotated[
        tuple[AsnLine, ...], Field(min_length=1, max_length=200), UNIQUE_LINE_IDS
    ]


class PackagingLine(WireModel):
    """A packaging line, where its units stand, and the range of the site that it labels from.

    ``sscc_prefix`` is what all its SSCCs begin with: extension digit, company prefix and any digits
    that set the range apart; the digits that are left to 17 count up.
    """

    line_id: Id
    location_id: Id
    sscc_prefix: Annotated[str, StringConstraints(pattern=r"^[0-9]{8,16}$")]
    scanner_id: Id | None = None
    """The device that reads its labels back; absent: one that is not in the register."""


class Customer(WireModel):
    """A consignee. ``minimum_shelf_life_days``: full days that must be left when goods leave."""

    customer_id: Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    minimum_shelf_life_days: Annotated[int, Field(strict=True, ge=0, le=3650)] = 0


class Load(WireModel):
    """Master data, opening stock, orders and ASNs; the same document goes to both systems."""

    people: tuple[Person, ...] = ()
    materials: tuple[Material, ...] = ()
    locations: tuple[Location, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    lots: tuple[Lot, ...] = ()
    containers: tuple[Container, ...] = ()
    orders: tuple[Order, ...] = ()
    asns: tuple[Asn, ...] = ()
    packaging_lines: tuple[PackagingLine, ...] = ()
    customers: tuple[Customer, ...] = ()
    scan_steps: tuple[ScanStep, ...] = ()


class Loaded(WireModel):
    """How many records were taken over."""

    records: Count


_DRIVEN: JsonDict = {"required": ["now"], "properties": {"live": {"const": False}}}
_LIVE: JsonDict = {
    "required": ["live"], "properties": {"live": {"const": True}}, "not": {"required": ["now"]}
}


class SetClock(WireModel):
    """Drive the site clock to ``now``, or give it back to the wall (``live``)."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [_DRIVEN, _LIVE]})

    now: Timestamp | None = None
    live: StrictBool = False

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.now is None) == (not self.live):
            raise ValueError("give either now or live")
        return self


class RunDue(WireModel):
    """Drive the clock to ``now`` and do the background work that is due by then."""

    now: Timestamp


class RanDue(WireModel):
    """What the background work came to; ``due_at`` is when there will be more."""

    jobs: Count
    delivered: Count
    refused: Count
    unknown: Count
    due_at: Timestamp | None = None


class RoutePartner(WireModel):
    """Send messages for the partner to this address instead; absent: the configured one."""

    url: Url | None = None


class RouteContact(WireModel):
    """Send notices for the security contact to this address instead; absent: the configured one."""

    url: Url | None = None


class CertificateEnd(WireModel):
    """When a certificate ends, as the instruments are to show it."""

    name: Id
    ends_at: Timestamp


class SetInstruments(WireModel):
    """What the instruments of a system show from now on; what is absent shows what is true.

    ``clock_offset_ms``: how far its clock is ahead of the reference.
    """

    clock_offset_ms: Annotated[int, Field(strict=True, ge=-(10**9), le=10**9)] | None = None
    certificates: tuple[CertificateEnd, ...] = ()


class InstrumentsSet(WireModel):
    """How many instruments show something else than what is true."""

    seeded: Count


class Arm(WireModel):
    """Let the system's process die when it reaches a named place of its code; none: let it live.

    ``occurrence``: the how-manieth time counts. What is armed is forgotten when the process ends.
    """

    point: Id | None = None
    occurrence: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 1


class Armed(WireModel):
    """Every place at which the system can be made to die, and the one that is armed."""

    points: tuple[Id, ...]
    armed: Id | None = None


class Routed(WireModel):
    """The address that messages for the partner now go to."""

    url: str
