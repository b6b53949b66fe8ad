"""Pickers: they wait for work, walk, scan, and bring what they hold in their hands."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import simpy

from contracts.model.commands import ConfirmPick, PickTask
from contracts.model.quantities import PositiveQuantity
from contracts.model.roles import Role
from contracts.record.history import Lane
from simulator.duration import MINUTE, SECOND
from simulator.ledger import Moving, Onto
from simulator.parts import PickerPart
from simulator.stage import Post, Process, Stage

NEWS = "picking"
ROUND = 30 * MINUTE
REACTION = 5 * SECOND
PUT_BACK = 2 * MINUTE
Claim = tuple[str, str, str]


@dataclass
class PickingFloor:
    """What the pickers of a shift share: who has gone for what, and the number of scans."""

    stage: Stage
    claimed: set[Claim] = field(default_factory=set)
    scans: int = 0

    def __post_init__(self) -> None:
        self.misreads = {(m.order, m.line): m.scan for m in self.stage.plant.misreads}

    def claim(self, tasks: tuple[PickTask, ...]) -> tuple[Claim, PickTask] | None:
        """The first task of this run that nobody has gone for."""
        for task in tasks:
            claim = (task.request_id, task.line_id, str(task.container))
            if self.stage.names.owns(task.request_id) and claim not in self.claimed:
                self.claimed.add(claim)
                return claim, task
        return None


def picker(floor: PickingFloor, part: PickerPart) -> Process:
    """One picker, all shift long: asks for work when there is news of any."""
    stage = floor.stage
    randomness = stage.randomness(part.person, "walking")
    while True:
        stage.site.set_clock(stage.now)
        tasks = stage.site.pick_tasks(part.person, part.station).tasks
        claimed = floor.claim(tasks)
        if claimed is None:
            yield stage.env.any_of([stage.news(NEWS), stage.env.timeout(ROUND)])
            yield stage.env.timeout(REACTION)
            continue
        claim, task = claimed
        yield stage.walk(stage.names.name(task.location_id), randomness)
        brought = yield from _fetch(floor, part, task)
        if brought:
            yield stage.walk(stage.names.name(task.to_location), randomness)
        else:
            yield stage.env.timeout(PUT_BACK)
        floor.claimed.discard(claim)


def _fetch(
    floor: PickingFloor, part: PickerPart, task: PickTask
) -> Generator[simpy.Event, Any, bool]:
    names = floor.stage.names
    wrong = floor.misreads.pop((names.name(task.order_id), task.line_id), None)
    if wrong is not None:
        yield from _scan(floor, part, task, (wrong, "misread"))
        yield floor.stage.env.timeout(20 * SECOND)
    container = names.name(task.container)
    return (yield from _scan(floor, part, task, (f"]C100{task.container}", container)))


def _scan(
    floor: PickingFloor, part: PickerPart, task: PickTask, scanned: tuple[str, str]
) -> Generator[simpy.Event, Any, bool]:
    """Scan one label; what is confirmed is in the picker's hands and goes to the target."""
    stage = floor.stage
    floor.scans += 1
    held = stage.ledger.content(stage.names.name(task.container))
    whole = held.quantity == task.quantity.value
    into = held.container if whole else f"T-{floor.scans:03d}"
    number = f"SCAN-{floor.scans}"
    body = ConfirmPick(
        confirmation_id=stage.names.id(number), request_id=task.request_id,
        line_id=task.line_id, scan=scanned[0],
        quantity=PositiveQuantity(value=task.quantity.value, unit=task.quantity.unit),
        to_container=None if whole else stage.names.sscc(into),
    )
    done = yield from stage.act(
        Post(Role.WMS, part.person, part.station), "confirm-pick", body, number,
        container=scanned[1], quantity=task.quantity.value,
    )
    if not done.ok:
        return False
    _move(stage, task, into, done.at)
    return True


def _move(stage: Stage, task: PickTask, into: str, at: datetime) -> None:
    names = stage.names
    moved = stage.ledger.take(
        at, names.name(task.container), Decimal(task.quantity.value), Moving.PICKED,
        Onto(into, names.name(task.to_location), order=names.name(task.order_id),
             line=task.line_id),
    )
    stage.note(
        Lane.PLANT, "picked", into, source=moved.source, lot=moved.lot,
        quantity=moved.quantity, location=moved.location, order=moved.order,
    )
    stage.tell(f"staged {moved.order}")
