"""What a system shows of kits: every component with item, lot and serial number."""

from __future__ import annotations

from contracts.model.identifiers import Gtin14, Id, ItemName, LotNumber, SerialNumber, Sscc
from contracts.model.instants import Timestamp
from contracts.model.wire_model import WireModel


class KitRow(WireModel):
    """One component of a kit. ``opened_by`` is the opening that took it out, and ``into`` where it
    went then; absent: it is in the kit. Source: URS-AGG-003.
    """

    kit: ItemName
    component: ItemName
    gtin: Gtin14
    lot_id: Id
    lot: LotNumber
    serial: SerialNumber
    assembly_id: Id
    assembled_at: Timestamp
    assembled_by: Id
    opened_by: Id | None = None
    opened_at: Timestamp | None = None
    into: Sscc | None = None


class Kits(WireModel):
    """All components of all kits that ever were."""

    rows: tuple[KitRow, ...]
