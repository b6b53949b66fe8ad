"""What production shows of a batch: its electronic record; and the warehouse of its movements."""

from __future__ import annotations

from contracts.model.batch_records import Element, EntryKind, MasterRecord
from contracts.model.identifiers import Gtin14, Id, LotNumber, SerialNumber, Sscc
from contracts.model.inspection import Count
from contracts.model.inspection_adjustments import DeviationRow, SampleRow
from contracts.model.inspection_packing import LabelRow, ReconciliationRow
from contracts.model.instants import Day, Timestamp
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.quantities import ExactDecimal, Percent, Quantity
from contracts.model.wire_model import WireModel


class BatchProduct(WireModel):
    """What the batch makes."""

    material_id: Id
    gtin: Gtin14
    lot_id: Id
    lot: LotNumber
    expires_on: Day


class ComponentRow(WireModel):
    """A lot of material in the batch, with its weights. Source: 211.188(b)(3), (b)(4), (b)(11).

    ``returned`` was given back; gross, tare, scale and the checker are of what was weighed.
    """

    issue_id: Id
    line_id: Id
    material_id: Id
    lot_id: Id
    lot: LotNumber
    source_container: Sscc
    container: Sscc | None = None
    gross: Quantity | None = None
    tare: Quantity | None = None
    quantity: Quantity
    returned: Quantity
    potency: Percent | None = None
    scale_id: Id | None = None
    issued_at: Timestamp
    performed_by: Id
    checked_by: Id | None = None


class EntryRow(WireModel):
    """What a person entered, and who checked it. Source: 211.188(b)(1), (b)(2), (b)(11).

    ``within_limits`` is there for a result.
    """

    entry_id: Id
    kind: EntryKind
    item: Id | None = None
    text: str
    started_at: Timestamp
    ended_at: Timestamp
    equipment_id: Id | None = None
    lot_id: Id | None = None
    quantity: Quantity | None = None
    within_limits: bool | None = None
    performed_by: Id
    checked_by: Id
    signature_id: Id
    recorded_at: Timestamp


class EnteredRow(EntryRow):
    """An entry with the order whose record it stands in."""

    order_id: Id


class CompletedRow(WireModel):
    """A batch record that was completed, and by which signature."""

    order_id: Id
    signature: SignatureManifest


class BatchEntries(WireModel):
    """All entries of all batch records, and the records that were completed."""

    rows: tuple[EnteredRow, ...]
    completed: tuple[CompletedRow, ...]


class PackedRow(WireModel):
    """A unit that was packed. ``acknowledged``: the warehouse has posted its content."""

    pack_id: Id
    sscc: Sscc
    lot_id: Id
    quantity: Quantity
    serials: tuple[SerialNumber, ...]
    acknowledged: bool


class YieldRow(WireModel):
    """What came out, against what the master record gives. Source: 211.188(b)(7); 211.103."""

    good: Quantity
    scrap: Quantity
    theoretical: Quantity | None = None
    percent: ExactDecimal | None = None
    """Good of theoretical, to two digits after the point."""
    completed_at: Timestamp
    completed_by: Id


class DeviceHistory(WireModel):
    """What a batch record of a device holds besides. Source: 21 CFR 820.35(c); ISO 13485 7.5.1.

    ``udi`` are device and production identifiers of each unit, as people read them.
    """

    udi: tuple[str, ...]
    made: Quantity | None = None
    released: Quantity | None = None
    acceptance: tuple[Id, ...]
    primary_label: Id | None = None


class MissingElement(WireModel):
    """What a batch record lacks: the element, and which of its kind."""

    element: Element
    what: str


class BatchRecord(WireModel):
    """The electronic batch record of an order. Source: 21 CFR 211.188; URS-BPR-001.

    ``missing`` blocks its completion, ``obstacles`` the release of the lot.
    """

    order_id: Id
    bom_id: Id
    bom_version: Count
    product: BatchProduct | None = None
    master_record: MasterRecord | None = None
    entries: tuple[EntryRow, ...]
    components: tuple[ComponentRow, ...]
    packed: tuple[PackedRow, ...]
    samples: tuple[SampleRow, ...]
    yields: YieldRow | None = None
    labels: tuple[LabelRow, ...]
    reconciliation: ReconciliationRow | None = None
    deviations: tuple[DeviationRow, ...]
    device: DeviceHistory | None = None
    missing: tuple[MissingElement, ...]
    obstacles: tuple[str, ...]
    completed: SignatureManifest | None = None
    released_at: Timestamp | None = None


class MovementRow(WireModel):
    """An amount of one lot went from one spot to another, because of ``cause``.

    Outside the stock a location names what is there instead: WIP, an order, a customer.
    """

    cause: str
    lot_id: Id
    from_container: Id
    from_location: str
    to_container: Id
    to_location: str
    quantity: Quantity
    moved_at: Timestamp


class Movements(WireModel):
    """All movements, by cause."""

    rows: tuple[MovementRow, ...]
