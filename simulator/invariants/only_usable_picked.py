"""No expired, blocked or unreleased lot was picked, by the plant's own clock and reckoning.

The status that counts is the one the warehouse had on record at the moment of the pick; what moved
between a decision and its record is another requirement's matter (URS-STA-001). Expiry needs no
message: its instant is known to everybody.
Serves URS-EXP-001, URS-PCK-001 and URS-STA-003.
"""

from __future__ import annotations

from datetime import datetime

from contracts.model.lot_status import LotStatus
from simulator.evidence import Evidence, released_at_start
from simulator.invariants.violation import Judgement, Violation
from simulator.ledger import Moved, Moving
from simulator.relay import Fate

_COMMITTED = (Fate.DELIVERED, Fate.REPLY_LOST, Fate.DUPLICATED)


def only_usable_picked(evidence: Evidence) -> Judgement:
    """Judge every physical pick at its instant."""
    judgement = Judgement()
    for move in evidence.ledger.moves:
        if move.moving is not Moving.PICKED:
            continue
        expiry = evidence.plant.expiry_of(move.lot)
        judgement.compare(
            move.at < expiry,
            _violation(evidence, move, f"picked before {expiry}", f"picked at {move.at}"),
        )
        status = _status_at(evidence, move.lot, move.at)
        judgement.compare(
            status is LotStatus.RELEASED,
            _violation(evidence, move, "RELEASED", str(status)),
        )
    return judgement


def _violation(evidence: Evidence, move: Moved, expected: str, observed: str) -> Violation:
    return Violation(
        f"lot {move.lot}, {move.quantity} for {move.order}", expected, observed,
        evidence.first_message(orderId=move.order),
    )


def _status_at(evidence: Evidence, lot: str, at: datetime) -> LotStatus:
    """The status that the warehouse had committed by ``at``, from what the link saw."""
    status = LotStatus.RELEASED if released_at_start(evidence.plant, lot) else LotStatus.QUARANTINE
    for when, passage in evidence.passages:
        if when > at:
            break
        committed = passage.fate in _COMMITTED and passage.status == 200
        if committed and passage.business.get("lotId") == lot and "toStatus" in passage.business:
            status = LotStatus(passage.business["toStatus"])
    return status
