"""Cases are opened and closed again, and go onto other pallets; what stays out is destroyed.

The line takes units out in MES, the warehouse puts them back: each has to have heard of the other.
"""

from __future__ import annotations

from decimal import Decimal

from contracts.model.codes import Code
from contracts.model.commands import AggregateUnits, DisaggregateUnit, ReaggregateItems
from contracts.model.identifiers import ItemName, UnitName
from contracts.model.messages.custody import Breaking
from contracts.model.roles import Role
from contracts.model.scrap import ScrapReason
from contracts.record.history import Lane
from simulator import handling
from simulator.duration import MINUTE
from simulator.ledger import Moving
from simulator.parts import OrderPart, StationPart, Work
from simulator.processes.scrapping import GivenUp, give_up_stock
from simulator.stage import Post, Process, Stage, Stations

HANDLING = 5 * MINUTE
WHY_OPENED = "Leaflet of another lot suspected in the first case"
WHY_MOVED = "Pallet too high for the truck of this customer"
_NOT_HEARD = frozenset({Code.UNKNOWN_UNIT, Code.NOT_IN_UNIT})


def cases_of(stage: Stage, order: str) -> list[str]:
    """The cases that an order was packed into, in the order of packing."""
    return [
        m.container for m in stage.ledger.moves
        if m.moving is Moving.PRODUCED and m.order == order
    ]


def item_of(stage: Stage, lot: str, serial: str) -> ItemName:
    """The name of a unit of sale, by its lot's item."""
    return ItemName.of(stage.names.gtin(stage.plant.material_of(lot)), serial)


def open_first_case(stage: Stage, order: OrderPart, line: StationPart) -> Process:
    """Some units come out of the first case of an order into a tote, at the packing line."""
    product = order.product
    assert product is not None
    assert product.rework is not None
    yield stage.env.timeout(HANDLING)
    case, tote = cases_of(stage, order.id)[0], f"TOTE-{order.id}"
    serials = stage.ledger.content(case).serials[: product.rework.taken_out]
    name = f"OUT-{order.id}-CASE"
    body = DisaggregateUnit(
        disaggregation_id=stage.names.id(name), parent=stage.names.sscc(case),
        children=tuple(UnitName(item_of(stage, product.lot, one)) for one in serials),
        into=stage.names.sscc(tote), location_id=stage.names.id(line.location),
        purpose=Breaking.REWORK, reason=WHY_OPENED,
    )
    post = Post(Role.MES, line.person, line.id)
    done = yield from stage.act(post, "disaggregate", body, name, unit=case)
    if done.ok:
        handling.repack(stage.ledger, done.at, Moving.TAKEN_OUT, (case, tote), serials)
        stage.note(Lane.PLANT, "taken out", case, into=tote, pieces=len(serials))


def rework(stage: Stage, order: OrderPart, stations: Stations) -> Process:
    """In the warehouse: units go back, one case onto another pallet, what is left is destroyed."""
    product = order.product
    assert product is not None
    assert product.rework is not None
    dock, free = stations.at(Work.SHIPPING)
    with free.request() as turn:
        yield turn
        yield from _put_back(stage, order, dock)
        yield from _repalletize(stage, order, dock)
    tote = f"TOTE-{order.id}"
    if stage.ledger.is_there(tote) and stage.ledger.content(tote).serials:
        left = stage.ledger.content(tote).serials
        yield from give_up_stock(stage, GivenUp(
            f"SCR-{order.id}", tote, Decimal(len(left)), ScrapReason.DAMAGED,
            "Torn when the case was opened", left,
        ))


def _put_back(stage: Stage, order: OrderPart, dock: StationPart) -> Process:
    product, tote = order.product, f"TOTE-{order.id}"
    assert product is not None
    assert product.rework is not None
    if not (stage.ledger.is_there(tote) and product.rework.put_back):
        return
    case = cases_of(stage, order.id)[0]
    serials = stage.ledger.content(tote).serials[: product.rework.put_back]
    yield stage.env.timeout(HANDLING)
    name = f"BACK-{order.id}-CASE"
    body = ReaggregateItems(
        aggregation_id=stage.names.id(name), parent=stage.names.sscc(case),
        source=stage.names.sscc(tote),
        children=tuple(item_of(stage, product.lot, one) for one in serials),
    )
    post = Post(Role.WMS, dock.person, dock.id)
    done = yield from stage.keep_trying(post, "reaggregate", body, name, _NOT_HEARD)
    if done.ok:
        handling.repack(stage.ledger, done.at, Moving.REPACKED, (tote, case), serials)
        stage.note(Lane.PLANT, "put back", case, source=tote, pieces=len(serials))


def _repalletize(stage: Stage, order: OrderPart, dock: StationPart) -> Process:
    """One case of the first pallet that has more goes onto a pallet of its own, at the dock."""
    pallet = next(
        (p for p in stage.pallets.get(order.id, []) if len(stage.ledger.children(p)) > 1), None
    )
    if pallet is None:
        return
    yield stage.env.timeout(HANDLING)
    case, post = stage.ledger.children(pallet)[-1], Post(Role.WMS, dock.person, dock.id)
    name = f"OUT-{order.id}-PALLET"
    off = DisaggregateUnit(
        disaggregation_id=stage.names.id(name), parent=stage.names.sscc(pallet),
        children=(UnitName(stage.names.sscc(case)),),
        location_id=stage.names.id(dock.location), purpose=Breaking.REPACKING, reason=WHY_MOVED,
    )
    done = yield from stage.keep_trying(post, "disaggregate", off, name, _NOT_HEARD)
    if not done.ok:
        return
    handling.take_off(stage.ledger, done.at, case, dock.location)
    stage.note(Lane.PLANT, "taken off", case, pallet=pallet, location=dock.location)
    yield stage.env.timeout(HANDLING)
    name, other = f"BACK-{order.id}-PALLET", f"PAL-{order.id}"
    onto = AggregateUnits(
        aggregation_id=stage.names.id(name), parent=stage.names.sscc(other),
        children=(stage.names.sscc(case),),
    )
    done = yield from stage.act(post, "aggregate", onto, name, unit=other)
    if done.ok:
        stage.ledger.stack(other, (case,))
        stage.loads.setdefault(order.id, []).append(other)
        stage.note(Lane.PLANT, "stacked", other, cases=1)
