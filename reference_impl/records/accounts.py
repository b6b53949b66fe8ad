"""Accounts, sessions and signatures of people.

A session is a random token of which only the digest is kept; it ends after the idle time of the
site, which nobody can lengthen; a signature needs both components each time.
Source: 21 CFR 11.10(d), 11.200(a), 11.300.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from contracts.model.codes import Code, Refusal
from contracts.model.commands import Command, OpenSession, Session, SignatureComponents
from contracts.model.instants import from_microseconds, later, microseconds
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.roles import Duty
from contracts.model.stimulus import Person
from reference_impl.domain.dispensing import Worker
from reference_impl.records.counting import next_lasting_number
from reference_impl.records.credentials import FIND, NEW_PASSWORD, Credentials, is_open
from reference_impl.records.signing import (
    bind,
    check_components,
    check_enabled,
    check_two_set,
    is_known_to_one,
    needs_all,
)
from reference_impl.records.work import Work
from reference_impl.settings import PasswordCost
from reference_impl.store.database import Row, Statement
from reference_impl.store.tables import accounts, sessions

_LOADED = (
    "person_id", "printed_name", "duties", "password_hash", "qualified_until", "totp_secret",
    "credentials_at", "password_by", "authenticator_by",
)
_KNOWN = upsert(accounts).values({name: bindparam(name) for name in _LOADED})
_KEEP = Statement(
    _KNOWN.on_conflict_do_update(
        index_elements=["person_id"],
        set_={
            "duties": _KNOWN.excluded.duties, "password_hash": _KNOWN.excluded.password_hash,
            "qualified_until": _KNOWN.excluded.qualified_until,
            "totp_secret": _KNOWN.excluded.totp_secret,
            "credentials_at": _KNOWN.excluded.credentials_at,
            "password_by": _KNOWN.excluded.password_by,
            "authenticator_by": _KNOWN.excluded.authenticator_by,
        },
    )
)
_OPEN = Statement(insert(sessions))
_SESSION = Statement(
    select(
        sessions, accounts.c.duties, accounts.c.printed_name, accounts.c.locked_at,
        accounts.c.deactivated_at,
    )
    .join(accounts, accounts.c.person_id == sessions.c.person_id)
    .where(sessions.c.token_sha256 == bindparam("token_sha256"))
)
END_SESSIONS = Statement(delete(sessions).where(sessions.c.person_id == bindparam("one")))
_EXTEND = Statement(
    update(sessions)
    .where(sessions.c.token_sha256 == bindparam("token"))
    .values(expires_at=bindparam("until"))
)


@dataclass(frozen=True)
class SignedIn:
    """A person with an open session."""

    person_id: str
    station: str
    duties: frozenset[Duty]
    session: str


class Accounts:
    """Checks people. ``token`` gives 32 random bytes for each new session."""

    def __init__(
        self, cost: PasswordCost, session_s: int,
        token: Callable[[], bytes] = lambda: secrets.token_bytes(32),
    ) -> None:
        self.credentials = Credentials(cost)
        self._session = timedelta(seconds=session_s)
        self._token = token
        self.scheme = self.credentials.scheme

    def keep(self, work: Work, person: Person) -> None:
        """Create an account, or replace its duties and credentials."""
        work.connection.run(
            _KEEP, person_id=person.person_id, printed_name=person.printed_name,
            duties=json.dumps([duty.value for duty in person.duties]),
            password_hash=self.credentials.hash(person.password), totp_secret=person.totp_secret,
            qualified_until=person.qualified_until.isoformat() if person.qualified_until else None,
            credentials_at=microseconds(work.now), password_by=None, authenticator_by=None,
        )

    def worker(self, work: Work, person_id: str) -> Worker | None:
        """What a person may do, and until when; None for a person who is not known."""
        account = work.connection.row(FIND, person_id=person_id)
        if account is None:
            return None
        until = account["qualified_until"]
        return Worker(person_id, _duties(account), date.fromisoformat(until) if until else None)

    def sign_in(self, work: Work, body: OpenSession) -> Session | Refusal | None:
        """Open a session, under another password where one is given.

        None when the two factors do not count; a refusal where they do and the new password is the
        one that was shown.
        """
        account = self.credentials.check_both(
            work, body.user_id, body.password, body.code
        )
        if account is None:
            return None
        if body.new_password is not None:
            if body.new_password == body.password:
                return Refusal(Code.PASSWORD_UNCHANGED, "newPassword", "it is the one until now")
            self._replace_password(work, account, body.new_password)
        token = base64.urlsafe_b64encode(self._token()).decode().rstrip("=")
        expires_at = microseconds(later(work.now, self._session))
        work.connection.run(
            _OPEN, token_sha256=_digest(token), person_id=account["person_id"],
            station=body.station, expires_at=expires_at,
        )
        work.signed_in(account["person_id"])
        return Session(
            token=token, person_id=account["person_id"], printed_name=account["printed_name"],
            duties=tuple(sorted(_duties(account))),
            expires_at=from_microseconds(expires_at, work.settings.site_zone),
        )

    # implements FRS-SIG-012
    def _replace_password(self, work: Work, account: Row, password: str) -> None:
        """By the person's own choice.

        Who knows both components may be the administrator that set them, so the new password is
        still that one's. Source: 21 CFR 11.200(a)(3).
        """
        person_id = account["person_id"]
        by = account["password_by"] if is_known_to_one(account) else person_id
        work.connection.run(
            NEW_PASSWORD, one=person_id, password_hash=self.credentials.hash(password), by=by,
            now=microseconds(work.now),
        )
        work.connection.run(END_SESSIONS, one=person_id)
        work.changed("accounts", person_id, "password", None, "replaced")

    # implements FRS-IAM-009
    def signed_in(self, work: Work, token: str) -> SignedIn | None:
        """The person behind a token, whose idle time starts anew; None when it has ended."""
        row = work.connection.row(_SESSION, token_sha256=_digest(token))
        if row is None or row["expires_at"] <= microseconds(work.now) or not is_open(row):
            return None
        until = microseconds(later(work.now, self._session))
        work.connection.run(_EXTEND, token=_digest(token), until=until)
        return SignedIn(row["person_id"], row["station"], _duties(row), row["token_sha256"])

    # implements FRS-STA-003
    def sign(
        self, work: Work, person_id: str, components: SignatureComponents,
        record: tuple[str, str, object],
    ) -> tuple[SignatureManifest, frozenset[Duty]] | None:
        """Sign ``record`` (type, id, content) with both components; None when they do not count.

        The signature is bound to the record. Raises: SigningRefused. Source: 21 CFR 11.70.
        """
        account = self._shown(work, components)
        if account is None or account["person_id"] != person_id:
            return None
        check_components(work, components, account)
        check_enabled(work, components)
        check_two_set(components, account)
        duties = _duties(account)
        manifest = SignatureManifest(
            signature_id=f"SIG-{next_lasting_number(work.connection, 'signatures')}",
            person_id=person_id,
            printed_name=account["printed_name"],
            role="quality" if Duty.QUALITY in duties else sorted(duties)[0],
            meaning=components.meaning,
            signed_at=work.now,
        )
        bind(work, manifest, record)
        return manifest, duties

    def sign_command(
        self, work: Work, command: Command, components: SignatureComponents,
        record: tuple[str, str], *, of_quality: bool = False,
    ) -> SignatureManifest | Refusal:
        """The acting person signs a command, all of it but ``signature``, as ``record`` (type, id).

        ``of_quality``: only the quality unit may. Raises: SigningRefused.
        """
        content = command.model_dump(mode="json", exclude={"signature"})
        signed = self.sign(work, work.actor.account, components, (*record, content))
        if signed is None:
            return Refusal(
                Code.SIGNATURE_REFUSED, "signature", "user id or password is not yours"
            )
        if of_quality and Duty.QUALITY not in signed[1]:
            return Refusal(
                Code.SIGNATURE_REFUSED, "signature", "not of a person of the quality unit"
            )
        return signed[0]

    def _shown(self, work: Work, components: SignatureComponents) -> Row | None:
        """The account whose components these are: with the code, where one was given and counts."""
        person, password, code = components.user_id, components.password, components.code
        if code is not None and needs_all(work, person):
            return self.credentials.check_both(work, person, password, code)
        return self.credentials.check_password(work, person, password)


def _duties(row: Row) -> frozenset[Duty]:
    return frozenset(Duty(value) for value in json.loads(row["duties"]))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
