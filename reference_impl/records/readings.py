"""What was measured last, kept by name as text."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from reference_impl.store.database import Connection, Statement
from reference_impl.store.watch_tables import readings

_NEW = upsert(readings)
_KEEP = Statement(
    _NEW.on_conflict_do_update(index_elements=["name"], set_={"value": _NEW.excluded.value})
)
_READ = Statement(select(readings.c.value).where(readings.c.name == bindparam("name")))
_FORGET = Statement(delete(readings).where(readings.c.name == bindparam("name")))


def read(connection: Connection, name: str) -> str | None:
    """What was kept under a name last."""
    row = connection.row(_READ, name=name)
    return str(row["value"]) if row else None


def keep(connection: Connection, name: str, value: str | None) -> None:
    """Keep a value; None: forget it."""
    if value is None:
        connection.run(_FORGET, name=name)
    else:
        connection.run(_KEEP, name=name, value=value)
