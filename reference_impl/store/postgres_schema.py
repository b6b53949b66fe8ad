"""What the owner of a PostgreSQL database prepares, and the application's account may do with it.

The owner creates schema, tables and the application's role; the application never does. Its role
reads and adds everywhere, changes and deletes business records, and has no right to change, delete
or empty what is evidence. Source: URS-AUD-004; 21 CFR 11.10(e).
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from contracts.model.roles import Role
from reference_impl.store.database import EVIDENCE, NEVER_FORGOTTEN
from reference_impl.store.postgres import connected
from reference_impl.store.postgres_dialect import definitions
from reference_impl.store.tables import inbox, tables_of

_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")
# For trials alone: what lets an account that owns no table have inserts refused, and let again.
_FAULTS = """
CREATE TABLE IF NOT EXISTS insert_faults (
    refused text COLLATE "C" PRIMARY KEY, above bigint NOT NULL
);
CREATE OR REPLACE FUNCTION refuse_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM insert_faults WHERE refused = TG_TABLE_NAME
        AND (to_jsonb(NEW) ->> TG_ARGV[0])::bigint > above
    ) THEN
        RAISE EXCEPTION '% takes no row', TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER audit_fault BEFORE INSERT ON audit
FOR EACH ROW EXECUTE FUNCTION refuse_insert('sequence')
"""


class CannotPrepare(RuntimeError):
    """The server or the owner's account is not fit for the records; the message says what to do."""


@dataclass(frozen=True)
class Prepared:
    """A schema that is ready. ``url`` is the application's: its account, its schema."""

    schema: str
    account: str
    url: str = field(repr=False)


def prepare(
    owner_url: str, role: Role, schema: str, password: str | None = None, *, trial: bool = False
) -> Prepared:
    """Create what is missing of a system's schema, tables and account; give the account its rights.

    Doing it again changes nothing but the password. In a ``trial`` the account may also have its
    audit entries refused, as the stimulus ``fail-audit`` asks for. Raises: CannotPrepare.
    """
    if not _NAME.fullmatch(schema):
        raise CannotPrepare(f"{schema!r} is no name for a schema: small letters, digits, _")
    account, secret = f"{schema}_app", password or secrets.token_urlsafe(24)
    try:
        with connected(owner_url) as owner, owner.transaction():
            _check(owner)
            _create(owner, role, schema)
            _admit(owner, schema, account, secret)
            _grant(owner, role, schema, account)
            if trial:
                _let_fail(owner, schema, account)
    except psycopg.Error as exc:
        raise CannotPrepare(f"the owner's account could not prepare {schema}: {exc}") from exc
    return Prepared(schema, account, application_url(owner_url, account, secret))


def application_url(owner_url: str, account: str, password: str) -> str:
    """The owner's URL with the application's account in the owner's place."""
    parts = conninfo_to_dict(owner_url)
    parts.update(user=account, password=password)
    return make_conninfo("", **parts)


def without_password(url: str) -> str:
    """The URL of a server as anybody may read it."""
    parts = {name: value for name, value in conninfo_to_dict(url).items() if name != "password"}
    return make_conninfo("", **parts)


def remove(owner_url: str, prepared: Prepared) -> None:
    """Drop a schema with all its records, and its account. For trials alone."""
    schema, account = sql.Identifier(prepared.schema), sql.Identifier(prepared.account)
    with connected(owner_url) as owner, owner.transaction():
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s",
            [prepared.account],
        )
        owner.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(schema))
        owner.execute(sql.SQL("DROP OWNED BY {}").format(account))
        owner.execute(sql.SQL("DROP ROLE {}").format(account))


def _check(owner: psycopg.Connection[dict[str, object]]) -> None:
    row = owner.execute("SELECT current_setting('server_encoding') AS encoding").fetchone()
    if row is None or row["encoding"] != "UTF8":
        raise CannotPrepare("the database keeps no UTF-8; create one with ENCODING 'UTF8'")


def _create(owner: psycopg.Connection[dict[str, object]], role: Role, schema: str) -> None:
    name = sql.Identifier(schema)
    owner.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(name))
    owner.execute(sql.SQL("SET LOCAL search_path = {}").format(name))
    for statement in definitions(role):
        owner.execute(statement)


def _admit(
    owner: psycopg.Connection[dict[str, object]], schema: str, account: str, password: str
) -> None:
    known = owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [account]).fetchone()
    verb = "ALTER" if known else "CREATE"
    name = sql.Identifier(account)
    owner.execute(
        sql.SQL(
            "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD {}"
        ).format(sql.SQL(verb), name, sql.Literal(password))
    )
    owner.execute(
        sql.SQL("ALTER ROLE {} SET search_path = {}").format(name, sql.Identifier(schema))
    )


# implements FRS-AUD-010
def _grant(
    owner: psycopg.Connection[dict[str, object]], role: Role, schema: str, account: str
) -> None:
    """Everything is taken away first, so that a right that was once given does not stay."""
    place, name = sql.Identifier(schema), sql.Identifier(account)
    owner.execute(sql.SQL("REVOKE ALL ON SCHEMA {} FROM PUBLIC, {}").format(place, name))
    owner.execute(
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM PUBLIC, {}").format(place, name)
    )
    owner.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(place, name))
    for table in tables_of(role):
        verbs = "SELECT, INSERT"
        if table not in EVIDENCE:
            verbs += ", UPDATE" if table in NEVER_FORGOTTEN else ", UPDATE, DELETE"
        if table is inbox:  # URS-IDM-006: what was received is never forgotten
            verbs = "SELECT, INSERT, UPDATE"
        owner.execute(
            sql.SQL("GRANT {} ON {} TO {}").format(
                sql.SQL(verbs), sql.Identifier(schema, table.name), name
            )
        )


def _let_fail(owner: psycopg.Connection[dict[str, object]], schema: str, account: str) -> None:
    owner.execute(_FAULTS)  # the search path is the schema's since it was created
    owner.execute(sql.SQL("GRANT SELECT, INSERT, DELETE ON {} TO {}").format(
        sql.Identifier(schema, "insert_faults"), sql.Identifier(account)
    ))
