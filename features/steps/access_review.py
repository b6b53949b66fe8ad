"""The access review: whom it lists, and what it says of them. Source: URS-IAM-008."""

from __future__ import annotations

from datetime import timedelta

from pytest_bdd import parsers, then, when

from contracts.model.people import AccountState
from contracts.model.roles import Role
from features.bench import PEOPLE, Attempt, Bench
from features.claims import equal, holds
from features.reviewed_accounts import Reviewed, review_of, row_of
from features.steps.people import DUTIES, SYSTEM, Signing, read_duties


@then(parsers.re(rf"the access review of MES shows the packer as {DUTIES}"))
def review_shows(bench: Bench, duties: str) -> None:
    """Duties, or a state."""
    row = row_of(bench, Role.MES, bench.person_id("the packer"))
    bench.recorder.observe(f"{row.person_id}: {', '.join(row.duties)}, {row.state}")
    if duties == "locked":
        equal(row.state, AccountState.LOCKED, "the account")
    else:
        equal(set(row.duties), set(read_duties(duties)), "duties")


@then(parsers.re(
    r"the packer (?P<so>is active|has new credentials) in the access review of MES"
))
def review_shows_change(bench: Bench, so: str) -> None:
    """What the revocation left."""
    row = row_of(bench, Role.MES, bench.person_id("the packer"))
    equal(row.state, AccountState.ACTIVE, "the account")
    changed = bench.now - timedelta(seconds=60) if so.startswith("has") else None
    if changed is not None:
        equal(row.credentials_changed_at, changed, "last change of credentials")


@when(parsers.re(rf"the administrator of {SYSTEM} asks for the access review"))
def asks_for_review(bench: Bench, system: str) -> None:
    """A few minutes later, so that what is shown is not simply the present."""
    bench.site.set_clock(bench.now + timedelta(minutes=5))
    bench.part(Reviewed).review = review_of(bench, Role(system.lower()))


@when("production asks MES for the access review")
def production_asks(bench: Bench) -> None:
    """Somebody without the duty."""
    token = bench.session("production")
    answer = bench.site.client(Role.MES).call("access-review", session=token)
    bench.attempts.append(Attempt(Role.MES, "", "", answer))


@then("it lists every person of the scenario once, with duties and owner")
def lists_people(bench: Bench) -> None:
    """As they were given their accounts."""
    shown = [
        (row.person_id, set(row.duties)) for row in bench.part(Reviewed).the_review.people
        if bench.namespace.owns(row.person_id)
    ]
    wanted = [(bench.person_id(who), {duty}) for who, (_, duty, _, _) in PEOPLE.items()]
    bench.recorder.observe(f"{len(shown)} people")
    equal(sorted(shown), sorted(wanted), "people of the scenario")
    unowned = [row.person_id for row in bench.part(Reviewed).the_review.people if not row.owner]
    holds(not unowned, f"nobody owns {unowned}")


@then("it says when the packer last signed in, and when its credentials were last set")
def says_when(bench: Bench) -> None:
    """Both five minutes ago, and not now."""
    signing, about = bench.part(Signing), bench.person_id("the packer")
    review = bench.part(Reviewed).the_review
    row = next(row for row in review.people if row.person_id == about)
    bench.recorder.observe(f"used {row.last_used_at}, set {row.credentials_changed_at}")
    equal(row.last_used_at, signing.at, "last use")
    equal(row.credentials_changed_at, signing.at, "last change of credentials")
