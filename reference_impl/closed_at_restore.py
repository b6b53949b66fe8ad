"""What a restore does not bring back open: sessions, one-time codes, signatures, accounts.

A backup knows nothing of what was closed after it. Sessions and signing periods end, one-time codes
up to the restore count as used, and what was signed before the restore counts from nobody, because
the nonces since the backup are forgotten. Accounts of people are locked, but for those that were
reviewed by whoever restores. Accounts of systems are in the settings that the system is started
with, which are of now. Source: URS-BKP-003, URS-IAM-007, URS-INP-002.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from contracts.model.roles import Duty
from contracts.model.second_factor import STEP_S
from contracts.record.backups import BackupRefused
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.signature_tables import signing_periods
from reference_impl.store.tables import accounts, sessions, settings
from reference_impl.system import CLOCK, CLOSED, RESTORED, SIGNED_FROM

_MARK = upsert(settings)
_SET = Statement(
    _MARK.on_conflict_do_update(index_elements=["name"], set_={"value": _MARK.excluded.value})
)
_GET = Statement(select(settings.c.value).where(settings.c.name == bindparam("name")))
_OPEN = Statement(
    select(accounts)
    .where(accounts.c.locked_at.is_(None), accounts.c.deactivated_at.is_(None))
    .order_by(accounts.c.person_id)
)
_LOCK = Statement(
    update(accounts).where(accounts.c.person_id == bindparam("one"))
    .values(locked_at=bindparam("at"))
)
_USED = Statement(
    update(accounts)
    .where(or_(accounts.c.used_step.is_(None), accounts.c.used_step < bindparam("step")))
    .where(accounts.c.totp_secret.is_not(None))
    .values(used_step=bindparam("new_step"))
)
_NO_SESSIONS = Statement(delete(sessions))
_NO_PERIODS = Statement(delete(signing_periods))


@dataclass(frozen=True)
class Closing:
    """How a restore closes. ``at`` is when it began, in seconds since 1970.

    ``reviewed`` are the people whose accounts stay open; None: all of them.
    """

    taken_at: str
    at: int
    reviewed: Collection[str] | None

    # implements FRS-BKP-012
    def apply(self, connection: Connection) -> tuple[str, ...]:
        """Close it in a copy that is to be restored. Returns: who is locked.

        Raises: BackupRefused where nobody could open anything again.
        """
        locked = self._locked(connection.rows(_OPEN))
        driven = connection.row(_GET, name=CLOCK)
        now = int(driven["value"]) if driven else self.at * 1_000_000
        for person in locked:
            connection.run(_LOCK, one=person, at=now)
        step = now // (STEP_S * 1_000_000)
        connection.run(_USED, step=step, new_step=step)
        connection.run(_NO_SESSIONS)
        connection.run(_NO_PERIODS)
        marks = {
            RESTORED: self.taken_at, SIGNED_FROM: str(self.at + 1), CLOSED: json.dumps(locked),
        }
        for name, value in marks.items():
            connection.run(_SET, name=name, value=value)
        return locked

    def wait_out(self) -> None:
        """Let the second of the restore pass: what is signed from the next one on counts."""
        time.sleep(max(0.0, self.at + 1 - time.time()))

    def _locked(self, there: list[Row]) -> tuple[str, ...]:
        if self.reviewed is None:
            return ()
        unknown = sorted({*self.reviewed} - {row["person_id"] for row in there})
        if unknown:
            raise BackupRefused(f"{unknown[0]} has no open account in this backup")
        administrators = [row["person_id"] for row in there if _administers(row)]
        if administrators and not {*administrators} & {*self.reviewed}:
            raise BackupRefused(
                "name with --reviewed an administrator whose account was not closed after the "
                "backup; that person reviews and unlocks the others. In this backup: "
                f"{', '.join(administrators)}"
            )
        return tuple(row["person_id"] for row in there if row["person_id"] not in self.reviewed)


def _administers(account: Row) -> bool:
    return Duty.ADMINISTRATOR.value in json.loads(account["duties"])
