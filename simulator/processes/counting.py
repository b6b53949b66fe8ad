"""Cycle counts: one counts, another counts again where something is missing, a third approves."""

from __future__ import annotations

from contracts.model.commands import ApproveAdjustment, RecordCount, SignatureComponents
from contracts.model.counts import AdjustmentCause
from contracts.model.quantities import NonNegativeQuantity
from contracts.model.roles import Duty, Role
from contracts.record.history import Lane
from simulator.duration import MINUTE
from simulator.parts import CountPart, StationPart
from simulator.processes.receiving import OFFICE
from simulator.stage import Doing, Post, Process, Stage

RECOUNT_AFTER = 15 * MINUTE


def count(stage: Stage, part: CountPart, station: StationPart) -> Process:
    """One count, with all that follows from it."""
    yield stage.until(part.at)
    if part.spilled is not None:
        stage.ledger.spill(stage.now, part.container, part.spilled)
        stage.note(Lane.PLANT, "spilled", part.container, quantity=part.spilled)
    randomness = stage.randomness(part.id, "counting")
    yield stage.walk(stage.ledger.content(part.container).location, randomness)
    yield from _record(stage, part, Post(Role.WMS, station.person, station.id), part.id, "")
    if part.spilled is None:
        return
    assert station.second
    yield stage.env.timeout(RECOUNT_AFTER)
    second = Post(Role.WMS, station.second, station.id)
    yield from _record(stage, part, second, f"{part.id}-2", part.id)
    yield from _approve(stage, part)


def _record(stage: Stage, part: CountPart, post: Post, name: str, recount_of: str) -> Doing:
    held = stage.ledger.content(part.container)
    body = RecordCount(
        count_id=stage.names.id(name), location_id=stage.names.id(held.location),
        scan=f"]C100{stage.names.sscc(part.container)}",
        counted=NonNegativeQuantity(value=held.quantity, unit=stage.unit_of(held.lot)),
        recount_of=stage.names.id(recount_of) if recount_of else None,
    )
    return (
        yield from stage.act(
            post, "record-count", body, name, container=part.container, counted=held.quantity
        )
    )


def _approve(stage: Stage, part: CountPart) -> Doing:
    person = stage.person(Duty.SUPERVISOR)
    name = f"ADJ-{part.id}"
    body = ApproveAdjustment(
        adjustment_id=stage.names.id(name), count_id=stage.names.id(part.id),
        reason="Powder found on the floor beneath the rack", cause=AdjustmentCause.SPILLAGE,
        signature=SignatureComponents(
            user_id=stage.names.id(person), password=stage.site.password,
            meaning="adjustment approved",
        ),
    )
    post = Post(Role.WMS, person, OFFICE)
    return (yield from stage.act(post, "approve-adjustment", body, name))
