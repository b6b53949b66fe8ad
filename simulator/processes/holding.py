"""The warehouse puts a lot on hold at once; only the quality unit takes it out of it, by two."""

from __future__ import annotations

from contracts.model.commands import HoldLot
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.roles import Duty, Role
from contracts.record.history import Lane
from simulator.aside_parts import HoldPart
from simulator.duration import MINUTE
from simulator.parts import DecisionPart
from simulator.processes.deciding import decide
from simulator.processes.picking import NEWS
from simulator.processes.receiving import OFFICE
from simulator.stage import Post, Process, Stage


def hold(stage: Stage, part: HoldPart) -> Process:
    """One hold, and its release where the plant file has one."""
    yield stage.until(part.at)
    person = stage.person(Duty.SUPERVISOR)
    body = HoldLot(
        hold_id=stage.names.id(part.id), lot_id=stage.names.id(part.lot), to_status=part.to,
        reason_code=StatusReason.INVESTIGATION, reason=part.reason,
    )
    post = Post(Role.WMS, person, OFFICE)
    done = yield from stage.act(post, "hold-lot", body, part.id, lot=part.lot, to=part.to)
    if not done.ok:
        return
    stage.held.append((done.at, part.lot, part.to))
    stage.note(Lane.PLANT, "held", part.lot, to=part.to)
    stage.tell(NEWS)
    if part.lifted_after_min is None:
        return
    stage.investigated.add(part.lot)
    yield stage.env.timeout(part.lifted_after_min * MINUTE)
    decision = DecisionPart(
        lot=part.lot, to=LotStatus.RELEASED, at=stage.now, reason=f"Investigated: {part.reason}"
    )
    second = stage.plant.second_person(Duty.QUALITY).id
    yield from decide(stage, f"LIFTED-{part.id}", decision, second)
    stage.investigated.discard(part.lot)
