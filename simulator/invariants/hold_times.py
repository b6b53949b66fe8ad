"""Hold times: from the decision in one system to its entry in the other, over all holds of a day.

What is judged is the 99th percentile by nearest rank, so of fewer than a hundred holds the slowest.
A hold that was on a way while a planned fault kept it shut is set apart and counted: the systems
are not the line. A way is shut from an attempt that a fault took to the next one that went through.
A hold that never arrived is slower than any limit. Serves URS-STA-001.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.model.inspection import Direction
from contracts.model.instants import read_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from simulator.evidence import Evidence
from simulator.invariants.violation import Judgement, Violation
from simulator.relay import Fate

PERCENT = 99
_HOLDS = (LotStatus.BLOCKED, LotStatus.QUARANTINE, LotStatus.REJECTED, LotStatus.RECALLED)
_DECIDED = {"lot-status-changed": "decidedAt", "warehouse-hold-placed": "placedAt"}
_LOST = (Fate.REQUEST_LOST, Fate.UPSTREAM_LOST)


@dataclass(frozen=True)
class Travel:
    """One hold: what it is about, who is to know of it, when it was decided and entered."""

    subject: str
    receiver: Role
    decided_at: datetime
    entered_at: datetime | None

    @property
    def took(self) -> timedelta:
        """How long it was on its way; for ever where it never arrived."""
        return self.entered_at - self.decided_at if self.entered_at else timedelta.max


def hold_times(evidence: Evidence) -> Judgement:
    """Judge the holds of a day against the limit of the site."""
    travels = list(_travels(evidence))
    shut = {role: list(_shut(evidence, role)) for role in Role}
    counted = [t for t in travels if not any(_meets(t, closed) for closed in shut[t.receiver])]
    judgement = judge_travels(counted, timedelta(seconds=evidence.plant.site.hold_s))
    apart = len(travels) - len(counted)
    if apart:
        judgement.seen += f"; {apart} more while a planned fault kept the way shut"
    return judgement


def judge_travels(travels: Sequence[Travel], limit: timedelta) -> Judgement:
    """Judge so many holds; where the percentile is beyond the limit, each that is gets named."""
    judgement = Judgement(checked=len(travels))
    if not travels:
        judgement.seen = "no hold"
        return judgement
    ordered = sorted(travels, key=lambda travel: travel.took)
    rank = (PERCENT * len(ordered) + 99) // 100
    at_rank = ordered[rank - 1].took
    judgement.seen = (
        f"p{PERCENT} of {len(ordered)} holds is {_told(at_rank)}, at most {_told(limit)} is allowed"
    )
    if at_rank > limit:
        judgement.violations += [
            Violation(
                f"hold of {travel.subject} in {travel.receiver.upper()}",
                f"entered within {_told(limit)} of the decision, at the {PERCENT}th percentile",
                _told(travel.took), f"the decision at {travel.decided_at:%H:%M:%S}",
                lot=travel.subject,
            )
            for travel in ordered if travel.took > limit
        ]
    return judgement


def _told(span: timedelta) -> str:
    return "for ever" if span == timedelta.max else f"{span.total_seconds():.3f} s"


def _travels(evidence: Evidence) -> Iterator[Travel]:
    for sender in Role:
        receiver = sender.partner
        entered = {
            row.key: row.at for row in reversed(evidence.recorded[receiver].journal)
            if row.kind == "message" and row.direction is Direction.RECEIVED
        }
        for message in evidence.recorded[sender].sent:
            decided = _DECIDED.get(message.message)
            if decided and message.data["toStatus"] in _HOLDS:
                yield Travel(
                    message.data["lotId"], receiver, read_timestamp(message.data[decided]),
                    entered.get(message.key),
                )


def _shut(evidence: Evidence, receiver: Role) -> Iterator[tuple[datetime, datetime]]:
    """When the way to a receiver was shut by faults."""
    own = {message.key for message in evidence.recorded[receiver.partner].sent}
    since: datetime | None = None
    for at, passage in evidence.passages:
        if passage.key not in own:
            continue
        if passage.fate in _LOST:
            since = since or at
        elif since is not None:
            yield since, at
            since = None
    if since is not None:
        yield since, since + timedelta.resolution


def _meets(travel: Travel, closed: tuple[datetime, datetime]) -> bool:
    since, until = closed
    return travel.decided_at <= until and (travel.entered_at or since) >= since
