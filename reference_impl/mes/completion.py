"""The end of an order: what was weighed is used up, what is backflushed is computed and issued.

Sources: URS-DSP-001, URS-DSP-003.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, or_, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import CompleteOrder
from contracts.model.identifiers import Id
from contracts.model.instants import write_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.master_data import MasterKind
from contracts.model.messages.dispensing import IssueMode, MaterialIssued
from contracts.model.quantities import PositiveQuantity, Quantity, Unit
from contracts.record.digests import sha256
from reference_impl.assays import current_assay
from reference_impl.domain.backflush import consumption
from reference_impl.domain.dispensing import SUPPLY_AREAS
from reference_impl.domain.lot_status import check_shelf_life, check_usable
from reference_impl.master_data import check_equal
from reference_impl.mes.issues import (
    book,
    check_issue_modes,
    issues_of,
    lines_of,
    mode_of,
    order_line,
    scrapped_of,
)
from reference_impl.mes.orders import started_order
from reference_impl.places import check_stands
from reference_impl.records.work import Work
from reference_impl.stock import quantity, read_lot, text
from reference_impl.store.database import Row, Statement
from reference_impl.store.tables import (
    completions,
    containers,
    issues,
    locations,
    lots,
    orders,
    weighings,
)

_ID_MAX = 64
_AT_HAND = Statement(
    select(containers.c.sscc, containers.c.quantity, containers.c.unit,
           containers.c.location_id, lots)
    .join(lots, lots.c.lot_id == containers.c.lot_id)
    .join(locations, locations.c.location_id == containers.c.location_id)
    .where(
        lots.c.material_id == bindparam("material_id"),
        or_(*(locations.c.purpose == purpose.value for purpose in SUPPLY_AREAS)),
        containers.c.status.is_(None),
    )
    .order_by(lots.c.expires_at, lots.c.lot_id, containers.c.sscc)
)


@dataclass(frozen=True)
class _Share:
    """How much of one staged container is used up."""

    container: Row
    quantity: Quantity


def complete_order(work: Work, command: CompleteOrder) -> Refusal | None:
    """Complete a started order; backflush is issued now, and nothing stays in process."""
    order = started_order(work, command.order_id)
    if isinstance(order, Refusal):
        return order
    refusal = _check_units(command, order) or check_issue_modes(work, command.order_id)
    if refusal:
        return refusal
    for line in lines_of(work.connection, command.order_id):
        weighed = mode_of(line) is IssueMode.REAL_TIME
        refusal = _use_up(work, line) if weighed else (
            _check_masters(work, line) or _backflush(work, command, order, line)
        )
        if refusal:
            return refusal
    _enter(work, command)
    return None


# implements FRS-DSP-006
def _check_units(command: CompleteOrder, order: Row) -> Refusal | None:
    expected = order["size_unit"] or command.good_quantity.unit.value
    given = {"goodQuantity": command.good_quantity, "scrapQuantity": command.scrap_quantity}
    for path, amount in given.items():
        if amount is not None and amount.unit.value != expected:
            return Refusal(Code.UNIT_NOT_BASE_UNIT, f"{path}.unit", f"it is {expected}")
    return None


# implements FRS-DSP-005
def _use_up(work: Work, line: Row) -> Refusal | None:
    """What was weighed for a line is consumed, but for what came back."""
    weighed = order_line(work.connection, line)
    issued = issues_of(work.connection, line["order_id"], line["line_id"])
    if weighed.falls_short(weighed.before) and not _overridden(work, issued):
        return Refusal(Code.LINE_NOT_DISPENSED, "orderId", f"line {line['line_id']}")
    for issue in issued:
        used = quantity(issue) - quantity(issue, "returned") - scrapped_of(issue)
        work.change(issues, issue["issue_id"], consumed=text(used))
    return None


def _overridden(work: Work, issued: list[Row]) -> bool:
    last = work.find(weighings, issued[-1]["issue_id"]) if issued else None
    return last is not None and last["override_reason"] is not None


# implements FRS-DSP-007
# implements FRS-DSP-030
def _backflush(work: Work, command: CompleteOrder, order: Row, line: Row) -> Refusal | None:
    """Issue what the bill of materials takes for what was made, first expired first out."""
    if order["size"] is None:
        return Refusal(Code.QUANTITY_NOT_EXACT, "goodQuantity", "the order has no size")
    size = Quantity(value=Decimal(order["size"]), unit=Unit(order["size_unit"]))
    made = command.good_quantity + (command.scrap_quantity or Quantity.zero(size.unit))
    wanted = consumption(quantity(line), size, made)
    if isinstance(wanted, Refusal):
        return wanted
    shares = _shares(work, line, wanted)
    if isinstance(shares, Refusal):
        return shares
    for number, share in enumerate(shares, start=1):
        book(work, _fact(work, line, share, number))
    return None


# implements FRS-MDM-002
# implements FRS-MDM-009
def _check_masters(work: Work, line: Row) -> Refusal | None:
    """Refuse to compute from a bill of materials, or an item, that both systems hold differently.

    What was weighed was asked at the scale.
    """
    return check_equal(work, line["order_id"], "orderId", MasterKind.BOM) or check_equal(
        work, line["material_id"], "orderId"
    )


def _shares(work: Work, line: Row, wanted: Quantity) -> list[_Share] | Refusal:
    """What to take of which staged container, or the refusal where they do not hold enough."""
    shares: list[_Share] = []
    missing, left_out = wanted, ""
    for row in work.connection.rows(_AT_HAND, material_id=line["material_id"]):
        held = quantity(row)
        if held.unit is not wanted.unit or held.value <= 0:
            continue
        why_not = _passed_over(work, line, row)
        if why_not:
            left_out = left_out or f"; {row['sscc']} is left out: {why_not.detail}"
            continue
        taken = min(held, missing)
        shares.append(_Share(row, taken))
        missing = missing - taken
        if missing.value == 0:
            return shares
    return Refusal(
        Code.QUANTITY_ABOVE_CONTENT, "goodQuantity",
        f"{missing} of {wanted} of {line['material_id']} is not staged{left_out}",
    )


# implements FRS-STA-023
# implements FRS-EXP-003
def _passed_over(work: Work, line: Row, row: Row) -> Refusal | None:
    """Why staged stock is not taken: its lot, its remaining shelf life, or where it stands."""
    lot, what = read_lot(row), (row["material_id"], LotStatus(row["status"]))
    return (
        check_usable(lot, work.now, "")
        or check_shelf_life(lot, work.now, line["minimum_shelf_life_days"], "")
        or check_stands(work, what, row["location_id"], "")
    )


def _fact(work: Work, line: Row, share: _Share, number: int) -> MaterialIssued:
    row = share.container
    assay = current_assay(work.connection, row["lot_id"])
    return MaterialIssued(
        issue_id=_issue_id(line, number), mode=IssueMode.BACKFLUSH, order_id=line["order_id"],
        line_id=line["line_id"], material_id=line["material_id"], lot_id=row["lot_id"],
        lot=row["lot"], source_container=row["sscc"],
        quantity=PositiveQuantity(value=share.quantity.value, unit=share.quantity.unit),
        potency=assay.potency if assay else None, issued_at=work.now,
        issued_by=work.actor.account, station=work.actor.station,
    )


def _issue_id(line: Row, number: int) -> Id:
    """The number of a computed issue, made from those of order and line."""
    made = f"{line['order_id']}-{line['line_id']}-B{number}"
    return Id(made if len(made) <= _ID_MAX else sha256(made.encode()))


def _enter(work: Work, command: CompleteOrder) -> None:
    scrap = command.scrap_quantity
    work.create(
        completions, order_id=command.order_id, good=text(command.good_quantity),
        scrap=text(scrap) if scrap else "0", unit=command.good_quantity.unit.value,
        at=write_timestamp(work.now), by=work.actor.account,
    )
    work.change(orders, command.order_id, state="COMPLETED")
