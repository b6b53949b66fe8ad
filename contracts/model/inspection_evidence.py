"""What a system's own account may do with its evidence, and how the database answers attempts."""

from __future__ import annotations

from enum import StrEnum

from pydantic import StrictBool

from contracts.model.wire_model import WireModel


class EvidenceVerb(StrEnum):
    """What nobody may do with evidence."""

    UPDATE = "UPDATE"
    DELETE = "DELETE"
    TRUNCATE = "TRUNCATE"


class EvidenceGuard(StrEnum):
    """What refuses at the database: missing rights of the account, or triggers."""

    RIGHTS = "RIGHTS"
    TRIGGERS = "TRIGGERS"


class EvidenceTable(WireModel):
    """A table that is written once. ``rights`` are those of the account, as the database says."""

    table: str
    rights: tuple[str, ...]


class EvidenceRights(WireModel):
    """All tables of evidence. ``limit`` says what the guard leaves open. Source: URS-AUD-004."""

    guard: EvidenceGuard
    limit: str | None = None
    rows: tuple[EvidenceTable, ...]


class TryOnEvidence(WireModel):
    """Have the system try this on each table of evidence with its own account; nothing stays."""

    verb: EvidenceVerb


class TriedOnTable(WireModel):
    """How the database answered. An attempt on an empty table shows nothing on some engines."""

    table: str
    is_empty: StrictBool
    refused: StrictBool
    answer: str


class TriedOnEvidence(WireModel):
    """The answers for all tables."""

    rows: tuple[TriedOnTable, ...]
