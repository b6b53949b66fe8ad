"""The weigh booths: staged material is weighed out with a second person, what is left goes back."""

from __future__ import annotations

from collections.abc import Generator
from decimal import ROUND_DOWN, Decimal
from typing import Any

import simpy
from simpy import Resource

from contracts.model.codes import Code
from contracts.model.commands import Dispense, ReturnMaterial, SignatureComponents
from contracts.model.quantities import PositiveQuantity, Quantity
from contracts.model.roles import Role
from contracts.record.history import Lane
from simulator.duration import MINUTE
from simulator.ledger import Held, Moving, Onto, Standing
from simulator.parts import LinePart, OrderPart, ReturnPart, StationPart
from simulator.stage import Doing, Done, Post, Process, Stage

WEIGHING = 4 * MINUTE
# What MES has not heard of yet is weighed later, when the link has caught up.
ANOTHER_LOOK = 10 * MINUTE
PATIENCE = 12
TARE = Decimal("0.350")
_STEP = Decimal("0.001")


def weigh_out(
    stage: Stage, order: OrderPart, booth: StationPart, free: Resource
) -> Generator[simpy.Event, Any, bool]:
    """Weigh all lines of an order. Returns: whether each was weighed in full."""
    with free.request() as turn:
        yield turn
        weighed = True
        for line in order.lines:
            weighed = (yield from _line(stage, order, line, booth)) and weighed
        for back in order.returns:
            yield from _give_back(stage, order, back, booth)
    return weighed


def _line(
    stage: Stage, order: OrderPart, line: LinePart, booth: StationPart
) -> Generator[simpy.Event, Any, bool]:
    staged = _staged(stage, order, line)
    missing = Decimal(1)
    for index, held in enumerate(staged):
        missing = _missing(stage, order, line, held.lot)
        portion = min(held.quantity, missing)
        if portion <= 0:
            break
        yield stage.env.timeout(WEIGHING)
        last = portion == missing
        done = yield from _weigh(stage, order, line, booth, (held, portion, index, last))
        for again in range(PATIENCE):
            if done.ok or not (_has_not_heard(done) or held.lot in stage.investigated):
                break
            yield stage.env.timeout(ANOTHER_LOOK)
            number = (again + 1) * len(staged) + index
            done = yield from _weigh(stage, order, line, booth, (held, portion, number, last))
        if not done.ok:
            yield from _return_staged(stage, order, held, booth)
            return False
    for held in _staged(stage, order, line):
        yield from _return_staged(stage, order, held, booth)
    return bool(staged)


def _has_not_heard(done: Done) -> bool:
    """Whether MES says no only because the news of the pick is still on its way."""
    refusal = done.answer.refusal
    return refusal is not None and refusal.code in (
        Code.UNKNOWN_CONTAINER, Code.CONTAINER_NOT_STAGED,
    )


def _staged(stage: Stage, order: OrderPart, line: LinePart) -> list[Held]:
    """What the pickers brought for a line and nobody has used."""
    brought = {
        m.container for m in stage.ledger.moves
        if m.moving is Moving.PICKED and (m.order, m.line) == (order.id, line.id)
    }
    return [
        held for held in stage.ledger.held(Standing.STOCK)
        if held.container in brought and held.quantity > 0 and held.location == order.to
    ]


def _missing(stage: Stage, order: OrderPart, line: LinePart, lot: str) -> Decimal:
    """How much of a lot the line still takes: what it is worth counts, not what it weighs."""
    weighed = (
        _worth(stage, line, m.lot) * m.quantity for m in stage.ledger.moves
        if m.moving is Moving.ISSUED and (m.order, m.line) == (order.id, line.id)
    )
    basis = line.potency_basis or Decimal(1)
    left = basis * line.quantity - sum(weighed, Decimal(0))
    return (left / _worth(stage, line, lot)).quantize(_STEP, ROUND_DOWN)


