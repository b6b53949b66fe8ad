"""What lets people sign, put on file and withdrawn by administrators."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import CommandAnswer
from contracts.model.codes import Code
from contracts.model.commands import (
    ChangeAccount,
    CreateAccount,
    KeepSigningRecords,
    ResetCredentials,
    SignatureComponents,
)
from contracts.model.identifiers import Id
from contracts.model.lot_status import LotStatus
from contracts.model.people import AccountAction
from contracts.model.roles import Duty, Role
from contracts.model.signing import SigningRecords
from contracts.wire.clients import Answer
from features.bench import Bench
from features.claims import equal
from features.reviewed_accounts import row_of
from features.steps.lot_status import decision_about
from simulator.site import EXAMPLE_SIGNING

_REASON = "as the register of the site says"
_NEWCOMER, _STATION = "EX-SIGNER", "QUALITY-3"


@given(parsers.re(
    r"somebody new got an account with the duty of quality, and cannot sign the release of "
    r"lot (?P<letter>[A-Z])"
))
def somebody_new(bench: Bench, letter: str) -> None:
    """Password and authenticator from two administrators. An account alone lets nobody sign."""
    bench.prepare("the administrator", "create-account", CreateAccount(
        change_id=Id(bench.new_id("CHANGE")), person_id=_newcomer(bench),
        printed_name="Example Signer", duties=(Duty.QUALITY,), password=bench.site.password,
        totp_secret=bench.sut.people.totp_secret, reason=_REASON,
    ))
    bench.prepare("the second administrator", "reset-credentials", ResetCredentials(
        change_id=Id(bench.new_id("CHANGE")), person_id=_newcomer(bench),
        totp_secret=bench.sut.people.totp_secret, reason=_REASON,
    ))
    refusal = _release(bench, letter).refusal
    equal(refusal.code if refusal else None, Code.SIGNING_NOT_ENABLED, "the newcomer got")


@given("the administrator has set password and authenticator of quality anew")
def sets_both(bench: Bench) -> None:
    """To what quality shows here; the administrator knows both now."""
    reset_of_quality(
        bench, "the administrator", password=bench.site.password,
        totp_secret=bench.sut.people.totp_secret,
    )


@given(parsers.re(
    r"(?P<who>the administrator|the second administrator) has set the authenticator of quality anew"
))
def sets_one(bench: Bench, who: str) -> None:
    """To what quality shows here; the password is as it was."""
    reset_of_quality(bench, who, totp_secret=bench.sut.people.totp_secret)


@given("the administrator has revoked the authenticator of quality")
def revokes_one(bench: Bench) -> None:
    """What opens the account is the password alone, which opens nothing."""
    bench.prepare("the administrator", "change-account", ChangeAccount(
        change_id=Id(bench.new_id("CHANGE")), person_id=bench.person_id("quality"),
        action=AccountAction.REVOKE_AUTHENTICATOR, reason=_REASON,
    ))


def reset_of_quality(
    bench: Bench, who: str, password: str | None = None, totp_secret: str | None = None
) -> None:
    """An administrator sets what opens quality's account."""
    bench.prepare(who, "reset-credentials", ResetCredentials(
        change_id=Id(bench.new_id("CHANGE")), person_id=bench.person_id("quality"),
        password=password, totp_secret=totp_secret, reason=_REASON,
    ))


@when("the administrator puts all three records of the newcomer on file")
def puts_on_file(bench: Bench) -> None:
    """As its register shows them."""
    body = _on_file(bench, _newcomer(bench), EXAMPLE_SIGNING)
    bench.command("the administrator", "keep-signing-records", body)


@given("the administrator has withdrawn the training of quality")
def withdraws(bench: Bench) -> None:
    """All but the training stays on file."""
    rest = EXAMPLE_SIGNING.model_copy(update={"training": ()})
    body = _on_file(bench, bench.person_id("quality"), rest)
    bench.prepare("the administrator", "keep-signing-records", body)


@when("the warehouse's administrator puts the own records on file")
def enables_oneself(bench: Bench) -> None:
    """By somebody who may put those of others there."""
    who = "the warehouse's administrator"
    body = _on_file(bench, bench.person_id(who), EXAMPLE_SIGNING)
    bench.command(who, "keep-signing-records", body)


@then("the access review of MES shows what is on file of the newcomer")
def review_shows_it(bench: Bench) -> None:
    """Record by record."""
    row = row_of(bench, Role.MES, _newcomer(bench))
    bench.recorder.observe(f"{row.person_id}: {row.signing}")
    equal(row.signing, EXAMPLE_SIGNING, "what is on file")


@then(parsers.re(r"the newcomer signs the release of lot (?P<letter>[A-Z])"))
def newcomer_signs(bench: Bench, letter: str) -> None:
    """In the own session, with all components."""
    answer = _release(bench, letter)
    bench.recorder.observe(str(answer))
    answer.as_(CommandAnswer)


def _on_file(bench: Bench, person_id: Id, signing: SigningRecords) -> KeepSigningRecords:
    return KeepSigningRecords(
        change_id=Id(bench.new_id("CHANGE")), person_id=person_id, signing=signing,
        reason=_REASON,
    )


def _release(bench: Bench, letter: str) -> Answer:
    signature = SignatureComponents(
        user_id=_newcomer(bench), password=bench.site.password, meaning="Released for use",
    )
    lot_id = bench.lots[letter].lot_id
    body = decision_about(bench, lot_id, LotStatus.RELEASED, signature)
    return bench.site.command_with_key(
        Role.MES, "change-lot-status", body, _NEWCOMER, _STATION, bench.site.new_key()
    )


def _newcomer(bench: Bench) -> Id:
    return Id(bench.namespace.id(_NEWCOMER))
