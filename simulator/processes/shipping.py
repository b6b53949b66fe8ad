"""Shipping: closed pallets leave for a customer."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.commands import ShipUnits
from contracts.model.roles import Role
from contracts.record.history import Lane
from simulator.duration import MINUTE
from simulator.ledger import Moving, Onto, Standing
from simulator.parts import OrderPart, Work
from simulator.stage import Post, Process, Stage, Stations

LOADING = 20 * MINUTE
# While MES cannot be asked the truck waits at the dock.
_UNCONFIRMED = frozenset({Code.STATUS_UNCONFIRMED})


def ship(stage: Stage, order: OrderPart, stations: Stations) -> Process:
    """All pallets of an order go onto one truck."""
    product = order.product
    assert product is not None
    assert product.ship_to is not None
    dock, free = stations.at(Work.SHIPPING)
    with free.request() as turn:
        yield turn
        yield stage.env.timeout(LOADING)
        pallets = [*stage.pallets.get(order.id, []), *stage.loads.get(order.id, [])]
        name = f"SHP-{order.id}"
        body = ShipUnits(
            shipment_id=stage.names.id(name), customer_id=stage.names.id(product.ship_to),
            ssccs=tuple(stage.names.sscc(pallet) for pallet in pallets),
        )
        post = Post(Role.WMS, dock.person, dock.id)
        done = yield from stage.keep_trying(
            post, "ship", body, name, _UNCONFIRMED, pallets=len(pallets)
        )
    if not done.ok:
        return
    for pallet in pallets:
        for case in stage.ledger.children(pallet):
            onto = Onto(case, product.ship_to, Standing.SHIPPED, order.id)
            stage.ledger.carry(done.at, case, Moving.SHIPPED, onto)
    stage.note(Lane.PLANT, "shipped", name, customer=product.ship_to, pallets=len(pallets))
