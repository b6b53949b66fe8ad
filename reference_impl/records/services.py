"""The accounts of systems: each has one certificate with its key, and a list of what it may call.

Certificate, key and list are configuration; whether the account still counts, and when it was last
used, is kept here, so that every process knows it from the next call on.
Source: URS-SVC-001, URS-IAM-007, URS-IAM-008.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from contracts.model.instants import microseconds
from contracts.wire.identity import KnownIdentity
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.people_tables import service_accounts

USED_EVERY_S = 60
CLEARED_EVERY_S = 60
_TABLE = service_accounts
_FIND = Statement(select(_TABLE).where(_TABLE.c.source == bindparam("source")))
_MET = upsert(_TABLE).values(
    {name: bindparam(name) for name in ("source", "key_id", "credentials_at")}
)
_MEET = Statement(
    _MET.on_conflict_do_update(
        index_elements=["source"],
        set_={"key_id": _MET.excluded.key_id, "credentials_at": _MET.excluded.credentials_at},
        where=_TABLE.c.key_id != _MET.excluded.key_id,
    )
)
_THE_ONE = _TABLE.c.source == bindparam("one")
_USED = Statement(update(_TABLE).where(_THE_ONE).values(used_at=bindparam("now")))
_SIGNS_FROM = Statement(update(_TABLE).where(_THE_ONE).values(signs_from=bindparam("second")))
_SET = Statement(
    update(_TABLE).where(_THE_ONE)
    .values(revoked_at=bindparam("revoked"), credentials_at=bindparam("now"))
)


# implements FRS-IAM-018
def counts(account: Row) -> bool:
    """Whether an account, as it is kept, was not revoked."""
    return account["revoked_at"] is None


class Services:
    """The accounts of systems that may come in. ``wall`` is the clock of the machine.

    ``keys`` holds each account once for each of its keys: two while they rotate. What was signed
    before ``signed_from`` (seconds since 1970) counts from nobody: this system was restored then,
    and does not know any more which nonces were used.
    """

    def __init__(self, known: tuple[KnownIdentity, ...], wall: Callable[[], float]) -> None:
        self.known = {account.source: account for account in known}
        self.keys = known
        self._wall = wall
        self._noted: dict[str, float] = {}
        self._cleared = 0
        self.signed_from = 0

    def meet(self, connection: Connection, now: datetime) -> None:
        """Keep which keys there are; a key that was not met before is a new credential."""
        for account in self.known.values():
            connection.run(
                _MEET, source=account.source, key_id=account.key_id,
                credentials_at=microseconds(now),
            )

    def renew(
        self, known: tuple[KnownIdentity, ...], connection: Connection, now: datetime
    ) -> None:
        """Go by other credentials from now on; of two keys of an account the last is the new one.
        """
        self.known = {account.source: account for account in known}
        self.keys = known
        self.meet(connection, now)

    def is_due(self, account: KnownIdentity) -> bool:
        """Whether it is time to keep that the account called: once a minute at most."""
        return self._wall() - self._noted.get(account.source, float("-inf")) >= USED_EVERY_S

    def forgets(self, now: int) -> bool:
        """Whether it is time to clear away nonces that are too old: once a minute at most."""
        if 0 <= now - self._cleared < CLEARED_EVERY_S:
            return False
        self._cleared = now
        return True

    def used(self, connection: Connection, account: KnownIdentity, now: datetime) -> None:
        """Keep that the account called."""
        self._noted[account.source] = self._wall()
        connection.run(_USED, one=account.source, now=microseconds(now))

    def find(self, connection: Connection, source: str) -> Row | None:
        """What is kept of an account; None for one that is not known here."""
        return connection.row(_FIND, source=source)

    # implements FRS-BKP-012
    # implements FRS-BKP-013
    def signed_in_time(self, account: Row, created: int) -> bool:
        """Whether a signature is of the time since this system, and the account's, was restored."""
        return created >= max(self.signed_from, account["signs_from"] or 0)

    # implements FRS-BKP-013
    def restored(self, connection: Connection, source: str, asked_at: int) -> None:
        """The system of an account was restored and has asked what it lost, at ``asked_at``.

        What it signed before is of the time that it lost, and counts no more.
        """
        connection.run(_SIGNS_FROM, one=source, second=asked_at)

    def set_revoked(self, connection: Connection, source: str, now: datetime, to: bool) -> None:
        """Revoke an account, or restore it."""
        at = microseconds(now)
        connection.run(_SET, one=source, revoked=at if to else None, now=at)