def _worth(stage: Stage, line: LinePart, lot: str) -> Decimal:
    if line.potency_basis is None:
        return Decimal(1)
    potency = next(part.potency for part in stage.plant.lots if part.id == lot)
    assert potency is not None, f"{lot} has no potency"
    return potency


def _weigh(
    stage: Stage, order: OrderPart, line: LinePart, booth: StationPart,
    what: tuple[Held, Decimal, int, bool],
) -> Doing:
    held, portion, index, last = what
    name, into = f"WGH-{order.id}-{line.id}-{index + 1}", f"D-{order.id}-{line.id}-{index + 1}"
    assert booth.second
    assert booth.scale
    unit = stage.plant.unit(line.material)
    body = Dispense(
        dispense_id=stage.names.id(name), order_id=stage.names.id(order.id), line_id=line.id,
        scan=f"]C100{stage.names.sscc(held.container)}",
        gross=PositiveQuantity(value=portion + TARE, unit=unit),
        tare=Quantity(value=TARE, unit=unit),
        net=PositiveQuantity(value=portion, unit=unit), scale_id=stage.names.id(booth.scale),
        to_container=stage.names.sscc(into), final=last,
        verification=SignatureComponents(
            user_id=stage.names.id(booth.second), password=stage.site.password,
            meaning="weighing verified",
        ),
    )
    post = Post(Role.MES, booth.person, booth.id)
    done = yield from stage.act(
        post, "dispense", body, name, container=held.container, quantity=portion
    )
    if done.ok:
        onto = Onto(into, booth.location, Standing.ISSUED, order.id, line.id)
        stage.ledger.take(done.at, held.container, portion, Moving.ISSUED, onto)
        stage.note(Lane.PLANT, "weighed", into, lot=held.lot, quantity=portion, order=order.id)
        stage.dispensed.setdefault((order.id, line.id), []).append(into)
    return done


def _return_staged(
    stage: Stage, order: OrderPart, held: Held, booth: StationPart
) -> Process:
    """What was staged and not used goes back to its rack under its own label."""
    home = stage.plant.store
    unit = stage.unit_of(held.lot)
    name = f"RET-{held.container}"
    body = ReturnMaterial(
        return_id=stage.names.id(name), order_id=stage.names.id(order.id),
        container=stage.names.sscc(held.container),
        quantity=PositiveQuantity(value=held.quantity, unit=unit),
        to_location=stage.names.id(home),
    )
    post = Post(Role.MES, booth.person, booth.id)
    done = yield from stage.act(post, "return-material", body, name, container=held.container)
    if done.ok:
        stage.ledger.carry(done.at, held.container, Moving.TAKEN_BACK, Onto("", home))
        stage.note(Lane.PLANT, "taken back", held.container, location=home)


def _give_back(
    stage: Stage, order: OrderPart, back: ReturnPart, booth: StationPart
) -> Process:
    """A part of what was weighed out goes back to store, as a container of its own."""
    weighed = stage.dispensed.get((order.id, back.line), [])
    source = next((n for n in weighed if stage.ledger.content(n).quantity > back.quantity), None)
    if source is None:
        return
    yield stage.env.timeout(WEIGHING)
    held = stage.ledger.content(source)
    name, into = f"RET-{order.id}-{back.line}", f"R-{order.id}-{back.line}"
    body = ReturnMaterial(
        return_id=stage.names.id(name), order_id=stage.names.id(order.id),
        container=stage.names.sscc(source), new_container=stage.names.sscc(into),
        quantity=PositiveQuantity(value=back.quantity, unit=stage.unit_of(held.lot)),
        to_location=stage.names.id(back.to),
    )
    post = Post(Role.MES, booth.person, booth.id)
    done = yield from stage.act(post, "return-material", body, name, container=source)
    if done.ok:
        onto = Onto(into, back.to, Standing.STOCK, order.id, back.line)
        stage.ledger.take(done.at, source, back.quantity, Moving.RETURNED, onto)
        stage.note(Lane.PLANT, "returned", into, lot=held.lot, quantity=back.quantity)
