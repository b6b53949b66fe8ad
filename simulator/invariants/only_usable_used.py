"""No expired, blocked or unreleased lot is used, by the plant's own clock and reckoning.

Used is what was picked, issued or shipped. The status that counts for a pick and a shipment is the
one that the warehouse had on record at that moment, for an issue the one that quality had decided;
what moved between a decision and its record is another requirement's matter (URS-STA-001). Expiry
needs no message: its instant is known to everybody.
Serves URS-EXP-001, URS-PCK-001 and URS-STA-003.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from contracts.model.lot_status import LotStatus
from simulator.evidence import Evidence, released_at_start
from simulator.invariants.violation import Judgement, Violation
from simulator.ledger import Moved, Moving
from simulator.relay import Fate

_COMMITTED = (Fate.DELIVERED, Fate.REPLY_LOST, Fate.DUPLICATED)
_USED = (Moving.PICKED, Moving.ISSUED, Moving.SHIPPED)


def only_usable_used(evidence: Evidence) -> Judgement:
    """Judge every physical use at its instant."""
    judgement = Judgement()
    for move in evidence.ledger.moves:
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
    for at, of_lot, to in evidence.decided:
        if of_lot == lot:
            yield at, to


def _committed(evidence: Evidence, lot: str) -> Iterator[tuple[datetime, LotStatus]]:
    """What the warehouse committed, from what the link saw."""
    for at, passage in evidence.passages:
        done = passage.fate in _COMMITTED and passage.status == 200
        if done and passage.business.get("lotId") == lot and "toStatus" in passage.business:
            yield at, LotStatus(passage.business["toStatus"])
