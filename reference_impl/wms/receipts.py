"""Receipts in the warehouse: what arrives is entered in quarantine, or blocked where it differs.

Sources: URS-RCV-001, URS-RCV-002, URS-RCV-004, URS-RCV-005, URS-RCV-006.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ConfirmReceipt
from contracts.model.instants import microseconds
from contracts.model.lot_status import LotStatus
from contracts.model.master_data import MasterKind
from contracts.model.messages import MESSAGES
from contracts.model.messages.receipts import ReceiptConfirmed
from contracts.model.receipts import AsnState
from reference_impl.domain import receipts as rules
from reference_impl.domain.lot_status import labelled_instant
from reference_impl.link.outbox import About, put
from reference_impl.master_data import check_equal, check_item_equal
from reference_impl.records.accounts import Accounts
from reference_impl.records.counting import SET_AHEAD, last_number
from reference_impl.records.work import Work
from reference_impl.retest import read_retest_day, retest_columns
from reference_impl.stock import text
from reference_impl.store.database import Statement
from reference_impl.store.tables import asn_lines, containers, lots, receipts
from reference_impl.system import Answered
from reference_impl.wms.arrivals import Arrival, arrival_of, dock_of, verified
from reference_impl.wms.deliveries import delivery, follow_delivery
from reference_impl.wms.lot_codes import lot_code_of, new_lot_code
from reference_impl.wms.movements import Movement, Spot, post_movement

RECEIVED = MESSAGES["receipt-confirmed"]
_LOTS_OF_ASN = Statement(
    select(lots)
    .join(receipts, receipts.c.lot_id == lots.c.lot_id)
    .where(
        receipts.c.asn_id == bindparam("asn_id"),
        lots.c.material_id == bindparam("material_id"),
        lots.c.lot == bindparam("lot"),
        lots.c.expires_on == bindparam("expires_on"),
        lots.c.expires_at == bindparam("expires_at"),
        lots.c.status == LotStatus.QUARANTINE.value,
    )
    .order_by(lots.c.lot_id)
)


@dataclass(frozen=True)
class _Entered:
    """What a receipt came to in the books."""

    lot_id: str
    asn_state: AsnState


# implements FRS-RCV-001
def confirm_receipt(
    work: Work, command: ConfirmReceipt, accounts: Accounts
) -> Refusal | Answered:
    """The receiver scans a container of a delivery: it is entered, and MES is told."""
    announced = delivery(work, command.asn_id)
    if announced is None:
        return Refusal(Code.UNKNOWN_ASN, "asnId", command.asn_id)
    closed = rules.check_asn_open(announced.asn_id, announced.state)
    dock = closed or dock_of(work, command)
    if isinstance(dock, Refusal):
        return dock
    arrival = arrival_of(work, command, announced, dock)
    if isinstance(arrival, Refusal):
        return arrival
    refused = (
        check_item_equal(work, arrival.material_id, "scan")
        or check_equal(work, dock["location_id"], "location", MasterKind.LOCATION)
        or verified(work, command, arrival, accounts)
    )
    if refused:
        return refused
    entered = _enter(work, command, arrival)
    _tell(work, command, arrival, entered)
    return Answered({
        "lot_id": entered.lot_id, "location_id": arrival.location_id,
        "discrepancy": arrival.discrepancy, "asn_state": entered.asn_state,
    })


# implements FRS-RCV-010
# implements FRS-RCV-011
def _enter(work: Work, command: ConfirmReceipt, arrival: Arrival) -> _Entered:
    sscc = arrival.label.sscc
    lot_id = _site_lot(work, command, arrival)
    work.create(
        containers, sscc=sscc, lot_id=lot_id, location_id=arrival.location_id,
        quantity=text(arrival.quantity), unit=arrival.quantity.unit.value,
        status=LotStatus.BLOCKED.value if arrival.discrepancy else None,
    )
    _record(work, command, arrival, lot_id)
    post_movement(work, Movement(
        f"receipt/{command.receipt_id}", lot_id, arrival.quantity,
        Spot(sscc, f"asn/{command.asn_id}"), Spot(sscc, arrival.location_id),
    ))
    if arrival.line is not None and arrival.discrepancy is None:
        received = arrival.line.received + arrival.quantity
        work.change(
            asn_lines, command.asn_id, arrival.line.line_id, received=text(received)
        )
    return _Entered(lot_id, follow_delivery(work, command.asn_id))


# implements FRS-RCV-023
def _record(work: Work, command: ConfirmReceipt, arrival: Arrival, lot_id: str) -> None:
    label, made = arrival.label, arrival.label.manufactured_on
    work.create(
        receipts, receipt_id=command.receipt_id, asn_id=command.asn_id,
        line_id=arrival.line.line_id if arrival.line else None, sscc=label.sscc, lot_id=lot_id,
        quantity=text(arrival.quantity), unit=arrival.quantity.unit.value,
        condition=command.condition.value,
        discrepancy=arrival.discrepancy.value if arrival.discrepancy else None,
        received_at=microseconds(work.now), received_by=work.actor.account,
        manufactured_on=made.isoformat() if made else None, serial=label.serial,
        keyed=json.dumps(sorted(label.keyed)) if label.keyed else None,
        verified_by=_verifier(command, arrival),
    )


# implements FRS-RCV-011
# implements FRS-RCV-021
# implements FRS-BKP-007
def _site_lot(work: Work, command: ConfirmReceipt, arrival: Arrival) -> str:
    """The site lot of this delivery that is still in quarantine, or a new one."""
    label = arrival.label
    expires_on = label.expires_on.isoformat()
    expires_at = microseconds(_expiry(work, label))
    known = work.connection.row(
        _LOTS_OF_ASN, asn_id=command.asn_id, material_id=arrival.material_id,
        lot=label.lot, expires_on=expires_on, expires_at=expires_at,
    )
    if known is not None:
        return str(known["lot_id"])
    begun = last_number(work.connection, SET_AHEAD) + 1
    numbered = (f"{command.asn_id}-L{n}" for n in count(begun))
    lot_id = next(name for name in numbered if work.find(lots, name) is None)
    work.create(
        lots, lot_id=lot_id, material_id=arrival.material_id, lot=label.lot,
        expires_on=expires_on, expires_at=expires_at,
        status=rules.status_at_receipt().value, lot_code=new_lot_code(work),
        **retest_columns(work, arrival.line.retest_on if arrival.line else None),
    )
    return lot_id


# implements FRS-EXP-005
def _expiry(work: Work, label: rules.Label) -> datetime:
    return labelled_instant(label.expires_on, label.expires_at, work.settings.site_zone)


def _tell(work: Work, command: ConfirmReceipt, arrival: Arrival, entered: _Entered) -> None:
    label, lot = arrival.label, work.find(lots, entered.lot_id)
    assert lot is not None
    fact = ReceiptConfirmed(
        receipt_id=command.receipt_id, asn_id=command.asn_id,
        line_id=arrival.line.line_id if arrival.line else None,
        material_id=arrival.material_id, gtin=label.gtin, lot_id=entered.lot_id,
        lot_code=lot_code_of(work, entered.lot_id),
        supplier_lot=label.lot, expires_on=label.expires_on, container=label.sscc,
        quantity=arrival.quantity, manufactured_on=label.manufactured_on, serial=label.serial,
        expires_at=_expiry(work, label).astimezone(work.settings.site_zone)
        if label.expires_at else None,
        retest_on=read_retest_day(lot["retest_on"]),
        keyed=tuple(sorted(label.keyed)), verified_by=_verifier(command, arrival),
        location_id=arrival.location_id, condition=command.condition,
        discrepancy=arrival.discrepancy, status=rules.status_at_receipt(),
        asn_state=entered.asn_state, received_at=work.now, received_by=work.actor.account,
        station=work.actor.station,
    )
    put(work, RECEIVED, fact, About(f"container/{label.sscc}", command.asn_id))


def _verifier(command: ConfirmReceipt, arrival: Arrival) -> str | None:
    """Who signed for what was keyed; nobody where nothing was."""
    if not arrival.label.keyed or command.verification is None:
        return None
    return command.verification.user_id
