"""What the partner asks and is answered at once, and requests that are taken back."""

from __future__ import annotations

from typing import Any

from contracts.model.commands import RequestedLine, RequestPick
from contracts.model.identifiers import Id
from contracts.model.messages.picks import PickLine, PickRequested
from contracts.model.quantities import PositiveQuantity, Quantity
from contracts.model.roles import Duty
from features.contract_checks.domains.facts import Domain, Facts, message
from features.contract_checks.world import LINE, NOW, World

_AMOUNT = PositiveQuantity.of("0.001 KGM")


def _validate(world: World, _: Any) -> Facts:
    return [("lotId", world.names.id("STOCK")), ("container", world.names.sscc("STOCK"))]


def _pick_cancelled(world: World, _: Any) -> Facts:
    """The cancellation of a request that is made for it."""
    request = world.fresh("request")
    order = Id(world.names.id("ORDER"))
    line = PickLine(
        line_id=Id(LINE), material_id=Id(world.names.id("LACTOSE")), quantity=_AMOUNT,
        tolerance_high=Quantity.of("0 KGM"),
    )
    payload = PickRequested(
        request_id=Id(request), order_id=order, bom_id=Id(world.names.id("BOM")), bom_version=1,
        to_location=Id(world.names.id("STAGING")), needed_by=NOW,
        requested_by=Id(world.person(Duty.PRODUCTION)), station=Id("CONTRACT"), lines=(line,),
    )
    world.tell("pick-requested", payload, f"order/{request}")
    return message(world, "pick-cancelled", f"order/{request}-C", (
        ("cancelId", world.fresh("cancel")),
        ("requestId", request),
        ("orderId", order),
    ))


def _cancel_pick(world: World, _: Any) -> Facts:
    request = world.fresh("request")
    body = RequestPick(
        request_id=Id(request), order_id=Id(world.names.id("ORDER")),
        to_location=Id(world.names.id("STAGING")), needed_by=NOW,
        lines=(RequestedLine(line_id=Id(LINE), quantity=_AMOUNT),),
    )
    world.command("request-pick", body, Duty.PRODUCTION)
    return [
        ("cancelId", world.fresh("cancel")),
        ("requestId", request),
        ("reason", "order was replanned"),
    ]


def _message_settled(world: World, _: Any) -> Facts:
    settled = world.message_id()
    return message(world, "message-settled", f"link/{settled}", (
        ("messageId", settled),
        ("outcome", "REFUSED"),
        ("code", "NO_ELIGIBLE_STOCK"),
    ))


def _link_heartbeat(world: World, _: Any) -> Facts:
    heartbeat = world.fresh("heartbeat")
    return message(world, "link-heartbeat", f"link/{heartbeat}", (("heartbeatId", heartbeat),))


def _message_status(world: World, _: Any) -> Facts:
    return [("messageId", world.message_id())]


DELIVERY = Domain(
    facts={
        "link-heartbeat": _link_heartbeat,
        "message-settled": _message_settled,
        "message-status": _message_status,
        "validate": _validate,
        "pick-cancelled": _pick_cancelled,
        "cancel-pick": _cancel_pick,
    },
)
