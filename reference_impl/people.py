"""What administrators do about accounts, and the review of all of them; alike in both roles.

Nothing here shows or keeps a secret in the audit trail: of a password or an authenticator it says
that it was set, never to what. Source: URS-IAM-003, -005 to -008, URS-SVC-001; 21 CFR 11.300.
"""

from __future__ import annotations

import json

from sqlalchemy import bindparam, insert, null, select, update

from contracts.model.codes import Code, Refusal
from contracts.model.commands import (
    AssignDuties,
    ChangeAccount,
    ChangeServiceAccount,
    Command,
    CreateAccount,
    ResetCredentials,
)
from contracts.model.inspection_people import AccessReview, PersonAccount, ServiceAccount
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.people import AccountAction, AccountState, ServiceState
from contracts.model.roles import Duty
from contracts.model.signing import SigningRecords
from reference_impl.domain.people import check_duties
from reference_impl.domain.reasons import check_reason
from reference_impl.records.accounts import END_SESSIONS
from reference_impl.records.credentials import END_SIGNING, FIND, NEW_PASSWORD, Credentials
from reference_impl.records.services import Services
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.signing_on_file import all_on_file, keep_signing_records
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import accounts
from reference_impl.system import Part

_CREATED = ("person_id", "printed_name", "duties", "password_hash", "totp_secret",
            "credentials_at", "password_by", "authenticator_by")
_CREATE = Statement(insert(accounts).values({name: bindparam(name) for name in _CREATED}))
_THE_ONE = accounts.c.person_id == bindparam("one")
_DUTIES = Statement(update(accounts).where(_THE_ONE).values(duties=bindparam("value")))
_UNLOCK = Statement(update(accounts).where(_THE_ONE).values(locked_at=null(), failures=0))
_DEACTIVATE = Statement(update(accounts).where(_THE_ONE).values(deactivated_at=bindparam("now")))
_NEW_AUTHENTICATOR = Statement(
    update(accounts).where(_THE_ONE).values(
        totp_secret=bindparam("totp_secret"), authenticator_by=bindparam("by"),
        credentials_at=bindparam("now"),
    )
)
_NO_AUTHENTICATOR = Statement(
    update(accounts).where(_THE_ONE).values(totp_secret=null(), credentials_at=bindparam("now"))
)
_ALL = Statement(select(accounts).order_by(accounts.c.person_id))


def people_part(credentials: Credentials, services: Services) -> Part:
    """The operations of administrators."""
    return Part(
        commands={
            "create-account": lambda work, body: create_account(
                work, body, credentials, services
            ),
            "assign-duties": assign_duties,
            "change-account": change_account,
            "reset-credentials": lambda work, body: reset_credentials(work, body, credentials),
            "keep-signing-records": lambda work, body: keep_signing_records(
                work, body, _changeable(work, body, body.person_id, body.reason)
            ),
            "change-service-account": lambda work, body: change_service_account(
                work, body, services
            ),
        },
        queries={
            "access-review": lambda connection, settings: access_review(
                connection, settings, services
            ),
        },
    )


# implements FRS-IAM-005
# implements FRS-IAM-014
def create_account(
    work: Work, command: CreateAccount, credentials: Credentials, services: Services
) -> Refusal | None:
    """An account with an id that nobody had before."""
    refusal = check_reason(command.reason) or check_duties(command.duties)
    if refusal:
        return refusal
    issued = work.connection.row(FIND, person_id=command.person_id)
    if issued is not None or command.person_id in services.known:
        return Refusal(Code.ALREADY_EXISTS, "personId", f"{command.person_id} was issued before")
    work.connection.run(
        _CREATE, person_id=command.person_id, printed_name=command.printed_name,
        duties=_listed(command.duties), password_hash=credentials.hash(command.password),
        totp_secret=command.totp_secret, credentials_at=microseconds(work.now),
        password_by=work.actor.account, authenticator_by=work.actor.account,
    )
    work.changed("accounts", command.person_id, "state", None, AccountState.ACTIVE.value)
    work.changed("accounts", command.person_id, "printedName", None, command.printed_name)
    work.changed("accounts", command.person_id, "duties", None, _listed(command.duties))
    return None


