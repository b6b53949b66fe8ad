"""Messages as a journal holds them, read into plant names, each with its final answer.

Source: URS-JRN-001; what a journal's rows are is in the published contract.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from contracts.model.inspection import Direction, JournalRow
from contracts.model.messages import MESSAGES
from contracts.model.questions import MessageStatus, StandsAs
from contracts.record.strict_json import read_json
from simulator.namespace import Namespace

_OK = 200


@dataclass(frozen=True)
class Journalled:
    """A message as a journal holds it, with the final answers that stand beside it.

    ``data`` is the payload in plant names; ``answers`` are the distinct bodies of answers with
    status 200, in order.
    """

    message: str
    key: str
    business_key: str
    data: dict[str, Any]
    body: bytes = b""
    answers: tuple[bytes, ...] = ()
    refusals: tuple[bytes, ...] = ()

    @property
    def posted(self) -> bool:
        """Whether its receiver took it over."""
        return bool(self.answers)


def journalled(
    rows: list[JournalRow], direction: Direction, names: Namespace
) -> list[Journalled]:
    """Messages that went this way, each with the answers that came the other way."""
    messages: dict[str, Journalled] = {}
    for row in rows:
        body = base64.b64decode(row.body)
        if row.kind == "message" and row.direction is direction and row.key not in messages:
            found = _message(row.operation, row.key, body, names)
            if found:
                messages[row.key] = found
        elif row.kind == "answer" and row.direction is not direction and row.key in messages:
            messages[row.key] = _with_answer(messages[row.key], row.status, body)
    return list(messages.values())


def settlements(rows: list[JournalRow]) -> dict[str, tuple[bool, bytes]]:
    """Messages that got their final outcome otherwise than as an answer, and what said so.

    A deferred one is settled by a message; one whose answer was lost is asked about.
    """
    settled: dict[str, tuple[bool, bytes]] = {}
    for row in rows:
        if row.kind == "message" and row.operation.endswith("/message-settled"):
            body = base64.b64decode(row.body)
            data = read_json(body)["data"]
            settled[data["messageId"]] = (data["outcome"] == "POSTED", body)
        elif row.kind == "reply" and row.direction is Direction.RECEIVED and row.status == _OK:
            _add_status(row, settled)
    return settled


def _add_status(row: JournalRow, settled: dict[str, tuple[bool, bytes]]) -> None:
    """What the partner replied when it was asked how a message stands."""
    if not row.operation.endswith("/message-status"):
        return
    body = base64.b64decode(row.body)
    status = MessageStatus.from_json(read_json(body))
    if status.outcome in (StandsAs.POSTED, StandsAs.REFUSED):
        settled[status.message_id] = (status.outcome is StandsAs.POSTED, body)


def settled(message: Journalled, outcome: tuple[bool, bytes] | None) -> Journalled:
    """A message with the final outcome that came otherwise; an answer of its own counts first."""
    if outcome is None or message.answers or message.refusals:
        return message
    posted, body = outcome
    return replace(message, answers=(body,)) if posted else replace(message, refusals=(body,))


def _message(operation: str, key: str, body: bytes, names: Namespace) -> Journalled | None:
    message = operation.rpartition("/")[2]
    content: Any = read_json(body)
    data = content.get("data", {}) if isinstance(content, dict) else {}
    if not any(names.owns(v) for v in _strings(data)):
        return None
    return Journalled(
        message, key, names.name(_business_key(message, data)), _named(data, names), body
    )


def _business_key(message: str, data: Any) -> str:
    """The identity of the business event; empty where the payload is no payload."""
    try:
        return MESSAGES[message].payload.from_json(data).business_key
    except (KeyError, ValueError):
        return ""


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _named(value: Any, names: Namespace) -> Any:
    """The same document with the plant's names in place of identifiers."""
    if isinstance(value, str):
        return names.name(value)
    if isinstance(value, dict):
        return {name: _named(inner, names) for name, inner in value.items()}
    if isinstance(value, list):
        return [_named(inner, names) for inner in value]
    return value


def _with_answer(message: Journalled, status: int | None, body: bytes) -> Journalled:
    if status == 200 and body not in message.answers and not _is_deferred(body):
        return replace(message, answers=(*message.answers, body))
    if status is not None and 400 <= status < 500 and _is_final(body):
        return replace(message, refusals=(*message.refusals, body))
    return message


def _is_deferred(body: bytes) -> bool:
    """Whether an acknowledgement says that the message waits; it is no posting."""
    return bool(read_json(body).get("status") == "DEFERRED")


def _is_final(body: bytes) -> bool:
    try:
        problem = read_json(body)
    except ValueError:
        return False
    return isinstance(problem, dict) and problem.get("retry") is False
