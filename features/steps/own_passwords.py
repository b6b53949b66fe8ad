"""Passwords: set anew by an administrator, replaced by the person at a sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pytest_bdd import given, then, when

from contracts.model.codes import Code
from contracts.model.commands import OpenSession, Session
from contracts.model.roles import Role
from contracts.wire.clients import Answer
from features.bench import PEOPLE, Attempt, Bench
from features.claims import equal
from features.steps.signing_on_file import reset_of_quality

NEW_PASSWORD = "set by somebody else"  # noqa: S105 - of an example person
OWN_PASSWORD = "chosen by the person"  # noqa: S105 - the same


@dataclass
class Passwords:
    """What quality shows where it is not what all show, and a session that is open."""

    shown: str = ""
    session: str = ""


@given("the password of quality was set anew")
def password_set_anew(bench: Bench) -> None:
    """By an administrator, who now knows it and has not the person's authenticator."""
    reset_of_quality(bench, "the administrator", password=NEW_PASSWORD)
    bench.part(Passwords).shown = NEW_PASSWORD


@given("quality has replaced it by one of the own at a sign-in")
def has_replaced_it(bench: Bench) -> None:
    """From another station than that of a session which is open."""
    kept = bench.part(Passwords)
    kept.session = _signs_in(bench, kept.shown, None, "QUALITY-8").as_(Session).token
    _signs_in(bench, kept.shown, OWN_PASSWORD).as_(Session)
    bench.recorder.observe("signed in, and the password replaced")


@given("quality has asked for the same as the new one, in vain")
def asked_for_the_same(bench: Bench) -> None:
    """At a sign-in with both components."""
    refusal = _signs_in(bench, NEW_PASSWORD, NEW_PASSWORD).refusal
    equal(refusal.code if refusal else None, Code.PASSWORD_UNCHANGED, "quality got")


@when("quality signs in with it, and asks for the same as the new one")
def asks_for_the_same(bench: Bench) -> None:
    """Both components are right."""
    bench.picture()
    answer = _signs_in(bench, NEW_PASSWORD, NEW_PASSWORD)
    bench.attempts.append(Attempt(Role.MES, "", "", answer))
    bench.recorder.observe(str(answer))


@then("the password and the session of until then count no more")
def no_more(bench: Bench) -> None:
    """The one that was shown for the change, and what was open before it."""
    kept = bench.part(Passwords)
    answers = [
        _signs_in(bench, kept.shown, None),
        bench.site.client(Role.MES).send(
            "change-lot-status", b"{}", key=bench.site.new_key(), session=kept.session
        ),
    ]
    codes = [answer.refusal.code if answer.refusal else None for answer in answers]
    equal(codes, [Code.UNAUTHENTICATED] * 2, "password and session got")


def _signs_in(
    bench: Bench, password: str, new: str | None, station: str = "QUALITY-9"
) -> Answer:
    """Quality, with a code that was never shown: a clock that stands still has few of them."""
    bench.site.set_clock(bench.now + timedelta(minutes=2))
    shown = bench.site.credentials(Role.MES, PEOPLE["quality"][0], station)
    body: OpenSession = shown.model_copy(
        update={"password": password or bench.site.password, "new_password": new}
    )
    return bench.site.client(Role.MES).call("sessions", body)
