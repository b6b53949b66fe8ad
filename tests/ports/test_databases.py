"""The same port, SQLite and PostgreSQL: what both engines owe a system's records."""

from __future__ import annotations

import gc
import importlib
import json
import pkgutil
import secrets
import subprocess
import sys
from contextlib import suppress

import psycopg
import pytest
from psycopg.pq import ExecStatus
from sqlalchemy import BigInteger, Integer, LargeBinary, select

import reference_impl
from contracts.model.roles import Role
from reference_impl.records.counting import last_number, next_number
from reference_impl.store.database import EVIDENCE, Database, NoSuchFault, RecordsBusy, Statement
from reference_impl.store.postgres import PostgresDatabase
from reference_impl.store.postgres_schema import CannotPrepare, prepare, remove
from reference_impl.store.postgres_session import DIALECT
from reference_impl.store.tables import accounts, audit, journal, settings, tables_of
from reference_impl.system import _SET

_FILLED = {Integer: 1, BigInteger: 1, LargeBinary: b"x"}
NAMES = Statement(select(settings.c.name).order_by(settings.c.name))


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def opened(request, tmp_path):
    """Two connections to one database, as two processes of a system have them."""
    if request.param == "SQLite":
        both = [Database(Role.MES, tmp_path / "mes.sqlite") for _ in range(2)]
        yield both
    else:
        owner = request.getfixturevalue("postgres").url
        prepared = prepare(owner, Role.MES, f"test_{secrets.token_hex(4)}", trial=True)
        both = [PostgresDatabase(prepared.url) for _ in range(2)]
        yield both
        remove(owner, prepared)
    for database in both:
        database.close()


@pytest.fixture
def database(opened):
    return opened[0]


def keep(connection, *names):
    for name in names:
        connection.run(_SET, name=name, value="x")


def kept(database):
    with database.reading() as connection:
        return [row["name"] for row in connection.rows(NAMES)]


def every_statement():
    """Every statement that a module of the reference keeps."""
    for found in pkgutil.walk_packages(reference_impl.__path__, "reference_impl."):
        if not found.name.startswith("reference_impl.defects"):
            importlib.import_module(found.name)
    return [thing for thing in gc.get_objects() if isinstance(thing, Statement)]


def tables_in_a_process_that_loaded(module):
    """The names of the tables that such a process knows, by role."""
    program = (
        f"import json, {module}\n"
        "from contracts.model.roles import Role\n"
        "from reference_impl.store.tables import tables_of\n"
        "print(json.dumps({r.value: sorted(t.name for t in tables_of(r)) for r in Role}))\n"
    )
    command = [sys.executable, "-c", program]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def test_who_prepares_or_copies_a_database_knows_every_table_of_the_systems():
    # A backup knows no other part of the system; a table that it missed would be lost with it.
    whole = tables_in_a_process_that_loaded("reference_impl.bootstrap")
    assert "holds" in whole["mes"]
    for module in ("reference_impl.backup", "reference_impl.store.postgres_schema"):
        assert tables_in_a_process_that_loaded(module) == whole, module


def test_postgresql_can_prepare_every_statement_of_the_reference(postgres):
    refused = {}
    texts = {statement.in_order(DIALECT)[0] for statement in every_statement()}
    assert len(texts) > 200
    for role in Role:
        prepared = prepare(postgres.url, role, f"test_{secrets.token_hex(4)}")
        with psycopg.connect(prepared.url, autocommit=True) as connection:
            for text in texts:
                result = connection.pgconn.prepare(b"", text.encode())
                if result.status != ExecStatus.COMMAND_OK:
                    refused.setdefault(text, []).append(result.error_message.decode())
        remove(postgres.url, prepared)
    # A table of one role is not there in the other; whatever neither takes is wrong.
    assert {text: said for text, said in refused.items() if len(said) == len(Role)} == {}


def an_entry(connection, sequence):
    connection.run(
        Statement(audit.insert()),
        **{c.name: sequence if c.name == "sequence" else _FILLED.get(c.type.__class__, "x")
           for c in audit.c},
    )


