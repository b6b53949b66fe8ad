"""Messages that came before their predecessor: kept until it is there, in the order of a subject.

Source: URS-REL-006.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, insert, select

from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import deferred

HELD_MAX = 1000
_AT = (
    deferred.c.source == bindparam("source"),
    deferred.c.subject == bindparam("subject"),
    deferred.c.subjectsequence == bindparam("subjectsequence"),
)
_ADD = Statement(insert(deferred))
_FIND = Statement(select(deferred).where(*_AT))
_DROP = Statement(delete(deferred).where(*_AT))
_COUNT = Statement(
    select(func.count().label("n")).where(
        deferred.c.source == bindparam("source"), deferred.c.subject == bindparam("subject")
    )
)
_COUNT_ALL = Statement(select(func.count().label("n")).select_from(deferred))
_BY_KEY = Statement(
    select(deferred).where(
        deferred.c.source == bindparam("source"), deferred.c.message_id == bindparam("message_id")
    )
)


@dataclass(frozen=True)
class Place:
    """Where a message stands in the order of its subject."""

    source: str
    subject: str
    subjectsequence: int

    @property
    def next(self) -> Place:
        """The place after this one."""
        return Place(self.source, self.subject, self.subjectsequence + 1)


@dataclass(frozen=True)
class Held:
    """A message that is kept, and the journal row that holds it byte for byte."""

    operation: str
    message_id: str
    body: bytes
    position: int
    record_hash: str


def hold(connection: Connection, place: Place, held: Held) -> None:
    """Keep a message."""
    connection.run(_ADD, **vars(place), **vars(held))


def held_at(connection: Connection, place: Place) -> Held | None:
    """The message that is kept for a place, or None."""
    row = connection.row(_FIND, **vars(place))
    return _held(row) if row else None


def release(connection: Connection, place: Place) -> None:
    """Keep the message for a place no more."""
    connection.run(_DROP, **vars(place))


def is_full(connection: Connection, place: Place) -> bool:
    """Whether as many messages about the subject are kept as there may be."""
    row = connection.row(_COUNT, source=place.source, subject=place.subject)
    return row is not None and row["n"] >= HELD_MAX


def is_held(connection: Connection, source: str, message_id: str) -> bool:
    """Whether a message of a sender is kept."""
    return connection.row(_BY_KEY, source=source, message_id=message_id) is not None


def held_count(connection: Connection) -> int:
    """How many messages are kept."""
    row = connection.row(_COUNT_ALL)
    return int(row["n"]) if row else 0


def _held(row: Row) -> Held:
    return Held(
        row["operation"], row["message_id"], row["body"], row["position"], row["record_hash"]
    )
