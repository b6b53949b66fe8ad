"""Attempts to change, empty or switch off what is evidence, by accounts that may inspect it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pytest_bdd import then, when

from contracts.model.codes import Code
from contracts.model.inspection import AuditAction
from contracts.model.operations import JSON, OPERATIONS
from contracts.model.ports import HttpRequest
from contracts.model.roles import Role
from contracts.wire.clients import Answer
from contracts.wire.signing import sign
from features.bench import Bench
from features.claims import equal, holds
from features.snapshots import growth

_READ_ALONE = ("audit", "journal", "configuration")
_NOT_THERE = ("/v1/operator/audit", "/v1/stimulus/audit", "/v1/inspection/audit/1")
_METHODS = ("POST", "PUT", "PATCH", "DELETE")
_NOT_PUBLISHED = (Code.METHOD_NOT_ALLOWED, Code.NOT_FOUND)


@dataclass
class Switching:
    """What was tried at each system: method and path, and what came of it."""

    attempts: dict[Role, list[tuple[str, str, Answer]]] = field(default_factory=dict)


@when("both accounts try every method on audit trail, journal and configuration")
def try_everything(bench: Bench) -> None:
    """Each request is signed, so it is known whose attempt it is."""
    bench.picture()
    for role in Role:
        shown = OPERATIONS[f"{role}/audit"]
        paths = [OPERATIONS[f"{role}/{name}"].path for name in _READ_ALONE] + [*_NOT_THERE]
        clients = (bench.counterpart(role).client, bench.site.client(role))
        attempts = bench.part(Switching).attempts[role] = []
        for client in clients:
            for path in paths:
                for method in _METHODS:
                    body = b'{"enabled":false}'
                    plain = HttpRequest(method, path, "", {"content-type": JSON}, body)
                    signed = sign(plain, client.identity, int(client.wall()), client.nonce())
                    attempts.append((method, path, client.carry(shown, signed)))


@then("each attempt is refused, as a method or address that is not published")
def each_attempt_is_refused(bench: Bench) -> None:
    """Nothing is served beside what the contract publishes."""
    for role, attempts in bench.part(Switching).attempts.items():
        wrong = [
            f"{method} {path}: {answer}" for method, path, answer in attempts
            if answer.refusal is None or answer.refusal.code not in _NOT_PUBLISHED
        ]
        bench.recorder.observe(f"{role.upper()}: {len(attempts)} attempts, {len(wrong)} otherwise")
        holds(bool(attempts), "nothing was tried")
        holds(not wrong, f"{role.upper()}: {'; '.join(wrong[:5])}")


@then("each attempt stands in the audit trail of the system that refused it")
def each_attempt_is_entered(bench: Bench) -> None:
    """One entry for each, with the address, and the account that tried."""
    assert bench.before is not None
    for role, attempts in bench.part(Switching).attempts.items():
        entries = growth(bench.site, bench.before, role).audit
        equal({entry.action for entry in entries}, {AuditAction.REFUSE}, "kinds of entries")
        found = Counter(entry.record_id for entry in entries)
        wanted = Counter(path for _, path, _ in attempts)
        bench.recorder.observe(f"{role.upper()}: {len(entries)} entries")
        equal(dict(found), dict(wanted), f"attempts in the audit trail of {role.upper()}")
        accounts = {bench.counterpart(role).client.identity.source,
                    bench.site.client(role).identity.source}
        equal({entry.account for entry in entries}, accounts, "accounts that tried")