def test_entries_of_the_audit_trail_are_refused_and_taken_again(opened):
    database, other = opened
    with database.transaction() as connection:
        connection.refuse_inserts("audit", "sequence", 1)
    with other.transaction() as connection:
        an_entry(connection, 1)
    with pytest.raises(connection.errors, match="audit takes no row"), other.transaction() as c:
        an_entry(c, 2)
    with database.transaction() as connection:
        connection.refuse_inserts("audit", "sequence", None)
    with other.transaction() as connection:
        an_entry(connection, 2)


def test_the_account_of_a_system_in_production_can_put_no_fault_in(postgres):
    prepared = prepare(postgres.url, Role.MES, f"test_{secrets.token_hex(4)}")
    database = PostgresDatabase(prepared.url)
    try:
        with pytest.raises(NoSuchFault), database.transaction() as connection:
            connection.refuse_inserts("audit", "sequence", 0)
    finally:
        database.close()
        remove(postgres.url, prepared)


def test_who_cannot_begin_to_write_is_told_that_others_do(opened):
    database, other = opened
    if isinstance(other, PostgresDatabase):
        other._connection().execute("SET lock_timeout = 50")
    else:
        other._raw.execute("PRAGMA busy_timeout = 50")
    with database.transaction() as connection:
        keep(connection, "a")
        with pytest.raises(RecordsBusy), other.transaction() as late:
            keep(late, "b")
    with other.transaction() as connection:
        keep(connection, "c")
    assert kept(database) == ["a", "c"]


def test_what_is_committed_is_seen_by_the_other(opened):
    first, second = opened
    with first.transaction() as connection:
        keep(connection, "a")
    assert kept(second) == ["a"]


def test_an_exception_takes_everything_back(database):
    with suppress(KeyError), database.transaction() as connection:
        keep(connection, "a")
        raise KeyError
    assert kept(database) == []


def test_an_attempt_is_taken_back_alone(database):
    with database.transaction() as connection:
        keep(connection, "before")
        with connection.attempt() as attempt:
            keep(connection, "within")
            attempt.take_back()
        with suppress(KeyError), connection.attempt():
            keep(connection, "broken")
            raise KeyError
        keep(connection, "after")
    assert kept(database) == ["after", "before"]


def test_a_reader_sees_one_state_while_another_writes(opened):
    first, second = opened
    with second.reading() as connection:
        before = [row["name"] for row in connection.rows(NAMES)]
        with first.transaction() as writing:
            keep(writing, "a")
        assert [row["name"] for row in connection.rows(NAMES)] == before == []
    assert kept(second) == ["a"]


def test_a_reader_writes_nothing(database):
    with suppress(psycopg.errors.ReadOnlySqlTransaction), database.reading() as connection:
        keep(connection, "a")
    assert kept(database) == []


def test_numbers_have_no_gap_after_a_transaction_that_was_taken_back(database):
    with suppress(KeyError), database.transaction() as connection:
        assert next_number(connection, "audit") == 1
        raise KeyError
    with database.transaction() as connection:
        assert [next_number(connection, "audit") for _ in range(3)] == [1, 2, 3]
    with database.reading() as connection:
        assert last_number(connection, "audit") == 3


def test_an_attempt_on_evidence_is_refused_or_taken_back_and_the_work_goes_on(database):
    for verb in ("UPDATE", "DELETE", "TRUNCATE"):
        with database.transaction() as connection:
            keep(connection, f"before {verb}")
            connection.attempted(verb, journal)
            let = connection.attempted(verb, settings)
            keep(connection, f"after {verb}")
        assert let is None or "permission denied" in let
    assert len(kept(database)) == 6


def test_text_is_in_the_order_of_its_bytes(database):
    names = ["a", "B", "Z", "ä", "_", "b", "A-1", "A1"]
    with database.transaction() as connection:
        keep(connection, *names)
    assert kept(database) == sorted(names, key=str.encode)


def test_rows_are_read_by_the_names_of_their_columns(database):
    add = Statement(accounts.insert())
    given = dict.fromkeys(accounts.columns.keys()) | {
        "person_id": "P\x00\ue001\ue0010", "printed_name": "Ü😀\ue001", "duties": "[]", "password_hash": "%s %(x)s :y",
        "qualified_until": None,
    }
    with database.transaction() as connection:
        connection.run(add, **given)
        row = connection.row(Statement(select(accounts)))
    assert dict(row) == given


