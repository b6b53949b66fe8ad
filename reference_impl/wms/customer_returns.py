"""Customer returns at the dock: verified against the shipment, entered in quarantine.

What did not leave this site is refused: it is not ours, and the books never held it.
Source: URS-RET-002; 21 CFR 211.204.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ReceiveReturn
from contracts.model.identifiers import Gtin14, Sscc
from contracts.model.messages import MESSAGES, ReturnReceived
from reference_impl.customer_returns import returned_before, take_back
from reference_impl.domain import customer_returns as rules
from reference_impl.domain.reasons import check_reason
from reference_impl.domain.scans import scanned_fields
from reference_impl.link.outbox import About, put
from reference_impl.records.work import Work
from reference_impl.serials import gtin_of, units_inside
from reference_impl.stock import quantity
from reference_impl.store.database import Row, Statement
from reference_impl.store.flow_tables import customer_returns
from reference_impl.store.tables import containers, locations, lots, shipments
from reference_impl.wms.movements import Movement, Spot, post_movement

_SHIPMENT = Statement(
    select(shipments.c.sscc).where(shipments.c.shipment_id == bindparam("shipment_id"))
)


# implements FRS-RET-032
def receive_return(work: Work, command: ReceiveReturn) -> Refusal | None:
    """A container that a customer sent back is scanned at the dock, and MES is told."""
    left = _left(work, command)
    if isinstance(left, Refusal):
        return left
    inside = units_inside(work, left["sscc"])
    shipped = rules.Shipped(quantity(left), inside.keys())
    dock = work.find(locations, command.location_id)
    refusal = (
        rules.check_returned(shipped, command.quantity, command.serials)
        or rules.check_dock(dock["purpose"] if dock else None, command.location_id)
        or check_reason(command.reason)
    )
    if refusal:
        return refusal
    work.cause = replace(work.cause, reason=command.reason)
    fact = _fact(work, command, left, next(iter(inside.values()), None))
    take_back(work, fact)
    post_movement(work, Movement(
        f"return/{fact.return_id}", fact.lot_id, fact.quantity,
        Spot(fact.container, f"customer/{fact.customer_id}"),
        Spot(fact.container, fact.location_id),
    ))
    about = About(f"container/{fact.container}", fact.shipment_id)
    put(work, MESSAGES["return-received"], fact, about)
    return None


# implements FRS-RET-021
# implements FRS-RET-022
# implements FRS-RET-023
# implements FRS-RET-024
# implements FRS-RET-034
# implements FRS-RET-035
def _left(work: Work, command: ReceiveReturn) -> Row | Refusal:
    """What of the scanned container left with the shipment that the return names."""
    if work.find(customer_returns, command.return_id):
        return Refusal(Code.ALREADY_EXISTS, "returnId", command.return_id)
    fields = scanned_fields(command.scan)
    if isinstance(fields, Refusal):
        return fields
    sscc, shipment_id = fields["00"], command.shipment_id
    if work.connection.row(_SHIPMENT, shipment_id=shipment_id) is None:
        return Refusal(Code.UNKNOWN_SHIPMENT, "shipmentId", shipment_id)
    left = work.find(shipments, shipment_id, sscc)
    if left is None:
        return Refusal(Code.NOT_IN_SHIPMENT, "scan", f"{sscc} did not leave with {shipment_id}")
    before = returned_before(work.connection, sscc, shipment_id)
    if before is not None:
        return Refusal(Code.ALREADY_RETURNED, "scan", f"it came back with {before}")
    held = work.find(containers, sscc)
    if held is not None and quantity(held).value > 0:
        return Refusal(Code.CONTAINER_KNOWN, "scan", f"{sscc} is in stock")
    return left


def _fact(
    work: Work, command: ReceiveReturn, left: Row, unit: str | None
) -> ReturnReceived:
    lot = work.find(lots, left["lot_id"])
    assert lot is not None
    return ReturnReceived(
        return_id=command.return_id, shipment_id=command.shipment_id,
        customer_id=left["customer_id"], rma_id=command.rma_id, container=Sscc(left["sscc"]),
        material_id=lot["material_id"], gtin=Gtin14(gtin_of(unit)) if unit else None,
        lot_id=lot["lot_id"], lot=lot["lot"], expires_on=date.fromisoformat(lot["expires_on"]),
        quantity=command.quantity, serials=command.serials, status=rules.status_of_return(),
        location_id=command.location_id, reason=command.reason, received_at=work.now,
        received_by=work.actor.account, station=work.actor.station,
    )
