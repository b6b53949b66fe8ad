"""What a system shows of counting and sampling: counts, adjustments, their investigations."""

from __future__ import annotations

from contracts.model.counts import AdjustmentCause, DeviationClass, DeviationState
from contracts.model.identifiers import Id, Sscc
from contracts.model.instants import Timestamp
from contracts.model.quantities import Quantity
from contracts.model.wire_model import WireModel


class CountRow(WireModel):
    """One count of one container. ``difference`` is counted minus book."""

    count_id: Id
    recount_of: Id | None = None
    container: Sscc
    lot_id: Id
    location_id: Id
    book: Quantity
    counted: Quantity
    difference: Quantity
    counted_by: Id
    counted_at: Timestamp


class Counts(WireModel):
    """All counts."""

    rows: tuple[CountRow, ...]


class AdjustmentRow(WireModel):
    """The book of one container was set to what a recount found, by four eyes."""

    adjustment_id: Id
    count_id: Id
    recount_id: Id
    container: Sscc
    lot_id: Id
    before: Quantity
    after: Quantity
    delta: Quantity
    counted_by: Id
    recounted_by: Id
    approved_by: Id
    signature_id: Id
    investigation_id: Id
    deviation_id: Id | None = None
    adjusted_at: Timestamp


class Adjustments(WireModel):
    """All adjustments."""

    rows: tuple[AdjustmentRow, ...]


class InvestigationRow(WireModel):
    """Why the book was wrong. ``source`` is the adjustment. Source: URS-ADJ-002."""

    investigation_id: Id
    source: Id
    cause: AdjustmentCause
    finding: str
    opened_at: Timestamp


class Investigations(WireModel):
    """All investigation records."""

    rows: tuple[InvestigationRow, ...]


class DeviationRow(WireModel):
    """A deviation with the lots and batches that it affects. Source: 21 CFR 211.192."""

    deviation_id: Id
    deviation_class: DeviationClass
    source: Id
    state: DeviationState
    affected_lots: tuple[Id, ...]
    affected_orders: tuple[Id, ...]
    opened_at: Timestamp
    occasion: str | None = None
    """What whoever opened it has seen; absent where an event opened it."""
    findings: tuple[str, ...] = ()
    """What the investigation found. The quality unit works in MES: only MES shows this and more."""
    capa_ids: tuple[Id, ...] = ()
    conclusion: str | None = None
    closed_by: Id | None = None
    closed_at: Timestamp | None = None
    signature_id: Id | None = None


class Deviations(WireModel):
    """All deviations."""

    rows: tuple[DeviationRow, ...]


class SampleRow(WireModel):
    """A sample: taken out of a container, stock no longer."""

    sample_id: Id
    lot_id: Id
    source_container: Sscc
    sample_container: Sscc
    quantity: Quantity
    sampled_by: Id
    sampled_at: Timestamp


class Samples(WireModel):
    """All samples."""

    rows: tuple[SampleRow, ...]
