"""How old the last backup is, and the last restore test that found nothing. Source: URS-BKP-005.

Only what this system has signed counts, so a folder that somebody touched is no backup.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cryptography.exceptions import InvalidSignature
from pydantic import ValidationError

from contracts.model.wire_model import WireModel
from contracts.record.backups import (
    MANIFEST,
    MANIFEST_MAX,
    SIGNATURE,
    TESTED,
    Backup,
    RestoreTest,
)
from contracts.record.bounded_files import read_bounded
from contracts.record.strict_json import read_json
from reference_impl.records.work import Work
from reference_impl.settings import Settings

M = TypeVar("M", bound=WireModel)


def last_backup(settings: Settings) -> datetime | None:
    """When the last backup was taken; None where there is none, or nobody says where they are."""
    found = _signed(settings, Backup, f"*/{MANIFEST}", SIGNATURE)
    return max((one.taken_at for path, one in found if _is_there(path.parent, one)), default=None)


def last_restore_test(settings: Settings) -> datetime | None:
    """When a restore was tried last and nothing was found."""
    found = _signed(settings, RestoreTest, f"*{TESTED}", "")
    return max((one.tested_at for _, one in found if not one.findings), default=None)


# implements FRS-BKP-008
def backup_overdue(work: Work) -> str | None:
    """What is said where the last backup is too old."""
    limit = work.settings.backup_interval_max_s
    return _overdue(work, "backup", last_backup(work.settings), limit)


# implements FRS-BKP-008
def restore_test_overdue(work: Work) -> str | None:
    """What is said where the last restore test is too old."""
    limit = work.settings.restore_test_age_max_s
    return _overdue(work, "restore test", last_restore_test(work.settings), limit)


def _overdue(work: Work, what: str, last: datetime | None, limit_s: int) -> str | None:
    if work.settings.backups is None:
        return None
    if last is None:
        return f"there is no {what}; one is due every {limit_s // 3600} hours"
    age_s = int((work.now - last).total_seconds())
    if age_s <= limit_s:
        return None
    return f"the last {what} is {age_s // 3600} hours old, at most {limit_s // 3600}"


def _is_there(folder: Path, backup: Backup) -> bool:
    """Whether every file of a backup is there with its size; its bytes are for verification."""
    return all(
        path.is_file() and path.stat().st_size == file.size
        for file in backup.files for path in (folder / file.name,)
    )


def _signed(
    settings: Settings, model: type[M], pattern: str, signature: str
) -> Iterator[tuple[Path, M]]:
    """What this system has signed in the folder of its backups; everything else is left out."""
    folder = settings.backups
    for path in sorted(folder.glob(pattern)) if folder is not None else ():
        try:
            raw = read_bounded(path, MANIFEST_MAX)
            signed = read_bounded(_signature_of(path, signature), MANIFEST_MAX)
            settings.identity.known.verifier.verify(signed, raw)
            yield path, model.from_json(read_json(raw))
        except (OSError, InvalidSignature, ValueError, ValidationError):
            continue


def _signature_of(path: Path, signature: str) -> Path:
    return path.with_name(signature or f"{path.name}.sig")
