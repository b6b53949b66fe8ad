"""Production starts orders and asks the warehouse for their material."""

from __future__ import annotations

from datetime import timedelta

from contracts.model.commands import CancelPick, RequestedLine, RequestPick, StartOrder
from contracts.model.quantities import PositiveQuantity
from contracts.model.roles import Duty, Role
from simulator.duration import MINUTE
from simulator.parts import OrderPart
from simulator.stage import Post, Process, Stage

STATION = "PLANNING-1"


def order(stage: Stage, part: OrderPart) -> Process:
    """One order from its start to the request for all its material."""
    yield stage.until(part.at)
    post = Post(Role.MES, stage.person(Duty.PRODUCTION), STATION)
    start = StartOrder(order_id=stage.names.id(part.id))
    yield from stage.act(post, "start-order", start, part.id)
    yield from ask(stage, part)
    if part.cancel_after_min is not None:
        yield stage.env.timeout(part.cancel_after_min * MINUTE)
        yield from cancel(stage, part, "The customer has put the order off")


def ask(stage: Stage, part: OrderPart) -> Process:
    """Production asks for all material of an order, once more where it was refused."""
    post = Post(Role.MES, stage.person(Duty.PRODUCTION), STATION)
    number = stage.requests.get(part.id, 0) + 1
    stage.requests[part.id] = number
    stage.refused.discard(part.id)
    request = f"{part.id}-R{number}"
    done = yield from stage.act(post, "request-pick", _request(stage, part, request), request)
    if not done.ok:
        stage.refused.add(part.id)


def cancel(stage: Stage, part: OrderPart, reason: str) -> Process:
    """Production takes back what is still open of an order's request."""
    post = Post(Role.MES, stage.person(Duty.PRODUCTION), STATION)
    body = CancelPick(
        cancel_id=stage.names.id(f"CANCEL-{part.id}"),
        request_id=stage.names.id(f"{part.id}-R{stage.requests[part.id]}"), reason=reason,
    )
    yield from stage.act(post, "cancel-pick", body, part.id)


def _request(stage: Stage, part: OrderPart, request: str) -> RequestPick:
    lines = tuple(
        RequestedLine(
            line_id=line.id,
            quantity=PositiveQuantity(
                value=line.quantity, unit=stage.plant.unit(line.material)
            ),
        )
        for line in part.lines
    )
    return RequestPick(
        request_id=stage.names.id(request), order_id=stage.names.id(part.id),
        to_location=stage.names.id(part.to), needed_by=part.at + timedelta(hours=1),
        lines=lines,
    )
