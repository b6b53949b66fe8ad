"""A database file, its connections and its transactions.

Statements are SQLAlchemy Core expressions, compiled once and executed through the driver: the
compiled text is what costs, and it never changes. One transaction at a time writes
(``BEGIN IMMEDIATE``), so a business change, its audit entry, its journal rows and its outbox
message commit together or not at all. Source: URS-AUD-001, URS-IDM-005, URS-REL-002.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Table
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from contracts.model.roles import Role

# All modules with tables: what prepares a schema or copies it knows whatever a system keeps.
from reference_impl.store import (
    batch_tables,  # noqa: F401 - its tables are among tables_of
    custody_tables,  # noqa: F401 - the same
    evidence_tables,
    flow_tables,  # noqa: F401 - the same
    link_tables,  # noqa: F401 - the same
    master_tables,  # noqa: F401 - the same
    migration_tables,  # noqa: F401 - the same
    people_tables,  # noqa: F401 - the same
    quality_tables,  # noqa: F401 - the same
    reconciling_tables,  # noqa: F401 - the same
    recovery_tables,  # noqa: F401 - the same
    signature_tables,
    unit_tables,
    watch_tables,
)
from reference_impl.store.tables import APPEND_ONLY, inbox, tables_of

EVIDENCE = (
    *APPEND_ONLY, *unit_tables.APPEND_ONLY, *signature_tables.APPEND_ONLY,
    *evidence_tables.APPEND_ONLY, *watch_tables.APPEND_ONLY,
)
"""The tables that are written once and never changed."""
NEVER_FORGOTTEN = (inbox,)
"""The tables whose rows may change and never go. Source: URS-IDM-006."""
# By their place: sqlite3 looks up each parameter that has a name.
_DIALECT = sqlite_dialect(paramstyle="qmark")
BUSY_TIMEOUT_MS = 10_000
_PRIMARY = 0xFF  # of an error code of SQLite: the rest says more of the same


@cache
def _definitions(role: Role) -> tuple[str, ...]:
    """The statements that define the tables of a role and their indexes."""
    clauses: list[ClauseElement] = []
    for table in tables_of(role):
        clauses.append(CreateTable(table, if_not_exists=True))
        indexes = sorted(table.indexes, key=lambda i: str(i.name))
        clauses += [CreateIndex(index, if_not_exists=True) for index in indexes]
    return tuple(str(clause.compile(dialect=_DIALECT)) for clause in clauses)


class Row(Protocol):
    """A row of a result: values by column name."""

    def __getitem__(self, name: str, /) -> Any: ...

    def keys(self) -> Iterable[str]:
        """The names of the columns, in their order."""
        ...


@dataclass(frozen=True)
class Declared:
    """A column as the database describes it, and how many floating point numbers stand in it."""

    table: str
    column: str
    type: str
    floats: int


class Statement:
    """A Core expression with its text in each dialect, compiled when first used there."""

    def __init__(self, clause: ClauseElement, elsewhere: ClauseElement | None = None) -> None:
        """``elsewhere`` is the clause for other engines than SQLite, where theirs differs."""
        self._clause = clause
        self._elsewhere = clause if elsewhere is None else elsewhere
        self._text: str | None = None
        self._constants: dict[str, Any] = {}
        self._places: tuple[str, ...] = ()

    def in_order(self, dialect: Dialect) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        """For another engine than SQLite: its text, the parameters in their order, the constants.

        The dialect has numbered parameters.
        """
        compiled = self._elsewhere.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        constants = {k: v for k, v in compiled.params.items() if v is not None}
        return str(compiled), tuple(compiled.positiontup or ()), constants

    def ready(self, values: dict[str, Any]) -> tuple[str, list[Any]]:
        """The SQL text, and the values for all of its parameters in their order."""
        return self.text(), self.filled(values)

    def text(self) -> str:
        """The SQL text, compiled when first asked for."""
        if self._text is None:
            compiled = self._clause.compile(dialect=_DIALECT)
            assert isinstance(compiled, SQLCompiler)
            self._constants = {k: v for k, v in compiled.params.items() if v is not None}
            self._places = tuple(compiled.positiontup or ())
            self._text = str(compiled)
        return self._text

    def filled(self, values: dict[str, Any]) -> list[Any]:
        """The values, and the constants of the statement, which is compiled, in their order."""
        given = {**self._constants, **values} if self._constants else values
        return [given[name] for name in self._places]


class RecordsBusy(RuntimeError):
    """Others write for so long that no transaction could begin: nothing of it was done."""


class NoSuchFault(RuntimeError):
    """This engine does not let the account of a system put such a fault in."""


class Connection:
    """One open transaction. ``errors`` are what its engine raises."""

    errors: tuple[type[Exception], ...] = (sqlite3.Error,)

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self.ends = Ends()

    def run(self, statement: Statement, **values: Any) -> int:
        """Execute a statement that returns no rows. Returns: how many it changed.

        Raises: sqlite3.Error.
        """
        return self._raw.execute(*statement.ready(values)).rowcount

    def run_each(self, statement: Statement, rows: list[dict[str, Any]]) -> None:
        """Execute a statement once for the values of each row. Raises: sqlite3.Error."""
        self._raw.executemany(statement.text(), map(statement.filled, rows))

    def rows(self, statement: Statement, **values: Any) -> list[Row]:
        """All rows of a query, in its order."""
        return self._raw.execute(*statement.ready(values)).fetchall()

    def row(self, statement: Statement, **values: Any) -> Row | None:
        """The first row of a query, or None."""
        found: Row | None = self._raw.execute(*statement.ready(values)).fetchone()
        return found

    def every_row(self, table: Table) -> Iterator[Row]:
        """All rows of a table in any order, a few of them in memory at a time."""
        yield from self._raw.execute(f"SELECT * FROM {table.name}")  # noqa: S608 - our own names

    def refuse_inserts(self, table: str, column: str, after: int | None) -> None:
        """Let the engine refuse rows whose number is above ``after``; None: no longer.

        Raises: NoSuchFault on an engine where the account may not.
        """
        self._raw.execute(f"DROP TRIGGER IF EXISTS {table}_fault")
        if after is not None:
            self._raw.execute(
                f"CREATE TRIGGER {table}_fault BEFORE INSERT ON {table} "
                f"WHEN NEW.{column} > {after:d} "
                f"BEGIN SELECT RAISE(ABORT, '{table} takes no row'); END"
            )

    def rights_on(self, table: Table) -> tuple[str, ...] | None:
        """The rights of the account on a table; None where the engine has no accounts."""
        return None

    def attempted(self, verb: str, table: Table) -> str | None:
        """Try a change of all rows and take it back. Returns: the refusal, None where it was let.

        SQLite empties a table by deleting all rows.
        """
        name, column = table.name, table.columns.keys()[-1]
        statement = {
            "UPDATE": f"UPDATE {name} SET {column} = {column}",  # noqa: S608 - names of our own
        }.get(verb, f"DELETE FROM {name}")  # noqa: S608
        with self.attempt() as tried:
            tried.take_back()
            try:
                self._raw.execute(statement)
            except sqlite3.DatabaseError as exc:
                return str(exc)
        return None

    def declared(self) -> list[Declared]:
        """All columns. SQLite keeps whatever type a value has, so all values are looked at."""
        tables = self._raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        return [column for table in tables for column in self._declared_in(table["name"])]

    def _declared_in(self, table: str) -> list[Declared]:
        described = self._raw.execute(f"PRAGMA table_info({table})").fetchall()
        counted = ", ".join(
            f"COALESCE(SUM(TYPEOF(\"{row['name']}\") = 'real'), 0)" for row in described
        )
        floats = self._raw.execute(f"SELECT {counted} FROM {table}").fetchone()  # noqa: S608
        return [
            Declared(table, row["name"], row["type"], count)
            for row, count in zip(described, floats, strict=True)
        ]

    @contextmanager
    def attempt(self) -> Iterator[Attempt]:
        """A part of the transaction that can be taken back without ending it."""
        self.ends.reached(self)
        self._raw.execute("SAVEPOINT attempt")
        tried = Attempt()
        try:
            yield tried
            if not tried.taken_back:
                self.ends.reached(self)
        except BaseException:
            self.ends.forget()
            self._raw.execute("ROLLBACK TO attempt")
            self._raw.execute("RELEASE attempt")
            raise
        if tried.taken_back:
            self.ends.forget()
            self._raw.execute("ROLLBACK TO attempt")
        self._raw.execute("RELEASE attempt")


class Ends:
    """What waits for the end of a transaction, or of the part of it that is open.

    ``waiting`` are rows that are written together there, by ``write``; ``known`` is what was read
    or written in this transaction and needs not be read again. Where a part is taken back, both
    are gone with it; before a part begins, what waits is written.
    """

    def __init__(self) -> None:
        self.waiting: list[dict[str, Any]] = []
        self.known: dict[str, Any] = {}
        self._write: Callable[[Connection, list[dict[str, Any]]], None] | None = None

    def wait(
        self, row: dict[str, Any], write: Callable[[Connection, list[dict[str, Any]]], None]
    ) -> None:
        """Keep a row until the end."""
        self._write = write
        self.waiting.append(row)

    def reached(self, connection: Connection) -> None:
        """Write what waits. Raises: what the writing raises."""
        if self.waiting and self._write is not None:
            waiting, self.waiting = self.waiting, []
            self._write(connection, waiting)

    def forget(self) -> None:
        """Drop what waits and what is known: it is taken back."""
        self.waiting.clear()
        self.known.clear()


class Attempt:
    """Says at the end of an attempt whether its changes stay."""

    def __init__(self) -> None:
        self.taken_back = False

    def take_back(self) -> None:
        """Undo what this attempt changed."""
        self.taken_back = True


@dataclass(frozen=True)
class Engine:
    """A database engine with the settings that durability depends on."""

    name: str
    version: str
    journal_mode: str
    synchronous: str


_SYNCHRONOUS = {"0": "OFF", "1": "NORMAL", "2": "FULL", "3": "EXTRA"}


class Database:
    """One system's database. ``path`` None keeps it in memory, for simulations only."""

    def __init__(self, role: Role, path: Path | None) -> None:
        self.path = path
        self._raw = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False
        )
        self._raw.row_factory = sqlite3.Row
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            # What an attempt may take back is kept beside the transaction until it ends. Else
            # SQLite makes and deletes a file for it with each posting; nothing durable is there.
            "temp_store=MEMORY",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            self._raw.execute(f"PRAGMA {pragma}")
        self._create(role)

    def _create(self, role: Role) -> None:
        with self.transaction():
            for statement in _definitions(role):
                self._raw.execute(statement)
            for table in EVIDENCE:
                self._forbid(table.name, "UPDATE", "DELETE")
            for table in NEVER_FORGOTTEN:
                self._forbid(table.name, "DELETE")

    # implements FRS-AUD-011
    def _forbid(self, table: str, *verbs: str) -> None:
        # URS-AUD-004: SQLite has no roles, so triggers refuse what missing rights would.
        for verb in verbs:
            self._raw.execute(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that writes; commits at the end, rolls back on any exception.

        Raises: RecordsBusy.
        """
        try:
            self._raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY:
                raise
            raise RecordsBusy(str(exc)) from exc
        try:
            connection = Connection(self._raw)
            yield connection
            connection.ends.reached(connection)
        except BaseException:
            self._raw.execute("ROLLBACK")
            raise
        self._raw.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of everything and writes nothing."""
        self._raw.execute("BEGIN")
        try:
            yield Connection(self._raw)
        finally:
            self._raw.execute("ROLLBACK")

    def setting(self, pragma: str) -> str:
        """The value of a pragma, as the engine reports it."""
        value = self._raw.execute(f"PRAGMA {pragma}").fetchone()[0]
        return str(value)

    def engine(self) -> Engine:
        """What keeps the records, and how it makes a commit durable."""
        return Engine(
            name="SQLite" if self.path else "SQLite in memory",
            version=sqlite3.sqlite_version,
            journal_mode=self.setting("journal_mode").upper(),
            synchronous=_SYNCHRONOUS[self.setting("synchronous")],
        )

    def close(self) -> None:
        """Close the connection."""
        self._raw.close()
