"""Access: who shows nothing, who has another duty, who speaks in another name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pytest_bdd import given, parsers, then, when

from contracts.model.codes import Code
from contracts.model.commands import Session
from contracts.model.identifiers import Id
from contracts.model.operations import Access, Group, Operation, operations_of
from contracts.model.ports import HttpRequest
from contracts.model.roles import Duty, Role
from contracts.model.stimulus import Load, Person
from contracts.record.canonical import canonical_bytes
from contracts.wire.clients import Answer, SystemClient
from contracts.wire.golden_steps import changed
from contracts.wire.publication import PUBLISHED
from contracts.wire.signing import sign
from features.bench import Bench
from features.claims import equal, holds
from features.snapshots import QUESTIONS, differences, growth, take_picture
from features.steps.events import EVENTS
from features.steps.messages import pick_request
from features.steps.signatures import unsigned
from simulator.counterpart import Draft
from simulator.evidence import BEYOND
from simulator.site import EXAMPLE_PASSWORD

_MESSAGE = rf"(?P<message>{'|'.join(EVENTS)})"
_NOBODYS = "A" * 43
_NONE = "NONE"
_EVIDENCE = ("journal", "audit", "alarms", "alarm-search", "dead-letters")
# What an untrusted hop may put in front of a request.
_FORWARDED = (
    "x-forwarded-client-cert", "x-client-cert-name", "x-ssl-client-s-dn-cn", "x-forwarded-user",
)


@dataclass(frozen=True)
class Call:
    """One call of one operation by somebody."""

    by: str
    operation: Operation
    answer: Answer


@dataclass
class Called:
    """The calls of the scenario, and the sessions of its people by duty."""

    calls: list[Call] = field(default_factory=list)
    tokens: dict[tuple[Role, str], str] = field(default_factory=dict)


# --- who shows nothing --------------------------------------------------------------------------


@when("a caller with nothing but its certificate asks for health and version")
def asks_public(bench: Bench) -> None:
    """The two that say nothing of anybody."""
    bench.part(Called).calls = [
        _bare(bench, operation, "")
        for role in Role for operation in operations_of(role) if operation.access is Access.PUBLIC
    ]


@when(parsers.re(
    r"a caller with nothing but its certificate and (?P<token>no token|a token that was given "
    r"to nobody) calls every published operation"
))
def calls_everything(bench: Bench, token: str) -> None:
    """Every path and method of both published documents."""
    bench.picture()
    shown = _NOBODYS if token.startswith("a token") else ""
    bench.part(Called).calls = [
        _bare(bench, operation, shown) for operation in _published_operations()
    ]


@then("each of them is answered")
def each_is_answered(bench: Bench) -> None:
    """With status 200."""
    calls = bench.part(Called).calls
    bench.recorder.observe(", ".join(f"{c.operation.id}: {_status(c.answer)}" for c in calls))
    equal({_status(call.answer) for call in calls}, {200}, "status of the answers")


@then("the same caller gets every export when it signs")
def exports_when_signed(bench: Bench) -> None:
    """So the refusals of this requirement are no closed door for everybody."""
    shown = [
        operation for role in Role for operation in operations_of(role, Group.INSPECTION)
        if operation.access is Access.SIGNATURE
        and not operation.selected_by and operation.body is None
    ]
    for operation in shown:
        query = f"after={BEYOND}" if operation.paged else ""
        answer = bench.site.client(operation.role).call(operation.name, query=query)
        equal(_status(answer), 200, f"status of {operation.id}")
    bench.recorder.observe(f"{len(shown)} exports")


@then("each but health and version is refused with UNAUTHENTICATED and status 401")
def each_is_unauthenticated(bench: Bench) -> None:
    """No route was forgotten, and none was left open."""
    calls = bench.part(Called).calls
    public = [c for c in calls if c.operation.path in ("/health", "/version")]
    wrong = [
        f"{c.operation.id}: {c.answer}" for c in calls
        if c not in public and not _is_refused(c.answer, Code.UNAUTHENTICATED, 401)
    ]
    bench.recorder.observe(f"{len(calls)} operations, {len(public)} of them public")
    equal({_status(call.answer) for call in public}, {200}, "health and version")
    holds(len(calls) > len(public), "nothing but health and version was called")
    holds(not wrong, f"{len(wrong)} otherwise: {'; '.join(wrong[:5])}")


@then("both systems show what they showed before")
def nothing_shown_otherwise(bench: Bench) -> None:
    """State as before; what the refusals wrote is another step's claim."""
    assert bench.before is not None
    changes = differences(bench.before, take_picture(bench.site))
    bench.recorder.observe(f"{len(changes)} exports have changed")
    holds(not changes, "; ".join(changes))


