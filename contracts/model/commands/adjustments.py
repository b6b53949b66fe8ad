"""Counting and adjusting: one counts, another recounts, a third approves."""

from __future__ import annotations

from contracts.model.commands.command import Command, Reason, Scan, SignatureComponents
from contracts.model.counts import AdjustmentCause
from contracts.model.identifiers import Id, Sscc
from contracts.model.instants import Timestamp
from contracts.model.quantities import NonNegativeQuantity, Quantity
from contracts.model.wire_model import WireModel


class RecordCount(Command):
    """WMS. Somebody counted what a container really holds; nothing at all is an answer too.

    ``recount_of`` names the first count, where another person counts the same container again.
    """

    count_id: Id
    location_id: Id
    scan: Scan
    counted: NonNegativeQuantity
    recount_of: Id | None = None

    @property
    def key(self) -> str:
        return self.count_id


class ApproveAdjustment(Command):
    """WMS. The book follows the recount. ``count_id`` names the first count or its recount."""

    adjustment_id: Id
    count_id: Id
    reason: Reason
    cause: AdjustmentCause
    signature: SignatureComponents

    @property
    def key(self) -> str:
        return self.adjustment_id


class CountDifference(WireModel):
    """A recounted difference that waits for approval, with both counts. Source: URS-ADJ-001."""

    count_id: Id
    recount_id: Id
    container: Sscc
    lot_id: Id
    location_id: Id
    book: Quantity
    """The book of today; where it moved since the recount, the container is counted anew."""
    first_counted: Quantity
    first_counted_by: Id
    recounted: Quantity
    recounted_by: Id
    recounted_at: Timestamp
    difference: Quantity


class CountDifferences(WireModel):
    """Differences that wait for approval, oldest recount first."""

    rows: tuple[CountDifference, ...]
