"""What production shows of its work in process: what was issued, weighed, returned, consumed."""

from __future__ import annotations

from pydantic import StrictBool

from contracts.model.identifiers import Id, Sscc
from contracts.model.instants import Day, Timestamp
from contracts.model.quantities import Percent, Quantity
from contracts.model.wire_model import WireModel


class WipRow(WireModel):
    """One lot on one line of an order. In process is what was issued and none of the others."""

    order_id: Id
    line_id: Id
    material_id: Id
    lot_id: Id
    issued: Quantity
    returned: Quantity
    scrapped: Quantity
    consumed: Quantity


class BackflushRow(WireModel):
    """A line in backflush mode. ``open`` is staged minus consumed minus returned.

    Anything but zero is a discrepancy that somebody has to clear. Source: URS-DSP-003.
    """

    order_id: Id
    line_id: Id
    staged: Quantity
    consumed: Quantity
    returned: Quantity
    open: Quantity


class Wip(WireModel):
    """Work in process per order, line and lot; and the lines whose consumption is computed."""

    rows: tuple[WipRow, ...]
    backflushed: tuple[BackflushRow, ...]


class WeighingRow(WireModel):
    """One dispensed container. ``left`` is what is still in process."""

    dispense_id: Id
    order_id: Id
    line_id: Id
    material_id: Id
    lot_id: Id
    source_container: Sscc
    container: Sscc
    gross: Quantity
    tare: Quantity
    net: Quantity
    left: Quantity
    potency: Percent | None = None
    scale_id: Id
    calibration_due: Day | None = None
    weighed_at: Timestamp
    performed_by: Id
    verified_by: Id
    overridden: StrictBool


class Weighings(WireModel):
    """All dispensed containers."""

    rows: tuple[WeighingRow, ...]