def assign_duties(work: Work, command: AssignDuties) -> Refusal | None:
    """All duties that a person has from now on; the next call is judged by them."""
    account = _changeable(work, command, command.person_id, command.reason)
    if isinstance(account, Refusal):
        return account
    refusal = check_duties(command.duties)
    if refusal:
        return refusal
    new = _listed(command.duties)
    work.connection.run(_DUTIES, one=command.person_id, value=new)
    work.changed("accounts", command.person_id, "duties", account["duties"], new)
    return None


def change_account(work: Work, command: ChangeAccount) -> Refusal | None:
    """Unlock, deactivate, end sessions, revoke the authenticator."""
    account = _changeable(work, command, command.person_id, command.reason)
    if isinstance(account, Refusal):
        return account
    act = {
        AccountAction.UNLOCK: _unlock, AccountAction.DEACTIVATE: _deactivate,
        AccountAction.END_SESSIONS: _end_sessions,
        AccountAction.REVOKE_AUTHENTICATOR: _revoke_authenticator,
    }[command.action]
    return act(work, account)


# implements FRS-IAM-016
def reset_credentials(
    work: Work, command: ResetCredentials, credentials: Credentials
) -> Refusal | None:
    """A new password, a new authenticator, or both. A locked account stays locked."""
    account = _changeable(work, command, command.person_id, command.reason)
    if isinstance(account, Refusal):
        return account
    by = {"one": command.person_id, "by": work.actor.account, "now": microseconds(work.now)}
    if command.password is None and command.totp_secret is None:
        return Refusal(Code.ACCOUNT_UNCHANGED, "password", "neither password nor authenticator")
    if command.password is not None:
        password_hash = credentials.hash(command.password)
        work.connection.run(NEW_PASSWORD, password_hash=password_hash, **by)
        work.changed("accounts", command.person_id, "password", None, "set anew")
    if command.totp_secret is not None:
        work.connection.run(_NEW_AUTHENTICATOR, totp_secret=command.totp_secret, **by)
        _end_signing(work, command.person_id)
        work.changed("accounts", command.person_id, "authenticator", None, "set anew")
    work.connection.run(END_SESSIONS, one=command.person_id)
    return None


# implements FRS-IAM-016
# implements FRS-IAM-017
def change_service_account(
    work: Work, command: ChangeServiceAccount, services: Services
) -> Refusal | None:
    """Revoke the account of a system, or restore it."""
    refusal = check_reason(command.reason)
    if refusal:
        return refusal
    row = services.find(work.connection, command.account)
    if row is None:
        return Refusal(Code.UNKNOWN_ACCOUNT, "account", f"{command.account} is not known here")
    before = _service_state(row)
    if before is command.to_state:
        return Refusal(Code.ACCOUNT_UNCHANGED, "toState", f"it is {before}")
    services.set_revoked(
        work.connection, command.account, work.now, command.to_state is ServiceState.REVOKED
    )
    work.changed("accounts", command.account, "state", before.value, command.to_state.value)
    return None


# implements FRS-IAM-008
def access_review(
    connection: Connection, settings: Settings, services: Services
) -> AccessReview:
    """Every account, those that are deactivated or revoked too."""
    known = sorted(services.known.values(), key=lambda account: account.source)
    signing = all_on_file(connection)
    return AccessReview(
        people=tuple(
            _person(row, signing.get(row["person_id"], SigningRecords()), settings)
            for row in connection.rows(_ALL)
        ),
        services=tuple(
            ServiceAccount.model_validate({
                "account": account.source, "certificate": account.name,
                "key_id": account.key_id, "operations": tuple(sorted(account.operations)),
                "owner": account.owner, **_kept(connection, services, account.source, settings),
            })
            for account in known
        ),
    )


