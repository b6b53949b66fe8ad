"""What a person knows and has: a password, an authenticator, and the lock after failures.

Passwords are argon2id. A one-time code counts once: the number of its step is kept, and only later
ones are accepted. Failures are counted over sign-ins and signatures alike, and a failed signature
counts although its command is taken back. Source: 21 CFR 11.300(c), (d); URS-IAM-006, URS-IAM-007.
"""

from __future__ import annotations

import hmac
from functools import partial

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Integer, bindparam, case, cast, delete, or_, select, update

from contracts.model.instants import microseconds
from contracts.model.second_factor import WINDOW_STEPS, code_of, step_at
from reference_impl.records.work import Work
from reference_impl.settings import PasswordCost
from reference_impl.store.database import Row, Statement
from reference_impl.store.signature_tables import signing_periods
from reference_impl.store.tables import accounts

FIND = Statement(select(accounts).where(accounts.c.person_id == bindparam("person_id")))
_THE_ONE = accounts.c.person_id == bindparam("one")
NEW_PASSWORD = Statement(
    update(accounts).where(_THE_ONE).values(
        password_hash=bindparam("password_hash"), password_by=bindparam("by"),
        credentials_at=bindparam("now"),
    )
)
_STEP = bindparam("step", type_=Integer)
_USED = Statement(
    update(accounts).where(_THE_ONE)
    .values(
        failures=0, used_at=bindparam("now"),
        # One unit of work may check a person twice; a step once used stays used.
        # Its type is said, because PostgreSQL asks for it where nothing else gives one.
        used_step=case(
            (
                or_(cast(_STEP, Integer).is_(None), accounts.c.used_step > _STEP),
                accounts.c.used_step,
            ),
            else_=_STEP,
        ),
    )
)
_FAILED = Statement(
    update(accounts).where(_THE_ONE).values(failures=bindparam("count"))
)
# A lock, and another authenticator, end what was signed with fewer components. Source: URS-SIG-004.
END_SIGNING = Statement(
    delete(signing_periods).where(signing_periods.c.person_id == bindparam("person_id"))
)
_LOCK = Statement(update(accounts).where(_THE_ONE).values(locked_at=bindparam("now")))


class Credentials:
    """Checks what people show. An unknown user costs as much time as a known one."""

    def __init__(self, cost: PasswordCost) -> None:
        self._hasher = PasswordHasher(cost.time_cost, cost.memory_kib, cost.lanes)
        self._nobody = self._hasher.hash("nobody has this password")
        self.scheme = self._nobody.rpartition("$")[0].rpartition("$")[0]

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        return self._hasher.hash(password)

    def check_both(self, work: Work, person_id: str, password: str, code: str) -> Row | None:
        """The account of who shows password and code; None, and a failure counted, otherwise."""
        account = work.connection.row(FIND, person_id=person_id)
        known = self._has_password(account, password)
        step = _accepted_step(work, account, code) if account and known else None
        if account is None or step is None:
            _failed(work, account)
            return None
        _used(work, account, step)
        return account

    def check_password(self, work: Work, person_id: str, password: str) -> Row | None:
        """The account of who knows its password; None, and a failure counted, otherwise."""
        account = work.connection.row(FIND, person_id=person_id)
        if account is None or not self._has_password(account, password):
            _failed(work, account)
            return None
        _used(work, account, account["used_step"])
        return account

    def _has_password(self, account: Row | None, password: str) -> bool:
        expected = account["password_hash"] if account else self._nobody
        try:
            self._hasher.verify(expected, password)
        except (VerificationError, InvalidHashError):
            return False
        return account is not None and is_open(account)


# implements FRS-IAM-006
def is_open(account: Row) -> bool:
    """Whether the account may be used at all: neither locked nor deactivated."""
    return account["locked_at"] is None and account["deactivated_at"] is None


# implements FRS-IAM-007
def _accepted_step(work: Work, account: Row, code: str) -> int | None:
    """The step whose code this is, if it is near and later than the last one that was used."""
    secret, used, now = account["totp_secret"], account["used_step"], step_at(work.now)
    if secret is None:
        return None
    for step in range(now - WINDOW_STEPS, now + WINDOW_STEPS + 1):
        is_new = used is None or step > used
        if is_new and hmac.compare_digest(code_of(secret, step), code):
            return step
    return None


def _used(work: Work, account: Row, step: int | None) -> None:
    """Keep that the account was used, whatever becomes of what it was used for."""
    work.lasting.append(partial(
        work.connection.run, _USED, one=account["person_id"], now=microseconds(work.now), step=step,
    ))


def _failed(work: Work, account: Row | None) -> None:
    """Count a failure, whatever becomes of the rest; the last one that is allowed locks."""
    if account is not None and is_open(account):
        work.lasting.append(partial(_count_failure, work, account["person_id"]))


# implements FRS-IAM-006
def _count_failure(work: Work, person_id: str) -> None:
    account = work.connection.row(FIND, person_id=person_id)
    if account is None or not is_open(account):
        return
    count = (account["failures"] or 0) + 1
    work.connection.run(_FAILED, one=person_id, count=count)
    if count >= work.settings.failures_to_lock:
        work.connection.run(_LOCK, one=person_id, now=microseconds(work.now))
        work.connection.run(END_SIGNING, person_id=person_id)
        work.changed("accounts", person_id, "locked", "false", "true")
        work.alarm("ACCOUNT_LOCKED", f"{person_id}: {count} failed authentications in a row")
