"""No expired, blocked or unreleased lot is used, by the plant's own clock and reckoning.

Used is what was picked, issued or shipped. The status that counts for a pick and a shipment is the
one that the warehouse had on record at that moment, for an issue the one that quality had decided;
what moved between a decision and its record is another requirement's matter (URS-STA-001). A hold
of the warehouse counts there when it is placed, in production when it has arrived. What a customer
sent back waits for a decision of its own. Expiry needs no message: its instant is known to
everybody.
Serves URS-EXP-001, URS-PCK-001, URS-RCV-007, URS-STA-003 and URS-STA-005.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from contracts.model.inspection import Direction
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from simulator.evidence import Evidence, released_at_start
from simulator.invariants.violation import Judgement, Violation
from simulator.ledger import Moved, Moving
from simulator.relay import Fate

_COMMITTED = (Fate.DELIVERED, Fate.REPLY_LOST, Fate.DUPLICATED)
_OK = 200
_USED = (Moving.PICKED, Moving.ISSUED, Moving.SHIPPED)


def only_usable_used(evidence: Evidence) -> Judgement:
    """Judge every physical use at its instant."""
    judgement = Judgement()
    moves = evidence.ledger.moves
    back = {m.container: m.at for m in moves if m.moving is Moving.CAME_BACK}
    for move in moves:
        if move.moving not in _USED:
            continue
        expiry = evidence.plant.expiry_of(move.lot)
        judgement.compare(
            move.at < expiry,
            _violation(
                evidence, move, f"{move.moving} before {expiry}", f"{move.moving} at {move.at}"
            ),
        )
        status = _status_at(evidence, move)
        judgement.compare(
            status is LotStatus.RELEASED,
            _violation(evidence, move, "RELEASED", str(status)),
        )
        if back.get(move.source, move.at) < move.at:
            own = _of_container(evidence, move)
            judgement.compare(
                own is LotStatus.RELEASED,
                _violation(evidence, move, "RELEASED after it came back", str(own)),
            )
    return judgement


def _violation(evidence: Evidence, move: Moved, expected: str, observed: str) -> Violation:
    return Violation(
        f"lot {move.lot}, {move.quantity} {move.moving} for {move.order}", expected, observed,
        evidence.first_message(orderId=move.order),
        lot=move.lot, quantity=str(move.quantity),
    )


def _status_at(evidence: Evidence, move: Moved) -> LotStatus:
    """The status by which the use was to be judged."""
    released = released_at_start(evidence.plant, move.lot)
    status = LotStatus.RELEASED if released else LotStatus.QUARANTINE
    changes = _decided if move.moving is Moving.ISSUED else _committed
    for at, to in changes(evidence, move.lot):
        if at > move.at:
            break
        status = to
    return status


def _decided(evidence: Evidence, lot: str) -> Iterator[tuple[datetime, LotStatus]]:
    """What production had on record: the decisions of quality, and holds that have arrived."""
    decided = [(at, to) for at, of_lot, to in evidence.decided if of_lot == lot]
    yield from sorted([*decided, *_arrived(evidence, lot, (Role.MES, "warehouse-hold-placed"))])


def _committed(evidence: Evidence, lot: str) -> Iterator[tuple[datetime, LotStatus]]:
    """What the warehouse had on record: decisions that have arrived, and holds of its own."""
    placed = [(at, to) for at, of_lot, to in evidence.held if of_lot == lot]
    yield from sorted([*placed, *_arrived(evidence, lot, (Role.WMS, "lot-status-changed"))])


def _arrived(
    evidence: Evidence, lot: str, told: tuple[Role, str]
) -> Iterator[tuple[datetime, LotStatus]]:
    """What a receiver committed about a whole lot, by the instants that the link saw.

    A receiver may have ended after its commit and before its answer: the attempt that got none
    counts where its journal holds the message since then, and any answer came later.
    """
    receiver, message = told
    unanswered: dict[str, list[datetime]] = defaultdict(list)
    status: dict[str, LotStatus] = {}
    for at, passage in evidence.passages:
        business = passage.business
        if passage.message != message or business.get("lotId") != lot or "container" in business:
            continue
        status[passage.key] = LotStatus(business["toStatus"])
        if passage.fate is Fate.UPSTREAM_LOST:
            unanswered[passage.key].append(at)
        elif passage.fate in _COMMITTED and passage.status == _OK:
            before = unanswered.pop(passage.key, [])
            earlier = passage.replayed and _taken_over(evidence, receiver, passage.key, before)
            yield earlier or at, status[passage.key]
    posted = {m.key for m in evidence.recorded[receiver].received if m.posted}
    for key in posted & unanswered.keys():
        taken = _taken_over(evidence, receiver, key, unanswered[key])
        if taken is not None:
            yield taken, status[key]


def _taken_over(
    evidence: Evidence, receiver: Role, key: str, attempts: list[datetime]
) -> datetime | None:
    """The first of the attempts that can have left what the receiver's journal holds."""
    if not attempts:
        return None
    entered = min(
        (row.at for row in evidence.recorded[receiver].journal
         if row.key == key and row.kind == "message" and row.direction is Direction.RECEIVED),
        default=None,
    )
    return next((at for at in attempts if entered is not None and at >= entered), None)


def _of_container(evidence: Evidence, move: Moved) -> LotStatus:
    """What counted for a container that came back, when it was used; released, it is as its lot."""
    decided = [
        to for at, container, to in evidence.of_containers
        if container == move.source and at <= move.at
    ]
    return decided[-1] if decided else LotStatus.QUARANTINE
