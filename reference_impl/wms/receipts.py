"""Receipts in the warehouse: what arrives is entered in quarantine, or blocked where it differs.

Sources: URS-RCV-001, URS-RCV-002, URS-RCV-005, URS-RCV-006.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ConfirmReceipt
from contracts.model.identifiers import LotNumber
from contracts.model.instants import microseconds, write_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.messages import MESSAGES
from contracts.model.messages.receipts import ReceiptConfirmed
from contracts.model.receipts import AsnState, Discrepancy
from contracts.model.stimulus import Purpose
from reference_impl.domain import receipts as rules
from reference_impl.domain.lot_status import expiry_instant
from reference_impl.link.outbox import About, put
from reference_impl.records.work import Work
from reference_impl.stock import text
from reference_impl.store.database import Row, Statement
from reference_impl.store.tables import (
    asn_lines,
    containers,
    locations,
    lots,
    materials,
    movements,
    receipts,
)
from reference_impl.system import Answered
from reference_impl.wms.deliveries import Delivery, delivery, follow_delivery

RECEIVED = MESSAGES["receipt-confirmed"]
_BY_GTIN = Statement(
    select(materials)
    .where(materials.c.gtin == bindparam("gtin"))
    .order_by(materials.c.material_id)
)
_DISCREPANCY_PLACES = Statement(
    select(locations)
    .where(locations.c.purpose == Purpose.DISCREPANCY.value)
    .order_by(locations.c.location_id)
)
_LOTS_OF_ASN = Statement(
    select(lots)
    .join(receipts, receipts.c.lot_id == lots.c.lot_id)
    .where(
        receipts.c.asn_id == bindparam("asn_id"),
        lots.c.material_id == bindparam("material_id"),
        lots.c.lot == bindparam("lot"),
        lots.c.expires_on == bindparam("expires_on"),
        lots.c.status == LotStatus.QUARANTINE.value,
    )
    .order_by(lots.c.lot_id)
)


@dataclass(frozen=True)
class _Arrival:
    """A container at the dock: what its label says, what it belongs to, what is wrong with it."""

    label: rules.Label
    line: rules.AnnouncedLine | None
    material_id: str
    discrepancy: Discrepancy | None
    location_id: str


@dataclass(frozen=True)
class _Entered:
    """What a receipt came to in the books."""

    lot_id: str
    asn_state: AsnState


# implements FRS-RCV-001
def confirm_receipt(work: Work, command: ConfirmReceipt) -> Refusal | Answered:
    """The receiver scans a container of a delivery: it is entered, and MES is told."""
    announced = delivery(work, command.asn_id)
    if announced is None:
        return Refusal(Code.UNKNOWN_ASN, "asnId", command.asn_id)
    refusal = rules.check_open(announced.asn_id, announced.state)
    if refusal:
        return refusal
    dock = _dock(work, command)
    if isinstance(dock, Refusal):
        return dock
    arrival = _arrival(work, command, announced, dock)
    if isinstance(arrival, Refusal):
        return arrival
    entered = _enter(work, command, arrival)
    _tell(work, command, arrival, entered)
    return Answered({
        "lot_id": entered.lot_id, "location_id": arrival.location_id,
        "discrepancy": arrival.discrepancy, "asn_state": entered.asn_state,
    })


# implements FRS-RCV-009
# implements FRS-RCV-017
def _dock(work: Work, command: ConfirmReceipt) -> Row | Refusal:
    dock = work.find(locations, command.location)
    if dock is None:
        return Refusal(Code.UNKNOWN_LOCATION, "location", command.location)
    if dock["purpose"] != Purpose.RECEIVING:
        return Refusal(Code.WRONG_PURPOSE, "location", f"it is for {dock['purpose']}")
    return dock


# implements FRS-RCV-006
# implements FRS-RCV-007
# implements FRS-RCV-008
def _arrival(
    work: Work, command: ConfirmReceipt, announced: Delivery, dock: Row
) -> _Arrival | Refusal:
    label = _label(work, command)
    if isinstance(label, Refusal):
        return label
    named = command.line_id
    line = announced.line(named) if named else rules.line_of(label, announced.lines)
    if named and line is None:
        return Refusal(Code.UNKNOWN_ASN_LINE, "lineId", named)
    refusal = rules.check_item(label, line)
    if refusal:
        return refusal
    material = _material(work, label, line)
    if material is None:
        return Refusal(Code.UNKNOWN_MATERIAL, "scan", f"no item has the GTIN {label.gtin}")
    if material["base_unit"] != command.quantity.unit:
        detail = f"it is {material['base_unit']}"
        return Refusal(Code.UNIT_NOT_BASE_UNIT, "quantity.unit", detail)
    found = rules.discrepancy_of(label, line, command.quantity, command.condition)
    place = _discrepancy_place(work, dock) if found else dock["location_id"]
    return _Arrival(label, line, material["material_id"], found, place)


# implements FRS-RCV-005
def _label(work: Work, command: ConfirmReceipt) -> rules.Label | Refusal:
    fields = rules.scanned_fields(command.scan)
    if isinstance(fields, Refusal):
        return fields
    if work.find(containers, fields["00"]):
        return Refusal(Code.CONTAINER_KNOWN, "scan", f"{fields['00']} is in stock")
    return rules.read_label(fields)


def _material(work: Work, label: rules.Label, line: rules.AnnouncedLine | None) -> Row | None:
    """The item that arrived: that of the line, or another one where the label names it."""
    if line is not None and rules.is_of_item(label, line):
        return work.find(materials, line.material_id)
    named = work.connection.row(_BY_GTIN, gtin=label.gtin) if label.gtin else None
    if named is None and line is not None:
        return work.find(materials, line.material_id)
    return named


# implements FRS-RCV-010
def _discrepancy_place(work: Work, dock: Row) -> str:
    if dock["discrepancy_location"]:
        return str(dock["discrepancy_location"])
    first = work.connection.row(_DISCREPANCY_PLACES)
    if first is None:
        work.alarm("NO_DISCREPANCY_PLACE", f"blocked stock stays at {dock['location_id']}")
        return str(dock["location_id"])
    return str(first["location_id"])


# implements FRS-RCV-010
# implements FRS-RCV-011
def _enter(work: Work, command: ConfirmReceipt, arrival: _Arrival) -> _Entered:
    sscc, amount = arrival.label.sscc, text(command.quantity)
    unit = command.quantity.unit.value
    lot_id = _site_lot(work, command, arrival)
    work.create(
        containers, sscc=sscc, lot_id=lot_id, location_id=arrival.location_id,
        quantity=amount, unit=unit,
        status=LotStatus.BLOCKED.value if arrival.discrepancy else None,
    )
    work.create(
        receipts, receipt_id=command.receipt_id, asn_id=command.asn_id,
        line_id=arrival.line.line_id if arrival.line else None, sscc=sscc, lot_id=lot_id,
        quantity=amount, unit=unit, condition=command.condition.value,
        discrepancy=arrival.discrepancy.value if arrival.discrepancy else None,
        received_at=microseconds(work.now), received_by=work.actor.account,
    )
    work.create(
        movements, cause=f"receipt/{command.receipt_id}", lot_id=lot_id, from_sscc=sscc,
        from_location=f"asn/{command.asn_id}", to_sscc=sscc, to_location=arrival.location_id,
        quantity=amount, unit=unit, at=write_timestamp(work.now),
    )
    if arrival.line is not None and arrival.discrepancy is None:
        received = arrival.line.received + command.quantity
        work.change(
            asn_lines, command.asn_id, arrival.line.line_id, received=text(received)
        )
    return _Entered(lot_id, follow_delivery(work, command.asn_id))


# implements FRS-RCV-011
# implements FRS-RCV-021
def _site_lot(work: Work, command: ConfirmReceipt, arrival: _Arrival) -> str:
    """The site lot of this delivery that is still in quarantine, or a new one."""
    label = arrival.label
    expires_on = label.expires_on.isoformat()
    known = work.connection.row(
        _LOTS_OF_ASN, asn_id=command.asn_id, material_id=arrival.material_id,
        lot=label.lot, expires_on=expires_on,
    )
    if known is not None:
        return str(known["lot_id"])
    numbered = (f"{command.asn_id}-L{n}" for n in count(1))
    lot_id = next(name for name in numbered if work.find(lots, name) is None)
    expires_at = expiry_instant(label.expires_on, work.settings.site_zone)
    work.create(
        lots, lot_id=lot_id, material_id=arrival.material_id, lot=label.lot,
        expires_on=expires_on, expires_at=microseconds(expires_at),
        status=rules.status_at_receipt().value,
    )
    return lot_id


def _tell(work: Work, command: ConfirmReceipt, arrival: _Arrival, entered: _Entered) -> None:
    label = arrival.label
    fact = ReceiptConfirmed(
        receipt_id=command.receipt_id, asn_id=command.asn_id,
        line_id=arrival.line.line_id if arrival.line else None,
        material_id=arrival.material_id, gtin=label.gtin, lot_id=entered.lot_id,
        supplier_lot=LotNumber(label.lot), expires_on=label.expires_on, container=label.sscc,
        quantity=command.quantity, location_id=arrival.location_id,
        condition=command.condition, discrepancy=arrival.discrepancy,
        status=rules.status_at_receipt(), asn_state=entered.asn_state, received_at=work.now,
        received_by=work.actor.account, station=work.actor.station,
    )
    put(work, RECEIVED, fact, About(f"container/{label.sscc}", command.asn_id))


