"""Accounts of systems: one certificate, a list of what each may call, no session, no signature."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from contracts.model.codes import Code
from contracts.model.commands import ChangeServiceAccount, OpenSession, SignatureComponents
from contracts.model.identifiers import Id, SystemUri
from contracts.model.inspection import Lots, Version
from contracts.model.lot_status import LotStatus
from contracts.model.operations import OPERATIONS
from contracts.model.people import ServiceState
from contracts.model.roles import Role
from contracts.wire.clients import Answer, SystemClient
from features.bench import PEOPLE, Bench
from features.claims import NotTested, equal, holds
from features.reviewed_accounts import ADMINISTRATORS, Reviewed
from features.snapshots import growth
from features.steps.access import Call, Called, signed_call
from features.steps.lot_status import decision_about
from features.steps.people import Signing

_REASON = "asked for by the site"
_WHOSE = ("the partner", "the harness", "continuous integration")
_OUTSIDE = {
    "the partner": ("stimulus/clock", "stimulus/load"),
    "the harness": ("validate",),
    "continuous integration": ("validate", "stimulus/clock"),
}
_A_MESSAGE = {Role.MES: "pick-confirmed", Role.WMS: "pick-requested"}


def _client(bench: Bench, whose: str, role: Role) -> SystemClient:
    if whose == "the partner":
        return bench.counterpart(role).client
    if whose == "the harness":
        return bench.site.client(role)
    found = bench.sut.ci(role)
    if found is None:
        raise NotTested("the target names no account of continuous integration")
    return found.as_recorded_by(bench.recorder)


@when("the partner, the harness and continuous integration each call one operation of their list")
def call_listed(bench: Bench) -> None:
    """An export that each may read."""
    bench.part(Called).calls = [
        Call(whose, OPERATIONS[f"{role}/lots"], _client(bench, whose, role).call("lots"))
        for role in Role for whose in _WHOSE
    ]


@when("the partner, the harness and continuous integration each call what is outside their list")
def call_unlisted(bench: Bench) -> None:
    """What each of them might want to do most."""
    clients = {(whose, role): _client(bench, whose, role) for whose in _WHOSE for role in Role}
    bench.picture()
    bench.part(Called).calls = [
        Call(whose, operation, signed_call(client, operation))
        for (whose, role), client in clients.items()
        for name in (*_OUTSIDE[whose], *_messages(whose, role))
        for operation in (OPERATIONS[f"{role}/{name}"],)
    ]


def _messages(whose: str, role: Role) -> tuple[str, ...]:
    return () if whose == "the partner" else (_A_MESSAGE[role],)


@then("no two accounts share a certificate or a key")
def nothing_shared(bench: Bench) -> None:
    """As the access review shows them."""
    for role in Role:
        rows = bench.site.access_review(role, bench.session(ADMINISTRATORS[role])).services
        for what in ("account", "certificate", "key_id"):
            values = [getattr(row, what) for row in rows]
            equal(len(set(values)), len(rows), f"different values of {what} at {role.upper()}")
        bench.recorder.observe(f"{role.upper()}: {len(rows)} accounts")


@then("each denied call stands in the journal under its account")
def denied_calls_are_journalled(bench: Bench) -> None:
    """One row for each, with the operation and the account that called."""
    assert bench.before is not None
    calls = bench.part(Called).calls
    for role in Role:
        rows = growth(bench.site, bench.before, role).journal
        found = sorted((row.operation, row.partner) for row in rows if row.kind == "denied")
        wanted = sorted(
            (call.operation.id, _client(bench, call.by, role).identity.source)
            for call in calls if call.operation.role is role
        )
        bench.recorder.observe(f"{role.upper()}: {len(found)} rows for {len(wanted)} calls")
        equal(found, wanted, f"denied calls in the journal of {role.upper()}")


@then("it lists every account of a system with its certificate, its list and its owner")
def lists_services(bench: Bench) -> None:
    """Those that the harness has, and the partner itself."""
    role = bench.part(Signing).role
    rows = {row.account: row for row in bench.part(Reviewed).the_review.services}
    wanted = {_client(bench, whose, role).identity.source for whose in _WHOSE}
    wanted.add(bench.site.client(role.partner).ask("version", Version).system)
    bench.recorder.observe(", ".join(sorted(rows)))
    missing = wanted - set(rows)
    holds(not missing, f"{sorted(missing)} are not in the review")
    empty = [r.account for r in rows.values() if not (r.certificate and r.operations and r.owner)]
    holds(not empty, f"{empty} are without certificate, list or owner")


# --- revoked --------------------------------------------------------------------------------------


@when("the administrator revokes the account of continuous integration")
def revokes_ci(bench: Bench) -> None:
    """For the scenario only."""
    _set(bench, ServiceState.ACTIVE)
    _client(bench, "continuous integration", Role.MES).ask("lots", Lots)
    _set(bench, ServiceState.REVOKED)
    bench.endings.append(lambda: _set(bench, ServiceState.ACTIVE))


@then("60 seconds later continuous integration is refused with UNAUTHENTICATED")
def ci_is_refused(bench: Bench) -> None:
    """Its certificate and key are good as before."""
    answer = _client(bench, "continuous integration", Role.MES).call("lots")
    bench.recorder.observe(str(answer))
    equal(answer.refusal.code if answer.refusal else None, Code.UNAUTHENTICATED, "CI got")


@then("the account of continuous integration can be revoked and restored")
def ci_comes_back(bench: Bench) -> None:
    """Refused between the two, answered after."""
    revokes_ci(bench)
    ci_is_refused(bench)
    bench.end()
    _client(bench, "continuous integration", Role.MES).ask("lots", Lots)


def _set(bench: Bench, to: ServiceState) -> None:
    source = _client(bench, "continuous integration", Role.MES).identity.source
    body = ChangeServiceAccount(
        change_id=Id(bench.new_id("CHANGE")), account=SystemUri(source), to_state=to,
        reason=_REASON,
    )
    attempt = bench.command_unseen("the administrator", "change-service-account", body)
    bench.attempts.remove(attempt)
    refusal = attempt.answer.refusal
    done = refusal is None or refusal.code is Code.ACCOUNT_UNCHANGED
    holds(done, f"the account of continuous integration: {attempt.answer}")


# --- no session, no signature ---------------------------------------------------------------------


@when(parsers.re(
    r"(?P<who>MES, over its own certificate|CI, over its own certificate|"
    r"somebody under the name of a system) signs in at WMS with the credentials of the picker"
))
def system_signs_in(bench: Bench, who: str) -> None:
    """Both factors are right where there is a person behind them."""
    person = PEOPLE["the picker"][0]
    body = bench.site.credentials(Role.WMS, person, "DESK-1")
    if who.startswith("somebody"):
        body = body.model_copy(update={"user_id": _name_of_a_system(bench)})
    whose = {"MES": "the partner", "CI,": "continuous integration"}.get(who[:3], "the harness")
    client = _client(bench, "the partner" if who.startswith("MES") else whose, Role.WMS)
    bench.part(Signing).answer = _open(client, body)


@then(parsers.re(r"the sign-in is refused with (?P<code>[A-Z_]+)"))
def sign_in_is_refused(bench: Bench, code: str) -> None:
    """No session came of it."""
    refusal = bench.part(Signing).the_answer.refusal
    bench.recorder.observe(str(bench.part(Signing).the_answer))
    equal(refusal.code if refusal else None, Code(code), "the sign-in got")


@when("MES uses the session of the picker over its own certificate")
def system_uses_session(bench: Bench) -> None:
    """A token that is good at a terminal."""
    signing = bench.part(Signing)
    client = _client(bench, "the partner", Role.WMS)
    signing.uses = [
        bench.site.client(Role.WMS).call("pick-tasks", session=signing.token),
        client.call("pick-tasks", session=signing.token),
    ]


@then("the use was refused with NOT_PERMITTED")
def use_was_refused(bench: Bench) -> None:
    """At the terminal the same token was good."""
    codes = [use.refusal.code if use.refusal else None for use in bench.part(Signing).uses]
    equal(codes, [None, Code.NOT_PERMITTED], "at the terminal and over MES")


@when("quality releases lot B with the signature of a system")
def system_signs(bench: Bench) -> None:
    """Its name, and a password that is good for people."""
    signature = SignatureComponents(
        user_id=Id(_name_of_a_system(bench)), password=bench.site.password,
        meaning="Released for use",
    )
    lot_id = bench.lots["B"].lot_id
    body = decision_about(bench, lot_id, LotStatus.RELEASED, signature)
    attempt = bench.command("quality", "change-lot-status", body)
    bench.recorder.observe(str(attempt.answer))


@when("quality releases lot B with the signature of quality")
def person_signs(bench: Bench) -> None:
    """Both components of a person."""
    signature = bench.signature("quality", "Released for use")
    lot_id = bench.lots["B"].lot_id
    bench.command(
        "quality", "change-lot-status",
        decision_about(bench, lot_id, LotStatus.RELEASED, signature),
    )


def _name_of_a_system(bench: Bench) -> str:
    return bench.counterpart(Role.WMS).client.identity.source


def _open(client: SystemClient, body: OpenSession) -> Answer:
    return client.call("sessions", body)
