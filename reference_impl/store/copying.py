"""All records of a system at one instant, into one SQLite file and out of one.

SQLite's own backup reads in one transaction, so it is of one instant between two commits; copying
the files of a running database would not be. PostgreSQL gives the same by one transaction that is
REPEATABLE READ and READ ONLY. A copy of either can be put back into either. Source: URS-BKP-001.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import psycopg
from sqlalchemy import Table, func, insert, select

from contracts.record.backups import BackupRefused
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Database, Statement
from reference_impl.store.postgres import NotPrepared, PostgresDatabase
from reference_impl.store.tables import tables_of

T = TypeVar("T")


def write_through(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before anything builds on it."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def copied_out(settings: Settings, to: Path) -> None:
    """Write all records into a new file. Raises: BackupRefused, where there is no database."""
    if settings.database_url:
        _out_of_server(settings, to)
    else:
        _out_of_file(settings, to)


def copied_in(copy: Path, settings: Settings, change: Callable[[Connection], T]) -> T:
    """Put a copy where the system keeps its records, with a change that is made in it before.

    All of it or nothing. Raises: BackupRefused, OSError, and what the change raises.
    """
    if settings.database_url:
        return _into_server(copy, settings, change)
    return _into_file(copy, settings, change)


def refuse_unless_empty(settings: Settings) -> None:
    """Raises: BackupRefused where records are there: they may be the only true ones."""
    if not settings.database_url:
        target = settings.database
        assert target is not None
        if target.exists() or target.with_name(f"{target.name}-wal").exists():
            raise BackupRefused(f"{target} is there already; restore into an empty host")
        return
    with closing(_server(settings)) as server, server.reading() as connection:
        full = [table.name for table in tables_of(settings.role) if _count(connection, table)]
    if full:
        raise BackupRefused(
            f"the schema holds rows already, in {full[0]}; restore into one that is new"
        )


def _out_of_file(settings: Settings, to: Path) -> None:
    path = settings.database
    assert path is not None
    if not path.is_file():
        raise BackupRefused(f"{path} is not there; name the settings of the system on its host")
    try:
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(to)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as exc:
        raise BackupRefused(f"{path} cannot be read as a database: {exc}") from exc


def _out_of_server(settings: Settings, to: Path) -> None:
    with closing(Database(settings.role, to)) as copy:
        with (
            closing(_server(settings)) as server, server.reading() as source,
            copy.transaction() as target,
        ):
            _copy(source, target, settings)
        copy.setting("journal_mode=DELETE")


def _into_file(copy: Path, settings: Settings, change: Callable[[Connection], T]) -> T:
    target = settings.database
    assert target is not None
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.touch(mode=0o600)  # it holds what people sign in with
        shutil.copyfile(copy, partial)
        with closing(sqlite3.connect(partial)) as opened:
            opened.row_factory = sqlite3.Row
            changed = change(Connection(opened))
            opened.commit()
        write_through(partial)
        partial.replace(target)
        write_through(target.parent)
        return changed
    finally:
        partial.unlink(missing_ok=True)


def _into_server(copy: Path, settings: Settings, change: Callable[[Connection], T]) -> T:
    with (
        closing(sqlite3.connect(
            f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True
        )) as opened,
        closing(_server(settings)) as server, server.transaction() as target,
    ):
        opened.row_factory = sqlite3.Row
        _copy(Connection(opened), target, settings)
        return change(target)


def _copy(source: Connection, target: Connection, settings: Settings) -> None:
    """Row by row, table by table."""
    for table in tables_of(settings.role):
        add = Statement(insert(table))
        for row in source.every_row(table):
            values = {name: row[name] for name in row.keys()}  # noqa: SIM118 - rows, no mappings
            target.run(add, **values)


def _count(connection: Connection, table: Table) -> int:
    row = connection.row(Statement(select(func.count().label("n")).select_from(table)))
    return int(row["n"]) if row else 0


def _server(settings: Settings) -> PostgresDatabase:
    try:
        return PostgresDatabase(settings.database_url)
    except (psycopg.OperationalError, NotPrepared) as exc:
        raise BackupRefused(f"the database server cannot be used: {exc}".strip()) from exc
