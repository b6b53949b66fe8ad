"""Accounts of people: given, changed, locked, revoked, reviewed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.codes import Code
from contracts.model.commands import (
    AssignDuties,
    ChangeAccount,
    Command,
    CreateAccount,
    OpenSession,
    ResetCredentials,
    Session,
)
from contracts.model.commands.lot_status import ChangeLotStatus
from contracts.model.identifiers import Id
from contracts.model.inspection import Alarms
from contracts.model.lot_status import LotStatus
from contracts.model.people import AccountAction, AccountState
from contracts.model.roles import Duty, Role
from contracts.model.second_factor import code_of, step_at
from contracts.record.canonical import canonical_bytes
from contracts.wire.clients import Answer
from features.bench import PEOPLE, Attempt, Bench
from features.claims import equal, holds
from features.reviewed_accounts import row_of
from features.steps.lot_status import decision_about

_REASON = "asked for by the line"
_LOCKS_AFTER = 5
DUTIES = r"(?P<duties>[a-z]+(?: and [a-z]+)*)"
_PERSON = r"(?P<person>the packer|the picker|the administrator|a deactivated person)"
_ADMIN = r"(?P<admin>the administrator|the warehouse's administrator)"
SYSTEM = r"(?P<system>MES|WMS)"
_NEWCOMER, _GONE = "EX-NEW", "EX-GONE"
_ACTIONS = {
    "the sessions": AccountAction.END_SESSIONS,
    "the authenticator": AccountAction.REVOKE_AUTHENTICATOR,
}


@dataclass
class Signing:
    """The sign-ins of the scenario: the last one, what was used of it, and when."""

    role: Role = Role.MES
    token: str = ""
    step: int = 0
    at: datetime | None = None
    answer: Answer | None = None
    uses: list[Answer] = field(default_factory=list)

    @property
    def the_answer(self) -> Answer:
        """What came of the last sign-in. Raises: AssertionError when nobody signed in."""
        assert self.answer is not None, "nobody has signed in"
        return self.answer


# --- what administrators do -----------------------------------------------------------------------


@when(parsers.re(rf"{_ADMIN} assigns {DUTIES} to {_PERSON}"))
def assigns(bench: Bench, admin: str, duties: str, person: str) -> None:
    """All duties of the person from now on."""
    _try(bench, admin, "assign-duties", AssignDuties(
        change_id=Id(bench.new_id("CHANGE")), person_id=_id_of(bench, person),
        duties=read_duties(duties), reason=_REASON,
    ))


@when(parsers.re(rf"{_ADMIN} opens an account with {DUTIES}"))
def opens_account(bench: Bench, admin: str, duties: str) -> None:
    """For somebody who is new."""
    _try(bench, admin, "create-account", _account(bench, _NEWCOMER, read_duties(duties)))


@when(parsers.re(rf"the administrator opens an account under the id of {_PERSON}"))
def opens_account_again(bench: Bench, person: str) -> None:
    """With a name and credentials of somebody else."""
    name = _name_of(bench, person)
    _try(bench, "the administrator", "create-account", _account(bench, name, (Duty.PACKER,)))


@when(parsers.re(rf"the administrator resets the credentials of {_PERSON}"))
def resets(bench: Bench, person: str) -> None:
    """A new password and authenticator."""
    _try(bench, "the administrator", "reset-credentials", ResetCredentials(
        change_id=Id(bench.new_id("CHANGE")), person_id=_id_of(bench, person),
        password=bench.site.password, totp_secret=bench.sut.people.totp_secret, reason=_REASON,
    ))


@when("the administrator unlocks the packer")
def unlocks(bench: Bench) -> None:
    """After the person was identified."""
    _try(bench, "the administrator", "change-account",
         _change(bench, "the packer", AccountAction.UNLOCK))


@when("production tries to unlock the packer")
def production_unlocks(bench: Bench) -> None:
    """Somebody without the duty."""
    _try(bench, "production", "change-account",
         _change(bench, "the packer", AccountAction.UNLOCK))


@when(parsers.re(
    r"the administrator revokes (?P<what>the sessions|the authenticator) of the packer"
))
def revokes(bench: Bench, what: str) -> None:
    """What opened the account, or keeps it open."""
    _do(bench, "the administrator", _change(bench, "the packer", _ACTIONS[what]))


# --- signing in -----------------------------------------------------------------------------------


@given(parsers.re(rf"the (?P<person>packer|picker) has signed in at {SYSTEM}"))
def has_signed_in(bench: Bench, person: str, system: str) -> None:
    """With the code of now."""
    signing, role = bench.part(Signing), Role(system.lower())
    signing.step = step_at(bench.now)
    answer = _sign_in(bench, role, PEOPLE[f"the {person}"][0], signing.step)
    signing.role, signing.at, signing.answer = role, bench.now, answer
    signing.token = answer.as_(Session).token


@when(parsers.re(
    r"the packer signs in at MES with (?P<code>the next code|the same code again|"
    r"the code before that one|the code of two minutes ago)"
))
def signs_in_with(bench: Bench, code: str) -> None:
    """The right password, and a code."""
    signing = bench.part(Signing)
    shift = {
        "the next code": 1, "the same code again": 0, "the code before that one": -1,
        "the code of two minutes ago": -4,
    }[code]
    signing.answer = _sign_in(bench, Role.MES, PEOPLE["the packer"][0], signing.step + shift)
    bench.recorder.observe(f"with {code}: {signing.answer}")


@then("the sign-in is accepted")
def is_accepted(bench: Bench) -> None:
    """A session was opened."""
    bench.part(Signing).the_answer.as_(Session)


@then("the sign-in is refused")
def is_refused(bench: Bench) -> None:
    """In the words that fit every cause."""
    refusal = bench.part(Signing).the_answer.refusal
    equal(refusal.code if refusal else None, Code.UNAUTHENTICATED, "the sign-in got")


@given(parsers.re(r"the packer has failed (?P<times>[0-9]) times with (?P<failure>[a-z ]+)"))
@when(parsers.re(r"the packer fails (?P<times>[0-9]) times with (?P<failure>[a-z ]+)"))
def fails(bench: Bench, times: str, failure: str) -> None:
    """One after the other, each refused."""
    for _ in range(int(times)):
        code = _FAILURES[failure](bench)
        equal(code, _REFUSED_AS[failure], "the failure got")
    bench.recorder.observe(f"{times} times {failure}")


def lock_and_unlock(bench: Bench, person: str, role: Role) -> None:
    """Fail to sign in until the account is locked, and let an administrator unlock it."""
    name = PEOPLE[person][0]
    for _ in range(_LOCKS_AFTER):
        answer = _sign_in(bench, role, name, step_at(bench.now), "not the password")
        equal(_code(answer), Code.UNAUTHENTICATED, "the failure got")
    _do(bench, "the administrator", _change(bench, person, AccountAction.UNLOCK))


def _wrong_password(bench: Bench) -> Code | None:
    name = PEOPLE["the packer"][0]
    return _code(_sign_in(bench, Role.MES, name, step_at(bench.now), "not the password"))


def _wrong_code(bench: Bench) -> Code | None:
    name, step = PEOPLE["the packer"][0], step_at(bench.now)
    near = {code_of(bench.sut.people.totp_secret, step + shift) for shift in (-1, 0, 1)}
    wrong = next(code for n in range(9) if (code := f"{n}" * 6) not in near)
    return _code(_sign_in(bench, Role.MES, name, code=wrong))


def _wrong_signature(bench: Bench) -> Code | None:
    """Signing in another's session: both components are the packer's, the password is not."""
    signature = bench.signature("the packer", "Released for use", wrong_password=True)
    lot_id = bench.lots["A"].lot_id
    body: ChangeLotStatus = decision_about(bench, lot_id, LotStatus.BLOCKED, signature)
    return _code(bench.command_unseen("quality", "change-lot-status", body).answer)


_FAILURES = {
    "a wrong password": _wrong_password, "a wrong code": _wrong_code,
    "a wrong password in a signature": _wrong_signature,
}
_REFUSED_AS = {
    "a wrong password": Code.UNAUTHENTICATED, "a wrong code": Code.UNAUTHENTICATED,
    "a wrong password in a signature": Code.SIGNATURE_REFUSED,
}


@then("the packer can sign in at MES")
def can_sign_in(bench: Bench) -> None:
    """With the right password and a new code."""
    _fresh(bench, PEOPLE["the packer"][0]).as_(Session)


@then("the packer cannot sign in at MES, with the right password and a new code either")
def cannot_sign_in(bench: Bench) -> None:
    """The very credentials that would be good."""
    answer = _fresh(bench, PEOPLE["the packer"][0])
    bench.recorder.observe(str(answer))
    equal(_code(answer), Code.UNAUTHENTICATED, "the sign-in got")


@then("the newcomer can sign in at MES")
def newcomer_signs_in(bench: Bench) -> None:
    """With what the administrator handed out."""
    _fresh(bench, _NEWCOMER).as_(Session)


@then(
    "after its deactivation the newcomer is still in the access review of MES, and signs in no more"
)
def deactivated_stays(bench: Bench) -> None:
    """Deactivated, not deleted."""
    _do(bench, "the administrator", _change(bench, _NEWCOMER, AccountAction.DEACTIVATE))
    row = row_of(bench, Role.MES, bench.namespace.id(_NEWCOMER))
    bench.recorder.observe(f"{row.person_id} is {row.state}")
    equal(row.state, AccountState.DEACTIVATED, "the account")
    equal(_code(_fresh(bench, _NEWCOMER)), Code.UNAUTHENTICATED, "the sign-in got")


@then("MES has raised the alarm ACCOUNT_LOCKED about the packer within 60 s")
def lock_is_alarmed(bench: Bench) -> None:
    """One alarm, no older and no younger than the lock."""
    about = bench.person_id("the packer")
    rows = bench.site.client(Role.MES).ask("alarms", Alarms).rows
    found = [row for row in rows if row.name == "ACCOUNT_LOCKED" and about in row.detail]
    bench.recorder.observe("; ".join(f"{row.at:%H:%M:%S} {row.detail}" for row in found))
    equal(len(found), 1, "alarms about the packer")
    late = abs((found[0].at - bench.now).total_seconds())
    holds(late <= 60, f"the alarm is {late} s away from the lock")


# --- sessions -------------------------------------------------------------------------------------


@then("60 seconds later the session of the packer is refused")
def session_is_refused(bench: Bench) -> None:
    """The token that was good before."""
    bench.site.set_clock(bench.now + timedelta(seconds=60))
    answer = _use(bench)
    bench.recorder.observe(str(answer))
    equal(_code(answer), Code.UNAUTHENTICATED, "the session got")


@when(parsers.re(
    r"the session of the picker is used after (?P<first>[0-9]+) minutes, and again "
    r"(?P<second>[0-9]+) minutes later"
))
def session_is_used(bench: Bench, first: str, second: str) -> None:
    """By the site clock."""
    for minutes in (first, second):
        bench.site.set_clock(bench.now + timedelta(minutes=int(minutes)))
        bench.part(Signing).uses.append(_use(bench))


@then("each use was accepted")
def uses_accepted(bench: Bench) -> None:
    """An answer each time."""
    uses = bench.part(Signing).uses
    equal([_code(use) for use in uses], [None, None], "the uses got")


@then("each use was refused with UNAUTHENTICATED")
def uses_refused(bench: Bench) -> None:
    """What ended does not come back."""
    uses = bench.part(Signing).uses
    equal([_code(use) for use in uses], [Code.UNAUTHENTICATED] * 2, "the uses got")


@when("the picker signs in at WMS and asks for 60 idle minutes")
def asks_for_more(bench: Bench) -> None:
    """A member that the contract does not know."""
    body = bench.site.credentials(Role.WMS, PEOPLE["the picker"][0], "FORKLIFT-1").to_json()
    raw = canonical_bytes({**body, "idleMinutes": 60})
    answer = bench.site.client(Role.WMS).send("sessions", raw)
    bench.attempts.append(Attempt(Role.WMS, "", "", answer))


# --- the access review ----------------------------------------------------------------------------


# --- the same, in one place -----------------------------------------------------------------------


def _try(bench: Bench, who: str, name: str, body: Command) -> None:
    attempt = bench.command(who, name, body)
    bench.recorder.observe(f"{name} of {body.key}: {attempt.answer}")


def _do(bench: Bench, who: str, body: ChangeAccount) -> None:
    bench.prepare(who, "change-account", body)
    bench.attempts.clear()


def _change(bench: Bench, person: str, action: AccountAction) -> ChangeAccount:
    return ChangeAccount(
        change_id=Id(bench.new_id("CHANGE")), person_id=_id_of(bench, person), action=action,
        reason=_REASON,
    )


def _account(bench: Bench, name: str, duties: tuple[Duty, ...]) -> CreateAccount:
    return CreateAccount(
        change_id=Id(bench.new_id("CHANGE")), person_id=Id(bench.namespace.id(name)),
        printed_name="Example Newcomer", duties=duties, password=bench.site.password,
        totp_secret=bench.sut.people.totp_secret, reason=_REASON,
    )


def _name_of(bench: Bench, person: str) -> str:
    """The name of a person; one that is deactivated is made first."""
    if person in PEOPLE:
        return PEOPLE[person][0]
    if person == "a deactivated person":
        body = _account(bench, _GONE, (Duty.PACKER,))
        bench.prepare("the administrator", "create-account", body)
        _do(bench, "the administrator", _change(bench, _GONE, AccountAction.DEACTIVATE))
        return _GONE
    return person


def _id_of(bench: Bench, person: str) -> Id:
    return Id(bench.namespace.id(_name_of(bench, person)))


def read_duties(duties: str) -> tuple[Duty, ...]:
    """Duties as a sentence lists them."""
    return tuple(Duty(word) for word in duties.split(" and "))


def _sign_in(
    bench: Bench, role: Role, name: str, step: int = 0, password: str = "", code: str = ""
) -> Answer:
    people = bench.sut.people
    body = OpenSession(
        user_id=Id(bench.namespace.id(name)), password=password or people.password,
        station=Id("DESK-1"), code=code or code_of(people.totp_secret, step),
    )
    return bench.site.client(role).call("sessions", body)


def _fresh(bench: Bench, name: str) -> Answer:
    body = bench.site.credentials(Role.MES, name, "DESK-1")
    return bench.site.client(Role.MES).call("sessions", body)


def _use(bench: Bench) -> Answer:
    """Something that only an open session may do; what is wrong about it comes after that."""
    signing = bench.part(Signing)
    client = bench.site.client(signing.role)
    if signing.role is Role.WMS:
        return client.call("pick-tasks", session=signing.token)
    return client.send("spoil-label", b"{}", key=bench.site.new_key(), session=signing.token)


def _code(answer: Answer) -> Code | None:
    return answer.refusal.code if answer.refusal else None
