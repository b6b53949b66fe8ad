"""Which engine keeps a system's records: its settings say it, by a URL or by a file."""

from __future__ import annotations

from reference_impl.settings import Settings
from reference_impl.store.database import Database
from reference_impl.store.postgres import PostgresDatabase

POSTGRES_SCHEMES = ("postgresql://", "postgres://")


def open_database(settings: Settings) -> Database:
    """The database of a system: PostgreSQL where a URL is given, else SQLite.

    The tables of PostgreSQL are prepared by their owner beforehand, those of SQLite are created.
    """
    if settings.database_url:
        return PostgresDatabase(settings.database_url)
    return Database(settings.role, settings.database)


def is_postgres(place: str) -> bool:
    """Whether a place that a person named is a PostgreSQL server, not a file."""
    return place.startswith(POSTGRES_SCHEMES)
