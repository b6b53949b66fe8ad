"""``gxproof backup``, ``verify-backup``, ``restore``: what is done on the host of a system.

The settings file is the one that the system's own processes are started with.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pydantic import ValidationError
from rich.console import Console

from contracts.model.verdicts import Exit
from contracts.record.backups import (
    MANIFEST,
    MANIFEST_MAX,
    Backup,
    BackupDamaged,
    BackupRefused,
)
from contracts.record.bounded_files import read_bounded
from contracts.record.strict_json import read_json
from contracts.wire.identity import Account, KnownIdentity, raw_public
from gxproof.telling import fail, told

if TYPE_CHECKING:
    from reference_impl.settings import Settings

T = TypeVar("T")
SettingsFile = Annotated[
    Path, typer.Option("--settings", help="Settings file of the system's processes (JSON).")
]
Folder = Annotated[Path, typer.Argument(help="Folder of the backup.")]
Reviewed = Annotated[
    list[str] | None,
    typer.Option(help="A person whose account was not closed after the backup; all others are "
                      "locked until an administrator among these unlocks them. May be repeated."),
]


def backup(
    settings: SettingsFile,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the backup, new or empty; else one where backups are kept."),
    ] = None,
) -> None:
    """Take a backup of a system while it runs: all records of one instant, and a manifest."""
    from reference_impl.backup import back_up

    with told():
        own, now = system_of(settings), datetime.now(UTC)
        if out is None and own.backups is None:
            fail(f"name --out; {settings} does not say where backups are kept", Exit.WRONG_USAGE)
        to = out or (own.backups or Path()) / f"{own.role}-{now:%Y%m%dT%H%M%SZ}"
        manifest = _done(lambda: back_up(own, to, now))
        _say(f"BACKED UP  {_described(manifest)} in {to}")


def verify_backup(
    folder: Folder,
    settings: Annotated[
        Path | None, typer.Option(help="Settings file of the system that took it.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="Public key (PEM, Ed25519) of the system that took it.")
    ] = None,
) -> None:
    """Say whether a backup can be restored: signature, files, every row, the journal's chain."""
    from reference_impl.backup import verify_backup as findings_of

    with told():
        if (settings is None) == (key is None):
            fail("name one of --settings and --key", Exit.WRONG_USAGE)
        system = system_of(settings).identity.known if settings else _known(key or Path())
        manifest = _manifest(folder)
        findings = findings_of(folder, system)
        for finding in findings:
            _say(f"REFUSED  {finding}")
        if not findings:
            _say(f"VERIFIED  {_described(manifest)}")
    raise typer.Exit(Exit.FAILED if findings else Exit.PASSED)


def restore_test(folder: Folder, settings: SettingsFile) -> None:
    """Restore a backup where it serves nobody, try what it brings back, and sign what was found."""
    from reference_impl.restore_tests import described, restore_and_try

    with told():
        own = system_of(settings)
        _check_role(folder, settings, own)
        test, record = _done(lambda: restore_and_try(folder, own, datetime.now(UTC)))
        for finding in test.findings:
            _say(f"FOUND  {finding}")
        if not test.findings:
            _say(f"TRIED  {described(test)}; nothing found")
        _say(f"Signed record: {record}")
    raise typer.Exit(Exit.FAILED if test.findings else Exit.PASSED)


def restore(folder: Folder, settings: SettingsFile, reviewed: Reviewed = None) -> None:
    """Put a verified backup where a system keeps its records; there may be none yet."""
    from reference_impl.backup import restore as put_back

    with told():
        own = system_of(settings)
        _check_role(folder, settings, own)
        restored = _done(lambda: put_back(folder, own, frozenset(reviewed or ())))
        _say(f"RESTORED  {_described(restored.manifest)}")
        for person in restored.locked:
            _say(
                f"LOCKED  {person}: review whether it was closed since or got other credentials, "
                "which are those of the backup again; then unlock it"
            )
        _say("All sessions have ended. What was signed before the restore counts no more.")
        _say(
            "Start the system now. Before it does anything new it asks its partner what was "
            "exchanged since; the export recoveries then lists what it has again and what is lost."
        )


def _check_role(folder: Path, file: Path, own: Settings) -> None:
    """Refuse a backup of another system than the settings are for."""
    manifest = _manifest(folder)
    if (manifest.role, manifest.system) != (own.role, own.system):
        fail(
            f"{folder} is a backup of the {manifest.role.upper()} {manifest.system}; "
            f"{file} is for the {own.role.upper()} {own.system}", Exit.WRONG_USAGE,
        )


def _done(do: Callable[[], T]) -> T:
    """Do it; what is refused is one sentence, of a damaged backup one for each damage."""
    try:
        return do()
    except BackupDamaged as exc:
        for finding in exc.findings:
            _say(f"REFUSED  {finding}")
        raise typer.Exit(Exit.FAILED) from exc
    except BackupRefused as exc:
        fail(str(exc), Exit.WRONG_USAGE)


def system_of(path: Path) -> Settings:
    """The settings of a system. Ends the command where they cannot be used."""
    from reference_impl.process_settings import read_settings

    try:
        return read_settings(json.loads(path.read_text(encoding="utf-8")))
    except OSError as exc:
        fail(f"{exc.filename or path} cannot be read: {exc.strerror}", Exit.WRONG_USAGE)
    except KeyError as exc:
        fail(f"{path} names no {exc.args[0]}; is it the settings of a system?", Exit.WRONG_USAGE)
    except (ValueError, TypeError, AttributeError, RecursionError) as exc:
        fail(f"{path} holds no settings of a system: {exc}", Exit.WRONG_USAGE)


def _known(path: Path) -> KnownIdentity:
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as exc:
        fail(f"{path} cannot be read: {exc.strerror}", Exit.WRONG_USAGE)
    except (ValueError, UnsupportedAlgorithm):
        fail(f"{path} holds no public key in PEM", Exit.WRONG_USAGE)
    if not isinstance(key, Ed25519PublicKey):
        fail(f"{path} holds no Ed25519 key", Exit.WRONG_USAGE)
    return KnownIdentity(f"the holder of {path}", Account.HARNESS, "", raw_public(key))


def _manifest(folder: Path) -> Backup:
    """What a backup says of itself, before anybody has verified it."""
    if not folder.is_dir():
        fail(f"{folder} is no folder; name the folder of a backup", Exit.WRONG_USAGE)
    try:
        raw = read_bounded(folder / MANIFEST, MANIFEST_MAX, follow=False)
        return Backup.from_json(read_json(raw))
    except OSError:
        _say(f"REFUSED  {MANIFEST} cannot be read; {folder} is no backup, or not all of one")
    except (ValueError, ValidationError) as exc:
        _say(f"REFUSED  {MANIFEST} says nothing that can be read: {str(exc).splitlines()[0]}")
    raise typer.Exit(Exit.FAILED)


def _described(manifest: Backup) -> str:
    rows = sum(table.rows for table in manifest.tables)
    return (
        f"{manifest.role.upper()} {manifest.system}, taken at {manifest.taken_at.isoformat()}, "
        f"journal to {manifest.journal_position}, {rows} rows"
    )


def _say(text: str) -> None:
    Console(highlight=False, soft_wrap=True).print(text, markup=False)
