"""A database file, its connections and its transactions.

Statements are SQLAlchemy Core expressions, compiled once and executed through the driver: the
compiled text is what costs, and it never changes. One transaction at a time writes
(``BEGIN IMMEDIATE``), so a business change, its audit entry, its journal rows and its outbox
message commit together or not at all. Source: URS-AUD-001, URS-IDM-005, URS-REL-002.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql import ClauseElement

from contracts.model.roles import Role
from reference_impl.store import (
    batch_tables,  # noqa: F401 - its tables are among tables_of
    unit_tables,
    watch_tables,
)
from reference_impl.store.tables import APPEND_ONLY, tables_of

Row = sqlite3.Row
_DIALECT = sqlite_dialect(paramstyle="named")
BUSY_TIMEOUT_MS = 10_000


@cache
def _definitions(role: Role) -> tuple[str, ...]:
    """The statements that define the tables of a role and their indexes."""
    clauses: list[ClauseElement] = []
    for table in tables_of(role):
        clauses.append(CreateTable(table, if_not_exists=True))
        indexes = sorted(table.indexes, key=lambda i: str(i.name))
        clauses += [CreateIndex(index, if_not_exists=True) for index in indexes]
    return tuple(str(clause.compile(dialect=_DIALECT)) for clause in clauses)


class Statement:
    """A Core expression with its text, compiled when first used."""

    def __init__(self, clause: ClauseElement) -> None:
        self._clause = clause
        self._text: str | None = None
        self._constants: dict[str, Any] = {}

    def ready(self, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The SQL text with named parameters, and the values for all of them."""
        if self._text is None:
            compiled = self._clause.compile(dialect=_DIALECT)
            self._constants = {k: v for k, v in compiled.params.items() if v is not None}
            self._text = str(compiled)
        return self._text, {**self._constants, **values}


class Connection:
    """One open transaction."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    def run(self, statement: Statement, **values: Any) -> None:
        """Execute a statement that returns nothing. Raises: sqlite3.Error."""
        self._raw.execute(*statement.ready(values))

    def rows(self, statement: Statement, **values: Any) -> list[Row]:
        """All rows of a query, in its order."""
        return self._raw.execute(*statement.ready(values)).fetchall()

    def row(self, statement: Statement, **values: Any) -> Row | None:
        """The first row of a query, or None."""
        found: Row | None = self._raw.execute(*statement.ready(values)).fetchone()
        return found

    @contextmanager
    def attempt(self) -> Iterator[Attempt]:
        """A part of the transaction that can be taken back without ending it."""
        self._raw.execute("SAVEPOINT attempt")
        tried = Attempt()
        try:
            yield tried
        except BaseException:
            self._raw.execute("ROLLBACK TO attempt")
            self._raw.execute("RELEASE attempt")
            raise
        if tried.taken_back:
            self._raw.execute("ROLLBACK TO attempt")
        self._raw.execute("RELEASE attempt")


class Attempt:
    """Says at the end of an attempt whether its changes stay."""

    def __init__(self) -> None:
        self.taken_back = False

    def take_back(self) -> None:
        """Undo what this attempt changed."""
        self.taken_back = True


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
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            self._raw.execute(f"PRAGMA {pragma}")
        self._create(role)

    def _create(self, role: Role) -> None:
        with self.transaction():
            for statement in _definitions(role):
                self._raw.execute(statement)
            guarded = (*APPEND_ONLY, *watch_tables.APPEND_ONLY)
            for table in (*guarded, *unit_tables.APPEND_ONLY):
                self._forbid_changes(table.name)

    def _forbid_changes(self, table: str) -> None:
        # URS-AUD-004: SQLite has no roles, so triggers refuse what a grant would.
        for verb in ("UPDATE", "DELETE"):
            self._raw.execute(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that writes; commits at the end, rolls back on any exception."""
        self._raw.execute("BEGIN IMMEDIATE")
        try:
            yield Connection(self._raw)
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

    def close(self) -> None:
        """Close the connection."""
        self._raw.close()
