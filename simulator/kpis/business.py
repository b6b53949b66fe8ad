"""Figures of orders, stock and recalls. Source: URS-KPI-002.

The names are our own: ISO 22400-2 has no lead time, adherence or accuracy of inventory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from contracts.model.lot_status import LotStatus
from contracts.model.messages.dispensing import IssueMode
from simulator.kpis.exchange import recall_times
from simulator.kpis.figures import About, Figure, between, count, durations, share
from simulator.kpis.journals import Exchange, Exchanged

_REQUIREMENT = "URS-KPI-002"


def business_figures(exchange: Exchange) -> Iterator[Figure]:
    """All of them, in a fixed order."""
    requests = _requests(exchange)
    yield durations(
        _about("order-lead-time", "Order lead time", "last unit packed - first material requested"),
        _order_times(exchange),
    )
    yield durations(
        _about("staging-lead-time", "Staging lead time", "last pick brought - pick requested"),
        ((r.key, between(r.asked_at, r.staged_at)) for r in requests if r.staged_at),
    )
    yield from _adherence(exchange, requests)
    yield from _accuracy(exchange)
    yield _right_first_time(exchange)
    yield durations(
        _about("release-to-ship-time", "Release to ship time", "first shipment - release"),
        _release_to_ship(exchange),
    )
    yield durations(
        _about("recall-time", "Recall time", "arrival of the recall - time of the decision"),
        recall_times(exchange),
    )


@dataclass
class _Request:
    """A pick request with what was brought for it. ``staged_at``: when the last of it came."""

    key: str
    asked_at: datetime
    needed_by: datetime
    wanted: dict[str, Decimal]
    brought: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    last_at: datetime | None = None

    @property
    def staged_at(self) -> datetime | None:
        done = all(self.brought[line] >= amount for line, amount in self.wanted.items())
        return self.last_at if done else None


def _about(figure_id: str, name: str, formula: str) -> About:
    return About(figure_id, name, formula, _REQUIREMENT)


def _requests(exchange: Exchange) -> list[_Request]:
    cancelled = {message.data.request_id for message in exchange.done("pick-cancelled")}
    found = {
        message.data.request_id: _Request(
            message.key, message.envelope.time, message.data.needed_by,
            {line.line_id: line.quantity.value for line in message.data.lines},
        )
        for message in exchange.done("pick-requested")
        if message.envelope is not None and message.data.request_id not in cancelled
    }
    for message in exchange.done("pick-confirmed"):
        request = found.get(message.data.request_id)
        if request is not None:
            request.brought[message.data.line_id] += message.data.quantity.value
            at = message.data.scanned_at
            request.last_at = max(request.last_at or at, at)
    return list(found.values())


def _order_times(exchange: Exchange) -> Iterator[tuple[str, timedelta]]:
    begun: dict[str, tuple[str, datetime]] = {}
    for message in exchange.done("pick-requested"):
        if message.envelope is not None:
            known = begun.get(message.data.order_id)
            at = message.envelope.time
            if known is None or at < known[1]:
                begun[message.data.order_id] = (message.key, at)
    ended: dict[str, datetime] = {}
    for message in exchange.done("pack-completed"):
        order, at = message.data.order_id, message.data.packed_at
        ended[order] = max(ended.get(order, at), at)
    for order, (key, start) in begun.items():
        if order in ended:
            yield key, between(start, ended[order])


def _adherence(exchange: Exchange, requests: list[_Request]) -> Iterator[Figure]:
    """Requests that were due before the journals end, and those of them that came too late."""
    times = [m.envelope.time for m in exchange.messages if m.envelope is not None]
    end = max(times) if times else None
    due = [r for r in requests if r.staged_at or (end is not None and r.needed_by <= end)]
    kept = [r for r in due if r.staged_at and r.staged_at <= r.needed_by]
    keys = [request.key for request in due]
    yield share(
        _about("schedule-adherence", "Schedule adherence",
               "pick requests staged by the time needed / pick requests due"),
        len(kept), len(due), keys,
    )
    late = _about("line-down-events", "Line-down events",
                  "pick requests not staged by the time needed")
    if due:
        yield count(late, len(due) - len(kept), keys)
    else:
        yield Figure(late, "count", why_not="nothing was due")


def _accuracy(exchange: Exchange) -> Iterator[Figure]:
    """First counts alone: a recount looks for a mistake that is known."""
    first = [m for m in exchange.done("count-completed") if m.data.recount_of is None]
    yield _accuracy_of("inventory-accuracy", "Inventory accuracy", first)
    by_place: dict[tuple[str, str], list[Exchanged]] = defaultdict(list)
    for message in first:
        by_place[(message.data.lot_id, message.data.location_id)].append(message)
    for (lot, place), counts in sorted(by_place.items()):
        yield _accuracy_of(
            f"inventory-accuracy/{lot}/{place}", f"Inventory accuracy of lot {lot} at {place}",
            counts,
        )


def _accuracy_of(figure_id: str, name: str, counts: list[Exchanged]) -> Figure:
    about = _about(figure_id, name, "1 - sum |counted - book| / sum book")
    units = {message.data.book.unit for message in counts}
    if len(units) > 1:
        return Figure(about, "1", why_not="kilograms and pieces do not add up; see each lot")
    book = sum((m.data.book.value for m in counts), Decimal(0))
    off = sum((abs(m.data.difference.value) for m in counts), Decimal(0))
    return share(about, book - off, book, [message.key for message in counts])


def _right_first_time(exchange: Exchange) -> Figure:
    weighed = [m for m in exchange.done("material-issued") if m.data.mode is IssueMode.REAL_TIME]
    right = [m for m in weighed if m.data.override is None]
    about = _about("right-first-time", "Right first time dispensing",
                   "weighings without override / weighings")
    return share(about, len(right), len(weighed), [message.key for message in weighed])


def _release_to_ship(exchange: Exchange) -> Iterator[tuple[str, timedelta]]:
    left: dict[str, datetime] = {}
    for message in exchange.done("shipment-confirmed"):
        for item in message.data.content:
            at = message.data.shipped_at
            left[item.lot_id] = min(left.get(item.lot_id, at), at)
    for message in exchange.done("lot-status-changed"):
        data = message.data
        released = data.to_status is LotStatus.RELEASED and data.container is None
        shipped = left.get(data.lot_id) if released else None
        if shipped is not None and shipped >= data.effective_at:
            yield message.key, between(data.effective_at, shipped)
