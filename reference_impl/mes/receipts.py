"""What the warehouse received and put away: MES enters the lot in quarantine and follows.

A fact is posted even where it surprises; what surprises raises an alarm.
Sources: URS-RCV-002, URS-RCV-006.
"""

from __future__ import annotations

from contracts.model.envelope import Envelope
from contracts.model.instants import microseconds
from contracts.model.lot_status import LotStatus
from contracts.model.messages.receipts import PutawayCompleted, ReceiptConfirmed
from reference_impl.domain.lot_status import told_instant
from reference_impl.domain.receipts import status_at_receipt
from reference_impl.mes.holds import status_under_holds
from reference_impl.mes.lot_status import back_to_quarantine
from reference_impl.records.counting import next_lasting_number
from reference_impl.records.work import Work
from reference_impl.retest import retest_columns
from reference_impl.stock import text
from reference_impl.store.database import Row
from reference_impl.store.tables import containers, lots


def receipt_confirmed(work: Work, envelope: Envelope[ReceiptConfirmed]) -> None:
    """A container has arrived: its lot begins in quarantine, whatever the message calls it."""
    fact = envelope.data
    lot = work.find(lots, fact.lot_id)
    if lot is None:
        _enter_lot(work, fact)
    else:
        _compare(work, envelope, lot)
    if work.find(containers, fact.container):
        work.alarm("CONTAINER_KNOWN", f"receipt {fact.receipt_id}: {fact.container}")
        return
    work.create(
        containers, sscc=fact.container, lot_id=fact.lot_id, location_id=fact.location_id,
        quantity=text(fact.quantity), unit=fact.quantity.unit.value,
        status=LotStatus.BLOCKED.value if fact.discrepancy else None,
    )


def putaway_completed(work: Work, envelope: Envelope[PutawayCompleted]) -> None:
    """A container stands elsewhere."""
    fact = envelope.data
    if work.find(containers, fact.container) is None:
        work.alarm("UNKNOWN_CONTAINER", f"put-away {fact.putaway_id}: {fact.container}")
        return
    work.change(containers, fact.container, location_id=fact.to_location)


# implements FRS-RCV-011
# implements FRS-RCV-021
# implements FRS-EXP-005
def _enter_lot(work: Work, fact: ReceiptConfirmed) -> None:
    expires_at = told_instant(fact.expires_on, fact.expires_at, work.settings.site_zone)
    work.create(
        lots, lot_id=fact.lot_id, material_id=fact.material_id, lot=fact.supplier_lot,
        expires_on=fact.expires_on.isoformat(), expires_at=microseconds(expires_at),
        status=status_under_holds(work, fact.lot_id, status_at_receipt()).value,
        lot_code=fact.lot_code, **retest_columns(work, fact.retest_on),
    )


# implements FRS-RCV-011
def _compare(work: Work, envelope: Envelope[ReceiptConfirmed], lot: Row) -> None:
    """Raise an alarm where a known lot is another one, or was decided on without this container.

    A lot that was released without it goes back into quarantine, for nobody has sampled it.
    """
    fact = envelope.data
    expires_at = told_instant(fact.expires_on, fact.expires_at, work.settings.site_zone)
    told = (fact.material_id, fact.supplier_lot, fact.expires_on.isoformat(),
            microseconds(expires_at))
    if told != (lot["material_id"], lot["lot"], lot["expires_on"], lot["expires_at"]):
        work.alarm("LOT_DIFFERS", f"receipt {fact.receipt_id}: {fact.lot_id}")
    elif lot["status"] != status_at_receipt():
        work.alarm("LOT_DECIDED_BEFORE", f"receipt {fact.receipt_id}: {fact.lot_id}")
    if lot["status"] == LotStatus.RELEASED:
        change_id = f"{fact.asn_id}-Q{next_lasting_number(work.connection, 'late receipts')}"
        why = f"container {fact.container} arrived after the release"
        back_to_quarantine(work, lot, change_id, why, envelope.id)
