"""A credential in the wrong hands: what it may read, and what it cannot change."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_bdd import parsers, then, when

from contracts.model.codes import Code
from contracts.model.inspection import Audit, Journal
from contracts.model.operations import OPERATIONS, Group, operations_of
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.model.roles import Role
from contracts.record.canonical import canonical_bytes
from contracts.record.strict_json import read_json
from contracts.wire.clients import SystemClient
from contracts.wire.signing import sign
from features.bench import Bench
from features.claims import equal, holds

_EVIDENCE = ("journal", "audit", "alarms", "dead-letters", "alarm-search")
_RECONCILED = ("inventory", "lots", "containers", "cutoff", "master-data", "link")
_QUERIES = {"alarm-search": "text=x", "journal": "after=0", "audit": "after=0"}
_METHODS = ("PUT", "PATCH", "DELETE", "POST")


@dataclass
class StolenTries:
    """What the thief tried, and the evidence as it was before, row by row."""

    answers: list[tuple[str, HttpResponse]] = field(default_factory=list)
    journal: tuple[object, ...] = ()
    audit: tuple[object, ...] = ()


@when("the credential of MES reads what the warehouse shows to its partner")
def reads_what_it_may(bench: Bench) -> None:
    """Exports that the two systems are compared by."""
    for name in _RECONCILED:
        _try(bench, "GET", OPERATIONS[f"wms/{name}"].path, "")


@when("the credential of MES reads journal, audit trail, alarms and dead letters of the warehouse")
def reads_evidence(bench: Bench) -> None:
    """Every export that evidence is made of, signed and under the right certificate."""
    _keep(bench)
    for name in _EVIDENCE:
        _try(bench, "GET", OPERATIONS[f"wms/{name}"].path, _QUERIES.get(name, ""))


@when(
    "the credential of MES tries to change and delete the evidence of the warehouse by every "
    "method, and to use the harness's operations"
)
def changes_evidence(bench: Bench) -> None:
    """By methods that nobody publishes, at addresses below them, and by the stimulus group."""
    _keep(bench)
    for name in _EVIDENCE:
        path = OPERATIONS[f"wms/{name}"].path
        for method in _METHODS:
            _try(bench, method, path, "")
        _try(bench, "DELETE", f"{path}/1", "")
    for operation in operations_of(Role.WMS, Group.STIMULUS):
        _try(bench, operation.method, operation.path, "")


@then("each of them is answered with status 200")
def each_answered(bench: Bench) -> None:
    """The credential is good; what it may read, it reads."""
    statuses = {what: answer.status for what, answer in bench.part(StolenTries).answers}
    bench.recorder.observe(f"{len(statuses)} exports")
    equal(set(statuses.values()), {200}, "status of the answers")


@then(parsers.re(r"each of these tries is refused with (?P<codes>[A-Z_]+(?:, [A-Z_]+)*"
                 r"(?: or [A-Z_]+)?)"))
def each_try_refused(bench: Bench, codes: str) -> None:
    """By one of these codes, and with nothing of the evidence in the answer."""
    wanted = {Code(code) for code in codes.replace(" or ", ", ").split(", ")}
    answers = bench.part(StolenTries).answers
    found = [(what, answer.status, _code(answer)) for what, answer in answers]
    wrong = [f"{what}: {status}" for what, status, code in found if code not in wanted]
    bench.recorder.observe(f"{len(answers) - len(wrong)} of {len(answers)} tries refused")
    holds(bool(answers), "nothing was tried")
    holds(not wrong, f"{len(wrong)} otherwise: {'; '.join(wrong[:5])}")


@then("the evidence of the warehouse holds every row that it held, and the tries")
def evidence_holds(bench: Bench) -> None:
    """Each row is as it was, and each try is one refusal in the audit trail."""
    kept = bench.part(StolenTries)
    journal, audit = _rows(bench)
    equal(journal[: len(kept.journal)], kept.journal, "the rows of the journal that were there")
    equal(audit[: len(kept.audit)], kept.audit, "the entries of the audit trail that were there")
    grown = len(audit) - len(kept.audit)
    bench.recorder.observe(
        f"{len(kept.journal)} rows and {len(kept.audit)} entries as before, {grown} new entries"
    )
    equal(grown, len(kept.answers), "new entries")


def _keep(bench: Bench) -> None:
    kept = bench.part(StolenTries)
    kept.journal, kept.audit = _rows(bench)


def _rows(bench: Bench) -> tuple[tuple[object, ...], tuple[object, ...]]:
    client = bench.site.client(Role.WMS)
    return (
        client.ask("journal", Journal, "after=0").rows, client.ask("audit", Audit, "after=0").rows
    )


def _try(bench: Bench, method: str, path: str, query: str) -> None:
    client: SystemClient = bench.counterpart(Role.WMS).client
    body = canonical_bytes({}) if method != "GET" else b""
    headers = {"content-type": "application/json"} if body else {}
    plain = HttpRequest(method, path, query, headers, body)
    request = sign(plain, client.identity, int(client.wall()), client.nonce())
    answer = client.transport.send(request)
    bench.part(StolenTries).answers.append((f"{method} {path}", answer))


def _code(answer: HttpResponse) -> Code | None:
    content = read_json(answer.body)
    code = content.get("code") if isinstance(content, dict) else None
    return Code(str(code)) if code in {str(c) for c in Code} else None
