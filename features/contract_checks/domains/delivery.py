"""What the partner asks and is answered at once, and requests that are taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from contracts.model.commands import (
    ChangeLotStatus,
    ConfirmPick,
    ReplayDeadLetter,
    RequestedLine,
    RequestPick,
)
from contracts.model.identifiers import Id, LotNumber
from contracts.model.inspection import Outbox
from contracts.model.inspection_delivery import DeadLetter, DeadLetters, LetterState
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages import MESSAGES
from contracts.model.messages.picks import PickLine, PickRequested
from contracts.model.quantities import PositiveQuantity, Quantity
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import Load, Lot, Person, RoutePartner, RunDue, SetClock
from features.contract_checks.domains.facts import Domain, Facts, message
from features.contract_checks.world import EXPIRES, LINE, NOW, PASSWORD, World
from simulator.namespace import Namespace
from simulator.site import EXAMPLE_SIGNING
from simulator.stub import Stub, status

_LETTERS, _ROUNDS = 10, 36
_AGAIN_IN_A_MINUTE = 6
# What waited behind dead letters of one subject takes its turn; then others go on.
_MINUTES_MAX = 40
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


def _replay_dead_letter(world: World, _: Any) -> Facts:
    return [
        ("replayId", world.fresh("replay")),
        ("messageId", _dead_letter(world)),
        ("reason", "receiver was repaired"),
    ]


def _discard_dead_letter(world: World, _: Any) -> Facts:
    return [
        ("discardId", world.fresh("discard")),
        ("messageId", _dead_letter(world)),
        ("reason", "sent by mistake"),
        ("approval.userId", world.names.id(f"p.approver-{world.role}")),
        ("approval.password", PASSWORD),
    ]


def _message_discarded(world: World, _: Any) -> Facts:
    return message(world, "message-discarded", f"link/{world.fresh('discarded')}", (
        ("discardId", world.fresh("discard")),
        ("discardedType", "gxproof.link-heartbeat.v1"),
    ))


def _dead_letter(world: World) -> str:
    """A dead letter that is open still; one that never was where none is left."""
    return next((letter.message_id for letter in _open(world)), world.message_id())


def _open(world: World) -> Iterator[DeadLetter]:
    """The dead letters of this run that nobody has seen to."""
    answer = world.attempt(
        "list of dead letters", lambda: world.harness[world.role].call("dead-letters")
    )
    shown = answer.value if answer else None
    for letter in shown.rows if isinstance(shown, DeadLetters) else ():
        if letter.state is LetterState.OPEN and world.names.owns(letter.posted_by):
            yield letter


def leave_in_order(world: World) -> None:
    """Send again what no case has used up, to the partner as it is, and let both do what is due.

    Others use the same systems: what stays behind a dead letter would be an old queue to them.
    """
    for letter in _open(world):
        world.command("replay-dead-letter", ReplayDeadLetter(
            replay_id=Id(world.fresh("replay")), message_id=letter.message_id,
            reason="left by the checks",
        ), Duty.SUPPORT)
    for minutes in range(_MINUTES_MAX):
        world.attempt("what is due", partial(_work_at, world, NOW + timedelta(minutes=minutes)))
        if not _waits(world):
            break
    world.attempt("the clocks", partial(_set_clocks, world, NOW))


def _waits(world: World) -> bool:
    """Whether a message still waits to be sent; a system that does not say has none."""
    answer = world.attempt("outbox", lambda: world.harness[world.role].call("outbox"))
    shown = answer.value if answer else None
    return isinstance(shown, Outbox) and bool(shown.pending)


def _set_clocks(world: World, now: datetime) -> None:
    for harness in world.harness.values():
        harness.call("stimulus/clock", SetClock(now=now))


def _work_at(world: World, now: datetime) -> None:
    """The role does what is due, and its partner what comes of that."""
    _set_clocks(world, now)
    for role in (world.role, world.role.partner):
        world.harness[role].call("stimulus/run-due", RunDue(now=now))


# --- what is loaded and opened ------------------------------------------------------------------


def _lots(names: Namespace, _: int) -> Load:
    """Lots whose change of status never arrives, and who approves that it never will."""
    people = tuple(
        Person(person_id=Id(names.id(f"p.approver-{role}")), printed_name="Example Approver",
               duties=(duty,), password=PASSWORD, signing=EXAMPLE_SIGNING)
        for role, duty in ((Role.MES, Duty.QUALITY), (Role.WMS, Duty.SUPERVISOR))
    )
    return Load(people=people, lots=tuple(
        Lot(lot_id=Id(names.id(f"LOST{n}")), material_id=Id(names.id("HELD")),
            lot=LotNumber(names.lot_number(f"LOST{n}")), expires_on=EXPIRES)
        for n in range(_LETTERS)
    ))


def _lose_holds(world: World) -> None:
    for n in range(_LETTERS):
        body = ChangeLotStatus(
            change_id=Id(world.fresh("change")), lot_id=Id(world.names.id(f"LOST{n}")),
            to_status=LotStatus.BLOCKED, reason_code=StatusReason.INVESTIGATION,
            reason="an example hold",
        )
        world.command("change-lot-status", body, Duty.QUALITY)
    _bury(world)


def _lose_picks(world: World) -> None:
    for _ in range(_LETTERS):
        body = ConfirmPick(
            confirmation_id=Id(world.fresh("scan")), request_id=Id(world.names.id("SCAN-REQUEST")),
            line_id=Id(LINE), scan=f"]C100{world.names.sscc('SCAN')}", quantity=_AMOUNT,
            to_container=world.label(),
        )
        world.command("confirm-pick", body, Duty.PICKER)
    _bury(world)


def _bury(world: World) -> None:
    """Let a partner break on everything that waits, until it is given up."""
    broken = {message.name: [status(500)] for message in MESSAGES.values()}
    harness = world.harness[world.role]
    hosted = world.sut.host(Stub(broken))
    try:
        harness.call("stimulus/route-partner", RoutePartner(url=hosted.url))
        for n in range(1, _ROUNDS + 1):
            # No more than _AGAIN_IN_A_MINUTE may be tried again within a minute.
            harness.call("stimulus/run-due", RunDue(now=NOW + n * timedelta(minutes=3)))
    finally:
        harness.call("stimulus/route-partner", RoutePartner())
        _send_the_rest(world)
        hosted.close()


def _send_the_rest(world: World) -> None:
    """What was not given up goes to the partner itself, when it is due; then it is NOW again."""
    _work_at(world, NOW + (_ROUNDS + 3) * timedelta(minutes=3))
    _set_clocks(world, NOW)


DELIVERY = Domain(
    facts={
        "link-heartbeat": _link_heartbeat,
        "message-settled": _message_settled,
        "message-status": _message_status,
        "exchanged-since": lambda _, __: [("knownPosition", 0)],
        "validate": _validate,
        "pick-cancelled": _pick_cancelled,
        "cancel-pick": _cancel_pick,
        "replay-dead-letter": _replay_dead_letter,
        "discard-dead-letter": _discard_dead_letter,
        "message-discarded": _message_discarded,
    },
    load=_lots,
    open_work={Role.MES: _lose_holds, Role.WMS: _lose_picks},
)
