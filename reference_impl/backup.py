"""Backups: taken while the system runs, verified without it, restored into an empty host.

A backup is a folder: the records as one SQLite file, whatever engine keeps them, with a manifest
that the system signs. Source: URS-BKP-001, URS-BKP-002, URS-BKP-004.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from pydantic import ValidationError

from contracts.model.instants import write_timestamp
from contracts.model.wire_model import member_name
from contracts.record.backups import (
    CONFIGURATION,
    DATABASE,
    MANIFEST,
    MANIFEST_MAX,
    PUBLIC_KEYS,
    SIGNATURE,
    Backup,
    BackupDamaged,
    BackupFile,
    BackupRefused,
    TableRows,
)
from contracts.record.bounded_files import opened, read_bounded
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import digest_of, file_digest, sha256
from contracts.record.strict_json import read_json
from contracts.wire.identity import KnownIdentity
from reference_impl.closed_at_restore import Closing
from reference_impl.records.journal import ORIGIN
from reference_impl.settings import Settings
from reference_impl.store.copying import copied_in, copied_out, refuse_unless_empty, write_through
from reference_impl.store.postgres_schema import without_password
from reference_impl.store.tables import tables_of
from reference_impl.version import SOFTWARE

_CONTENT = (DATABASE, CONFIGURATION, PUBLIC_KEYS)


# implements FRS-BKP-001
def back_up(settings: Settings, to: Path, now: datetime) -> Backup:
    """Take a backup of a system that may be running into an empty folder, or into a new one.

    Nothing is left behind where it fails. Raises: BackupRefused, OSError.
    """
    if settings.database is None and not settings.database_url:
        raise BackupRefused("a database in memory cannot be backed up; keep it in a file")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise BackupRefused(f"{to} is not empty; name a new folder, a backup replaces nothing")
    partial = to.with_name(f".{to.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.parent.mkdir(parents=True, exist_ok=True)
    partial.mkdir(mode=0o700)  # it holds what people sign in with
    try:
        copied_out(settings, partial / DATABASE)
        (partial / CONFIGURATION).write_bytes(canonical_bytes(_configuration(settings)))
        (partial / PUBLIC_KEYS).write_bytes(canonical_bytes(_public_keys(settings)))
        try:
            manifest = _manifest(settings, partial, now)
        except sqlite3.Error as exc:
            role = settings.role.upper()
            raise BackupRefused(f"this is not the database of a {role}: {exc}") from exc
        raw = canonical_bytes(manifest.to_json())
        (partial / MANIFEST).write_bytes(raw)
        (partial / SIGNATURE).write_bytes(settings.identity.key.sign(raw))
        for path in partial.iterdir():
            path.chmod(0o600)
            write_through(path)
        write_through(partial)
        partial.replace(to)
        write_through(to.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return manifest


# implements FRS-BKP-002
def verify_backup(folder: Path, system: KnownIdentity) -> tuple[str, ...]:
    """What is wrong with a backup; nothing where it can be restored. ``system`` has signed it."""
    try:
        raw = _own(folder / MANIFEST)
        system.verifier.verify(_own(folder / SIGNATURE), raw)
        manifest = Backup.from_json(read_json(raw))
    except OSError as exc:
        return (f"{Path(str(exc.filename)).name} cannot be read: {exc.strerror}",)
    except InvalidSignature:
        return (f"{MANIFEST} is not what {system.source} signed",)
    except (ValueError, ValidationError) as exc:
        return (f"{MANIFEST} says nothing that can be read: {exc}",)
    wrong = tuple(_wrong_files(folder, manifest))
    return wrong or tuple(_wrong_content(folder / DATABASE, manifest))


@dataclass(frozen=True)
class Restored:
    """A backup that was restored, and the people whose accounts are locked since."""

    manifest: Backup
    locked: tuple[str, ...]


# implements FRS-BKP-003
# implements FRS-BKP-004
# implements FRS-BKP-012
def restore(
    folder: Path, settings: Settings, reviewed: Collection[str] | None = None
) -> Restored:
    """Put a backup where a system keeps its database, on a host that has none yet.

    The system knows when it starts that its partner may know more than it does. What may have been
    closed after the backup does not come back open; ``reviewed`` are the people whose accounts
    were looked at, None: all. Nothing is left behind where it is refused. Raises: BackupDamaged,
    BackupRefused, OSError.
    """
    began = int(time.time())
    if settings.database is None and not settings.database_url:
        raise BackupRefused("a database in memory cannot be restored; keep it in a file")
    refuse_unless_empty(settings)
    wrong = verify_backup(folder, settings.identity.known)
    if wrong:
        raise BackupDamaged(wrong)
    manifest = Backup.from_json(read_json(_own(folder / MANIFEST)))
    closing_down = Closing(write_timestamp(manifest.taken_at), began, reviewed)
    locked = copied_in(folder / DATABASE, settings, closing_down.apply)
    closing_down.wait_out()
    return Restored(manifest, locked)


def _manifest(settings: Settings, folder: Path, now: datetime) -> Backup:
    with closing(_opened(folder / DATABASE)) as copy:
        position, record_hash = copy.execute(
            "SELECT position, hash FROM journal ORDER BY position DESC LIMIT 1"
        ).fetchone() or (0, ORIGIN)
        tables = tuple(
            TableRows(table=table.name, rows=_rows(copy, table.name))
            for table in tables_of(settings.role)
        )
    return Backup.model_validate({
        "system": settings.system, "role": settings.role, "software": SOFTWARE, "taken_at": now,
        "journal_position": position, "journal_hash": record_hash, "tables": tables,
        "files": tuple(_file(folder / name) for name in _CONTENT),
    })


def _file(path: Path) -> BackupFile:
    return BackupFile(name=path.name, size=path.stat().st_size, sha256=file_digest(path))


def _wrong_files(folder: Path, manifest: Backup) -> Iterator[str]:
    """Files that are missing, changed, or not in the manifest."""
    named = {file.name: file for file in manifest.files}
    there = {path.name for path in folder.iterdir()} - {MANIFEST, SIGNATURE}
    for name in _CONTENT:
        if name not in named:
            yield f"{MANIFEST} does not name {name}"
        elif name not in there:
            yield f"{name} is missing"
        else:
            yield from _wrong_file(folder / name, named[name])
    for name in sorted(there - named.keys()):
        yield f"{name} does not belong to the backup"


def _wrong_file(path: Path, wanted: BackupFile) -> Iterator[str]:
    """A file is read only where it is one, and as large as it was."""
    try:
        with opened(path, follow=False) as stream:
            size = os.fstat(stream.fileno()).st_size
            digest = hashlib.file_digest(stream, "sha256") if size == wanted.size else None
    except OSError as exc:
        yield f"{path.name} cannot be read: {exc.strerror}"
        return
    if digest is None or digest.hexdigest() != wanted.sha256:
        yield f"{path.name} is not the file that was backed up"


def _own(path: Path) -> bytes:
    """Manifest and signature: small files of the folder itself. Raises: OSError."""
    return read_bounded(path, MANIFEST_MAX, follow=False)


def _wrong_content(path: Path, manifest: Backup) -> Iterator[str]:
    """What the database itself says: is it whole, are all rows there, does the journal chain."""
    with closing(_opened(path)) as copy:
        try:
            state = str(copy.execute("PRAGMA integrity_check").fetchone()[0])
            if state != "ok":
                yield f"{DATABASE} is not whole: {state}"
                return
            counted = {row.table: row.rows for row in manifest.tables}
            for table in tables_of(manifest.role):
                if counted.get(table.name) != _rows(copy, table.name):
                    yield f"{DATABASE}: rows of {table.name} are not as many as were backed up"
            yield from _broken_journal(copy, manifest)
        except sqlite3.DatabaseError as exc:
            yield f"{DATABASE} cannot be read: {exc}"


def _broken_journal(copy: sqlite3.Connection, manifest: Backup) -> Iterator[str]:
    """Each row has its position, its own hash and the hash before it, up to the named end."""
    copy.row_factory = sqlite3.Row
    last, position = ORIGIN, 0
    for row in copy.execute("SELECT * FROM journal ORDER BY position"):
        position += 1
        members = {k: row[k] for k in row.keys() if k not in ("hash", "body")}  # noqa: SIM118
        shown = {member_name(k): value for k, value in members.items() if value is not None}
        whole = row["body_sha256"] == sha256(row["body"]) and row["hash"] == digest_of(shown)
        if row["position"] != position or row["previous_hash"] != last or not whole:
            yield f"{DATABASE}: the journal is broken at position {position}"
            return
        last = row["hash"]
    if (position, last) != (manifest.journal_position, manifest.journal_hash):
        yield f"{DATABASE}: the journal does not end where it did"


def _rows(copy: sqlite3.Connection, table: str) -> int:
    return int(copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _public_keys(settings: Settings) -> list[dict[str, str]]:
    known = (settings.identity.known, *settings.partners)
    return [
        {"source": k.source, "account": k.account.value, "name": k.name,
         "publicKey": k.public_key.hex()}
        for k in known
    ]


def _configuration(settings: Settings) -> dict[str, str]:
    """Every setting but private key and password, as text."""
    left_out = ("identity", "partners", "database_url")
    shown = {k: str(v) for k, v in vars(settings).items() if k not in left_out}
    if settings.database_url:
        shown["database_server"] = without_password(settings.database_url)
    return dict(sorted(json.loads(json.dumps(shown)).items()))
