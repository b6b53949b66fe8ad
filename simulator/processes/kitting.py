"""Kits: units of several orders are put together, packed, and some of them opened again."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import simpy

from contracts.model.codes import Code
from contracts.model.commands import AssembleKit, ComponentPlace, OpenKit, PackUnit, StartOrder
from contracts.model.identifiers import ItemName, SerialNumber
from contracts.model.messages.custody import Breaking
from contracts.model.packing import UnitKind
from contracts.model.roles import Duty, Role
from contracts.record.history import Lane
from simulator import handling
from simulator.duration import MINUTE
from simulator.handling import Kitted
from simulator.ledger import Held, Moving
from simulator.parts import OrderPart, Work
from simulator.processes.ordering import STATION
from simulator.processes.packing import Line, Wanted, labelled
from simulator.processes.reworking import cases_of, item_of
from simulator.stage import Post, Process, Stage, Stations

ASSEMBLING = 3 * MINUTE
RESTING = 45 * MINUTE
WHY_OPENED = "Kit ordered without its second component"
_NOT_HEARD = frozenset({Code.UNKNOWN_UNIT, Code.ORDER_NOT_STARTED})


def make_kits(stage: Stage, order: OrderPart, stations: Stations, turn: int) -> Process:
    """An order of kits, once the orders that its components come from are packed."""
    assert order.kit is not None
    yield stage.until(order.at)
    while not set(order.kit.of) <= stage.packed:
        yield stage.news("packed")
    post = Post(Role.MES, stage.person(Duty.PRODUCTION), STATION)
    yield from stage.act(
        post, "start-order", StartOrder(order_id=stage.names.id(order.id)), order.id
    )
    part, free = stations.at(Work.PACKING, turn)
    with free.request() as taking:
        yield taking
        line = Line(stage, part, order)
        kits: list[Kitted] = []
        for number in range(1, order.kit.count + 1):
            made = yield from _assemble(line, number)
            kits += [made] if made else []
        case = (yield from _pack(line, tuple(kits))) if kits else ""
    yield stage.env.timeout(RESTING)
    for kit in kits[: order.kit.opened] if case else ():
        yield from _open(stage, case, kit, stations)


def _assemble(line: Line, number: int) -> Generator[simpy.Event, Any, Kitted | None]:
    """One kit of one unit from each order. Returns: the kit; None where it was refused."""
    stage, order = line.stage, line.order
    assert order.kit is not None
    yield stage.env.timeout(ASSEMBLING)
    components: list[tuple[str, str]] = []
    for source in order.kit.of:
        components.append(next(
            unit for unit in _free_units(stage, source) if unit not in components
        ))
    kit = Kitted(f"{order.id}-K{number:02d}", order.id, tuple(components))
    name = f"KIT-{order.id}-{number}"
    stage.names.adopt(_kit_name(stage, order, kit), kit.kit)
    body = AssembleKit(
        assembly_id=stage.names.id(name), order_id=stage.names.id(order.id),
        kit=_kit_name(stage, order, kit), components=_places(stage, kit),
    )
    done = yield from stage.act(line.post, "assemble-kit", body, name, kit=kit.kit)
    if not done.ok:
        return None
    handling.assemble(stage.ledger, done.at, kit)
    stage.note(Lane.PLANT, "assembled", kit.kit, components=len(components))
    return kit


def _free_units(stage: Stage, order: str) -> Iterator[tuple[str, str]]:
    """Units of an order with their cases, the last case first; no case is emptied."""
    for case in reversed(cases_of(stage, order)):
        for serial in stage.ledger.content(case).serials[1:]:
            yield serial, case


def _pack(line: Line, kits: tuple[Kitted, ...]) -> Generator[simpy.Event, Any, str]:
    """All kits of an order go into one case. Returns: its name; empty where it was refused."""
    stage, product = line.stage, line.order.product
    assert product is not None
    name = f"{line.order.id}-C001"
    applied = yield from labelled(line, Wanted(name, UnitKind.CASE, len(kits)), "")
    body = PackUnit(
        pack_id=stage.names.id(f"PCK-{name}"), label_id=stage.names.id(applied.label),
        serials=tuple(SerialNumber(kit.kit) for kit in kits),
    )
    serials = tuple(kit.kit for kit in kits)
    stage.ledger.put(
        Held(applied.unit, product.lot, stage.pieces(len(kits)), line.part.location,
             serials=serials),
        stage.now, Moving.PRODUCED, line.order.id,
    )
    stage.ledger.apply(applied.label)
    done = yield from stage.act(
        line.post, "pack-unit", body, f"PCK-{name}", unit=applied.unit
    )
    stage.note(Lane.PLANT, "packed", applied.unit, lot=product.lot, quantity=len(kits))
    return applied.unit if done.ok else ""


def _open(stage: Stage, case: str, kit: Kitted, stations: Stations) -> Process:
    """A kit is opened at the outbound dock; each component lies in a tote of its own."""
    order = next(part for part in stage.plant.orders if part.id == kit.order)
    dock, free = stations.at(Work.SHIPPING)
    totes = Kitted(kit.kit, kit.order, tuple(
        (serial, f"TOTE-{kit.kit}-{n}") for n, (serial, _) in enumerate(kit.components, start=1)
    ))
    name = f"OPEN-{kit.kit}"
    with free.request() as turn:
        yield turn
        body = OpenKit(
            opening_id=stage.names.id(name), kit=_kit_name(stage, order, kit),
            components=_places(stage, totes), location_id=stage.names.id(dock.location),
            purpose=Breaking.REPACKING, reason=WHY_OPENED,
        )
        post = Post(Role.WMS, dock.person, dock.id)
        done = yield from stage.keep_trying(post, "open-kit", body, name, _NOT_HEARD)
    if done.ok:
        handling.open_kit(stage.ledger, done.at, case, totes, dock.location)
        stage.note(Lane.PLANT, "opened", kit.kit, case=case, location=dock.location)


def _kit_name(stage: Stage, order: OrderPart, kit: Kitted) -> ItemName:
    assert order.product is not None
    return item_of(stage, order.product.lot, kit.kit)


def _places(stage: Stage, kit: Kitted) -> tuple[ComponentPlace, ...]:
    """The components as a command names them, each with the container that it stands in."""
    inside = stage.ledger.kits.get(kit.kit, {})
    return tuple(
        ComponentPlace(
            unit=item_of(stage, inside.get(serial) or stage.ledger.content(place).lot, serial),
            container=stage.names.sscc(place),
        )
        for serial, place in kit.components
    )
