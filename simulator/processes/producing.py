"""Production: an order is started, its material requested, weighed, made, packed and released."""

from __future__ import annotations

from collections.abc import Generator
from decimal import Decimal
from typing import Any

import simpy

from contracts.model.commands import CompleteOrder
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import PositiveQuantity, Unit
from contracts.model.roles import Duty, Role
from contracts.record.history import Lane
from simulator.duration import MINUTE
from simulator.parts import DecisionPart, OrderPart, Work
from simulator.processes import ordering
from simulator.processes.bringing_on import bring_on
from simulator.processes.coming_back import come_back
from simulator.processes.dispensing import weigh_out
from simulator.processes.packing import pack
from simulator.processes.releasing import release
from simulator.processes.reworking import open_first_case, rework
from simulator.processes.shipping import ship
from simulator.stage import Doing, Post, Process, Stage, Stations

LOOK_AGAIN = 60 * MINUTE
PATIENCE_MIN = 8 * 60


def produce(stage: Stage, part: OrderPart, stations: Stations, turn: int) -> Process:
    """One order with a product, as far as the day takes it."""
    product = part.product
    assert product is not None
    yield from ordering.order(stage, part)
    if not (yield from _staged(stage, part)):
        yield from ordering.cancel(stage, part, "The material has not come in time")
        return
    if part.weigh_at is not None:
        yield stage.until(part.weigh_at)
    booth, at_booth = stations.at(Work.DISPENSING, turn)
    if not (yield from weigh_out(stage, part, booth, at_booth)):
        stage.note(Lane.PLANT, "held back", part.id)
        return
    if part.onward is not None:
        yield from bring_on(stage, part, part.onward, booth)
    yield stage.env.timeout(product.making_min * MINUTE)
    line, at_line = stations.at(Work.PACKING, turn)
    yield from pack(stage, part, line, at_line)
    if product.rework is not None:
        yield from open_first_case(stage, part, line)
    stage.packed.add(part.id)
    stage.tell("packed")
    yield from _complete(stage, part)
    yield stage.env.timeout(product.released_after_min * MINUTE)
    reason = "Batch record reviewed, all results within specification"
    decision = DecisionPart(
        lot=product.lot, to=LotStatus.RELEASED, at=stage.now, reason=reason
    )
    yield from release(stage, part, decision)
    if product.rework is not None:
        yield from rework(stage, part, stations)
    if product.ship_to:
        yield from ship(stage, part, stations)
    if product.comes_back is not None:
        yield from come_back(stage, part, stations)


def _staged(stage: Stage, part: OrderPart) -> Generator[simpy.Event, Any, bool]:
    """Wait until all lines are staged. Returns: False when production gives up."""
    last = stage.env.now + PATIENCE_MIN * MINUTE
    while stage.env.now < last:
        if all(stage.ledger.picked(part.id, line.id) >= line.quantity for line in part.lines):
            return True
        if part.id in stage.refused:
            yield from ordering.ask(stage, part)
        news = stage.news(f"staged {part.id}")
        yield stage.env.any_of([news, stage.env.timeout(LOOK_AGAIN)])
    return False


def _complete(stage: Stage, part: OrderPart) -> Doing:
    product = part.product
    assert product is not None
    made = Decimal(product.cases * product.per_case)
    body = CompleteOrder(
        order_id=stage.names.id(part.id), good_quantity=PositiveQuantity(value=made, unit=Unit.EACH)
    )
    post = Post(Role.MES, stage.person(Duty.PRODUCTION), ordering.STATION)
    return (yield from stage.act(post, "complete-order", body, part.id))
