"""The commands that have a module of their own, by the name that a person types."""

from __future__ import annotations

from collections.abc import Callable

from gxproof.backups import backup, restore, restore_test, verify_backup
from gxproof.batch_record import batch_record
from gxproof.exceptions import exceptions
from gxproof.first_account import first_account
from gxproof.signatures import signatures
from gxproof.trail import trail

COMMANDS: dict[str, Callable[..., None]] = {
    "batch-record": batch_record, "signatures": signatures, "trail": trail,
    "exceptions": exceptions, "backup": backup, "verify-backup": verify_backup,
    "restore": restore, "restore-test": restore_test, "first-account": first_account,
}
