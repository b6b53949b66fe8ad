"""What the system's own account may do with its evidence, shown and, in test mode, tried.

Source: URS-AUD-004; 21 CFR 11.10(e).
"""

from __future__ import annotations

from sqlalchemy import Table, func, select

from contracts.model.inspection_evidence import (
    EvidenceGuard,
    EvidenceRights,
    EvidenceTable,
    EvidenceVerb,
    TriedOnEvidence,
    TriedOnTable,
    TryOnEvidence,
)
from reference_impl.settings import Settings
from reference_impl.store.database import EVIDENCE, Connection, Statement
from reference_impl.system import System

NO_ROLES = (
    "SQLite has no roles: triggers refuse a change, and whoever may write the file can drop them. "
    "Only PostgreSQL holds the account itself to its rights."
)
_EMPTY = {table.name: Statement(select(func.count().label("n")).select_from(table))
          for table in EVIDENCE}


# implements FRS-AUD-010
def show_evidence_rights(connection: Connection, _: Settings, __: int) -> EvidenceRights:
    """The rights on each table of evidence, as the database itself states them."""
    stated = {table.name: connection.rights_on(table) for table in EVIDENCE}
    has_roles = all(rights is not None for rights in stated.values())
    return EvidenceRights(
        guard=EvidenceGuard.RIGHTS if has_roles else EvidenceGuard.TRIGGERS,
        limit=None if has_roles else NO_ROLES,
        rows=tuple(
            EvidenceTable(table=name, rights=rights or ()) for name, rights in stated.items()
        ),
    )


def try_on_evidence(system: System, wanted: TryOnEvidence) -> TriedOnEvidence:
    """Try a change of every table of evidence, and take it back wherever it was let through."""
    with system.database.transaction() as connection:
        return TriedOnEvidence(
            rows=tuple(_tried(connection, table, wanted.verb) for table in EVIDENCE)
        )


def _tried(connection: Connection, table: Table, verb: EvidenceVerb) -> TriedOnTable:
    counted = connection.row(_EMPTY[table.name])
    answer = connection.attempted(verb, table)
    return TriedOnTable(
        table=table.name, is_empty=counted is None or counted["n"] == 0,
        refused=answer is not None, answer=answer or "it was done, and is taken back",
    )


EVIDENCE_SHOWS = {"evidence-rights": show_evidence_rights}
