"""What a warehouse shows of its deliveries: each ASN with its lines and what arrived for it."""

from __future__ import annotations

from contracts.model.identifiers import Gtin14, Id, LotNumber, SerialNumber, Sscc
from contracts.model.instants import Day, Timestamp
from contracts.model.quantities import Quantity
from contracts.model.receipts import AsnId, AsnState, Condition, Discrepancy, KeyedValue
from contracts.model.wire_model import WireModel


class AsnLineRow(WireModel):
    """A line of an ASN. ``received`` counts what matched; what did not is blocked stock."""

    line_id: Id
    sscc: Sscc | None = None
    material_id: Id
    gtin: Gtin14 | None = None
    supplier_lot: LotNumber
    expires_on: Day
    retest_on: Day | None = None
    expected: Quantity
    received: Quantity


class ReceiptRow(WireModel):
    """A container that arrived, with its reason code where it did not match."""

    receipt_id: Id
    line_id: Id | None = None
    container: Sscc
    lot_id: Id
    quantity: Quantity
    manufactured_on: Day | None = None
    serial: SerialNumber | None = None
    keyed: tuple[KeyedValue, ...] = ()
    verified_by: Id | None = None
    condition: Condition
    discrepancy: Discrepancy | None = None
    received_at: Timestamp
    received_by: Id


class AsnRow(WireModel):
    """An advance shipping notice."""

    asn_id: AsnId
    supplier: str
    state: AsnState
    lines: tuple[AsnLineRow, ...]
    receipts: tuple[ReceiptRow, ...]


class Asns(WireModel):
    """All advance shipping notices."""

    rows: tuple[AsnRow, ...]
