"""Tables beside the journal: its checkpoints, and the roots of its blocks of rows.

Both are written once and never changed. Source: URS-JRN-002.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from reference_impl.store.tables import metadata

checkpoints = Table(
    "checkpoints", metadata,
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("size", Integer, nullable=False), Column("root", Text, nullable=False),
    Column("at", Text, nullable=False), Column("note", Text, nullable=False),
)
journal_blocks = Table(
    "journal_blocks", metadata,
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
)

APPEND_ONLY = (checkpoints, journal_blocks)
