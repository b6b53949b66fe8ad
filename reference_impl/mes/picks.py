"""Production asks for material and learns what was brought.

Sources: URS-PCK-001, URS-PCK-003.
"""

from __future__ import annotations

from decimal import Decimal

from contracts.model.codes import Code, Refusal
from contracts.model.commands import RequestedLine, RequestPick, StartOrder
from contracts.model.envelope import Envelope
from contracts.model.inspection import PickState
from contracts.model.master_data import MasterKind
from contracts.model.messages import MESSAGES
from contracts.model.messages.picks import PickConfirmed, PickLine, PickRequested
from contracts.model.quantities import Quantity, Unit
from contracts.model.verdicts import Outcome
from contracts.record.strict_json import read_json
from reference_impl.adjustments import note_use
from reference_impl.link.outbox import About, Sent, put
from reference_impl.master_data import check_equal
from reference_impl.mes.issues import check_issue_modes
from reference_impl.mes.orders import started_order
from reference_impl.picks import create_pick_line
from reference_impl.records.work import Work
from reference_impl.stock import quantity, text
from reference_impl.store.database import Row
from reference_impl.store.tables import bom_lines, containers, genealogy, orders, pick_lines
from reference_impl.system import Ordered

REQUESTED = MESSAGES["pick-requested"]


# implements FRS-PCK-010
def start_order(work: Work, command: StartOrder) -> Refusal | None:
    """Start a planned order."""
    order = work.find(orders, command.order_id)
    if order is None:
        return Refusal(Code.UNKNOWN_ORDER, "orderId", command.order_id)
    refusal = check_issue_modes(work, command.order_id)
    if refusal:
        return refusal
    work.change(orders, command.order_id, state="STARTED")
    return None


# implements FRS-PCK-011
# implements FRS-PCK-012
# implements FRS-PCK-013
def request_pick(work: Work, command: RequestPick) -> Refusal | Ordered:
    """Ask the warehouse for material of a started order, by its bill of materials."""
    order = started_order(work, command.order_id)
    if isinstance(order, Refusal):
        return order
    bom_differs = check_equal(work, command.order_id, "orderId", MasterKind.BOM)
    if bom_differs:
        return bom_differs
    lines: list[PickLine] = []
    for index, wanted in enumerate(command.lines):
        bom_line = work.find(bom_lines, command.order_id, wanted.line_id)
        if bom_line is None:
            return Refusal(Code.NOT_ON_BOM, f"lines[{index}].lineId", wanted.line_id)
        if wanted.quantity.unit.value != bom_line["unit"]:
            return Refusal(
                Code.UNIT_NOT_BASE_UNIT, f"lines[{index}].quantity.unit",
                f"it is {bom_line['unit']}",
            )
        differs = check_equal(work, bom_line["material_id"], f"lines[{index}].lineId")
        if differs:
            return differs
        if work.find(pick_lines, command.request_id, wanted.line_id):
            return Refusal(Code.ALREADY_EXISTS, "requestId", command.request_id)
        lines.append(_line(wanted, bom_line))
    request = _request(work, command, order, tuple(lines))
    about = About(f"order/{command.order_id}", command.order_id)
    message_id = put(work, REQUESTED, request, about)
    for line in lines:
        create_pick_line(work, request, line, PickState.REQUESTED, message_id)
    return Ordered(message_id)


def request_settled(work: Work, body: bytes, sent: Sent) -> None:
    """The warehouse has spoken: the request is allocated, or refused and over."""
    envelope = REQUESTED.envelope.model_validate(read_json(body))
    request = envelope.data
    assert isinstance(request, PickRequested)
    state = PickState.ALLOCATED if sent.outcome is Outcome.OK else PickState.REFUSED
    for line in request.lines:
        row = work.find(pick_lines, request.request_id, line.line_id)
        if row is not None and row["state"] == PickState.REQUESTED:
            work.change(pick_lines, request.request_id, line.line_id, state=state.value)


def pick_confirmed(work: Work, envelope: Envelope[PickConfirmed]) -> Refusal | None:
    """The warehouse brought a container: the mirror of its stock follows.

    A fact is posted even where it surprises; what surprises raises an alarm.
    """
    fact = envelope.data
    _follow_line(work, fact)
    note_use(work, fact.lot_id, fact.order_id)
    source = work.find(containers, fact.source_container)
    surprise = _why_not_followed(work, fact, source)
    if source is None or surprise:
        work.alarm(str(surprise), f"pick {fact.confirmation_id}: {fact.source_container}")
        return None
    if fact.container == fact.source_container:
        work.change(containers, fact.container, location_id=fact.to_location)
        return None
    left = quantity(source) - fact.quantity
    if left.value < 0:
        work.alarm("QUANTITY_ABOVE_CONTENT", f"pick {fact.confirmation_id}: {left} would be left")
    work.change(containers, fact.source_container, quantity=text(left))
    work.create(
        containers, sscc=fact.container, lot_id=fact.lot_id, location_id=fact.to_location,
        quantity=text(fact.quantity), unit=fact.quantity.unit.value,
    )
    work.create(
        genealogy, child=fact.container, parent=fact.source_container,
        quantity=text(fact.quantity), unit=fact.quantity.unit.value, cause=fact.confirmation_id,
    )
    return None


def _why_not_followed(work: Work, fact: PickConfirmed, source: Row | None) -> str | None:
    """The alarm for a fact that the mirror of the stock cannot take over, or None."""
    if source is None:
        return "UNKNOWN_CONTAINER"
    if source["unit"] != fact.quantity.unit.value:
        return "UNIT_NOT_BASE_UNIT"
    is_part = fact.container != fact.source_container
    return "CONTAINER_IN_USE" if is_part and work.find(containers, fact.container) else None


def _follow_line(work: Work, fact: PickConfirmed) -> None:
    line = work.find(pick_lines, fact.request_id, fact.line_id)
    if line is None or line["unit"] != fact.quantity.unit.value:
        name = "UNKNOWN_REQUEST" if line is None else "UNIT_NOT_BASE_UNIT"
        work.alarm(name, f"pick {fact.confirmation_id}: {fact.request_id}")
        return
    picked = quantity(line, "picked") + fact.quantity
    done = quantity(line, "requested") <= picked
    # What was picked before a cancellation may be told after it; the rest stays cancelled.
    open_state = line["state"] if line["state"] == PickState.CANCELLED else PickState.ALLOCATED
    work.change(
        pick_lines, fact.request_id, fact.line_id, picked=text(picked),
        state=PickState.PICKED.value if done else str(open_state),
    )


def _line(wanted: RequestedLine, bom_line: Row) -> PickLine:
    return PickLine(
        line_id=wanted.line_id, material_id=bom_line["material_id"], quantity=wanted.quantity,
        tolerance_high=Quantity(
            value=Decimal(bom_line["tolerance_high"]), unit=Unit(bom_line["unit"])
        ),
        minimum_shelf_life_days=bom_line["minimum_shelf_life_days"],
    )


def _request(
    work: Work, command: RequestPick, order: Row, lines: tuple[PickLine, ...]
) -> PickRequested:
    return PickRequested(
        request_id=command.request_id, order_id=command.order_id, bom_id=order["bom_id"],
        bom_version=order["bom_version"], to_location=command.to_location,
        needed_by=command.needed_by, requested_by=work.actor.account,
        station=work.actor.station, lines=lines,
    )
