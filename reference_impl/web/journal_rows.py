"""The rows of the journal as they are shown, also where somebody has damaged one of them.

A row that holds what no row can hold is named by its position, and hides no other row.
Source: URS-JRN-001.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

from pydantic import ValidationError
from sqlalchemy import bindparam, select

from contracts.model.inspection import DamagedRow, JournalRow
from contracts.model.wire_model import member_name
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import journal

_ROWS = Statement(
    select(journal).where(journal.c.position > bindparam("after")).order_by(journal.c.position)
)
_PLACES = Statement(
    select(journal.c.position).where(journal.c.position > bindparam("after"))
    .order_by(journal.c.position)
)
_ONE = Statement(select(journal).where(journal.c.position == bindparam("position")))
_UNREADABLE = "the database cannot read it"


def read_rows(
    connection: Connection, after: int
) -> tuple[tuple[JournalRow, ...], tuple[DamagedRow, ...]]:
    """All rows behind a position, in order: those that can be shown, and those that cannot."""
    found = [_as_shown(position, row) for position, row in _stored(connection, after)]
    return (
        tuple(row for row in found if isinstance(row, JournalRow)),
        tuple(row for row in found if isinstance(row, DamagedRow)),
    )


def _stored(connection: Connection, after: int) -> Iterator[tuple[int, Row | None]]:
    """Each position with its row; None where the engine cannot read the row, as with bad UTF-8."""
    try:
        yield from ((row["position"], row) for row in connection.rows(_ROWS, after=after))
        return
    except connection.errors:
        places = [row["position"] for row in connection.rows(_PLACES, after=after)]
    for position in places:
        try:
            yield position, connection.row(_ONE, position=position)
        except connection.errors:
            yield position, None


def _as_shown(position: int, row: Row | None) -> JournalRow | DamagedRow:
    if row is None:
        return DamagedRow(position=position, what=_UNREADABLE)
    try:
        return JournalRow(**{**dict(row), "body": base64.b64encode(row["body"]).decode()})
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        place = ".".join(member_name(str(part)) for part in first["loc"])
        return DamagedRow(position=position, what=f"{place}: {first['msg']}"[:200])
    except TypeError:
        return DamagedRow(position=position, what="body: it is no sequence of bytes")
