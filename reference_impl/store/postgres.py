"""A system's records in PostgreSQL, for several processes of it at one time.

The same face as the database file. Whoever writes waits first for the one writer's lock of the
system (an advisory lock of the transaction, taken before anything is read) and reads what was
committed until then: the journal's chain and the numbers without gaps have one end each, so there
is an order of all writing anyway, and no transaction is ever refused for another one's sake. The
lock goes with the transaction, however the process ended. Readers wait for nobody and see one
state. Source: URS-AUD-001, URS-IDM-002, URS-IDM-005, URS-REL-002.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import Table, select, text

from reference_impl.store.database import (
    BUSY_TIMEOUT_MS,
    Attempt,
    Connection,
    Database,
    Declared,
    Ends,
    Engine,
    NoSuchFault,
    RecordsBusy,
    Row,
    Statement,
)
from reference_impl.store.postgres_dialect import DIALECT
from reference_impl.store.postgres_session import Session

# A process that hangs in a transaction loses it, so that it does not stop the others for ever.
HANGING_MAX_MS = 60_000
_SESSION = f"""
SET client_encoding = 'UTF8';
SET lock_timeout = {BUSY_TIMEOUT_MS};
SET idle_in_transaction_session_timeout = {HANGING_MAX_MS};
SET default_transaction_isolation = 'read committed'
"""
_LOCK_KEY = "SELECT hashtextextended('gxproof writer of ' || current_schema(), 0) AS key"
_COLUMNS = """
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = current_schema() ORDER BY table_name COLLATE "C", ordinal_position
"""
_RIGHTS = """
SELECT held FROM unnest(ARRAY['DELETE', 'INSERT', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE'])
AS held WHERE has_table_privilege(current_user, quote_ident(%(table)s), held) ORDER BY held
"""
_FETCHED = 1000
_FLOATING = ("real", "double precision")
_Cursor = psycopg.Cursor[dict[str, Any]]


class NotPrepared(RuntimeError):
    """The account finds no schema of its own: its owner has not prepared one."""


class PostgresConnection(Connection):
    """One open transaction."""

    errors = (psycopg.Error,)

    def __init__(self, session: Session, cursor: _Cursor) -> None:
        self._session = session
        self._cursor = cursor
        self.ends = Ends()

    def run(self, statement: Statement, **values: Any) -> int:
        """Execute a statement that returns no rows. Returns: how many it changed.

        Raises: psycopg.Error.
        """
        return self._session.run(statement, values).command_tuples or 0

    def run_each(self, statement: Statement, rows: list[dict[str, Any]]) -> None:
        """Execute a statement once for the values of each row. Raises: psycopg.Error."""
        for row in rows:
            self._session.run(statement, row)

    def rows(self, statement: Statement, **values: Any) -> list[Row]:
        """All rows of a query, in its order."""
        return cast(list[Row], self._session.rows(statement, values))

    def row(self, statement: Statement, **values: Any) -> Row | None:
        """The first row of a query, or None."""
        return next(iter(self._session.rows(statement, values)), None)

    def every_row(self, table: Table) -> Iterator[Row]:
        """All rows of a table in any order, a few of them in memory at a time."""
        chosen, _, _ = Statement(select(table)).in_order(DIALECT)
        self._session.command(f"DECLARE every_row NO SCROLL CURSOR FOR {chosen}".encode())
        # The columns of a statement are read once, so each table has a statement of its own.
        fetch = Statement(text(f"FETCH {_FETCHED} FROM every_row"))
        while rows := self._session.rows(fetch, {}):
            yield from cast(list[Row], rows)
        self._session.command(b"CLOSE every_row")

    def refuse_inserts(self, table: str, column: str, after: int | None) -> None:
        """By what the owner prepared for trials. Raises: NoSuchFault where there is nothing."""
        there = self._cursor.execute("SELECT to_regclass('insert_faults') AS found").fetchone()
        if there is None or there["found"] is None:
            raise NoSuchFault(f"the account may put no fault into {table}")
        self._cursor.execute("DELETE FROM insert_faults WHERE refused = %s", [table])
        if after is not None:
            self._cursor.execute("INSERT INTO insert_faults VALUES (%s, %s)", [table, after])

    def rights_on(self, table: Table) -> tuple[str, ...] | None:
        """The rights of the account on a table, however it has come by them."""
        found = self._cursor.execute(_RIGHTS, {"table": table.name}).fetchall()
        return tuple(row["held"] for row in found)

    def attempted(self, verb: str, table: Table) -> str | None:
        """Try a change of all rows and take it back. Returns: the refusal, None where it went."""
        name, column = table.name, table.columns.keys()[-1]
        statement = {
            "UPDATE": f'UPDATE "{name}" SET "{column}" = "{column}"',  # noqa: S608 - our own names
            "DELETE": f'DELETE FROM "{name}"',  # noqa: S608
        }.get(verb, f'TRUNCATE "{name}"')
        self._session.command(b"SAVEPOINT attempted")
        try:
            self._session.command(statement.encode())
        except psycopg.DatabaseError as exc:
            return str(exc)
        finally:
            self._session.command(b"ROLLBACK TO attempted; RELEASE attempted")
        return None

    def declared(self) -> list[Declared]:
        """All columns. PostgreSQL holds a value to its column's type, so the type says it."""
        described = self._cursor.execute(_COLUMNS).fetchall()
        return [
            Declared(
                row["table_name"], row["column_name"], row["data_type"],
                self._filled(row) if row["data_type"] in _FLOATING else 0,
            )
            for row in described
        ]

    def _filled(self, row: dict[str, Any]) -> int:
        counted = f'SELECT count("{row["column_name"]}") AS n FROM "{row["table_name"]}"'  # noqa: S608
        found = self._cursor.execute(counted).fetchone()
        return int(found["n"]) if found else 0

    @contextmanager
    def attempt(self) -> Iterator[Attempt]:
        """A part of the transaction that can be taken back without ending it."""
        self.ends.reached(self)
        self._session.command(b"SAVEPOINT attempt")
        tried = Attempt()
        try:
            yield tried
            if not tried.taken_back:
                self.ends.reached(self)
        except BaseException:
            self.ends.forget()
            if not self._cursor.connection.closed:
                self._session.command(b"ROLLBACK TO attempt; RELEASE attempt")
            raise
        if tried.taken_back:
            self.ends.forget()
            self._session.command(b"ROLLBACK TO attempt; RELEASE attempt")
        else:
            self._session.command(b"RELEASE attempt")


class PostgresDatabase(Database):
    """A system's schema on a server, as its application's account sees it."""

    def __init__(self, url: str) -> None:
        self.path = None
        self._url = url
        self._connected: psycopg.Connection[dict[str, Any]] | None = None
        self._session: Session | None = None
        self._begin = b""
        self._connection()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that writes; commits at the end, rolls back on any exception.

        Raises: RecordsBusy.
        """
        with self._within(self._begin) as connection:
            yield connection
            connection.ends.reached(connection)
        self._open_session().command(b"COMMIT")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of everything and writes nothing."""
        with self._within(b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as connection:
            yield connection
        self._open_session().command(b"ROLLBACK")

    def setting(self, pragma: str) -> str:
        """The value of a setting, as the server reports it to this account."""
        found = self._connection().execute("SELECT current_setting(%s) AS value", [pragma])
        row = found.fetchone()
        return str(row["value"]) if row else ""

    def engine(self) -> Engine:
        """What keeps the records, and how it makes a commit durable."""
        durable = {name: self.setting(name) for name in ("fsync", "full_page_writes")}
        return Engine(
            name="PostgreSQL",
            version=self.setting("server_version"),
            journal_mode=", ".join(f"{name} {value}" for name, value in durable.items()).upper(),
            synchronous=self.setting("synchronous_commit").upper(),
        )

    def close(self) -> None:
        """Close the connection."""
        if self._connected is not None:
            self._connected.close()

    def _connection(self) -> psycopg.Connection[dict[str, Any]]:
        """The connection; a new one where the server has dropped the last."""
        if self._connected is None or self._connected.closed:
            self._connected = connected(self._url)
            row = self._connected.execute(_LOCK_KEY).fetchone()
            if row is None or row["key"] is None:
                raise NotPrepared("this account finds no schema of its own")
            self._begin = b"BEGIN; SELECT pg_advisory_xact_lock(%d)" % row["key"]
            self._session = Session(self._connected)
        return self._connected

    def _open_session(self) -> Session:
        assert self._session is not None
        return self._session

    @contextmanager
    def _within(self, begin: bytes) -> Iterator[Connection]:
        """What happens between a beginning and its end; taken back on any exception."""
        connection = self._connection()
        session = self._open_session()
        try:
            _begun(session, begin)
            yield PostgresConnection(session, connection.cursor())
        except BaseException:
            if not connection.closed:
                session.command(b"ROLLBACK")
            raise


def _begun(session: Session, begin: bytes) -> None:
    try:
        session.command(begin)
    except psycopg.errors.LockNotAvailable as exc:
        raise RecordsBusy(str(exc).strip()) from exc


def connected(url: str) -> psycopg.Connection[dict[str, Any]]:
    """A session in which nothing commits by itself unsynced. Raises: psycopg.OperationalError."""
    connection = psycopg.connect(url, autocommit=True, row_factory=dict_row)
    # A cursor that prepares would, after a rollback, deallocate what the session has prepared.
    connection.prepare_threshold = None
    connection.execute(_SESSION)
    connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false) "
        "WHERE current_setting('synchronous_commit') IN ('off', 'local')"
    )
    return connection

