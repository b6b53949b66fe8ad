"""A customer sends a case back: it stands apart until quality has decided about it.

Somebody at the dock always tries to send it on at once. Where a system lets that happen, it is
gone.
"""

from __future__ import annotations

from decimal import Decimal

from contracts.model.codes import Code
from contracts.model.commands import DecideContainer, ReceiveReturn, ShipUnits
from contracts.model.identifiers import SerialNumber
from contracts.model.lot_status import ContainerDecision, LotStatus
from contracts.model.quantities import PositiveQuantity, Unit
from contracts.model.roles import Duty, Role
from contracts.model.scrap import ScrapReason
from contracts.record.history import Lane
from simulator import handling
from simulator.duration import MINUTE
from simulator.ledger import Held, Moving, Onto, Standing
from simulator.parts import OrderPart, Work
from simulator.processes.deciding import STATION
from simulator.processes.reworking import cases_of
from simulator.processes.scrapping import GivenUp, give_up_stock
from simulator.stage import Doing, Post, Process, Stage, Stations

REVIEW = 30 * MINUTE
WHY_BACK = "Outer carton crushed on the way"
_NOT_HEARD = frozenset({Code.UNKNOWN_CONTAINER, Code.NOTHING_TO_DECIDE})


def come_back(stage: Stage, order: OrderPart, stations: Stations) -> Process:
    """The first case of an order comes back, as far as the day takes it."""
    product = order.product
    assert product is not None
    assert product.comes_back is not None
    case = cases_of(stage, order.id)[0]
    yield stage.env.timeout(product.comes_back.after_min * MINUTE)
    if stage.ledger.content(case).standing is not Standing.SHIPPED:
        return
    yield from _receive(stage, order, case, stations)
    held = stage.ledger.content(case)
    if held.standing is not Standing.STOCK:
        return
    yield from _try_to_ship(stage, order, held, stations)
    yield stage.env.timeout(REVIEW)
    decision = product.comes_back.decision
    done = yield from _decide(stage, order, case, decision)
    if done.ok and decision is not ContainerDecision.RELEASE:
        yield stage.env.timeout(REVIEW)
        held = stage.ledger.content(case)
        yield from give_up_stock(stage, GivenUp(
            f"SCR-{order.id}-BACK", case, held.quantity, ScrapReason.REJECTED,
            "Rejected after a customer's return", held.serials,
        ))


def _receive(stage: Stage, order: OrderPart, case: str, stations: Stations) -> Process:
    product = order.product
    assert product is not None
    assert product.comes_back is not None
    dock, free = stations.at(Work.RECEIVING)
    serials = stage.ledger.content(case).serials
    kept = serials[len(serials) - product.comes_back.kept :]
    there = serials[: len(serials) - len(kept)]
    name = f"RMA-{order.id}"
    body = ReceiveReturn(
        return_id=stage.names.id(name), shipment_id=stage.names.id(f"SHP-{order.id}"),
        scan=f"]C100{stage.names.sscc(case)}",
        quantity=PositiveQuantity(value=Decimal(len(there)), unit=Unit.EACH),
        serials=tuple(map(SerialNumber, there)), location_id=stage.names.id(dock.location),
        reason=WHY_BACK,
    )
    with free.request() as turn:
        yield turn
        post = Post(Role.WMS, dock.person, dock.id)
        done = yield from stage.act(post, "receive-return", body, name, container=case)
    if done.ok:
        handling.come_back(stage.ledger, done.at, case, kept, dock.location)
        stage.note(Lane.PLANT, "came back", case, pieces=len(there), location=dock.location)


def _try_to_ship(stage: Stage, order: OrderPart, held: Held, stations: Stations) -> Process:
    """What a system lets leave is gone, whatever it should have said."""
    product = order.product
    assert product is not None
    assert product.ship_to is not None
    dock, _ = stations.at(Work.SHIPPING)
    name = f"SHP-{order.id}-AGAIN"
    body = ShipUnits(
        shipment_id=stage.names.id(name), customer_id=stage.names.id(product.ship_to),
        ssccs=(stage.names.sscc(held.container),),
    )
    done = yield from stage.act(Post(Role.WMS, dock.person, dock.id), "ship", body, name)
    if done.ok:
        onto = Onto(held.container, product.ship_to, Standing.SHIPPED, order.id)
        stage.ledger.carry(done.at, held.container, Moving.SHIPPED, onto)


def _decide(
    stage: Stage, order: OrderPart, case: str, decision: ContainerDecision
) -> Doing:
    person = stage.person(Duty.QUALITY)
    name, meaning = f"DEC-{order.id}-BACK", f"I decide: {decision.lower()}"
    released = decision is ContainerDecision.RELEASE
    second = stage.plant.second_person(Duty.QUALITY).id if released else ""
    body = DecideContainer(
        decision_id=stage.names.id(name), container=stage.names.sscc(case), decision=decision,
        reason="Inspected after a customer's return", signature=stage.signed(person, meaning),
        second_signature=stage.signed(second, meaning) if second else None,
    )
    post = Post(Role.MES, person, STATION)
    done = yield from stage.keep_trying(post, "decide-container", body, name, _NOT_HEARD)
    if done.ok:
        to = LotStatus.RELEASED if released else LotStatus.REJECTED
        stage.of_containers.append((done.at, case, to))
    return done
