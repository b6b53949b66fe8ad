"""What a scenario leaves behind: nothing of its own on its way, and the ways between both open.

Other scenarios use the same systems, and a vendor's have a longer past than that. Everything
happens over published operations, as people would put a plant in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from contracts.model.commands import ReplayDeadLetter
from contracts.model.identifiers import Id, MessageId
from contracts.model.inspection import Outbox
from contracts.model.inspection_delivery import BreakerState, DeadLetters, LetterState, Link
from contracts.model.roles import Role
from features.bench import Bench

_SUPPORT = {Role.MES: "support", Role.WMS: "the warehouse's support"}
# No pause between two attempts is longer; what is due later than that was not left here.
_LONGEST_PAUSE = timedelta(hours=1)
_ROUNDS_MAX = 20


def leave_in_order(bench: Bench) -> None:
    """Let both systems do what is due. Where one was led elsewhere also what will be due later:

    dead letters go out again, messages that wait for their next attempt have it, and a way that is
    shut is tried by the next sign of life. The site clocks go on meanwhile.
    """
    if bench.site.now is None:
        return
    bench.deliver()
    if not bench.site.led_elsewhere:
        return
    for role in Role:
        _replay(bench, role)
    bench.deliver()
    for _ in range(_ROUNDS_MAX):
        later = [at for role in Role for at in _due(bench, role)]
        if not later:
            return
        bench.site.settle(min(later).astimezone(bench.zone))


def _replay(bench: Bench, role: Role) -> None:
    """What the partner broke on is sent to it again, now that it is whole."""
    for letter in bench.site.client(role).ask("dead-letters", DeadLetters).rows:
        if letter.state is LetterState.OPEN and bench.namespace.owns(letter.posted_by):
            bench.command_unseen(_SUPPORT[role], "replay-dead-letter", ReplayDeadLetter(
                replay_id=Id(bench.new_id("LEFT")), message_id=MessageId(letter.message_id),
                reason="left by a scenario",
            ))


def _due(bench: Bench, role: Role) -> Iterator[datetime]:
    """When a system will go on with what it has left."""
    client = bench.site.client(role)
    for row in client.ask("outbox", Outbox).pending:
        if bench.now < row.due_at <= bench.now + _LONGEST_PAUSE:
            yield row.due_at
    link = client.ask("link", Link)
    if link.breaker.state is not BreakerState.CLOSED or link.breaker.failures:
        yield bench.now + timedelta(seconds=max(link.heartbeat_s, link.breaker.open_s) + 1)
