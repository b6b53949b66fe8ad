"""The journal: every document received or sent, byte for byte, chained by hash.

Source: URS-JRN-001, URS-JRN-005. A row's hash covers everything that its export shows but the body,
which it binds by its digest: position, time, direction, kind, operation, partner, key, status where
there is one, and the hash before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from contracts.model.inspection import Direction
from contracts.model.instants import write_timestamp
from contracts.model.wire_model import member_name
from contracts.record.digests import digest_of, sha256
from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import journal

ORIGIN = "0" * 64
_ADD = Statement(insert(journal))
_LAST = Statement(
    select(journal.c.position, journal.c.hash).order_by(journal.c.position.desc()).limit(1)
)


@dataclass(frozen=True)
class Document:
    """What goes into one row. ``status`` is the HTTP status of an answer."""

    direction: Direction
    kind: str
    operation: str
    partner: str
    key: str
    body: bytes
    status: int | None = None


def last_record(connection: Connection) -> tuple[int, str]:
    """Position and hash of the last row; zero and the origin while there is none."""
    last = connection.row(_LAST)
    return (int(last["position"]), str(last["hash"])) if last else (0, ORIGIN)


# implements FRS-JRN-001
# implements FRS-JRN-002
def write_journal(connection: Connection, document: Document, now: datetime) -> tuple[int, str]:
    """Append a row. Returns: its position and its hash."""
    known = connection.ends.known
    last_position, previous_hash = known.get("journal") or last_record(connection)
    position = last_position + 1
    row: dict[str, str | int | None] = {
        "position": position,
        "at": write_timestamp(now),
        "direction": document.direction.value,
        "kind": document.kind,
        "operation": document.operation,
        "partner": document.partner,
        "key": document.key,
        "status": document.status,
        "body_sha256": sha256(document.body),
        "previous_hash": previous_hash,
    }
    record_hash = digest_of(_as_shown(row))
    connection.run(_ADD, **row, hash=record_hash, body=document.body)
    known["journal"] = position, record_hash
    return position, record_hash


def _as_shown(row: dict[str, str | int | None]) -> dict[str, str | int]:
    """The members of a row by the names of the export, so that whoever reads it can check it."""
    return {member_name(name): value for name, value in row.items() if value is not None}
