"""Production brings what it has dispensed from one of its places to another.

Source: URS-WIP-001; 21 CFR 211.188(b), 211.42(c).
"""

from __future__ import annotations

from contracts.model.codes import Code, Refusal
from contracts.model.commands import TransferWip
from contracts.model.identifiers import Sscc
from contracts.model.messages import MESSAGES, WipTransferred
from contracts.model.quantities import PositiveQuantity
from contracts.model.stimulus import Purpose
from reference_impl.domain.places import Place, check_classes
from reference_impl.domain.scans import scanned_fields
from reference_impl.domain.shipping import check_unlocked
from reference_impl.link.outbox import About, put
from reference_impl.mes.issues import issued_into, left_of
from reference_impl.mes.orders import started_order
from reference_impl.places import needs_of, place_at
from reference_impl.records.work import Work
from reference_impl.stock import read_lot
from reference_impl.store.database import Row
from reference_impl.store.flow_tables import wip_transfers
from reference_impl.store.tables import containers, lots
from reference_impl.wip import keep_transfer, place_in_process

_OF_PRODUCTION = (Purpose.STAGING, Purpose.DISPENSING, Purpose.PACKING)


# implements FRS-WIP-001
# implements FRS-WIP-002
# implements FRS-WIP-012
def transfer_wip(work: Work, command: TransferWip) -> Refusal | None:
    """A dispensed container is brought to another place; the warehouse is told."""
    if work.find(wip_transfers, command.transfer_id):
        return Refusal(Code.ALREADY_EXISTS, "transferId", command.transfer_id)
    order = started_order(work, command.order_id)
    if isinstance(order, Refusal):
        return order
    issue = issue_scanned(work, command.scan, command.order_id)
    if isinstance(issue, Refusal):
        return issue
    present = present_place(work, issue)
    refusal = check_issue_unlocked(work, issue) or _check_place(
        work, issue["material_id"], present, command.to_location
    )
    if refusal:
        return refusal
    fact = _fact(work, command, issue, present)
    keep_transfer(work, fact)
    put(work, MESSAGES["wip-transferred"], fact,
        About(f"container/{fact.container}", fact.order_id))
    return None


# implements FRS-WIP-003
# implements FRS-WIP-004
def issue_scanned(work: Work, scan: str, order_id: str | None = None) -> Row | Refusal:
    """The issue that filled the scanned container, where some of it is still in process."""
    fields = scanned_fields(scan)
    if isinstance(fields, Refusal):
        return fields
    issue = issued_into(work.connection, fields["00"])
    if issue is None or order_id not in (None, issue["order_id"]):
        return Refusal(Code.UNKNOWN_CONTAINER, "scan", f"{fields['00']} was not dispensed for it")
    if left_of(issue).value <= 0:
        return Refusal(Code.UNKNOWN_CONTAINER, "scan", "nothing of it is in process any more")
    return issue


# implements FRS-WIP-005
def check_issue_unlocked(work: Work, issue: Row) -> Refusal | None:
    """Refuse material of a lot that is on hold."""
    lot = work.find(lots, issue["lot_id"])
    return check_unlocked([read_lot(lot)], "scan") if lot else None


def present_place(work: Work, issue: Row) -> str:
    """Where a dispensed container stands: by its last transfer, else where it was filled."""
    moved = place_in_process(work.connection, issue["container"])
    source = work.find(containers, issue["source"])
    assert source is not None
    return moved or str(source["location_id"])


# implements FRS-WIP-006
# implements FRS-WIP-007
# implements FRS-WIP-008
# implements FRS-WIP-009
# implements FRS-WIP-010
# implements FRS-WIP-011
def _check_place(
    work: Work, material_id: str, present: str, to_location: str
) -> Refusal | None:
    place: Place | None = place_at(work, to_location)
    if place is None:
        return Refusal(Code.UNKNOWN_LOCATION, "toLocation", to_location)
    if place.purpose not in _OF_PRODUCTION:
        return Refusal(Code.WRONG_PURPOSE, "toLocation", f"it is for {place.purpose}")
    if to_location == present:
        return Refusal(Code.ALREADY_THERE, "toLocation", f"it stands at {present}")
    return check_classes(needs_of(work, material_id), place, "toLocation")


def _fact(work: Work, command: TransferWip, issue: Row, present: str) -> WipTransferred:
    lot, left = work.find(lots, issue["lot_id"]), left_of(issue)
    assert lot is not None
    return WipTransferred(
        transfer_id=command.transfer_id, order_id=command.order_id, line_id=issue["line_id"],
        container=Sscc(issue["container"]), material_id=issue["material_id"],
        lot_id=issue["lot_id"], lot=lot["lot"],
        quantity=PositiveQuantity(value=left.value, unit=left.unit), from_location=present,
        to_location=command.to_location, transferred_at=work.now,
        transferred_by=work.actor.account, station=work.actor.station,
    )