# --- the permission matrix ----------------------------------------------------------------------


@given("a person with each single duty, and one with none")
def people_of_each_duty(bench: Bench) -> None:
    """Each with an account and a session at both systems."""
    duties: dict[str, tuple[Duty, ...]] = {duty.value: (duty,) for duty in Duty}
    duties[_NONE] = ()
    bench.site.load(Load(people=tuple(
        Person(
            person_id=Id(bench.namespace.id(f"ONLY-{name}")), printed_name=f"Example {name}",
            duties=of, password=EXAMPLE_PASSWORD,
        )
        for name, of in duties.items()
    )))
    for role in Role:
        for name in duties:
            body = bench.site.credentials(role, f"ONLY-{name}", "MATRIX-1")
            session = bench.site.client(role).call("sessions", body).as_(Session)
            bench.part(Called).tokens[(role, name)] = session.token


@when(parsers.re(
    r"each of them calls every operation of people, where the matrix (?P<word>allows|denies) it"
))
def people_call(bench: Bench, word: str) -> None:
    """A body that no operation takes: permission is asked before it is read."""
    bench.picture()
    called = bench.part(Called)
    called.calls = [
        _bare(bench, operation, token, name)
        for (role, name), token in called.tokens.items()
        for operation in operations_of(role, Group.OPERATOR)
        if operation.access is Access.SESSION
        and (name in {duty.value for duty in operation.duties}) is (word == "allows")
    ]


@when(parsers.re(
    r"the partner and the harness call every signed operation, where the matrix "
    r"(?P<word>allows|denies) it"
))
def accounts_call(bench: Bench, word: str) -> None:
    """The partner may send and inspect, the harness inspect and stimulate."""
    bench.picture()
    may = {
        "partner": (Group.EXCHANGE, Group.INSPECTION),
        "harness": (Group.INSPECTION, Group.STIMULUS),
    }
    bench.part(Called).calls = [
        Call(account, operation, signed_call(client, operation))
        for role in Role
        for account, client in (
            ("partner", bench.counterpart(role).client), ("harness", bench.site.client(role))
        )
        for operation in operations_of(role)
        if operation.access is Access.SIGNATURE
        and _may(account, operation, may[account]) is (word == "allows")
    ]


def _may(account: str, operation: Operation, groups: tuple[Group, ...]) -> bool:
    """The matrix of accounts; what evidence is made of, the partner may not read (URS-SEC-006)."""
    is_kept_from = account == "partner" and operation.name in _EVIDENCE
    return operation.group in groups and not is_kept_from


@then("none of them is refused for want of permission")
def none_is_denied(bench: Bench) -> None:
    """What comes is an answer, or a refusal of the body."""
    calls = bench.part(Called).calls
    wrong = [_line(call) for call in calls if _status(call.answer) in (401, 403)]
    bench.recorder.observe(f"{len(calls)} pairs of the matrix")
    holds(bool(calls), "the matrix allows nothing")
    holds(not wrong, f"{len(wrong)} are refused: {'; '.join(wrong[:5])}")


@then("each is refused with NOT_PERMITTED and status 403")
def each_is_denied(bench: Bench) -> None:
    """Whatever stands in the body."""
    calls = bench.part(Called).calls
    wrong = [_line(c) for c in calls if not _is_refused(c.answer, Code.NOT_PERMITTED, 403)]
    bench.recorder.observe(f"{len(calls)} pairs that the matrix does not hold")
    holds(bool(calls), "the matrix denies nothing")
    holds(not wrong, f"{len(wrong)} otherwise: {'; '.join(wrong[:5])}")


@then("each refusal stands in the audit trail, and nothing else")
def each_denial_is_recorded(bench: Bench) -> None:
    """One entry for each, at the system that refused."""
    assert bench.before is not None
    calls = bench.part(Called).calls
    for role in Role:
        entries = growth(bench.site, bench.before, role).audit
        found = sorted(f"{entry.record_type} {entry.new_value}" for entry in entries)
        wanted = sorted(
            f"{c.operation.id} {Code.NOT_PERMITTED}" for c in calls if c.operation.role is role
        )
        bench.recorder.observe(f"{role.upper()}: {len(found)} entries for {len(wanted)} refusals")
        equal(found, wanted, f"audit trail of {role.upper()}")


# --- in whose name ------------------------------------------------------------------------------


