"""What the messages of a journal say about the quantity of each lot: the terms of its balance.

Received + produced + returned = on hand + issued + sampled + scrapped + shipped - adjustments,
exact per lot. What is scrapped in process was issued before and counts there alone. A component is
no stock while it is in a kit, and a kit that was opened is none any more.
Source: the mass balance of the contract; URS-REC-001.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from simulator.evidence import Recorded
from simulator.journalled import Journalled
from simulator.ledger import Moving

Flow = tuple[str, Moving, Decimal]
# With which sign a movement changes what is on hand.
SIGNS: dict[Moving, int] = {
    Moving.STOOD: 1,
    Moving.RECEIVED: 1,
    Moving.PRODUCED: 1,
    Moving.RETURNED: 1,
    Moving.ISSUED: -1,
    Moving.SAMPLED: -1,
    Moving.SCRAPPED: -1,
    Moving.SHIPPED: -1,
    Moving.SPILLED: -1,
    Moving.CAME_BACK: 1,
    Moving.ASSEMBLED: -1,
    Moving.TAKEN_APART: 1,
    Moving.OPENED: -1,
}


def flows_of(recorded: Recorded) -> dict[str, dict[Moving, Decimal]]:
    """Per lot, how much moved in each way, by the journal of one system.

    A message counts once for each business event, where its receiver has posted it.
    """
    totals: dict[str, dict[Moving, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for message in _once([*recorded.sent, *recorded.received]):
        for lot, moving, quantity in flows_in(message.message, message.data):
            totals[lot][moving] += quantity
    return totals


def flows_in(message: str, data: dict[str, Any]) -> Iterator[Flow]:
    """What one message says about the quantity of lots."""
    return _FLOWS.get(message, _none)(data)


def on_hand(recorded: Recorded, lot: str) -> Decimal:
    """How much of a lot stands in containers, by one system."""
    held = (c.quantity for c in recorded.containers.values() if c.lot == lot)
    return sum(held, Decimal(0))


def balance(totals: dict[Moving, Decimal]) -> Decimal:
    """What has to be on hand after these movements."""
    return sum((SIGNS[m] * q for m, q in totals.items() if m in SIGNS), Decimal(0))


def _once(messages: Iterable[Journalled]) -> Iterator[Journalled]:
    seen: set[tuple[str, str]] = set()
    for message in messages:
        event = (message.message, message.business_key)
        if message.posted and event not in seen:
            seen.add(event)
            yield message


def _none(data: dict[str, Any]) -> Iterator[Flow]:
    yield from ()


def _whole(moving: Moving) -> Callable[[dict[str, Any]], Iterator[Flow]]:
    def flows(data: dict[str, Any]) -> Iterator[Flow]:
        yield data["lotId"], moving, Decimal(data["quantity"]["value"])

    return flows


def _returned(data: dict[str, Any]) -> Iterator[Flow]:
    """What was never issued is not returned to the books: it only travels."""
    if data.get("origin") != "STAGED":
        yield data["lotId"], Moving.RETURNED, Decimal(data["quantity"]["value"])


def _scrapped(data: dict[str, Any]) -> Iterator[Flow]:
    """Out of stock; what is scrapped in process left the stock when it was issued."""
    moving = Moving.SCRAPPED if data["origin"] == "STOCK" else Moving.LOST_IN_PROCESS
    yield data["lotId"], moving, Decimal(data["quantity"]["value"])


def _adjusted(data: dict[str, Any]) -> Iterator[Flow]:
    yield data["lotId"], Moving.SPILLED, -Decimal(data["delta"]["value"])


def _shipped(data: dict[str, Any]) -> Iterator[Flow]:
    for item in data["content"]:
        yield item["lotId"], Moving.SHIPPED, Decimal(item["quantity"]["value"])


def _assembled(data: dict[str, Any]) -> Iterator[Flow]:
    for item in data["components"]:
        yield item["lotId"], Moving.ASSEMBLED, Decimal(1)


def _opened(data: dict[str, Any]) -> Iterator[Flow]:
    yield data["lotId"], Moving.OPENED, Decimal(1)
    for item in data["components"]:
        yield item["lotId"], Moving.TAKEN_APART, Decimal(1)


_FLOWS: dict[str, Callable[[dict[str, Any]], Iterator[Flow]]] = {
    "receipt-confirmed": _whole(Moving.RECEIVED),
    "pack-completed": _whole(Moving.PRODUCED),
    "material-issued": _whole(Moving.ISSUED),
    "material-returned": _returned,
    "sample-taken": _whole(Moving.SAMPLED),
    "inventory-adjusted": _adjusted,
    "shipment-confirmed": _shipped,
    "return-received": _whole(Moving.CAME_BACK),
    "material-scrapped": _scrapped,
    "kit-assembled": _assembled,
    "kit-opened": _opened,
}
