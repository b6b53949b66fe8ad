"""What the oracles look at: the physical truth, and what both systems recorded, in plant names."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from contracts.model.inspection import (
    Containers,
    Direction,
    Journal,
    Outbox,
    Picks,
)
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from contracts.record.strict_json import read_json
from contracts.wire.clients import SystemClient
from simulator.ledger import Held, PhysicalLedger
from simulator.namespace import Namespace
from simulator.plant import Plant
from simulator.relay import Passage

# A position that no journal reaches: the export then holds no rows and tells where it ends.
BEYOND = 10**14
BUSINESS_KEYS = {
    "pick-requested": "requestId",
    "lot-status-changed": "changeId",
    "pick-confirmed": "confirmationId",
    "pick-cancelled": "cancelId",
    "message-settled": "messageId",
    "link-heartbeat": "heartbeatId",
}


@dataclass(frozen=True)
class Journalled:
    """A message as a journal holds it, with the final answers that stand beside it.

    ``answers`` are the distinct bodies of answers with status 200, in order.
    """

    message: str
    key: str
    business_key: str
    business: dict[str, str]
    answers: tuple[bytes, ...] = ()
    refusals: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class PickLineSeen:
    """A line of a pick request, as one system shows it."""

    request: str
    line: str
    order: str
    requested: Decimal
    picked: Decimal
    allocated: Decimal


@dataclass
class Recorded:
    """What one system recorded in a run. ``pending`` are keys of messages without final answer."""

    role: Role
    containers: dict[str, Held] = field(default_factory=dict)
    picks: list[PickLineSeen] = field(default_factory=list)
    sent: list[Journalled] = field(default_factory=list)
    received: list[Journalled] = field(default_factory=list)
    pending: frozenset[str] = frozenset()


@dataclass
class Evidence:
    """Everything that a judgement of a shift rests on."""

    plant: Plant
    ledger: PhysicalLedger
    recorded: dict[Role, Recorded]
    passages: list[tuple[datetime, Passage]]
    healed_at: datetime | None

    def first_message(self, **business: str) -> str:
        """The first message on the link whose payload has these members, for people."""
        for at, passage in self.passages:
            if all(passage.business.get(name) == value for name, value in business.items()):
                return f"{passage.message} attempt {passage.attempt} at {at:%H:%M:%S}"
        return "no message about it was seen"


@dataclass(frozen=True)
class JournalEnds:
    """Where the journals stood before a run."""

    position: dict[Role, int]


def journal_ends(clients: Iterable[SystemClient]) -> JournalEnds:
    """Read where both journals stand now."""
    return JournalEnds({c.role: _last_position(c) for c in clients})


def read_recorded(client: SystemClient, names: Namespace, after: int) -> Recorded:
    """Everything one system recorded of a run, in plant names. Raises: NoAnswer, Unexpected."""
    recorded = Recorded(client.role)
    for row in client.ask("containers", Containers).rows:
        if names.owns(row.sscc):
            name = names.name(row.sscc)
            recorded.containers[name] = Held(
                name, names.name(row.lot_id), row.quantity.value, names.name(row.location_id)
            )
    recorded.picks = _picks(client.ask("picks", Picks), names)
    pending = client.ask("outbox", Outbox).pending
    recorded.pending = frozenset(str(row.message_id) for row in pending)
    journal = client.ask("journal", Journal, f"after={after}")
    recorded.sent = _journalled(journal, Direction.SENT, names)
    recorded.received = _journalled(journal, Direction.RECEIVED, names)
    return recorded


def released_at_start(plant: Plant, lot: str) -> bool:
    """Whether a lot is released when the shift begins."""
    return any(p.id == lot and p.status is LotStatus.RELEASED for p in plant.lots)


def _last_position(client: SystemClient) -> int:
    return client.ask("journal", Journal, f"after={BEYOND}").last_position


def _picks(shown: Picks, names: Namespace) -> list[PickLineSeen]:
    return [
        PickLineSeen(
            request=names.name(row.request_id), line=row.line_id, order=names.name(row.order_id),
            requested=row.requested.value, picked=row.picked.value,
            allocated=sum((a.quantity.value for a in row.allocations), Decimal(0)),
        )
        for row in shown.rows
        if names.owns(row.request_id)
    ]


def _journalled(journal: Journal, direction: Direction, names: Namespace) -> list[Journalled]:
    """Messages that went this way, each with the answers that came the other way."""
    messages: dict[str, Journalled] = {}
    for row in journal.rows:
        body = base64.b64decode(row.body)
        if row.kind == "message" and row.direction is direction and row.key not in messages:
            found = _message(row.operation, row.key, body, names)
            if found:
                messages[row.key] = found
        elif row.kind == "answer" and row.direction is not direction and row.key in messages:
            messages[row.key] = _with_answer(messages[row.key], row.status, body)
    return list(messages.values())


def _message(operation: str, key: str, body: bytes, names: Namespace) -> Journalled | None:
    message = operation.rpartition("/")[2]
    content: Any = read_json(body)
    data = content.get("data", {}) if isinstance(content, dict) else {}
    identifiers = [v for v in data.values() if isinstance(v, str)]
    if not any(names.owns(v) for v in identifiers):
        return None
    business = {k: names.name(v) for k, v in data.items() if isinstance(v, str)}
    return Journalled(message, key, business.get(BUSINESS_KEYS[message], ""), business)


def _with_answer(message: Journalled, status: int | None, body: bytes) -> Journalled:
    answers, refusals = message.answers, message.refusals
    if status == 200 and body not in answers and not _is_deferred(body):
        answers = (*answers, body)
    if status is not None and 400 <= status < 500 and _is_final(body):
        refusals = (*refusals, body)
    return Journalled(
        message.message, message.key, message.business_key, message.business, answers, refusals
    )


def _is_deferred(body: bytes) -> bool:
    """Whether an acknowledgement says that the message waits; it is no posting."""
    return bool(read_json(body).get("status") == "DEFERRED")


def _is_final(body: bytes) -> bool:
    try:
        problem = read_json(body)
    except ValueError:
        return False
    return isinstance(problem, dict) and problem.get("retry") is False
