"""The warehouse follows where production brings what it was issued. Source: URS-WIP-001.

A fact is posted even where it surprises; what surprises raises an alarm.
"""

from __future__ import annotations

from contracts.model.codes import Code, Refusal
from contracts.model.envelope import Envelope
from contracts.model.messages.wip import WipTransferred
from reference_impl.records.work import Work
from reference_impl.store.flow_tables import wip_transfers
from reference_impl.store.tables import locations, lots
from reference_impl.wip import keep_transfer, place_in_process
from reference_impl.wms.dispensing import IN_PROCESS, is_label_of_issue
from reference_impl.wms.movements import Movement, Spot, post_movement


# implements FRS-WIP-012
def wip_transferred(work: Work, envelope: Envelope[WipTransferred]) -> Refusal | None:
    """A container in process stands elsewhere: the view of its lot follows."""
    fact = envelope.data
    if work.find(wip_transfers, fact.transfer_id):
        return Refusal(Code.ALREADY_EXISTS, "data.transferId", fact.transfer_id)
    for name in _surprises(work, fact):
        work.alarm(name, f"transfer {fact.transfer_id}: {fact.container}")
    keep_transfer(work, fact)
    post_movement(work, Movement(
        f"wip/{fact.transfer_id}", fact.lot_id, fact.quantity,
        Spot(fact.container, f"{IN_PROCESS}/{fact.from_location}"),
        Spot(fact.container, f"{IN_PROCESS}/{fact.to_location}"),
    ))
    return None


def _surprises(work: Work, fact: WipTransferred) -> list[str]:
    found: list[str] = []
    if not is_label_of_issue(work.connection, fact.container):
        found.append("UNKNOWN_CONTAINER")
    if work.find(lots, fact.lot_id) is None:
        found.append("UNKNOWN_LOT")
    if work.find(locations, fact.to_location) is None:
        found.append("UNKNOWN_LOCATION")
    known = place_in_process(work.connection, fact.container)
    if known not in (None, fact.from_location):
        found.append("PLACE_DIFFERS")
    return found
