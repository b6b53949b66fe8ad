"""What a backup says of itself: the manifest that stands in it, signed by the system it is of."""

from __future__ import annotations

from contracts.model.answers import Sha256
from contracts.model.identifiers import SystemUri
from contracts.model.inspection import Count
from contracts.model.instants import Timestamp
from contracts.model.roles import Role
from contracts.model.wire_model import WireModel

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
DATABASE, CONFIGURATION, PUBLIC_KEYS = (
    "database.sqlite", "configuration.json", "public-keys.json",
)


MANIFEST_MAX = 1 << 20
"""Bytes of a manifest or a signature; nobody reads more of one."""


class BackupRefused(Exception):
    """A backup that is not taken, or not restored; the sentence says why and what to do."""


class BackupDamaged(BackupRefused):
    """A backup that does not verify, with everything that was found."""

    def __init__(self, findings: tuple[str, ...]) -> None:
        super().__init__(f"the backup is damaged; take another one: {findings[0]}")
        self.findings = findings


class BackupFile(WireModel):
    """A file of a backup."""

    name: str
    size: Count
    sha256: Sha256


class TableRows(WireModel):
    """How many rows of a table a backup holds."""

    table: str
    rows: Count


class Backup(WireModel):
    """A backup of one system, of one instant between two of its transactions.

    Journal, audit trail, outbox, inbox, early messages and dead letters are tables of the database.
    """

    system: SystemUri
    role: Role
    software: str
    taken_at: Timestamp
    journal_position: Count
    journal_hash: Sha256
    tables: tuple[TableRows, ...]
    files: tuple[BackupFile, ...]


TESTED = ".restore-test.json"
"""What a restore test is named by: the folder of its backup, and this. Its signature ends in .sig.
"""


class RestoreTest(WireModel):
    """What came of restoring a backup on a host that serves nobody. Source: URS-BKP-005.

    ``in_flight`` messages waited in the outbox, each with its retry window. ``redelivered`` are
    received messages that were brought once more, as a stream of a broker would. Passed: no
    findings.
    """

    system: SystemUri
    role: Role
    manifest_sha256: Sha256
    tested_at: Timestamp
    journal_position: Count
    in_flight: Count
    dead_letters: Count
    redelivered: Count
    findings: tuple[str, ...]