def test_every_column_is_described_and_none_holds_a_float(database):
    with database.reading() as connection:
        declared = connection.declared()
    tables = {table.name: set(table.columns.keys()) for table in tables_of(Role.MES)}
    assert {table: {c.column for c in declared if c.table == table} for table in tables} == tables
    assert {c.type.lower() for c in declared} <= {"text", "integer", "blob", "bigint", "bytea"}
    assert not [c for c in declared if c.floats]


def test_every_commit_is_synced(database):
    engine = database.engine()
    assert (engine.journal_mode, engine.synchronous) in [
        ("WAL", "FULL"), ("FSYNC ON, FULL_PAGE_WRITES ON", "ON")
    ]


# --- PostgreSQL alone ---------------------------------------------------------------------------


@pytest.fixture
def prepared(postgres):
    made = prepare(postgres.url, Role.MES, f"test_{secrets.token_hex(4)}")
    yield made
    remove(postgres.url, made)


@pytest.mark.parametrize("table", EVIDENCE, ids=lambda t: t.name)
@pytest.mark.parametrize("verb", ["UPDATE {t} SET {c} = {c}", "DELETE FROM {t}", "TRUNCATE {t}"])
def test_the_account_has_no_right_to_change_evidence(prepared, table, verb):
    with psycopg.connect(prepared.url) as connection:
        connection.execute(f"SELECT * FROM {table.name}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(verb.format(t=table.name, c=table.columns.keys()[-1]))


@pytest.mark.parametrize(
    "attempt",
    ["ALTER TABLE journal DISABLE TRIGGER ALL", "DROP TABLE journal", "CREATE TABLE other (n int)",
     "ALTER TABLE audit RENAME TO audit_2", "CREATE RULE r AS ON INSERT TO audit DO INSTEAD NOTHING"],
)
def test_the_account_cannot_change_a_table(prepared, attempt):
    with psycopg.connect(prepared.url) as connection, pytest.raises(
        psycopg.errors.InsufficientPrivilege
    ):
        connection.execute(attempt)


def test_the_account_cannot_give_itself_a_right(prepared):
    with psycopg.connect(prepared.url) as connection:
        # PostgreSQL warns that nothing was granted, where the account has other rights there.
        connection.execute("GRANT DELETE ON journal TO CURRENT_USER")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM journal")


def test_preparing_again_takes_back_a_right_that_was_given_since(postgres, prepared):
    with psycopg.connect(postgres.url) as owner:
        owner.execute(f"GRANT DELETE ON {prepared.schema}.journal TO {prepared.account}")
    again = prepare(postgres.url, Role.MES, prepared.schema)
    with psycopg.connect(again.url) as connection, pytest.raises(
        psycopg.errors.InsufficientPrivilege
    ):
        connection.execute("DELETE FROM journal")


@pytest.mark.parametrize("name", ["", "Upper", "a b", 'x"; DROP SCHEMA public; --', "1a", "a" * 52])
def test_a_name_that_is_none_is_refused(postgres, name):
    with pytest.raises(CannotPrepare, match="no name for a schema"):
        prepare(postgres.url, Role.MES, name)


def test_who_may_not_create_is_told_so(prepared):
    with pytest.raises(CannotPrepare, match="permission denied"):
        prepare(prepared.url, Role.MES, "somewhere")


def test_a_connection_that_was_lost_is_made_anew(postgres, prepared):
    database = PostgresDatabase(prepared.url)
    with psycopg.connect(postgres.url) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s",
            [prepared.account],
        )
    with pytest.raises(psycopg.OperationalError), database.transaction() as connection:
        keep(connection, "lost")
    with database.transaction() as connection:
        keep(connection, "a")
    assert kept(database) == ["a"]
    database.close()


def test_who_writes_waits_for_who_writes_and_then_sees_it(prepared):
    first, second = (PostgresDatabase(prepared.url) for _ in range(2))
    second._connection().execute("SET lock_timeout = 100")
    with first.transaction() as connection:
        keep(connection, "a")
        with pytest.raises(RecordsBusy), second.transaction():
            raise AssertionError("two write at one time")
    with second.transaction() as connection:
        assert [row["name"] for row in connection.rows(NAMES)] == ["a"]
    for database in (first, second):
        database.close()
