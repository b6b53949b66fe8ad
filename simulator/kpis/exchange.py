"""Figures of the exchange itself. Source: URS-KPI-001."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from contracts.model.inspection_delivery import BreakerState
from contracts.model.lot_status import LotStatus
from simulator.flows import flows_in
from simulator.kpis.figures import About, Figure, between, count, durations, share
from simulator.kpis.first_pass import first_pass_yield
from simulator.kpis.journals import Exchange, Exchanged

_REQUIREMENT = "URS-KPI-001"
# So many answers that speak against a message make it a dead letter, unless something else is said.
FAILURES_MAX = 10
_HOLDS = (LotStatus.BLOCKED, LotStatus.QUARANTINE, LotStatus.REJECTED, LotStatus.RECALLED)
_BROKEN = 500


def exchange_figures(exchange: Exchange, failures_max: int = FAILURES_MAX) -> Iterator[Figure]:
    """All of them, in a fixed order."""
    yield durations(
        About("message-latency", "Message latency",
              "arrival at the receiver - time of the message", _REQUIREMENT),
        _latencies(exchange),
    )
    yield _retries(exchange)
    yield _dead_letters(exchange, failures_max)
    yield _breaker_openings(exchange)
    yield _reconciliation(exchange)
    yield durations(
        About("hold-propagation-time", "Hold propagation time",
              "arrival of a restricting lot status - time of the decision", _REQUIREMENT),
        hold_times(exchange),
    )
    yield first_pass_yield(exchange)


def hold_times(exchange: Exchange) -> list[tuple[str, timedelta]]:
    """How long each hold of a lot took to its receiver, whichever system it was decided in."""
    placed = [
        (message.key, between(message.data.placed_at, message.arrived_at))
        for message in exchange.done("warehouse-hold-placed")
        if message.arrived_at is not None and message.data.to_status in _HOLDS
    ]
    return [*_followed(exchange, _HOLDS), *placed]


def recall_times(exchange: Exchange) -> Iterator[tuple[str, timedelta]]:
    """How long the receiver took to know of each recall."""
    return _followed(exchange, (LotStatus.RECALLED,))


def _latencies(exchange: Exchange) -> Iterator[tuple[str, timedelta]]:
    for message in exchange.messages:
        if message.posted is not None and message.arrived_at is not None:
            yield message.key, between(message.posted.time, message.arrived_at)


def _followed(
    exchange: Exchange, statuses: tuple[LotStatus, ...]
) -> Iterator[tuple[str, timedelta]]:
    for message in exchange.done("lot-status-changed"):
        about_lot = message.data.container is None and message.data.to_status in statuses
        if about_lot and message.arrived_at is not None:
            yield message.key, between(message.data.decided_at, message.arrived_at)


def _retries(exchange: Exchange) -> Figure:
    """An attempt is an answer that came back to the sender, or that none did."""
    tried = [message for message in exchange.messages if message.answers]
    again = sum(len(message.answers) - 1 for message in tried)
    about = About("retry-rate", "Retry rate", "attempts beyond the first / messages sent",
                  _REQUIREMENT)
    return share(about, again, len(tried), [message.key for message in tried])


def _dead_letters(exchange: Exchange, failures_max: int) -> Figure:
    tried = [message for message in exchange.messages if message.answers]
    dead = [message for message in tried if _is_dead(message, failures_max)]
    about = About(
        "dead-letter-rate", "Dead letter rate",
        f"messages that broke their receiver {failures_max} times / messages sent", _REQUIREMENT,
    )
    return share(about, len(dead), len(tried), [message.key for message in tried])


def _breaker_openings(exchange: Exchange) -> Figure:
    """How often the way to a partner was shut; a probe without an answer shuts it no second time.

    It rests on every change of a breaker and on the messages, so that none is no figure missing.
    """
    about = About("breaker-openings", "Breaker openings",
                  "changes of a breaker from closed to open", "URS-CBR-002")
    opened = [s for s in exchange.breakers if s.change.from_state is BreakerState.CLOSED]
    keys = [message.key for message in exchange.messages] + [s.key for s in exchange.breakers]
    if not keys:
        return Figure(about, "count", why_not="nothing of the kind happened")
    return count(about, len(opened), keys)


def _is_dead(message: Exchanged, failures_max: int) -> bool:
    broken = sum(1 for status in message.answers if status is not None and status >= _BROKEN)
    return not message.is_done and broken >= failures_max


def _reconciliation(exchange: Exchange) -> Figure:
    """Lots of which the sender's journal tells other amounts than its receiver's.

    What no receiver has acknowledged is on its way and no difference.
    """
    about = About(
        "reconciliation-differences", "Reconciliation differences",
        "lots whose acknowledged movements differ between the journals", _REQUIREMENT,
    )
    if not exchange.has_both:
        return Figure(about, "count", why_not="it needs the journals of both systems")
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    keys = []
    for message in exchange.messages:
        keys.append(message.key)
        if message.acknowledged and message.told is not None:
            _add(sums, message.name, message.told.to_json(), 1)
        # What was posted and not acknowledged is on its way back.
        if message.posted is not None and (message.acknowledged or message.told is None):
            _add(sums, message.name, message.posted.to_json(), -1)
    lots = {lot for (lot, _), total in sums.items() if total}
    return count(about, len(lots), keys)


def _add(
    sums: dict[tuple[str, str], Decimal], name: str, envelope: dict[str, object], sign: int
) -> None:
    data = envelope["data"]
    assert isinstance(data, dict)
    for lot, moving, quantity in flows_in(name, data):
        sums[(lot, moving)] += sign * quantity

