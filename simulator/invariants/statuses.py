"""Statuses: each lot has the one that was decided about it last, in both systems.

Quality decides, the warehouse holds and never loosens, time lets lots expire. What a customer sent
back has a status of its own until quality releases it. A container that differs from its papers is
judged by MES and WMS alone: the physical ledger does not know what the papers say.
Serves URS-STA-005, URS-RCV-007 and URS-RET-002.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from simulator.evidence import Evidence, released_at_start
from simulator.invariants.violation import Judgement, Violation
from simulator.ledger import Moving

_LAX_FIRST = (LotStatus.RELEASED, LotStatus.QUARANTINE, LotStatus.BLOCKED)


def statuses(evidence: Evidence) -> Judgement:
    """Judge every lot that is there, and every container that came back."""
    judgement = Judgement()
    lots = sorted({moved.lot for moved in evidence.ledger.moves})
    back = sorted({m.container for m in evidence.ledger.moves if m.moving is Moving.CAME_BACK})
    for role in Role:
        seen = evidence.recorded[role]
        for lot in lots:
            shown = seen.lots.get(lot)
            _judge(judgement, evidence, f"lot {lot}, in {role.upper()}", lot,
                   (_of_lot(evidence, lot), shown.status if shown else None))
        for name in back:
            _judge(judgement, evidence, f"container {name}, in {role.upper()}", name,
                   (_of_container(evidence, name), seen.statuses.get(name)))
    return judgement


def _judge(
    judgement: Judgement, evidence: Evidence, subject: str, name: str,
    both: tuple[LotStatus | None, LotStatus | None],
) -> None:
    expected, observed = both
    judgement.compare(
        expected is observed,
        Violation(
            subject, expected or "as its lot", observed or "none of its own",
            evidence.first_about(name),
        ),
    )


def _of_lot(evidence: Evidence, lot: str) -> LotStatus:
    released = released_at_start(evidence.plant, lot)
    status = LotStatus.RELEASED if released else LotStatus.QUARANTINE
    for _, to, is_hold in sorted(_changes(evidence, lot)):
        if not is_hold or _is_stricter(to, status):
            status = to
    expires = evidence.plant.expiry_of(lot) <= (evidence.healed_at or evidence.plant.site.end)
    return LotStatus.EXPIRED if expires and status in _LAX_FIRST else status


def _is_stricter(wanted: LotStatus, present: LotStatus) -> bool:
    """Whether a hold tightens; what is rejected or recalled no hold touches."""
    return present in _LAX_FIRST and _LAX_FIRST.index(wanted) > _LAX_FIRST.index(present)


def _changes(evidence: Evidence, lot: str) -> Iterator[tuple[datetime, LotStatus, bool]]:
    yield from ((at, to, False) for at, of, to in evidence.decided if of == lot)
    yield from ((at, to, True) for at, of, to in evidence.held if of == lot)


def _of_container(evidence: Evidence, container: str) -> LotStatus | None:
    """Its own status; None once it is released, for then it is as its lot."""
    decided = [to for _, of, to in evidence.of_containers if of == container]
    status = decided[-1] if decided else LotStatus.QUARANTINE
    return None if status is LotStatus.RELEASED else status
