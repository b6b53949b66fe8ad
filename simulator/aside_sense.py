"""What makes no sense of matter that does not go straight through.

Nobody is there to do it, or nothing to do it with, or more comes out of a case than is in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts.model.lot_status import ContainerDecision, LotStatus
from contracts.model.roles import Duty
from contracts.model.stimulus import Purpose
from simulator.parts import OrderPart, Work
from simulator.plant_model import Plant
from simulator.toml_places import Path as FieldPath

_OF_PRODUCTION = (Purpose.STAGING, Purpose.DISPENSING, Purpose.PACKING)
Finding = tuple[FieldPath, str]


def senseless_asides(plant: Plant) -> Iterator[Finding]:
    """Every place about broken units, kits, returns, scrap and holds that makes no sense."""
    for index, order in enumerate(plant.orders):
        yield from _of_order(plant, index, order)
    for index, hold in enumerate(plant.holds):
        if hold.to not in (LotStatus.QUARANTINE, LotStatus.BLOCKED):
            yield ("holds", index, "to"), f"the warehouse does not decide {hold.to}"
    yield from _unsigned(plant)


def _of_order(plant: Plant, index: int, order: OrderPart) -> Iterator[Finding]:
    here = ("orders", index)
    if order.onward and not any(
        place.id == order.onward.to and place.purpose in _OF_PRODUCTION
        for place in plant.locations
    ):
        yield (*here, "onward", "to"), f"{order.onward.to} is no place of production"
    if order.kit:
        yield from _of_kit(plant, index, order)
    made = order.product
    if made is None:
        return
    if made.rework and not made.rework.put_back <= made.rework.taken_out < made.per_case:
        yield (*here, "product", "rework"), "more comes out than is in, or more goes back"
    if made.comes_back and (made.ship_to is None or made.comes_back.kept >= made.per_case):
        yield (*here, "product", "comes_back"), "it is not shipped, or nothing of it comes back"
    if made.rework and not plant.stations_for(Work.SHIPPING):
        yield ("stations",), f"no station is for {Work.SHIPPING}"


def _of_kit(plant: Plant, index: int, order: OrderPart) -> Iterator[Finding]:
    assert order.kit is not None
    here = ("orders", index, "kit")
    if order.product is None:
        yield here, "kits are a product"
    if order.kit.opened > order.kit.count:
        yield (*here, "opened"), f"there are {order.kit.count}"
    packed = {one.id for one in plant.orders if one.product and one.kit is None}
    for source in order.kit.of if plant.day is None else ():
        if source not in packed:
            yield (*here, "of"), f"{source} in [[orders]] packs nothing"


def _unsigned(plant: Plant) -> Iterator[Finding]:
    """What two persons of quality have to sign, and there is one."""
    lifted = any(hold.lifted_after_min is not None for hold in plant.holds)
    released = any(
        o.product and o.product.comes_back
        and o.product.comes_back.decision is ContainerDecision.RELEASE for o in plant.orders
    )
    people = sum(Duty.QUALITY in person.duties for person in plant.people)
    if (lifted or released) and people < 2:
        yield ("people",), "a release after a hold or a return needs two persons of quality"
    if (plant.scraps or plant.holds) and not any(
        Duty.SUPERVISOR in person.duties for person in plant.people
    ):
        yield ("people",), f"nobody has the duty {Duty.SUPERVISOR}"
