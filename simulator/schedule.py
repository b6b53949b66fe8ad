"""From a plant and a seed to a schedule in which nothing is left to chance.

A schedule is a plant again, one whose every delivery, order, count and fault is written out. A
plant without patterns is its own schedule. What stands in the file already stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from contracts.model.lot_status import LotStatus
from contracts.model.receipts import Condition
from contracts.record.canonical import canonical_bytes
from simulator.anchors import Anchor, anchors_for
from simulator.duration import source
from simulator.parts import (
    ArrivalPart,
    ContainerPart,
    CountPart,
    DeliveredLotPart,
    DeliveryPart,
    FaultPart,
    LabelVariant,
    LotPart,
    MisreadPart,
    OrderPart,
    ProductPart,
    ReturnPart,
)
from simulator.patterns import DayPattern, DeliveryPattern, OrderPattern, Range, SupplyPattern
from simulator.plant_model import Plant

WRONG_SCAN = "]E04006381333931"


def expand(plant: Plant, seed: int) -> Plant:
    """The schedule of one day. The same plant and seed give the same schedule in any process."""
    day = plant.day
    if day is None:
        return plant
    lots, containers = _stock(plant, day)
    plant = plant.model_copy(
        update={
            "day": None,
            "lots": (*plant.lots, *lots),
            "containers": (*plant.containers, *containers),
            "deliveries": (*plant.deliveries, *_deliveries(plant, day.deliveries, seed)),
        }
    )
    orders = tuple(_orders(plant, day.orders, seed))
    plant = plant.model_copy(
        update={
            "orders": (*orders, *plant.orders),
            "misreads": (*plant.misreads, *_misreads(day.orders, orders)),
            "counts": (*plant.counts, *_counts(plant, day)),
            "holds": (*plant.holds, *day.holds),
            "scraps": (*plant.scraps, *day.scraps),
        }
    )
    return plant.model_copy(update={"faults": (*plant.faults, *_faults(plant, day, seed))})


def schedule_bytes(schedule: Plant) -> bytes:
    """A schedule as it is kept with a run: canonical JSON."""
    return canonical_bytes(schedule.model_dump(mode="json", exclude_none=True)) + b"\n"


def _stock(plant: Plant, day: DayPattern) -> tuple[list[LotPart], list[ContainerPart]]:
    lots, containers = [], []
    for part in day.stock:
        last = (plant.site.start + timedelta(days=part.last_day)).date()
        lots.append(
            LotPart(
                id=part.lot, material=part.material, expires_on=last, status=part.status,
                potency=part.potency,
            )
        )
        containers += [
            ContainerPart(
                id=f"{part.lot}-{n:02d}", lot=part.lot, location=part.location,
                quantity=part.quantity,
            )
            for n in range(1, part.count + 1)
        ]
    return lots, containers


@dataclass
class _Dock:
    """Counts the containers of a day, so that every n-th is something else."""

    pattern: DeliveryPattern
    randomness: Random
    containers: int = 0
    lots: int = 0

    def is_nth(self, every: int) -> bool:
        """Whether the present container is one of every n."""
        return bool(every) and self.containers % every == 0


def _deliveries(plant: Plant, pattern: DeliveryPattern, seed: int) -> Iterator[DeliveryPart]:
    dock = _Dock(pattern, source(seed, "deliveries", "schedule"))
    for number in range(pattern.count):
        late = dock.randomness.randint(0, 10)
        at = pattern.first + timedelta(minutes=number * pattern.every_min + late)
        name = f"ASN-{number + 1:02d}"
        supplies = dock.randomness.sample(
            pattern.supplies, min(len(pattern.supplies), _within(dock.randomness, pattern.lots))
        )
        yield DeliveryPart(
            id=name, at=at, supplier=supplies[0].supplier,
            lots=tuple(
                _delivered(plant, dock, (f"{name}-L{n}", supply))
                for n, supply in enumerate(supplies, start=1)
            ),
        )


def _delivered(plant: Plant, dock: _Dock, what: tuple[str, SupplyPattern]) -> DeliveredLotPart:
    name, supply = what
    dock.lots += 1
    days = _within(dock.randomness, supply.shelf_life_days)
    rejected = dock.pattern.rejected_every and dock.lots % dock.pattern.rejected_every == 0
    count = _within(dock.randomness, supply.containers)
    return DeliveredLotPart(
        lot=name, material=supply.material,
        expires_on=(plant.site.start + timedelta(days=days)).date(),
        containers=tuple(_arrival(dock, f"{name}-{n:02d}", supply) for n in range(1, count + 1)),
        sample=supply.sample,
        tested_after_min=_within(dock.randomness, dock.pattern.tested_after_min),
        decide=LotStatus.REJECTED if rejected else LotStatus.RELEASED,
    )


def _arrival(dock: _Dock, name: str, supply: SupplyPattern) -> ArrivalPart:
    dock.containers += 1
    pattern, first = dock.pattern, name.endswith("-01")
    variants = tuple(LabelVariant)
    return ArrivalPart(
        id=name, quantity=supply.quantity, store=dock.randomness.choice(supply.stores),
        # The first container of a lot is sampled: it comes, and whole.
        missing=dock.is_nth(pattern.missing_every) and not first,
        actual=supply.short_quantity if dock.is_nth(pattern.short_every) else None,
        condition=(
            Condition.DAMAGED if dock.is_nth(pattern.damaged_every) and not first
            else Condition.INTACT
        ),
        variant=variants[dock.containers % len(variants)],
        misread=WRONG_SCAN if dock.is_nth(pattern.misread_every) else "",
    )


def _orders(plant: Plant, pattern: OrderPattern, seed: int) -> Iterator[OrderPart]:
    randomness = source(seed, "orders", "schedule")
    for number in range(1, pattern.count + 1):
        recipe = pattern.recipes[(number - 1) % len(pattern.recipes)]
        cases = _within(randomness, recipe.cases)
        at = pattern.first + timedelta(
            minutes=(number - 1) * pattern.every_min + randomness.randint(0, 10)
        )
        name = f"PO-{number:02d}"
        customers = pattern.customers
        product = ProductPart(
            lot=f"{name}-LOT", material=recipe.product, cases=cases, per_case=recipe.per_case,
            per_pallet=recipe.per_pallet, making_min=recipe.making_min,
            expires_on=(plant.site.start + timedelta(days=recipe.shelf_life_days)).date(),
            misread_label=2 if _nth(number, pattern.misread_label_every) else 0,
            ship_to=(
                customers[number % len(customers)] if _nth(number, pattern.shipped_every) else None
            ),
            rework=pattern.rework if _nth(number, pattern.rework_every) else None,
            comes_back=pattern.comes_back if _nth(number, pattern.comes_back_every) else None,
        )
        yield OrderPart(
            id=name, at=at, to=recipe.to, bom=recipe.bom, version=recipe.version,
            lines=recipe.lines, product=product,
            returns=_returns(pattern, number, recipe.lines[0].id),
            onward=pattern.onward if _nth(number, pattern.onward_every) else None,
        )


def _returns(pattern: OrderPattern, number: int, line: str) -> tuple[ReturnPart, ...]:
    if not _nth(number, pattern.returned_every):
        return ()
    assert pattern.returned_quantity is not None
    assert pattern.returned_to is not None
    return (ReturnPart(line=line, quantity=pattern.returned_quantity, to=pattern.returned_to),)


def _misreads(pattern: OrderPattern, orders: tuple[OrderPart, ...]) -> Iterator[MisreadPart]:
    for number, order in enumerate(orders, start=1):
        if _nth(number, pattern.misread_pick_every):
            yield MisreadPart(order=order.id, line=order.lines[-1].id, scan=WRONG_SCAN)


def _counts(plant: Plant, day: DayPattern) -> Iterator[CountPart]:
    pattern = day.counts
    counted = [part for part in plant.containers if part.location in pattern.locations]
    for number, part in enumerate(counted, start=1):
        yield CountPart(
            id=f"CNT-{number:02d}", container=part.id,
            at=pattern.first + timedelta(minutes=(number - 1) * pattern.every_min),
            spilled=pattern.spilled if _nth(number, pattern.spilled_every) else None,
        )


def _faults(plant: Plant, day: DayPattern, seed: int) -> Iterator[FaultPart]:
    """Each kind on each message, at an event of its own."""
    randomness = source(seed, "faults", "schedule")
    left: dict[str, list[Anchor]] = {}
    used: list[Anchor] = []
    number = 0
    for pattern in day.faults:
        for message in pattern.messages:
            if message not in left:
                left[message] = anchors_for(message, plant)
                randomness.shuffle(left[message])
            for kind in pattern.kinds:
                for _ in range(pattern.times):
                    number += 1
                    where = _unused(left[message], used)
                    yield FaultPart(
                        id=f"F-{number:02d}", kind=kind, message=message, where=where,
                        minutes=pattern.minutes, attempts=pattern.attempts,
                    )


def _unused(left: list[Anchor], used: list[Anchor]) -> Anchor:
    """An event that no other fault is anchored to; one jam must not hide another fault."""
    while left:
        anchor = left.pop()
        if anchor not in used:
            used.append(anchor)
            return anchor
    return {"none": "none"}


def _within(randomness: Random, span: Range) -> int:
    return randomness.randint(span[0], span[1])


def _nth(number: int, every: int) -> bool:
    return bool(every) and number % every == 0
