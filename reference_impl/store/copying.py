"""All records of a system at one instant, into one SQLite file and out of one.

SQLite's own backup reads in one transaction, so it is of one instant between two commits; copying
the files of a running database would not be. PostgreSQL gives the same by one transaction that is
REPEATABLE READ and READ ONLY. A copy of either can be put back into either. Source: URS-BKP-001.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import psycopg
from sqlalchemy import Table, func, insert, select

from contracts.record.backups import BackupRefused
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Database, Statement
from reference_impl.store.postgres import NotPrepared, PostgresDatabase
from reference_impl.store.tables import settings as settings_table
from reference_impl.store.tables import tables_of


def copied_out(settings: Settings, to: Path) -> None:
    """Write all records into a new file. Raises: BackupRefused, where there is no database."""
    if settings.database_url:
        _out_of_server(settings, to)
    else:
        _out_of_file(settings, to)


def copied_in(copy: Path, settings: Settings, marks: Mapping[str, str]) -> None:
    """Put a copy where the system keeps its records, with these settings set in it.

    All of it or nothing. Raises: BackupRefused, OSError.
    """
    if settings.database_url:
        _into_server(copy, settings, marks)
    else:
        _into_file(copy, settings, marks)


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
            closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source,
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


def _into_file(copy: Path, settings: Settings, marks: Mapping[str, str]) -> None:
    target = settings.database
    assert target is not None
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.touch(mode=0o600)  # it holds what people sign in with
        shutil.copyfile(copy, partial)
        with closing(sqlite3.connect(partial)) as opened:
            opened.executemany(
                "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", marks.items()
            )
            opened.commit()
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _into_server(copy: Path, settings: Settings, marks: Mapping[str, str]) -> None:
    with (
        closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as opened,
        closing(_server(settings)) as server, server.transaction() as target,
    ):
        opened.row_factory = sqlite3.Row
        _copy(Connection(opened), target, settings, left_out=marks)
        add = Statement(insert(settings_table))
        for name, value in marks.items():
            target.run(add, name=name, value=value)


def _copy(
    source: Connection, target: Connection, settings: Settings,
    left_out: Mapping[str, str] | None = None,
) -> None:
    """Row by row, table by table; settings of these names are left out."""
    for table in tables_of(settings.role):
        add = Statement(insert(table))
        for row in source.every_row(table):
            values = {name: row[name] for name in row.keys()}  # noqa: SIM118 - rows, no mappings
            if table is settings_table and values["name"] in (left_out or {}):
                continue
            target.run(add, **values)


def _count(connection: Connection, table: Table) -> int:
    row = connection.row(Statement(select(func.count().label("n")).select_from(table)))
    return int(row["n"]) if row else 0


def _server(settings: Settings) -> PostgresDatabase:
    try:
        return PostgresDatabase(settings.database_url)
    except (psycopg.OperationalError, NotPrepared) as exc:
        raise BackupRefused(f"the database server cannot be used: {exc}".strip()) from exc
