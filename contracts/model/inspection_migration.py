"""What a system shows of migrations."""

from __future__ import annotations

from contracts.model.identifiers import Id
from contracts.model.instants import Timestamp
from contracts.model.migration import Total
from contracts.model.wire_model import WireModel


class MigrationRow(WireModel):
    """One migration that was done; a dry run leaves none."""

    migration_id: Id
    source: str
    migrated: tuple[Total, ...]
    migrated_at: Timestamp
    migrated_by: Id
    approved_by: Id
    signature_id: Id


class Migrations(WireModel):
    """All migrations."""

    rows: tuple[MigrationRow, ...]
