"""One shift of a plant: everybody starts, time passes, and in the end everything comes to rest.

Background work of the systems is run when it is due, a moment after the command that caused it.
When the shift is over the plant rests, and everything has to converge within the plant's own time
(``site.heal_min``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import simpy

from contracts.model.roles import Role
from contracts.record.history import Lane
from contracts.wire.system import Hosted, SystemUnderTest
from simulator.duration import MINUTE, SECOND
from simulator.faults import FaultState
from simulator.ledger import Held
from simulator.namespace import Namespace
from simulator.opening import opening_load
from simulator.parts import OrderPart, Work
from simulator.plant_model import Plant
from simulator.processes import (
    counting,
    deciding,
    holding,
    kitting,
    ordering,
    picking,
    producing,
    publishing,
    receiving,
    scrapping,
    testing,
)
from simulator.relay import Passage, Relay
from simulator.site import Site
from simulator.stage import Process, Stage, Stations

# Messages after which the warehouse may want something else fetched.
_MOVES_PICKERS = (
    "pick-requested", "pick-cancelled", "lot-status-changed", "putaway-completed",
)

_REFUSED = 422


@dataclass
class Played:
    """A shift that was played: what happened on its stage, and what the link saw."""

    stage: Stage
    passages: list[tuple[datetime, Passage]]
    healed_at: datetime | None


class Shift:
    """Plays one shift of a plant against a pair of systems."""

    def __init__(
        self, plant: Plant, sut: SystemUnderTest, seed: int, namespace: Namespace
    ) -> None:
        self._plant = plant
        self._sut = sut
        self._stage = Stage(plant, seed, namespace, Site(sut, namespace))
        self._stage.faults.struck = self._struck
        self._passages: list[tuple[datetime, Passage]] = []

    def play(self) -> Played:
        """Play the shift and let it heal. Raises: NoAnswer, Unexpected from the systems."""
        stage = self._stage
        self._open()
        relays = [self._relay(role) for role in Role]
        try:
            self._start_everybody()
            stage.env.run(until=self._plant.site.hours * 60 * MINUTE)
            healed_at = self._heal()
        finally:
            for role in Role:
                stage.site.route(role, None)
            for relay in relays:
                relay.close()
        return Played(stage, self._passages, healed_at)

    def _open(self) -> None:
        stage = self._stage
        stage.site.set_clock(self._plant.site.start)
        stage.site.load(opening_load(self._plant, stage.names))
        for part in self._plant.containers:
            stage.ledger.put(Held(part.id, part.lot, part.quantity, part.location), stage.now)
            stage.note(
                Lane.PLANT, "stands", part.id, lot=part.lot, quantity=part.quantity,
                location=part.location,
            )

    def _relay(self, receiver: Role) -> Hosted:
        stage = self._stage
        upstream = self._sut.upstream(receiver)
        seen = partial(self._passed, receiver)
        hosted = self._sut.host(Relay(upstream, stage.faults, stage.names.name, seen))
        stage.site.route(receiver.partner, hosted.url)
        return hosted

    def _start_everybody(self) -> None:
        stage, plant = self._stage, self._plant
        stage.env.process(self._background())
        self._start_stations()
        for number, decision in enumerate(plant.decisions, start=1):
            stage.env.process(deciding.decision(stage, number, decision))
        for lot, _ in plant.lots_of_all():
            stage.env.process(deciding.expiry(stage, lot))
        floor = picking.PickingFloor(stage)
        for picker in plant.pickers:
            stage.env.process(picking.picker(floor, picker))

    def _start_stations(self) -> None:
        stage, plant = self._stage, self._plant
        stations = Stations(stage.env, plant)
        for turn, order in enumerate(plant.orders):
            stage.env.process(_process_of(stage, order, stations, turn))
        for turn, delivery in enumerate(plant.deliveries):
            dock = stations.at(Work.RECEIVING, turn)
            stage.env.process(receiving.delivery(stage, delivery, *dock))
            for lot in delivery.lots:
                laboratory = stations.at(Work.SAMPLING)
                stage.env.process(testing.lot_under_test(stage, lot, *laboratory))
        for publication in plant.publications:
            stage.env.process(publishing.publish(stage, publication))
        for turn, counted in enumerate(plant.counts):
            station, _ = stations.at(Work.COUNTING, turn)
            stage.env.process(counting.count(stage, counted, station))
        for held in plant.holds:
            stage.env.process(holding.hold(stage, held))
        for given_up in plant.scraps:
            stage.env.process(scrapping.scrap(stage, given_up))

    def _heal(self) -> datetime | None:
        """Run the systems until both are quiet. Returns: when; None when they did not converge."""
        stage = self._stage
        now = stage.now
        last = now + timedelta(minutes=self._plant.site.heal_min)
        while True:
            due = stage.site.settle(now).due_at
            if stage.site.is_quiet():
                stage.note(Lane.PLANT, "healed", "site")
                return now
            if due is None or due > last:
                return None
            now = due
            stage.env.run(until=max(stage.at(now), int(stage.env.now) + 1))

    def _background(self) -> Process:
        """The systems' own work, a moment after what caused it and whenever it is due."""
        stage = self._stage
        due: dict[Role, datetime | None] = dict.fromkeys(Role)
        while True:
            work = stage.news("work")
            waits: list[simpy.Event] = [work]
            waits += [stage.until(at) for at in due.values() if at is not None]
            yield stage.env.any_of(waits)
            if work.triggered:
                yield stage.env.timeout(self._plant.runner.pause_s * SECOND)
            now = stage.now
            roles = [r for r in Role if r in stage.busy or _is_due(due[r], now)]
            settled = stage.site.settle(now, roles)
            stage.busy.clear()
            due |= settled.due
            if settled.jobs:
                stage.tell(picking.NEWS)

    def _passed(self, receiver: Role, passage: Passage) -> None:
        stage = self._stage
        self._passages.append((stage.now, passage))
        stage.busy.add(receiver)
        stage.note(
            Lane.LINK, passage.message, passage.subject, attempt=passage.attempt,
            fate=passage.fate, status=passage.status, replayed="yes" if passage.replayed else None,
        )
        if passage.message == "pick-requested" and passage.status == _REFUSED:
            stage.refused.add(passage.subject)
        if passage.message in _MOVES_PICKERS:
            stage.tell(picking.NEWS)

    def _struck(self, fault: FaultState, message: str) -> None:
        self._stage.note(Lane.FAULT, fault.plan.kind, fault.plan.id, message=message)


def _process_of(stage: Stage, order: OrderPart, stations: Stations, turn: int) -> Process:
    """What becomes of an order: kits, a batch, or the picks alone."""
    if order.kit is not None:
        return kitting.make_kits(stage, order, stations, turn)
    if order.product is not None:
        return producing.produce(stage, order, stations, turn)
    return ordering.order(stage, order)


def _is_due(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now
