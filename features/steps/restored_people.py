"""What was open when a backup was taken, and what of it a restore brings back."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_bdd import then, when

from contracts.model.codes import Code
from contracts.model.commands import ChangeAccount
from contracts.model.identifiers import Id
from contracts.model.inspection_reconciling import Cutoff
from contracts.model.operations import OPERATIONS
from contracts.model.people import AccountAction
from contracts.model.ports import HttpRequest
from contracts.model.recovery import GapKind, Recoveries
from contracts.model.roles import Role
from contracts.wire.clients import Answer
from contracts.wire.signing import sign
from features.bench import PEOPLE, Bench
from features.claims import equal, holds
from features.steps.backup import KeptBackups
from features.steps.recovery import OnMachines

_ADMINISTRATOR = "the warehouse's administrator"
_READ = OPERATIONS["wms/cutoff"]


@dataclass
class BeforeRestore:
    """What was open and signed before the restore."""

    tokens: tuple[str, ...] = ()
    request: HttpRequest | None = None


@when("the picker and the warehouse's administrator sign in")
def they_sign_in(bench: Bench) -> None:
    """Their sessions are open when the backup is taken."""
    tokens = bench.session("the picker"), bench.session(_ADMINISTRATOR)
    bench.part(BeforeRestore).tokens = tokens


@when("a request is signed, answered, and kept by somebody")
def request_is_kept(bench: Bench) -> None:
    """Its nonce is used after the backup, so a restored warehouse has forgotten it."""
    client = bench.site.client(Role.WMS)
    plain = HttpRequest(_READ.method, _READ.path, "", {}, b"")
    before = bench.part(BeforeRestore)
    before.request = sign(plain, client.identity, int(client.wall()), client.nonce())
    client.carry(_READ, before.request).as_(Cutoff)


@when("the warehouse's administrator closes the account of the picker")
def closes_account(bench: Bench) -> None:
    """After the backup."""
    _change(bench, "the picker", AccountAction.DEACTIVATE)


@when("the backup is restored on an empty host, with the account of the administrator reviewed")
def restored_with_review(bench: Bench) -> None:
    """Nobody else's."""
    machines = bench.part(OnMachines).machines
    assert machines is not None, "the scenario has no machines"
    machines.restore(
        Role.WMS, bench.part(KeptBackups).of(Role.WMS),
        reviewed=(bench.person_id(_ADMINISTRATOR),),
    )
    bench.site.signed_out(Role.WMS)


@then("the sessions of before have ended, and the picker cannot sign in")
def nobody_comes_in(bench: Bench) -> None:
    """With a token of before, the administrator's as well; with password and a new code."""
    client = bench.site.client(Role.WMS)
    held = [
        client.call("access-review", session=token) for token in bench.part(BeforeRestore).tokens
    ]
    again = _sign_in(bench, "the picker")
    bench.recorder.observe(f"the sessions: {held[0]}, {held[1]}; the sign-in: {again}")
    for answer in (*held, again):
        equal(_code(answer), Code.UNAUTHENTICATED, "the answer")


@then("the kept request is refused, because it was signed before the restore")
def kept_is_refused(bench: Bench) -> None:
    """As a copy of it would be that somebody brings."""
    request = bench.part(BeforeRestore).request
    assert request is not None, "no request was kept"
    answer = bench.site.client(Role.WMS).carry(_READ, request)
    bench.recorder.observe(str(answer))
    equal(_code(answer), Code.SIGNED_BEFORE_RESTORE, "the copy got")


@then("the gap list names the locked accounts, which the administrator can unlock")
def accounts_are_named(bench: Bench) -> None:
    """Everybody's but the administrator's; the receiver comes in once unlocked."""
    bench.deliver()
    (recovery,) = bench.site.client(Role.WMS).ask("recoveries", Recoveries).rows
    named = {gap.subject for gap in recovery.gaps if gap.kind is GapKind.ACCOUNT}
    bench.recorder.observe(f"{len(named)} accounts are locked")
    wanted = {bench.person_id(who) for who in ("the picker", "the receiver", "the supervisor")}
    holds(wanted <= named, f"not named: {sorted(wanted - named)}")
    holds(bench.person_id(_ADMINISTRATOR) not in named, "the administrator is locked")
    _change(bench, "the receiver", AccountAction.UNLOCK)
    bench.session("the receiver")


def _change(bench: Bench, person: str, action: AccountAction) -> None:
    bench.prepare(_ADMINISTRATOR, "change-account", ChangeAccount(
        change_id=Id(bench.new_id("CHANGE")), person_id=bench.person_id(person), action=action,
        reason="as the personnel office has it",
    ))


def _sign_in(bench: Bench, who: str) -> Answer:
    person, _, role, station = PEOPLE[who]
    return bench.site.client(role).call("sessions", bench.site.credentials(role, person, station))


def _code(answer: Answer) -> Code | None:
    return answer.refusal.code if answer.refusal else None
