"""Where faults can be anchored: the business events that a schedule will surely bring.

Per message or command, members of its payload that single out one event. A fault with such an
anchor strikes whatever carries the event, in whatever order the day runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contracts.model.lot_status import LotStatus
from simulator.parts import ArrivalPart, DeliveredLotPart, OrderPart, ProductPart
from simulator.plant_model import Plant

Anchor = dict[str, str]
# Orders of the second half of a day may not come to their end.
_SURE_SHARE = 2


def anchors_for(message: str, plant: Plant) -> list[Anchor]:
    """The events of a schedule that this message or command tells of. Empty: none is known."""
    find = _FINDERS.get(message)
    return list(find(plant)) if find else []


def _arrivals(plant: Plant) -> Iterator[tuple[DeliveredLotPart, ArrivalPart]]:
    for delivery in plant.deliveries[: len(plant.deliveries) // _SURE_SHARE + 1]:
        for lot in delivery.lots:
            for container in lot.containers:
                if not container.missing:
                    yield lot, container


def _orders(plant: Plant) -> Iterator[tuple[OrderPart, ProductPart]]:
    sure = [o for o in plant.orders if o.product and o.weigh_at is None and o.kit is None]
    for order in sure[: len(sure) // _SURE_SHARE + 1]:
        if order.product:
            yield order, order.product


def _receipts(plant: Plant) -> Iterator[Anchor]:
    for _, container in _arrivals(plant):
        if not container.misread:
            yield {"receiptId": f"RCP-{container.id}"}


def _putaways(plant: Plant) -> Iterator[Anchor]:
    for _, container in _arrivals(plant):
        if container.condition == "INTACT":
            yield {"putawayId": f"PUT-{container.id}"}


def _samples(plant: Plant) -> Iterator[Anchor]:
    for delivery in plant.deliveries[: len(plant.deliveries) // _SURE_SHARE]:
        for lot in delivery.lots:
            if lot.sample is not None and lot.decide is LotStatus.RELEASED:
                yield {"sampleId": f"SMP-{lot.lot}"}


def _decisions(plant: Plant) -> Iterator[Anchor]:
    for delivery in plant.deliveries[: len(plant.deliveries) // _SURE_SHARE]:
        for lot in delivery.lots:
            yield {"lotId": lot.lot}


def _requests(plant: Plant) -> Iterator[Anchor]:
    for order, _ in _orders(plant):
        yield {"orderId": order.id}


def _lines(plant: Plant) -> Iterator[Anchor]:
    for order, _ in _orders(plant):
        for line in order.lines:
            yield {"orderId": order.id, "lineId": line.id}


def _weighings(plant: Plant) -> Iterator[Anchor]:
    for order, _ in _orders(plant):
        for line in order.lines:
            yield {"dispenseId": f"WGH-{order.id}-{line.id}-1"}


def _returns(plant: Plant) -> Iterator[Anchor]:
    for order, _ in _orders(plant):
        for back in order.returns:
            yield {"returnId": f"RET-{order.id}-{back.line}"}


def _cases(plant: Plant) -> Iterator[tuple[OrderPart, str]]:
    for order, product in _orders(plant):
        for number in range(2, product.cases + 1):
            if number != product.misread_label:
                yield order, f"{order.id}-C{number:03d}"


def _labels(plant: Plant) -> Iterator[Anchor]:
    for _, name in _cases(plant):
        yield {"labelId": name}


def _packs(plant: Plant) -> Iterator[Anchor]:
    for _, name in _cases(plant):
        yield {"packId": f"PCK-{name}"}


def _pallets(plant: Plant) -> Iterator[Anchor]:
    for order, product in _orders(plant):
        whole = range(product.per_pallet, product.cases + 1, product.per_pallet)
        for number in sorted({*whole, product.cases}):
            yield {"aggregationId": f"AGG-{order.id}-P{number:03d}"}
        if product.rework and product.rework.put_back:
            yield {"aggregationId": f"BACK-{order.id}-CASE"}


def _shipments(plant: Plant) -> Iterator[Anchor]:
    for order, product in _orders(plant):
        if product.ship_to:
            yield {"shipmentId": f"SHP-{order.id}"}


def _counts(plant: Plant) -> Iterator[Anchor]:
    for part in plant.counts:
        yield {"countId": part.id}


def _adjustments(plant: Plant) -> Iterator[Anchor]:
    for part in plant.counts:
        if part.spilled is not None:
            yield {"adjustmentId": f"ADJ-{part.id}"}


def _cancellations(plant: Plant) -> Iterator[Anchor]:
    for order in plant.orders:
        if order.cancel_after_min is not None:
            yield {"requestId": f"{order.id}-R1"}


def _publications(plant: Plant) -> Iterator[Anchor]:
    for part in plant.publications:
        yield {"publicationId": part.id}


def _transfers(plant: Plant) -> Iterator[Anchor]:
    for order, _ in _orders(plant):
        for line in order.lines if order.onward else ():
            yield {"transferId": f"WIP-{order.id}-{line.id}-1"}


def _scraps(plant: Plant) -> Iterator[Anchor]:
    for part in plant.scraps:
        yield {"scrapId": part.id}
    for order, product in _orders(plant):
        if order.onward and order.onward.lost is not None:
            yield {"scrapId": f"LOST-{order.id}"}
        if product.rework and product.rework.put_back < product.rework.taken_out:
            yield {"scrapId": f"SCR-{order.id}"}


def _broken(plant: Plant) -> Iterator[Anchor]:
    for order, product in _orders(plant):
        if product.rework:
            yield {"disaggregationId": f"OUT-{order.id}-CASE"}
            if min(product.per_pallet, product.cases) > 1:
                yield {"disaggregationId": f"OUT-{order.id}-PALLET"}


def _sent_back(plant: Plant) -> Iterator[Anchor]:
    for order, product in _orders(plant):
        if product.comes_back:
            yield {"returnId": f"RMA-{order.id}"}


def _kits(plant: Plant) -> Iterator[Anchor]:
    for order in plant.orders:
        for number in range(1, order.kit.count + 1 if order.kit else 1):
            yield {"assemblyId": f"KIT-{order.id}-{number}"}


def _opened(plant: Plant) -> Iterator[Anchor]:
    for order in plant.orders:
        for number in range(1, order.kit.opened + 1 if order.kit else 1):
            yield {"openingId": f"OPEN-{order.id}-K{number:02d}"}


def _holds(plant: Plant) -> Iterator[Anchor]:
    for part in plant.holds:
        yield {"holdId": part.id}


_FINDERS: dict[str, Callable[[Plant], Iterator[Anchor]]] = {
    "receipt-confirmed": _receipts,
    "confirm-receipt": _receipts,
    "putaway-completed": _putaways,
    "put-away": _putaways,
    "sample-taken": _samples,
    "lot-status-changed": _decisions,
    "pick-requested": _requests,
    "pick-confirmed": _lines,
    "material-issued": _lines,
    "dispense": _weighings,
    "material-returned": _returns,
    "print-label": _labels,
    "verify-label": _labels,
    "pack-completed": _packs,
    "pack-unit": _packs,
    "unit-aggregated": _pallets,
    "shipment-confirmed": _shipments,
    "ship": _shipments,
    "count-completed": _counts,
    "inventory-adjusted": _adjustments,
    "master-data-published": _publications,
    "pick-cancelled": _cancellations,
    "wip-transferred": _transfers,
    "transfer-wip": _transfers,
    "material-scrapped": _scraps,
    "scrap": _scraps,
    "unit-disaggregated": _broken,
    "return-received": _sent_back,
    "kit-assembled": _kits,
    "kit-opened": _opened,
    "warehouse-hold-placed": _holds,
}
