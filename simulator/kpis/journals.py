"""Exported journals, checked and read into messages with what became of each.

A part of a journal is enough; it has to be whole in itself: no row missing, none changed.
Source: URS-JRN-001, URS-KPI-001.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from contracts.model.answers import AckStatus
from contracts.model.envelope import Envelope
from contracts.model.inspection import Direction, Journal, JournalRow
from contracts.model.inspection_delivery import BreakerChange
from contracts.model.instants import microseconds
from contracts.model.messages import MESSAGES
from contracts.model.questions import MessageStatus, StandsAs
from contracts.model.roles import Role
from contracts.record.canonical import NotCanonical
from contracts.record.digests import digest_of, sha256
from contracts.record.strict_json import read_json

_OWN_WORDS = frozenset({"link-heartbeat", "message-settled"})
# Bears the key of the message in whose place it went.
_IN_PLACE = "message-discarded"
_STATUS = "message-status"
_NOT_HASHED = ("hash", "body")


class JournalUnreadable(ValueError):
    """A file that holds no journal of the contract: the call is wrong."""


class JournalBroken(ValueError):
    """A journal that is not whole; no figure is computed from it."""


@dataclass
class Exchanged:
    """One message with what both journals say of it.

    ``answers`` are the HTTP statuses that came back to its sender, None for no answer. ``told`` is
    its envelope as it was sent, ``posted`` as its receiver took it over.
    """

    name: str
    key: str
    sender: Role
    told: Envelope[Any] | None = None
    answers: list[int | None] = field(default_factory=list)
    acknowledged: bool = False
    arrived_at: datetime | None = None
    posted: Envelope[Any] | None = None

    @property
    def envelope(self) -> Envelope[Any] | None:
        """What counts of it: as it was taken over, else as it was sent; None: never readable."""
        return self.posted or self.told

    @property
    def is_done(self) -> bool:
        """Whether its receiver has taken it over, by either journal."""
        return self.posted is not None or self.acknowledged

    @property
    def is_of_before(self) -> bool:
        """Whether its own rows stand in an earlier part, of which no export was given."""
        return self.told is None and self.arrived_at is None and bool(self.answers)

    @property
    def data(self) -> Any:
        """Its payload. Raises: AssertionError where it was never readable."""
        assert self.envelope is not None
        return self.envelope.data


@dataclass(frozen=True)
class Switched:
    """A change of a breaker, as the journal of its system tells it. Source: URS-CBR-002."""

    role: Role
    position: int
    change: BreakerChange

    @property
    def key(self) -> str:
        """The row that tells it."""
        return f"{self.role}/{self.position}"


@dataclass(frozen=True)
class Exchange:
    """All messages of the journals, in the order of time and key, and whose journals they are."""

    messages: tuple[Exchanged, ...]
    journals: frozenset[Role]
    breakers: tuple[Switched, ...] = ()

    @property
    def has_both(self) -> bool:
        """Whether the journals of both systems were given."""
        return len(self.journals) == len(Role)

    def done(self, name: str) -> list[Exchanged]:
        """The messages of a kind that were taken over."""
        return [m for m in self.messages if m.name == name and m.is_done]


def read_journals(documents: Iterable[tuple[str, bytes]]) -> Exchange:
    """Read exports by their names. Raises: JournalUnreadable, JournalBroken in words."""
    rows: dict[Role, dict[int, JournalRow]] = {}
    for name, raw in documents:
        part = _rows(name, raw)
        check_whole(name, part)
        known = rows.setdefault(_owner(name, part), {})
        for row in part:
            if known.setdefault(row.position, row) != row:
                raise JournalBroken(f"{name}: row {row.position} stands in two forms")
    found: dict[tuple[Role, str], Exchanged] = {}
    for role, of_role in sorted(rows.items()):
        ordered = [of_role[position] for position in sorted(of_role)]
        check_whole(f"the journal of {role.upper()}", ordered)
        _read(role, ordered, found)
    messages = [
        message for message in found.values()
        if message.name not in _OWN_WORDS and not message.is_of_before
    ]
    switched = tuple(
        Switched(role, row.position, BreakerChange.from_json(read_json(base64.b64decode(row.body))))
        for role, of_role in sorted(rows.items())
        for _, row in sorted(of_role.items()) if row.kind == "breaker"
    )
    return Exchange(tuple(sorted(messages, key=_moment)), frozenset(rows), switched)


def check_whole(name: str, rows: Iterable[JournalRow]) -> None:
    """Check that each row follows the one before it, unchanged. Raises: JournalBroken."""
    before: JournalRow | None = None
    for row in rows:
        what = _wrong(row, before)
        if what:
            raise JournalBroken(f"{name}: row {row.position}: {what}")
        before = row


def _wrong(row: JournalRow, before: JournalRow | None) -> str:
    if before is not None and row.position != before.position + 1:
        return f"row {before.position + 1} is missing"
    if before is not None and row.previous_hash != before.hash:
        return "it does not follow the row before it"
    try:
        body = base64.b64decode(row.body, validate=True)
        shown = {n: v for n, v in row.to_json().items() if n not in _NOT_HASHED}
        own = digest_of(shown)
    except (binascii.Error, NotCanonical) as exc:
        return f"it cannot be read: {exc}"
    if sha256(body) != row.body_sha256:
        return "its body is another one"
    return "" if own == row.hash else "it was changed"


def _rows(name: str, raw: bytes) -> list[JournalRow]:
    try:
        return list(Journal.from_json(read_json(raw)).rows)
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise JournalUnreadable(f"{name} is no export of a journal: {place}: {first['msg']}"
                                ) from exc
    except ValueError as exc:
        raise JournalUnreadable(f"{name} is no export of a journal: {exc}") from exc


def _owner(name: str, rows: Iterable[JournalRow]) -> Role:
    """Whose journal it is: what it received stands under its own operations."""
    for row in rows:
        if row.kind not in ("message", "question"):
            continue
        of = Role(row.operation.partition("/")[0])
        return of if row.direction is Direction.RECEIVED else of.partner
    raise JournalUnreadable(f"{name} holds no message; nothing can be computed from it")


def _read(
    role: Role, rows: Iterable[JournalRow], found: dict[tuple[Role, str], Exchanged]
) -> None:
    last: dict[str, Envelope[Any] | None] = {}
    for row in rows:
        receiver, _, name = row.operation.partition("/")
        if name == _STATUS and row.kind == "reply" and row.direction is Direction.RECEIVED:
            _read_status(role, row, found)
        if row.kind not in ("message", "answer") or name not in MESSAGES or name == _IN_PLACE:
            continue
        key = (Role(receiver).partner, row.key)
        message = found.setdefault(key, Exchanged(name, row.key, key[0]))
        body = base64.b64decode(row.body)
        if row.direction is Direction.SENT and row.kind == "message":
            message.told = _envelope(name, body)
        elif row.direction is Direction.RECEIVED and row.kind == "answer":
            message.answers.append(row.status)
            message.acknowledged |= _is_posted(row, body)
        elif row.kind == "message":
            message.arrived_at = message.arrived_at or row.at
            last[row.key] = _envelope(name, body)
        elif _is_posted(row, body) and message.posted is None:
            message.posted = last.get(row.key)


def _read_status(
    role: Role, row: JournalRow, found: dict[tuple[Role, str], Exchanged]
) -> None:
    """What came back when the sender asked how its message stands."""
    try:
        status = MessageStatus.from_json(read_json(base64.b64decode(row.body)))
    except ValueError:
        return
    message = found.get((role, status.message_id))
    if message is not None:
        message.acknowledged |= status.outcome is StandsAs.POSTED


def _is_posted(row: JournalRow, body: bytes) -> bool:
    """Whether an answer says that the message is posted, and not merely kept."""
    if row.status != 200:
        return False
    try:
        answer = read_json(body)
    except ValueError:
        return False
    return isinstance(answer, Mapping) and answer.get("status") == AckStatus.ACCEPTED


def _envelope(name: str, body: bytes) -> Envelope[Any] | None:
    """The message in a body; None where it is none, as hostile input may be."""
    try:
        return MESSAGES[name].envelope.from_json(read_json(body))
    except ValueError:
        return None


def _moment(message: Exchanged) -> tuple[int, str, str]:
    at = message.envelope.time if message.envelope else message.arrived_at
    return (microseconds(at) if at else 0, message.sender, message.key)
