"""Sending what is due, one after the other, as long as the way to the partner is open.

A message whose receiver takes its time does not hold up the others: after ``PATIENCE_S`` the next
one goes, while the answer is still waited for. In process nothing ever waits. Source:
URS-REL-007, URS-CBR-001, URS-DLQ-002.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from contracts.model.identifiers import MessageId
from contracts.model.instants import microseconds
from contracts.model.ports import AsyncTransport
from contracts.model.questions import AskStatus, MessageStatus
from contracts.model.verdicts import Outcome
from reference_impl.crash_points import crash_point
from reference_impl.link import outbox, way
from reference_impl.link.outbox import Outgoing, Sent
from reference_impl.link.settling import clear_up, settle, take_status
from reference_impl.records.work import Cause
from reference_impl.system import System
from reference_impl.web.asking import ask, ask_unguarded, let_go

PATIENCE_S = 0.5
_ROUNDS_MAX = 10_000
_BATCH = 50


async def send_due(system: System) -> Counter[Outcome]:
    """Send until nothing is due any more. Returns: how many attempts ended in which way."""
    counts: Counter[Outcome] = Counter()
    transport = system.partner_transport()
    in_flight: set[asyncio.Task[None]] = set()
    for _ in range(_ROUNDS_MAX):
        batch = _take(system)
        if batch:
            crash_point("outbox.after-lease")
        for outgoing in batch:
            ticket = enter_with(system, outgoing)
            if ticket is not None:
                attempt = _attempt(system, outgoing, transport, ticket, counts)
                await _patiently(attempt, in_flight)
        if not batch and not in_flight:
            break
        if not batch:
            await asyncio.wait(in_flight, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        _collect(in_flight)
    return counts


async def ask_about_deferred(system: System) -> None:
    """Ask the partner how the messages stand that it deferred a while ago."""
    with system.database.reading() as connection:
        now = system.now(connection)
        shut = way.free_at(connection, system.settings, microseconds(now)) > microseconds(now)
        waiting = [] if shut else outbox.to_ask(connection, now)
    for message_id in waiting:
        status = await ask(system, "message-status", AskStatus(message_id=MessageId(message_id)))
        with system.work(system.itself(), Cause(f"status of {message_id}", message_id)) as work:
            known = status if isinstance(status, MessageStatus) else None
            take_status(work, system.handlers.settled, message_id, known)


def enter_with(system: System, outgoing: Outgoing) -> int | None:
    """Let a message go that was taken; where it may not, it waits until the way is free."""
    ticket = let_go(system)
    if ticket is None:
        with system.database.transaction() as connection:
            now = microseconds(system.now(connection))
            free_at = way.free_at(connection, system.settings, now)
            outbox.give_back(connection, outgoing.message_id, free_at)
            way.forget_attempt(connection, outgoing.message_id, now)
    return ticket


def enter_result(system: System, outgoing: Outgoing, ticket: int, sent: Sent) -> None:
    """Take down what came back for an attempt, and what it says of the way."""
    cause = Cause(f"answer to message {outgoing.message_id}", outgoing.message_id)
    with system.work(system.itself(), cause) as work:
        settle(work, system.handlers.settled, outgoing.message_id, sent)
        way.leave(work, ticket, sent.way_failed, sent.note)
        crash_point("outbox.before-settled")
    crash_point("outbox.after-settled")


def _take(system: System) -> list[Outgoing]:
    """What may be sent now: nothing, one message as a probe, or as many as are due."""
    with system.database.transaction() as connection:
        now = system.now(connection)
        if way.free_at(connection, system.settings, microseconds(now)) > microseconds(now):
            return []
        if way.is_closed(connection, system.settings):
            return outbox.take_due(connection, now, _BATCH, system.settings.budget)
        return outbox.take_due(connection, now, 1)


async def _attempt(
    system: System, outgoing: Outgoing, transport: AsyncTransport, ticket: int,
    counts: Counter[Outcome],
) -> None:
    if outgoing.unclear and await _cleared_up(system, outgoing, ticket):
        return
    sent = await system.client.send(outgoing, transport)
    crash_point("outbox.after-send")
    counts[sent.outcome] += 1
    enter_result(system, outgoing, ticket, sent)


async def _cleared_up(system: System, outgoing: Outgoing, ticket: int) -> bool:
    """Ask how a message stands that may have arrived. Returns: whether it need not be sent."""
    message_id = outgoing.message_id
    question = AskStatus(message_id=MessageId(message_id))
    status = await ask_unguarded(system, "message-status", question)
    with system.work(system.itself(), Cause(f"status of {message_id}", message_id)) as work:
        known = status if isinstance(status, MessageStatus) else None
        is_clear = clear_up(work, system.handlers.settled, message_id, known)
        if is_clear:
            way.leave(work, ticket, way_failed=False, note="the partner told how a message stands")
    return is_clear


# implements FRS-DLQ-010
async def _patiently(
    attempt: Coroutine[Any, Any, None], in_flight: set[asyncio.Task[None]]
) -> None:
    """Wait for an attempt, but not for longer than a while; it goes on by itself then."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        await attempt
        return
    task = loop.create_task(attempt)
    in_flight.add(task)
    await asyncio.wait({task}, timeout=PATIENCE_S)


def _collect(in_flight: set[asyncio.Task[None]]) -> None:
    """Forget the attempts that are done. Raises: what one of them raised."""
    for task in [task for task in in_flight if task.done()]:
        in_flight.discard(task)
        task.result()
