"""The quality unit decides on lots, and lots expire."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.commands import ChangeLotStatus
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.roles import Duty, Role
from contracts.record.history import Lane
from simulator.parts import DecisionPart
from simulator.stage import Doing, Post, Process, Stage

STATION = "QUALITY-1"
# A hold that production has not heard of yet leaves nothing to release.
_NOT_HEARD = frozenset({Code.TRANSITION_NOT_ALLOWED})


def decision(stage: Stage, number: int, part: DecisionPart) -> Process:
    """A decision that stands in the plant file."""
    yield stage.until(part.at)
    yield from decide(stage, f"DECISION-{number}", part)


def decide(stage: Stage, name: str, part: DecisionPart, second: str | None = None) -> Doing:
    """The quality unit decides now, and signs where it releases; ``second`` signs as well."""
    person = stage.person(Duty.QUALITY)
    meaning = f"I decide: {part.to.lower()}"
    signature = stage.signed(person, meaning)
    body = ChangeLotStatus(
        change_id=stage.names.id(name), lot_id=stage.names.id(part.lot), to_status=part.to,
        reason_code=StatusReason.QUALITY_DECISION, reason=part.reason,
        signature=signature if part.to is LotStatus.RELEASED else None,
        second_signature=stage.signed(second, meaning) if second else None,
    )
    post = Post(Role.MES, person, STATION)
    if second:
        done = yield from stage.keep_trying(
            post, "change-lot-status", body, part.lot, _NOT_HEARD
        )
    else:
        done = yield from stage.act(post, "change-lot-status", body, part.lot, to=part.to)
    if done.ok:
        stage.decided.append((done.at, part.lot, part.to))
    return done


def expiry(stage: Stage, lot: str) -> Process:
    """The instant at which a lot expires, where it lies in the shift."""
    at = stage.plant.expiry_of(lot)
    if stage.plant.site.start <= at < stage.plant.site.end:
        yield stage.until(at)
        stage.note(Lane.PLANT, "expired", lot)
        stage.busy.update(Role)
        stage.tell("work")
