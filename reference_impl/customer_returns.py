"""Customer returns: how both systems take them over, keep and show them.

The warehouse does it when the container stands at the dock, MES when the message about it arrives;
both write the same records from the same message. Source: URS-RET-002.
"""

from __future__ import annotations

import json
from dataclasses import replace

from sqlalchemy import bindparam, select

from contracts.model.inspection_flows import CustomerReturnRow, CustomerReturns
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.messages.customer_returns import ReturnReceived
from contracts.model.scrap import SerialState
from reference_impl.custody import Act, take_out
from reference_impl.domain.customer_returns import status_of_return
from reference_impl.domain.packing import logistic_unit
from reference_impl.records.work import Work
from reference_impl.serials import units_inside
from reference_impl.settings import Settings
from reference_impl.stock import quantity, text
from reference_impl.store.database import Connection, Statement
from reference_impl.store.flow_tables import customer_returns
from reference_impl.store.tables import containers
from reference_impl.units import parent_of
from reference_impl.units_ended import end_units

_ALL = Statement(select(customer_returns).order_by(customer_returns.c.return_id))
_OF_CONTAINER = Statement(
    select(customer_returns.c.return_id).where(
        customer_returns.c.container == bindparam("sscc"),
        customer_returns.c.shipment_id == bindparam("shipment_id"),
    )
)


def returned_before(connection: Connection, sscc: str, shipment_id: str) -> str | None:
    """The return by which a container came back from a shipment, or None."""
    row = connection.row(_OF_CONTAINER, sscc=sscc, shipment_id=shipment_id)
    return row["return_id"] if row else None


# implements FRS-RET-033
def take_back(work: Work, fact: ReturnReceived) -> None:
    """Enter the container in quarantine with what came back; the rest stays with the customer."""
    status = status_of_return().value
    held = {
        "location_id": fact.location_id, "quantity": text(fact.quantity), "status": status,
        "lot_id": fact.lot_id, "unit": fact.quantity.unit.value,
    }
    if work.find(containers, fact.container):
        work.change(containers, fact.container, **held)
    else:
        work.create(containers, sscc=fact.container, **held)
    inside = units_inside(work, fact.container)
    kept = [unit for serial, unit in inside.items() if serial not in fact.serials]
    act = Act(fact.container, fact.return_id, fact.received_at, fact.received_by)
    end_units(work, act, kept, SerialState.SHIPPED)
    own = logistic_unit(fact.container)
    outer = parent_of(work, own)
    if outer is not None:
        take_out(work, replace(act, parent=outer), [own])
    _keep(work, fact, status)


def show_customer_returns(
    connection: Connection, settings: Settings, _: int
) -> CustomerReturns:
    """All that customers sent back."""
    return CustomerReturns(
        rows=tuple(
            CustomerReturnRow(
                return_id=row["return_id"], shipment_id=row["shipment_id"],
                customer_id=row["customer_id"], rma_id=row["rma_id"],
                container=row["container"], lot_id=row["lot_id"], quantity=quantity(row),
                serials=tuple(json.loads(row["serials"])), status=row["status"],
                location_id=row["location_id"], reason=row["reason"],
                received_at=from_microseconds(row["received_at"], settings.site_zone),
                received_by=row["received_by"],
            )
            for row in connection.rows(_ALL)
        )
    )


def _keep(work: Work, fact: ReturnReceived, status: str) -> None:
    work.create(
        customer_returns, return_id=fact.return_id, shipment_id=fact.shipment_id,
        customer_id=fact.customer_id, rma_id=fact.rma_id, container=fact.container,
        lot_id=fact.lot_id, quantity=text(fact.quantity), unit=fact.quantity.unit.value,
        serials=json.dumps(sorted(fact.serials)), status=status, location_id=fact.location_id,
        reason=fact.reason, received_at=microseconds(fact.received_at),
        received_by=fact.received_by,
    )
