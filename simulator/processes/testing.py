"""The laboratory: a lot that was put away is sampled, tested, and decided on by quality."""

from __future__ import annotations

from simpy import Resource

from contracts.model.commands import TakeSample
from contracts.model.quantities import PositiveQuantity
from contracts.model.roles import Role
from contracts.record.history import Lane
from simulator.duration import MINUTE
from simulator.ledger import Moving, Onto, Standing
from simulator.parts import DecisionPart, DeliveredLotPart, StationPart
from simulator.processes.deciding import decide
from simulator.stage import Post, Process, Stage


def lot_under_test(
    stage: Stage, part: DeliveredLotPart, station: StationPart, free: Resource
) -> Process:
    """One delivered lot, from its place in quarantine to the decision."""
    yield stage.news(f"put away {part.lot}")
    if part.sample is not None:
        with free.request() as turn:
            yield turn
            yield from _sample(stage, part, station)
    yield stage.env.timeout(part.tested_after_min * MINUTE)
    reason = "All results within specification"
    decision = DecisionPart(lot=part.lot, to=part.decide, at=stage.now, reason=reason)
    yield from decide(stage, f"TESTED-{part.lot}", decision)


def _sample(stage: Stage, part: DeliveredLotPart, station: StationPart) -> Process:
    assert part.sample is not None
    source = next(
        held for held in stage.ledger.held(Standing.STOCK)
        if held.lot == part.lot and held.quantity > part.sample
    )
    yield stage.walk(source.location, stage.randomness(part.lot, "sampling"))
    name, sample = f"SMP-{part.lot}", f"S-{part.lot}"
    body = TakeSample(
        sample_id=stage.names.id(name), scan=f"]C100{stage.names.sscc(source.container)}",
        quantity=PositiveQuantity(value=part.sample, unit=stage.plant.unit(part.material)),
        sample_container=stage.names.sscc(sample),
    )
    post = Post(Role.WMS, station.person, station.id)
    done = yield from stage.act(post, "take-sample", body, name, container=source.container)
    if done.ok:
        onto = Onto(sample, station.location, Standing.SAMPLE)
        stage.ledger.take(done.at, source.container, part.sample, Moving.SAMPLED, onto)
        stage.note(Lane.PLANT, "sampled", sample, lot=part.lot, quantity=part.sample)
