"""The hot path to PostgreSQL: statements prepared once, executed through libpq as psycopg wraps it.

A cursor of psycopg costs three times as much for each statement, and a posting has forty. Values
travel as text (bytes as they are), so decimals and instants stay what they are, and no float can
arise on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, OperationalError, errors
from psycopg.abc import Buffer
from psycopg.pq import DiagnosticField, ExecStatus
from psycopg.pq.abc import PGresult

from reference_impl.store.database import Statement
from reference_impl.store.postgres_dialect import DIALECT

# Statements that are made while running are not kept beyond so many.
PREPARED_MAX = 1000
# PostgreSQL keeps no U+0000 in a text; it stands behind this character, which stands for itself so.
_ESCAPE = "\ue001"
_BYTES = 17


def _text(raw: bytes) -> str:
    text = raw.decode()
    if _ESCAPE in text:
        return text.replace(f"{_ESCAPE}0", "\x00").replace(f"{_ESCAPE}1", _ESCAPE)
    return text


def _from_hex(raw: bytes) -> bytes:
    return bytes.fromhex(raw[2:].decode())


# By type: bigint, smallint, integer, numeric (a sum of whole numbers), bytea, boolean; else text.
_READ: dict[int, Callable[[bytes], Any]] = {
    20: int, 21: int, 23: int, 1700: int, _BYTES: _from_hex, 16: lambda raw: raw == b"t",
}


@dataclass
class _Prepared:
    name: bytes
    parameters: tuple[str, ...]
    constants: dict[str, Any]
    columns: tuple[tuple[str, Callable[[bytes], Any]], ...] | None = None


class Session:
    """What one connection has prepared."""

    def __init__(self, connection: Connection[dict[str, Any]]) -> None:
        self._pg = connection.pgconn
        self._prepared: dict[Statement, _Prepared] = {}

    def command(self, text: bytes) -> None:
        """Execute commands of our own without values, in one go. Raises: psycopg.Error."""
        _checked(self._pg.exec_(text))

    def run(self, statement: Statement, values: dict[str, Any]) -> PGresult:
        """Execute a statement. Raises: psycopg.Error."""
        return self._execute(self._known(statement), values)

    def rows(self, statement: Statement, values: dict[str, Any]) -> list[dict[str, Any]]:
        """Execute a query and read its rows."""
        known = self._known(statement)
        result = self._execute(known, values)
        if known.columns is None:
            known.columns = _columns(result)
        return [_row(result, number, known.columns) for number in range(result.ntuples)]

    def _execute(self, known: _Prepared, values: dict[str, Any]) -> PGresult:
        given = {**known.constants, **values}
        raw: list[Any] = []
        formats = []
        for name in known.parameters:
            value = given[name]
            raw.append(None if value is None else _written(value))
            formats.append(1 if isinstance(value, bytes) else 0)
        return _checked(self._pg.exec_prepared(known.name, raw, formats, 0))

    def _known(self, statement: Statement) -> _Prepared:
        known = self._prepared.get(statement)
        if known is None:
            if len(self._prepared) >= PREPARED_MAX:
                self.command(b"DEALLOCATE ALL")
                self._prepared.clear()
            text, parameters, constants = statement.in_order(DIALECT)
            known = _Prepared(b"s%d" % len(self._prepared), parameters, constants)
            _checked(self._pg.prepare(known.name, text.encode()))
            self._prepared[statement] = known
        return known


def _written(value: Any) -> Buffer:
    if isinstance(value, bytes):
        return value
    text = value if isinstance(value, str) else str(value)
    if "\x00" in text or _ESCAPE in text:
        text = text.replace(_ESCAPE, f"{_ESCAPE}1").replace("\x00", f"{_ESCAPE}0")
    return text.encode()


def _columns(result: PGresult) -> tuple[tuple[str, Callable[[bytes], Any]], ...]:
    return tuple(
        ((result.fname(place) or b"").decode(), _READ.get(result.ftype(place), _text))
        for place in range(result.nfields)
    )


def _row(
    result: PGresult, number: int, columns: tuple[tuple[str, Callable[[bytes], Any]], ...]
) -> dict[str, Any]:
    row = {}
    for place, (name, read) in enumerate(columns):
        raw = result.get_value(number, place)
        row[name] = None if raw is None else read(raw)
    return row


def _checked(result: PGresult) -> PGresult:
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        if result.error_field(DiagnosticField.SQLSTATE) is None:
            # Not the server speaks but libpq: the connection is gone.
            raise OperationalError(result.error_message.decode("utf-8", "replace").strip())
        raise errors.error_from_result(result, encoding="utf-8")
    return result
