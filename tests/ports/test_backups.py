"""Backups of both engines: taken while a system runs, verified, put back into either."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from contracts.model.roles import Role
from contracts.record.backups import CONFIGURATION, BackupRefused
from gxproof.in_process import make_identities, settings_for
from reference_impl.backup import back_up, restore, verify_backup
from reference_impl.bootstrap import build
from reference_impl.records.journal import Direction, Document, write_journal
from reference_impl.store.choosing import open_database
from reference_impl.store.copying import refuse_unless_empty
from reference_impl.store.database import Statement
from reference_impl.store.postgres_schema import prepare, remove
from reference_impl.store.tables import alarms, tables_of
from reference_impl.system import CLOSED, RESTORED, SIGNED_FROM

NOW = datetime(2026, 3, 30, 9, tzinfo=UTC)
_ALARM = Statement(insert(alarms))
TEXT = "a reason with \x00 and \ue000 and 'quotes' \\ in it"


@pytest.fixture
def places(request, tmp_path):
    """Settings of the same system on new hosts, by engine."""
    identities = make_identities()
    made = []

    def place(engine):
        own = settings_for(Role.WMS, identities, tmp_path)
        if engine == "SQLite":
            return replace(own, database=tmp_path / f"{secrets.token_hex(4)}.sqlite")
        owner = request.getfixturevalue("postgres").url
        prepared = prepare(owner, Role.WMS, f"test_{secrets.token_hex(4)}")
        made.append((owner, prepared))
        return replace(own, database=None, database_url=prepared.url)

    yield place
    for owner, prepared in made:
        remove(owner, prepared)


def worked(settings):
    """A system that has received something and raised an alarm; it stays open."""
    system = build(settings, lambda _: None)
    with system.database.transaction() as connection:
        for number in range(3):
            body = f"message {number}".encode() + bytes(range(256))
            document = Document(
                Direction.RECEIVED, "message", "wms/link-heartbeat", "urn:gxproof:mes",
                f"key-{number}", body,
            )
            write_journal(connection, document, NOW)
        connection.run(_ALARM, alarm_id="ALARM-1", at="x", name="NAME", detail=TEXT)
    return system


def rows_of(settings):
    database = open_database(settings)
    with database.reading() as connection:
        found = {
            table.name: sorted(
                repr([row[name] for name in row.keys()])  # noqa: SIM118 - rows, no mappings
                for row in connection.rows(Statement(select(table)))
            )
            for table in tables_of(settings.role)
        }
    database.close()
    return found


@pytest.mark.parametrize("to", ["SQLite", "PostgreSQL"])
@pytest.mark.parametrize("of", ["SQLite", "PostgreSQL"])
def test_every_row_of_one_engine_comes_back_in_either(places, tmp_path, of, to):
    source, target = places(of), places(to)
    system = worked(source)
    manifest = back_up(source, tmp_path / "backup", NOW)
    assert manifest.journal_position == 3
    assert verify_backup(tmp_path / "backup", source.identity.known) == ()
    restore(tmp_path / "backup", target)
    system.close()
    there, back = rows_of(source), rows_of(target)
    marks = (RESTORED, SIGNED_FROM, CLOSED)
    assert [mark for mark in marks if any(mark in row for row in back["settings"])] == [*marks]
    assert not any(mark in row for row in there["settings"] for mark in marks)
    back["settings"] = [r for r in back["settings"] if not any(mark in r for mark in marks)]
    assert back == there
    assert TEXT in eval(back["alarms"][0])  # noqa: S307 - a list that this test wrote


@pytest.mark.parametrize("engine", ["SQLite", "PostgreSQL"])
def test_a_host_that_holds_records_is_not_restored_over(places, tmp_path, engine):
    source = places(engine)
    worked(source).close()
    back_up(source, tmp_path / "backup", NOW)
    before = rows_of(source)
    with pytest.raises(BackupRefused, match="restore into"):
        restore(tmp_path / "backup", source)
    assert rows_of(source) == before


def test_a_prepared_schema_counts_as_an_empty_host(places):
    refuse_unless_empty(places("PostgreSQL"))


def test_no_password_stands_in_a_backup(places, tmp_path):
    source = replace(places("PostgreSQL"))
    worked(source).close()
    back_up(source, tmp_path / "backup", NOW)
    password = source.database_url.partition("password=")[2].partition(" ")[0]
    assert password
    assert password not in (tmp_path / "backup" / CONFIGURATION).read_text()


def test_what_fails_leaves_no_folder_behind(places, tmp_path):
    missing = replace(places("SQLite"))
    with pytest.raises(BackupRefused, match="is not there"):
        back_up(missing, tmp_path / "backup", NOW)
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []
