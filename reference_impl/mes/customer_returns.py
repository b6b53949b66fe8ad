"""Production learns what customers sent back: in quarantine, whatever the message calls it.

A fact is posted even where it surprises; what surprises raises an alarm. Source: URS-RET-002.
"""

from __future__ import annotations

from contracts.model.codes import Code, Refusal
from contracts.model.envelope import Envelope
from contracts.model.messages.customer_returns import ReturnReceived
from reference_impl.customer_returns import take_back
from reference_impl.records.work import Work
from reference_impl.serials import units_inside
from reference_impl.stock import quantity
from reference_impl.store.flow_tables import customer_returns
from reference_impl.store.tables import lots, shipments


# implements FRS-RET-034
def return_received(work: Work, envelope: Envelope[ReturnReceived]) -> Refusal | None:
    """A container came back: it is compared with what left, and entered in quarantine."""
    fact = envelope.data
    if work.find(customer_returns, fact.return_id):
        return Refusal(Code.ALREADY_EXISTS, "data.returnId", fact.return_id)
    for name in _surprises(work, fact):
        work.alarm(name, f"return {fact.return_id}: {fact.container}")
    take_back(work, fact)
    return None


def _surprises(work: Work, fact: ReturnReceived) -> list[str]:
    """Names of the alarms for a return that does not agree with what is known here."""
    found = ["UNKNOWN_LOT"] if work.find(lots, fact.lot_id) is None else []
    left = work.find(shipments, fact.shipment_id, fact.container)
    if left is None:
        return [*found, "NOT_IN_SHIPMENT"]
    shipped = quantity(left)
    if shipped.unit is not fact.quantity.unit or shipped < fact.quantity:
        found.append("RETURN_ABOVE_SHIPPED")
    inside = units_inside(work, fact.container)
    if any(serial not in inside for serial in fact.serials):
        found.append("UNKNOWN_SERIAL")
    return found
