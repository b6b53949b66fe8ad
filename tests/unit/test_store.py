"""The database of a system: append-only tables, transactions, audit with every change."""

import sqlite3

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from contracts.model.roles import Role
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.records.work import AuditNotWritten, Cause
from reference_impl.store.database import Statement
from reference_impl.store.tables import APPEND_ONLY, audit, journal, lots, metadata, tables_of

ALL_AUDIT = Statement(select(audit).order_by(audit.c.sequence))


@pytest.fixture
def system(tmp_path):
    made = build(settings_for(Role.MES, make_identities(), tmp_path), lambda url: None)
    yield made
    made.close()


def lot(**changed):
    return {
        "lot_id": "L1",
        "material_id": "M",
        "lot": "X1",
        "expires_on": "2026-12-31",
        "expires_at": 1,
        "status": "QUARANTINE",
        "released_at": None,
        **changed,
    }


def work_on(system):
    return system.work(system.itself(), Cause("a test", "T-1"))


def test_every_commit_is_synced(system):
    assert system.database.setting("journal_mode") == "wal"
    assert system.database.setting("synchronous") == "2"
    assert system.database.setting("temp_store") == "2"  # in memory: it is never a record


@pytest.mark.parametrize("table", APPEND_ONLY, ids=lambda t: t.name)
@pytest.mark.parametrize("verb", ["UPDATE {t} SET {c} = {c}", "DELETE FROM {t}"])
def test_evidence_cannot_be_changed(system, table, verb):
    column = table.columns.keys()[-1]
    with work_on(system) as work:
        work.create(lots, **lot())
        work.alarm("TEST", "something")
        values = {c.name: 1 if "INTEGER" in str(c.type) else "x" for c in table.columns}
        if table.name in ("journal", "signatures", "events"):
            names = ", ".join(values)
            marks = ", ".join(f":{name}" for name in values)
            work.connection._raw.execute(
                f"INSERT INTO {table.name} ({names}) VALUES ({marks})", values
            )
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), work_on(system) as work:
        work.connection._raw.execute(verb.format(t=table.name, c=column))


def test_a_change_leaves_one_entry_for_each_field_with_old_and_new_value(system):
    with work_on(system) as work:
        work.create(lots, **lot())
        work.change(lots, "L1", status="RELEASED", released_at=7, material_id="M")
    with system.database.reading() as connection:
        rows = connection.rows(ALL_AUDIT)
    assert [(r["action"], r["field"], r["old_value"], r["new_value"]) for r in rows[1:]] == [
        ("change", "status", "QUARANTINE", "RELEASED"),
        ("change", "released_at", None, "7"),
    ]
    assert [r["sequence"] for r in rows] == [1, 2, 3]


def test_history_shows_every_value_in_order(system):
    # URS-AUD-006: after n changes the history shows n + 1 values.
    with work_on(system) as work:
        work.create(lots, **lot(status="S0"))
        for n in range(1, 6):
            work.change(lots, "L1", status=f"S{n}")
    with system.database.reading() as connection:
        rows = [r for r in connection.rows(ALL_AUDIT) if r["field"] == "status"]
    assert [rows[0]["old_value"], *(r["new_value"] for r in rows)] == [f"S{n}" for n in range(6)]


def test_a_change_whose_audit_entry_fails_is_rolled_back(system, monkeypatch):
    with work_on(system) as work:
        work.create(lots, **lot())
    system.database._raw.execute(
        "CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk'); END"
    )
    for _ in range(20):
        with pytest.raises(AuditNotWritten), work_on(system) as work:
            work.change(lots, "L1", status="RELEASED")
    with system.database.reading() as connection:
        assert connection.row(Statement(select(lots)))["status"] == "QUARANTINE"


def test_an_attempt_that_is_taken_back_leaves_nothing_and_no_gap(system):
    with work_on(system) as work:
        with work.connection.attempt() as attempt:
            work.create(lots, **lot())
            attempt.take_back()
        work.create(lots, **lot(lot_id="L2"))
    with system.database.reading() as connection:
        rows = connection.rows(ALL_AUDIT)
    assert [(r["sequence"], r["record_id"]) for r in rows] == [(1, "L2")]


def test_each_role_has_the_tables_it_needs():
    names = {role: {table.name for table in tables_of(role)} for role in Role}
    warehouse_only = {
        "allocations", "movements",
        "asns", "asn_lines", "receipts",
        "customers",
    }
    assert warehouse_only == names[Role.WMS] - names[Role.MES]
    assert journal.name in names[Role.MES] & names[Role.WMS]


@pytest.mark.parametrize("table", [
    table for table in metadata.sorted_tables
    if not table.dialect_options["sqlite"]["with_rowid"]
], ids=lambda table: table.name)
def test_without_row_ids_the_columns_of_the_key_come_first_and_the_file_is_whole(table, tmp_path):
    key = [column.name for column in table.primary_key.columns]
    assert key == [column.name for column in table.columns][: len(key)]
    file = sqlite3.connect(tmp_path / "whole.sqlite")
    file.execute(str(CreateTable(table).compile(dialect=sqlite.dialect())))
    values = [f"'{number}'" for number, _ in enumerate(table.columns)]
    file.execute(f"INSERT INTO {table.name} VALUES ({', '.join(values)})")
    assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    file.close()
