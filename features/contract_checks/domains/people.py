"""Accounts: one account for each case that changes one, and one system that is nobody's partner."""

from __future__ import annotations

from typing import Any

from contracts.model.identifiers import Id
from contracts.model.inspection_people import AccessReview
from contracts.model.people import AccountAction, ServiceState
from contracts.model.roles import Duty
from contracts.model.stimulus import Load, Person
from features.contract_checks.domains.facts import Domain, Facts, member
from features.contract_checks.world import PASSWORD, World
from simulator.namespace import Namespace

_REASON = "because a contract check says so"
_KINDS = ("assigned", "changed", "reset", "signing")


def _load(names: Namespace, supply: int) -> Load:
    return Load(people=tuple(
        Person(
            person_id=Id(_account(names, kind, n)), printed_name=f"Example Account {n}",
            duties=(Duty.AUDITOR,), password=PASSWORD,
        )
        for kind in _KINDS for n in range(supply)
    ))


def _create(world: World, body: Any) -> Facts:
    return [
        *_begun(world, body), ("personId", world.fresh("newcomer")), ("duties", ["auditor"]),
    ]


def _assign(world: World, body: Any) -> Facts:
    return [*_begun(world, body), _next(world, "assigned"), ("duties", ["auditor"])]


def _change(world: World, body: Any) -> Facts:
    """Nobody here is locked, so that there is nothing to unlock."""
    facts = [*_begun(world, body), _next(world, "changed")]
    unlocks = member(body, "action") == AccountAction.UNLOCK.value
    return [*facts, ("action", AccountAction.END_SESSIONS.value)] if unlocks else facts


def _reset(world: World, body: Any) -> Facts:
    """Of a password and an authenticator at least one."""
    facts = [*_begun(world, body), _next(world, "reset")]
    is_empty = member(body, "password") is None and member(body, "totpSecret") is None
    return [*facts, ("password", PASSWORD)] if is_empty else facts


def _keep_signing(world: World, body: Any) -> Facts:
    return [*_begun(world, body), _next(world, "signing")]


def _change_service(world: World, body: Any) -> Facts:
    """Revoked and restored in turn; the account of another system would be missed."""
    client = world.sut.ci(world.role)
    account = client.identity.source if client else "urn:example:nobody"
    to = ServiceState.ACTIVE if _is_revoked(world, account) else ServiceState.REVOKED
    return [*_begun(world, body), ("account", account), ("toState", to.value)]


def _is_revoked(world: World, account: str) -> bool:
    """As the access review shows it; an earlier run may have left it so."""
    token = world.tokens.get(Duty.ADMINISTRATOR)
    harness = world.harness[world.role]
    answer = world.attempt(
        "the access review", lambda: harness.call("access-review", session=token)
    )
    if answer is None or answer.value is None:
        return False
    services = answer.as_(AccessReview).services
    return any(s.account == account and s.state is ServiceState.REVOKED for s in services)


def _begun(world: World, body: Any) -> Facts:
    """A number of its own, and a reason that is long enough."""
    facts: Facts = [("changeId", world.fresh("account-change"))]
    is_short = len("".join(str(member(body, "reason")).split())) < 5
    return [*facts, ("reason", _REASON)] if is_short else facts


def _next(world: World, kind: str) -> tuple[str, Any]:
    return ("personId", _account(world.names, kind, world.turn(kind)))


def _account(names: Namespace, kind: str, number: int) -> str:
    return names.id(f"p.{kind}{number}")


PEOPLE = Domain(
    facts={
        "create-account": _create,
        "assign-duties": _assign,
        "change-account": _change,
        "reset-credentials": _reset,
        "keep-signing-records": _keep_signing,
        "change-service-account": _change_service,
    },
    load=_load,
)
