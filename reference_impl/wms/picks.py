"""Picks in the warehouse: a request is allocated, a picker scans and brings.

Sources: URS-PCK-001, URS-PCK-002, URS-PCK-003, URS-PCK-005, URS-EXP-001.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ConfirmPick, OverrideAllocation, PickTask, PickTasks
from contracts.model.envelope import Envelope
from contracts.model.identifiers import Sscc
from contracts.model.inspection import PickState
from contracts.model.instants import from_microseconds
from contracts.model.master_data import MasterKind
from contracts.model.messages import MESSAGES
from contracts.model.messages.picks import PickConfirmed, PickLine, PickRequested
from contracts.model.quantities import Quantity, Unit
from contracts.model.questions import Use
from reference_impl.adjustments import note_use
from reference_impl.domain import picks as rules
from reference_impl.domain.lot_status import check_shelf_life, check_usable
from reference_impl.domain.places import check_classes
from reference_impl.domain.reasons import check_reason
from reference_impl.domain.scans import scanned_fields
from reference_impl.link.outbox import About, put
from reference_impl.master_data import check_equal
from reference_impl.picks import create_pick_line
from reference_impl.places import needs_of, place_at
from reference_impl.records.work import Work
from reference_impl.samples import is_used
from reference_impl.settings import Settings
from reference_impl.stock import lot_in_use, lot_inside, quantity, text
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import (
    allocations,
    bom_lines,
    containers,
    genealogy,
    lots,
    materials,
    orders,
    pick_lines,
)
from reference_impl.validation import ask_partner
from reference_impl.wms import allocation
from reference_impl.wms.dispensing import is_label_of_issue
from reference_impl.wms.movements import Movement, Spot, post_movement

CONFIRMED = MESSAGES["pick-confirmed"]
_BOM_LINES = Statement(select(bom_lines).where(bom_lines.c.order_id == bindparam("order_id")))
_REQUESTED = Statement(
    select(
        pick_lines.c.requested, pick_lines.c.picked, pick_lines.c.unit, pick_lines.c.state
    ).where(
        pick_lines.c.order_id == bindparam("order_id"),
        pick_lines.c.line_id == bindparam("line_id"),
    )
)
_TASKS = Statement(
    select(allocations, pick_lines, containers.c.location_id)
    .join(
        pick_lines,
        (pick_lines.c.request_id == allocations.c.request_id)
        & (pick_lines.c.line_id == allocations.c.line_id),
    )
    .join(containers, containers.c.sscc == allocations.c.sscc)
    .order_by(pick_lines.c.needed_by, allocations.c.request_id, allocations.c.line_id,
              allocations.c.sscc)
)


# implements FRS-PCK-010
def pick_requested(work: Work, envelope: Envelope[PickRequested]) -> Refusal | None:
    """Allocate for every line, or refuse the request as a whole."""
    request = envelope.data
    order = work.find(orders, request.order_id)
    if order is None:
        return Refusal(Code.UNKNOWN_ORDER, "data.orderId", request.order_id)
    bom = _bom(work, order)
    refusal = (
        rules.check_bom(request, bom)
        or check_equal(work, request.order_id, "data.orderId", MasterKind.BOM)
        or check_equal(work, request.to_location, "data.toLocation", MasterKind.LOCATION)
    )
    if refusal:
        return refusal
    for index, line in enumerate(request.lines):
        path = f"data.lines[{index}]"
        refusal = (
            rules.check_line(line, bom, path)
            or check_equal(work, line.material_id, f"{path}.materialId")
            or _check_supply_area(work, request, line)
            or _take(work, envelope, line, path)
        )
        if refusal:
            return refusal
    return None


def pick_tasks(connection: Connection, settings: Settings) -> PickTasks:
    """What is to be fetched, most urgent first."""
    return PickTasks(
        tasks=tuple(
            PickTask(
                request_id=row["request_id"], line_id=row["line_id"], order_id=row["order_id"],
                material_id=row["material_id"], lot_id=row["lot_id"], container=row["sscc"],
                location_id=row["location_id"], quantity=quantity(row),
                to_location=row["to_location"],
                needed_by=from_microseconds(row["needed_by"], settings.site_zone),
            )
            for row in connection.rows(_TASKS)
        )
    )


def confirm_pick(work: Work, command: ConfirmPick) -> Refusal | None:
    """A picker brings what was scanned: stock moves, MES is told."""
    line = _open_line(work, command)
    if line is None:
        return Refusal(Code.UNKNOWN_REQUEST, "requestId", f"{command.request_id} is not open")
    fields = scanned_fields(command.scan)
    if isinstance(fields, Refusal):
        return fields
    container = work.find(containers, fields["00"])
    if container is None:
        return Refusal(Code.SCAN_NOT_ALLOCATED, "scan", f"{fields['00']} is not known here")
    hand = _in_hand(work, line, container)
    refusal = _check(work, command, hand, container, fields)
    if refusal:
        return refusal
    _post(work, command, line, container, hand)
    return None


# implements FRS-EXP-002
# implements FRS-EXP-004
def override_allocation(work: Work, command: OverrideAllocation) -> Refusal | None:
    """A supervisor sets another lot aside than the one that expires first, and says why."""
    line = _open_line(work, command)
    if line is None:
        return Refusal(Code.UNKNOWN_REQUEST, "requestId", f"{command.request_id} is not open")
    refusal = check_reason(command.reason)
    if refusal:
        return refusal
    work.cause = replace(work.cause, reason=command.reason)
    missing = quantity(line, "requested") - quantity(line, "picked")
    if not allocation.give_another(work, line, command.lot_id, missing):
        return Refusal(
            Code.NO_ELIGIBLE_STOCK, "lotId", f"{command.lot_id} cannot give {missing} in date"
        )
    work.change(
        pick_lines, command.request_id, command.line_id, state=PickState.ALLOCATED.value
    )
    allocation.serve_short(work, line["material_id"])
    return None


# implements FRS-PCK-005
def _open_line(work: Work, command: ConfirmPick | OverrideAllocation) -> Row | None:
    line = work.find(pick_lines, command.request_id, command.line_id)
    return line if line is not None and line["state"] in rules.OPEN else None


def _bom(work: Work, order: Row) -> rules.Bom:
    lines = {
        row["line_id"]: rules.BomLine(
            material_id=row["material_id"],
            quantity=quantity(row),
            tolerance_high=quantity(row, "tolerance_high"),
            requested_before=_requested_before(work.connection, row),
        )
        for row in work.connection.rows(_BOM_LINES, order_id=order["order_id"])
    }
    return rules.Bom(order["bom_id"], order["bom_version"], bool(order["approved"]), lines)


def _requested_before(connection: Connection, bom_line: Row) -> Quantity:
    total = Quantity(value=Decimal(0), unit=Unit(bom_line["unit"]))
    rows = connection.rows(
        _REQUESTED, order_id=bom_line["order_id"], line_id=bom_line["line_id"]
    )
    for row in rows:
        # Of a cancelled request only what was picked counts.
        counts = "picked" if row["state"] == PickState.CANCELLED else "requested"
        total = total + quantity(row, counts)
    return total


# implements FRS-PCK-061
# implements FRS-PCK-062
# implements FRS-PCK-063
def _check_supply_area(work: Work, request: PickRequested, line: PickLine) -> Refusal | None:
    place = place_at(work, request.to_location)
    if place is None:
        return None
    return check_classes(needs_of(work, line.material_id), place, "data.toLocation")


# implements FRS-PCK-013
def _take(
    work: Work, envelope: Envelope[PickRequested], line: PickLine, path: str
) -> Refusal | None:
    request = envelope.data
    if work.find(pick_lines, request.request_id, line.line_id):
        return Refusal(Code.ALREADY_EXISTS, "data.requestId", request.request_id)
    create_pick_line(work, request, line, PickState.ALLOCATED, envelope.id)
    key = (request.request_id, line.line_id, line.material_id)
    return allocation.set_aside_confirmed(
        work, key, line.quantity, line.minimum_shelf_life_days, f"{path}.quantity"
    )


def _in_hand(work: Work, line: Row, container: Row) -> rules.PickInHand:
    share = work.find(allocations, line["request_id"], line["line_id"], container["sscc"])
    content = quantity(container)
    free = allocation.free_of(work.connection, container["sscc"], content)
    allocated = quantity(share) if share else None
    return rules.PickInHand(
        scanned=Sscc(container["sscc"]),
        content=content,
        allocated=allocated,
        free=free + allocated if allocated else free,
        requested=quantity(line, "requested"),
        picked=quantity(line, "picked"),
        tolerance_high=quantity(line, "tolerance_high"),
        minimum_shelf_life_days=line["minimum_shelf_life_days"],
    )


# implements FRS-STA-005
def _check(
    work: Work, command: ConfirmPick, hand: rules.PickInHand, container: Row,
    fields: Mapping[str, str],
) -> Refusal | None:
    lot = work.find(lots, container["lot_id"])
    in_use = lot_in_use(work.connection, container["lot_id"])
    if lot is None or in_use is None:
        return Refusal(Code.UNKNOWN_LOT, "scan", container["lot_id"])
    in_use = lot_inside(container, in_use)
    material = work.find(materials, lot["material_id"])
    gtin = material["gtin"] if material else None
    label = command.to_container
    used = label is not None and (is_used(work, label) or is_label_of_issue(work.connection, label))
    return (
        rules.check_scan(hand, fields, lot["lot"], gtin)
        or check_usable(in_use, work.now, "scan")
        or check_shelf_life(in_use, work.now, hand.minimum_shelf_life_days, "scan")
        or check_equal(work, lot["material_id"], "scan")
        or rules.check_quantity(command.quantity, hand)
        or rules.check_part(command.quantity, hand, command.to_container, used)
        or ask_partner(
            work, Use.PICK, "scan", lot_id=container["lot_id"], container=hand.scanned
        )
    )


def _post(
    work: Work, command: ConfirmPick, line: Row, container: Row, hand: rules.PickInHand
) -> None:
    brought = command.to_container or hand.scanned
    _move(work, command, line, container, hand)
    note_use(work, container["lot_id"], line["order_id"])
    _use_allocation(work, command, line, hand)
    fact = PickConfirmed(
        confirmation_id=command.confirmation_id, request_id=command.request_id,
        line_id=command.line_id, order_id=line["order_id"], material_id=line["material_id"],
        lot_id=container["lot_id"], lot=_lot_number(work, container["lot_id"]),
        source_container=hand.scanned, container=brought, quantity=command.quantity,
        from_location=container["location_id"], to_location=line["to_location"],
        scanned_at=work.now, picked_by=work.actor.account, station=work.actor.station,
    )
    about = About(f"container/{brought}", line["order_id"], line["message_id"])
    put(work, CONFIRMED, fact, about)


def _move(
    work: Work, command: ConfirmPick, line: Row, container: Row, hand: rules.PickInHand
) -> None:
    brought = command.to_container or hand.scanned
    if command.to_container is None:
        work.change(containers, hand.scanned, location_id=line["to_location"])
    else:
        left = hand.content - command.quantity
        work.change(containers, hand.scanned, quantity=text(left))
        work.create(
            containers, sscc=brought, lot_id=container["lot_id"],
            location_id=line["to_location"], quantity=text(command.quantity),
            unit=command.quantity.unit.value,
        )
        work.create(
            genealogy, child=brought, parent=hand.scanned, quantity=text(command.quantity),
            unit=command.quantity.unit.value, cause=command.confirmation_id,
        )
    post_movement(work, Movement(
        command.confirmation_id, container["lot_id"], command.quantity,
        Spot(hand.scanned, container["location_id"]), Spot(brought, line["to_location"]),
    ))


def _use_allocation(
    work: Work, command: ConfirmPick, line: Row, hand: rules.PickInHand
) -> None:
    key = (command.request_id, command.line_id)
    picked = hand.picked + command.quantity
    done = hand.requested <= picked
    for row in allocation.of_line(work.connection, *key):
        rest = quantity(row)
        if row["sscc"] == hand.scanned:
            rest = rest - min(rest, command.quantity)
        if done or rest.value == 0:
            work.remove(allocations, *key, row["sscc"])
        elif rest != quantity(row):
            work.change(allocations, *key, row["sscc"], quantity=text(rest))
    state = PickState.PICKED.value if done else line["state"]
    work.change(pick_lines, *key, picked=text(picked), state=state)


def _lot_number(work: Work, lot_id: str) -> str:
    lot = work.find(lots, lot_id)
    assert lot is not None
    return str(lot["lot"])