@when(parsers.re(rf"a counterpart sends {_MESSAGE} in the name of another system"))
def sends_in_another_name(bench: Bench, message: str) -> None:
    """A source that is not the account of certificate and key."""
    event = EVENTS[message](bench)
    body = changed(json.loads(event.draft.raw), "source", "urn:gxproof:somebody-else")
    draft = Draft(event.draft.message, event.draft.key, canonical_bytes(body))
    attempt = bench.send(event.receiver, draft, event.id)
    bench.recorder.observe(f"{draft.message}: {attempt.answer}")


@when(parsers.re(
    r"(?P<who>the MES counterpart|the harness) sends a pick request with headers that name "
    r"(?:the MES counterpart|the harness)"
))
def sends_with_headers(bench: Bench, who: str) -> None:
    """Headers that a hop in front might have set, and anybody can."""
    accounts = (bench.counterpart(Role.WMS).client, bench.site.client(Role.WMS))
    sender, other = accounts if who == "the MES counterpart" else reversed(accounts)
    _send_as(bench, sender, dict.fromkeys(_FORWARDED, f"CN={other.identity.name}"))


@when("somebody sends a pick request by the key of the MES counterpart and another certificate")
def sends_by_a_borrowed_key(bench: Bench) -> None:
    """The connection of one account, the signature of another."""
    borrowed = bench.counterpart(Role.WMS).client.identity
    _send_as(bench, replace(bench.site.client(Role.WMS), identity=borrowed), {})


@then("journal and audit trail name the account of its certificate and key")
def records_name_the_account(bench: Bench) -> None:
    """The partner of the journal, the account of every entry."""
    assert bench.before is not None
    source = bench.counterpart(Role.WMS).client.identity.source
    grown = growth(bench.site, bench.before, Role.WMS)
    messages = [row for row in grown.journal if row.kind not in QUESTIONS]
    equal({row.partner for row in messages}, {source}, "the journal names")
    equal({entry.account for entry in grown.audit}, {source}, "the audit trail names")
    bench.recorder.observe(f"journal and audit trail name {source}")


@then("a repeat is refused with the code UNAUTHENTICATED, because its nonce is used")
def repeat_is_a_replay(bench: Bench) -> None:
    """The very same bytes, signature included, are a replay."""
    again = bench.repeat(bench.last)
    bench.recorder.observe(str(again))
    holds(_is_refused(again, Code.UNAUTHENTICATED, 401), f"the repeat got {again}")


# --- inside -------------------------------------------------------------------------------------


def _send_as(bench: Bench, client: SystemClient, headers: dict[str, str]) -> None:
    draft = pick_request(bench, "4.000")
    (operation,) = (o for o in operations_of(Role.WMS) if o.name == draft.message)
    plain = unsigned(operation, draft)
    request = replace(plain, headers={**plain.headers, **headers})
    signed = sign(request, client.identity, int(client.wall()), client.nonce())
    attempt = bench.carry(client, operation, signed, draft)
    bench.recorder.observe(f"{draft.message}: {attempt.answer}")


def _published_operations() -> Iterator[Operation]:
    """Every operation of both documents. Raises: KeyError for one that the table has not."""
    for role in Role:
        table = {(o.method.lower(), o.path): o for o in operations_of(role)}
        document = json.loads((PUBLISHED / f"openapi-{role}.json").read_bytes())
        for path, methods in document["paths"].items():
            for method in methods:
                yield table[(method, path)]


def _bare(bench: Bench, operation: Operation, token: str, by: str = "nobody") -> Call:
    client = bench.site.client(operation.role)
    return Call(by, operation, client.carry(operation, _request(operation, token)))


def signed_call(client: SystemClient, operation: Operation) -> Answer:
    """Call an operation under a signature, with a body that it does not take."""
    return client.exchange(operation, _request(operation, ""))


def _request(operation: Operation, token: str) -> HttpRequest:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    query = f"after={BEYOND}" if operation.paged else ""
    if operation.body is None:
        return HttpRequest(operation.method, operation.path, query, headers)
    headers["content-type"] = operation.media_type
    if operation.keyed:
        headers["idempotency-key"] = "a-key-of-nobody"
    body = canonical_bytes(_STRANGER if operation.access is Access.CREDENTIALS else {})
    return HttpRequest(operation.method, operation.path, query, headers, body)


_STRANGER = {
    "userId": "nobody", "password": "not a password", "code": "000000", "station": "NOWHERE",
}


def _status(answer: Answer) -> int:
    return answer.raw.status if answer.raw else 0


def _is_refused(answer: Answer, code: Code, status: int) -> bool:
    refused = answer.refusal is not None and answer.refusal.code is code
    return refused and _status(answer) == status


def _line(call: Call) -> str:
    return f"{call.operation.id} by {call.by}: {call.answer}"
