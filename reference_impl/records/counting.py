"""Numbers without gaps: they are taken inside the transaction that uses them."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from reference_impl.store.database import Connection, Statement
from reference_impl.store.tables import sequences

_NEXT = insert(sequences).values(name=bindparam("name"), value=bindparam("value"))
_TAKE = Statement(
    _NEXT.on_conflict_do_update(
        index_elements=["name"], set_={"value": sequences.c.value + _NEXT.excluded.value}
    ).returning(sequences.c.value)
)
SET_AHEAD = "set ahead at restores"
"""By how much restores have set such series ahead, all together."""
_LAST = Statement(select(sequences.c.value).where(sequences.c.name == bindparam("name")))


def next_number(connection: Connection, name: str) -> int:
    """The next number of the series ``name``, starting at 1."""
    return next_numbers(connection, name, 1)[0]


# implements FRS-BKP-007
def next_lasting_number(connection: Connection, name: str) -> int:
    """The same for numbers that a label, a record or the partner keeps whatever is lost here.

    A series that begins after a restore begins behind what it may have given in the lost time.
    """
    number = next_number(connection, name)
    if number > 1:
        return number
    ahead = last_number(connection, SET_AHEAD)
    return next_numbers(connection, name, ahead)[-1] if ahead else number


def next_numbers(connection: Connection, name: str, count: int) -> range:
    """The next ``count`` numbers of the series ``name``, starting at 1."""
    row = connection.row(_TAKE, name=name, value=count)
    if row is None:
        raise LookupError(f"the series {name} gave no number")
    last = int(row["value"])
    return range(last - count + 1, last + 1)


def last_number(connection: Connection, name: str) -> int:
    """The last number taken of the series ``name``; 0 before the first."""
    row = connection.row(_LAST, name=name)
    return int(row["value"]) if row else 0
