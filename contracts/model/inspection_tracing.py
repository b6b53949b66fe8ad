"""Where a lot went, what is in a unit, and how long a recall took.

Both systems answer a trace from their own records; the answers are equal. Source: URS-GEN-001.
"""

from __future__ import annotations

from contracts.model.identifiers import Id
from contracts.model.inspection_packing import ShipmentRow
from contracts.model.instants import Timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.wire_model import WireModel


class TracedBatch(WireModel):
    """An order, and the lot that it makes; none where it packs nothing with a number."""

    order_id: Id
    lot_id: Id | None = None


class TracedUnit(WireModel):
    """A handling unit of any kind and level that holds, or held, these of the traced lots."""

    sscc: Id
    lot_ids: tuple[Id, ...]


class ForwardTrace(WireModel):
    """All that a lot went into, through any number of batches.

    What was issued to an order and wholly given back is not in its batch.
    Source: 21 CFR 211.150(b); URS-GEN-001.
    """

    lot_id: Id
    batches: tuple[TracedBatch, ...]
    units: tuple[TracedUnit, ...]
    shipped: tuple[ShipmentRow, ...]
    """What of it left the site, and for whom."""


class BackwardTrace(WireModel):
    """All that went into a unit. ``unit`` is an SSCC, or a unit of sale as (01)…(21)….

    ``lots`` are those in the unit itself and all that they were made of.
    """

    unit: Id
    batches: tuple[TracedBatch, ...]
    lots: tuple[Id, ...]


class RecalledLot(WireModel):
    """A lot of a recall. ``reached_at``: since when the warehouse holds it too.

    Absent where that is not known yet; of a lot that could not be recalled (it has expired, was
    rejected or destroyed) when it was decided, for no system lets it move.
    """

    lot_id: Id
    status: LotStatus
    reached_at: Timestamp | None = None


class RecallRow(WireModel):
    """A recall. ``reached_at``: since when both systems hold all of it. Source: URS-GEN-003."""

    recall_id: Id
    lot_id: Id
    reason: str
    recalled_by: Id
    signature_id: Id
    recalled_at: Timestamp
    reached_at: Timestamp | None = None
    lots: tuple[RecalledLot, ...]
    units: tuple[TracedUnit, ...]
    shipped: tuple[ShipmentRow, ...]


class Recalls(WireModel):
    """All recalls."""

    rows: tuple[RecallRow, ...]
