"""What a system shows of packing: labels, what travels in what, what left the site."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints

from contracts.model.identifiers import Id, Sscc
from contracts.model.inspection import Count
from contracts.model.instants import Timestamp
from contracts.model.packing import LabelEncoding, LabelLocale, LabelState, UnitKind
from contracts.model.quantities import Quantity
from contracts.model.wire_model import WireModel

UnitKey = Annotated[
    str, StringConstraints(pattern=r"^\((00\)[0-9]{18}|01\)[0-9]{14}\(21\)[\x21-\x7e]{1,20})$")
]


class LabelRow(WireModel):
    """One print of a label. ``verified_fields`` is what a scanner read back, by GS1 AI."""

    label_id: Id
    sscc: Sscc
    kind: UnitKind
    state: LabelState
    order_id: Id
    packaging_line_id: Id
    printer_id: Id
    lot_id: Id | None = None
    quantity: Quantity
    reprint_of: Id | None = None
    locale: LabelLocale
    encoding: LabelEncoding
    printed_at: Timestamp
    printed_by: Id
    verified_fields: dict[str, str] | None = None
    reason: str | None = None
    """Why it was spoiled."""


class LabelCount(WireModel):
    """The labels of an order: ``issued`` is the sum of all the others. Source: URS-LBL-003."""

    order_id: Id
    issued: Count
    open: Count
    """Printed, and neither applied nor accounted for."""
    applied: Count
    spoiled: Count
    void: Count


class ReconciliationRow(WireModel):
    """The labels of an order as they were counted by hand, against the record.

    ``difference`` counts every label that was not found where the record has it; 211.125(c).
    """

    reconciliation_id: Id
    order_id: Id
    issued: Count
    applied: Count
    destroyed: Count
    difference: Count
    reason: str | None = None
    counted_by: Id
    counted_at: Timestamp


class Labels(WireModel):
    """All prints, the balance of each order, and what was counted."""

    rows: tuple[LabelRow, ...]
    balances: tuple[LabelCount, ...]
    reconciliations: tuple[ReconciliationRow, ...]


class AggregationRow(WireModel):
    """``child`` is inside ``parent``: a logistic unit (00), or a unit of sale (01)(21)."""

    child: UnitKey
    parent: Sscc
    cause: Id


class UnitRow(WireModel):
    """A unit with the lots that it holds at every level of aggregation.

    ``locked``: some of it is on hold (blocked, rejected or recalled), so that none of it may move.
    Source: URS-STA-006.
    """

    sscc: Sscc
    lot_ids: Annotated[tuple[Id, ...], Field(min_length=1)]
    locked: StrictBool


class Aggregations(WireModel):
    """What is inside what, and for each unit in stock what it holds."""

    rows: tuple[AggregationRow, ...]
    units: tuple[UnitRow, ...]


class ShipmentRow(WireModel):
    """What one container held when it left: ``unit`` is the outermost unit that it left in."""

    shipment_id: Id
    customer_id: Id
    consignee: str
    unit: Sscc
    sscc: Sscc
    lot_id: Id
    quantity: Quantity
    shipped_at: Timestamp


class Shipments(WireModel):
    """All that left the site."""

    rows: tuple[ShipmentRow, ...]
