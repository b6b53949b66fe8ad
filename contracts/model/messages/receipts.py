"""Receipts: what arrived at the dock, and where it was put away.

ISA-95: a receipt is an operations performance (Inventory) with a material actual at the dock, lot
and sublot; a put-away changes the storage location of the sublot. EPCIS: ObjectEvent OBSERVE
receiving, in progress; then storing, with the place as business location.
"""

from __future__ import annotations

from contracts.model.envelope import Payload
from contracts.model.identifiers import Gtin14, Id, LotNumber, SerialNumber, SiteLotCode, Sscc
from contracts.model.instants import Day, Timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import PositiveQuantity
from contracts.model.receipts import AsnId, AsnState, Condition, Discrepancy, KeyedValue


class ReceiptConfirmed(Payload):
    """WMS → MES. This container has arrived; its lot is new here and in quarantine.

    ``lot_id`` is the site's own, one per lot of each shipment; the supplier's lot stands beside it.
    A container with a ``discrepancy`` is blocked.
    """

    receipt_id: Id
    asn_id: AsnId
    line_id: Id | None = None
    """The line of the ASN; absent where none was found."""
    material_id: Id
    gtin: Gtin14 | None = None
    lot_id: Id
    lot_code: SiteLotCode | None = None
    """The code that the site issued for the lot, with its check character."""
    supplier_lot: LotNumber
    expires_on: Day
    expires_at: Timestamp | None = None
    """The instant, where the label names a time of day (AI 7003); absent: the day's end."""
    retest_on: Day | None = None
    """The last day on which the lot is used without another test, where it was announced."""
    container: Sscc
    quantity: PositiveQuantity
    manufactured_on: Day | None = None
    serial: SerialNumber | None = None
    keyed: tuple[KeyedValue, ...] = ()
    """What was keyed by hand; ``verified_by`` is the second person who checked it."""
    verified_by: Id | None = None
    location_id: Id
    condition: Condition
    discrepancy: Discrepancy | None = None
    status: LotStatus
    """What the sender calls the lot. The receiver enters it in quarantine, whatever stands here."""
    asn_state: AsnState
    received_at: Timestamp
    received_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.receipt_id


class PutawayCompleted(Payload):
    """WMS → MES. This container now stands at another place of the warehouse."""

    putaway_id: Id
    container: Sscc
    lot_id: Id
    from_location: Id
    to_location: Id
    put_away_at: Timestamp
    put_away_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.putaway_id