# implements FRS-IAM-013
# implements FRS-IAM-015
# implements FRS-IAM-017
def _changeable(work: Work, command: Command, person_id: str, reason: str) -> Row | Refusal:
    """The account that is to be changed, by somebody else, for a reason."""
    refusal = check_reason(reason)
    if refusal:
        return refusal
    account = work.connection.row(FIND, person_id=person_id)
    if account is None:
        return Refusal(Code.UNKNOWN_ACCOUNT, "personId", f"{person_id} has none")
    if person_id == work.actor.account:
        return Refusal(Code.OWN_ACCOUNT, "personId", f"{person_id} asks for it")
    if account["deactivated_at"] is not None:
        return Refusal(Code.ACCOUNT_DEACTIVATED, "personId", f"{person_id} is deactivated")
    return account


# implements FRS-IAM-016
def _unlock(work: Work, account: Row) -> Refusal | None:
    if account["locked_at"] is None:
        return Refusal(Code.ACCOUNT_UNCHANGED, "action", "it is not locked")
    work.connection.run(_UNLOCK, one=account["person_id"])
    work.changed("accounts", account["person_id"], "locked", "true", "false")
    return None


def _deactivate(work: Work, account: Row) -> None:
    work.connection.run(_DEACTIVATE, one=account["person_id"], now=microseconds(work.now))
    work.connection.run(END_SESSIONS, one=account["person_id"])
    work.changed(
        "accounts", account["person_id"], "state", AccountState.ACTIVE.value,
        AccountState.DEACTIVATED.value,
    )


def _end_sessions(work: Work, account: Row) -> None:
    work.connection.run(END_SESSIONS, one=account["person_id"])
    work.changed("accounts", account["person_id"], "sessions", None, "ended")


def _revoke_authenticator(work: Work, account: Row) -> None:
    work.connection.run(_NO_AUTHENTICATOR, one=account["person_id"], now=microseconds(work.now))
    _end_signing(work, account["person_id"])
    work.connection.run(END_SESSIONS, one=account["person_id"])
    work.changed("accounts", account["person_id"], "authenticator", None, "revoked")


# implements FRS-SIG-006
def _end_signing(work: Work, person_id: str) -> None:
    """The next signature needs all components: one that was shown before counts no more."""
    work.connection.run(END_SIGNING, person_id=person_id)


def _listed(duties: tuple[Duty, ...]) -> str:
    return json.dumps(sorted({duty.value for duty in duties}))


def _person(row: Row, signing: SigningRecords, settings: Settings) -> PersonAccount:
    zone, used = settings.site_zone, row["used_at"]
    return PersonAccount.model_validate({
        "person_id": row["person_id"], "printed_name": row["printed_name"],
        "duties": tuple(Duty(value) for value in json.loads(row["duties"])),
        "owner": row["printed_name"], "state": _person_state(row),
        "last_used_at": None if used is None else from_microseconds(used, zone),
        "credentials_changed_at": from_microseconds(row["credentials_at"], zone),
        "signing": signing,
    })


def _person_state(row: Row) -> AccountState:
    if row["deactivated_at"] is not None:
        return AccountState.DEACTIVATED
    return AccountState.ACTIVE if row["locked_at"] is None else AccountState.LOCKED


def _service_state(row: Row) -> ServiceState:
    return ServiceState.ACTIVE if row["revoked_at"] is None else ServiceState.REVOKED


def _kept(
    connection: Connection, services: Services, source: str, settings: Settings
) -> dict[str, object]:
    row = services.find(connection, source)
    assert row is not None, "every account is met when the system starts"
    zone, used = settings.site_zone, row["used_at"]
    return {
        "state": _service_state(row),
        "last_used_at": None if used is None else from_microseconds(used, zone),
        "credentials_changed_at": from_microseconds(row["credentials_at"], zone),
    }
