"""The table of migrations, in both systems."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from reference_impl.store.tables import metadata

migrations = Table(
    "migrations", metadata, Column("migration_id", Text, primary_key=True, nullable=False),
    Column("source", Text, nullable=False), Column("totals", Text, nullable=False),
    Column("migrated_at", Integer, nullable=False), Column("migrated_by", Text, nullable=False),
    Column("approved_by", Text, nullable=False), Column("signature_id", Text, nullable=False),
)
