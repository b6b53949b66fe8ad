"""Known-bad systems: each breaks the contract in one way, and no contract check may pass it.

A bad system is the reference with something between it and its caller that bends what goes through.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.model.answers import PROBLEM_MEDIA_TYPE, REPLAYED_HEADER
from contracts.model.ports import AsyncTransport, HttpRequest, HttpResponse, NoAnswer, Transport
from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.wire.asgi import App
from contracts.wire.clients import SystemClient
from contracts.wire.system import Hosted, Mode
from features.contract_checks import OperationFindings, check_contract, to_result
from gxproof.in_process import InProcessPair
from simulator.authenticator import EXAMPLE_PEOPLE

EXAMPLES = 4
SEED = 5
NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
Bend = Callable[[HttpRequest, Callable[[], HttpResponse]], HttpResponse]


@dataclass
class _Bent:
    """A transport whose answers are bent. ``real`` sends the request to the reference."""

    inner: Transport
    bend: Bend

    def send(self, request: HttpRequest) -> HttpResponse:
        return self.bend(request, lambda: self.inner.send(request))


class BadPair:
    """The reference pair behind a bend; the harness's own stimuli are bent only where said."""

    mode: Mode = "in process"
    concurrent = False
    network = None
    name = "known to be bad"
    people = EXAMPLE_PEOPLE

    def __init__(self, bend: Bend, *, stimulus_too: bool) -> None:
        self._pair = InProcessPair(seed=1)
        self._bend = bend if stimulus_too else _except_stimulus(bend)

    def client(self, role: Role) -> SystemClient:
        return self._bent(self._pair.client(role))

    def counterpart(self, role: Role) -> SystemClient:
        return self._bent(self._pair.counterpart(role))

    def ci(self, role: Role) -> SystemClient:
        return self._bent(self._pair.ci(role))

    def upstream(self, role: Role) -> AsyncTransport:
        return self._pair.upstream(role)

    def host(self, app: App) -> Hosted:
        return self._pair.host(app)

    def machines(self) -> None:
        return None

    def started_anew(self, started) -> None:
        return None

    def close(self) -> None:
        self._pair.close()

    def _bent(self, client: SystemClient) -> SystemClient:
        return replace(client, transport=_Bent(client.transport, self._bend))


def _except_stimulus(bend: Bend) -> Bend:
    def outside(request: HttpRequest, real: Callable[[], HttpResponse]) -> HttpResponse:
        return real() if "/stimulus/" in request.path else bend(request, real)

    return outside


def _problem(status: int, code: str) -> HttpResponse:
    body = {
        "type": f"https://gxproof.example/codes/{code}",
        "title": "no",
        "status": status,
        "code": code,
        "path": "header:signature",
        "detail": "no",
        "retry": False,
        "actor": "sending system",
        "refusedBy": "urn:example:null",
    }
    return HttpResponse(status, {"content-type": PROBLEM_MEDIA_TYPE}, json.dumps(body).encode())


def _checked(
    bend: Bend, only: Collection[str] = (), *, stimulus_too: bool = False
) -> dict[str, OperationFindings]:
    """What the checks find; ``only`` are the operations that a test is about."""
    pair = BadPair(bend, stimulus_too=stimulus_too)
    found = check_contract(pair, Role.WMS, SEED, EXAMPLES, only=only)
    pair.close()
    return {f.operation_id: f for f in found}


# Systems that do nothing at all: not one operation may pass.


def _ok_and_empty(_: HttpRequest, __: Callable[[], HttpResponse]) -> HttpResponse:
    return HttpResponse(200, {"content-type": "application/json"}, b"{}")


def _unauthenticated(_: HttpRequest, __: Callable[[], HttpResponse]) -> HttpResponse:
    return _problem(401, "UNAUTHENTICATED")


def _not_found(_: HttpRequest, __: Callable[[], HttpResponse]) -> HttpResponse:
    return _problem(404, "NOT_FOUND")


def _not_found_page(_: HttpRequest, __: Callable[[], HttpResponse]) -> HttpResponse:
    return HttpResponse(404, {"content-type": "text/html"}, b"<h1>Not Found</h1>")


def _login_page(_: HttpRequest, __: Callable[[], HttpResponse]) -> HttpResponse:
    return HttpResponse(302, {"location": "/login", "content-type": "text/html"}, b"")


def _echo(request: HttpRequest, _: Callable[[], HttpResponse]) -> HttpResponse:
    return HttpResponse(200, {"content-type": "application/json"}, request.body or b"{}")


def _crash(_: HttpRequest, __: Callable[[], HttpResponse]) -> HttpResponse:
    return HttpResponse(500, {"content-type": "text/plain"}, b"Internal Server Error")


def _silence(_: HttpRequest, __: Callable[[], HttpResponse]) -> HttpResponse:
    raise NoAnswer("no answer in time")


def _defect(_: HttpRequest, __: Callable[[], HttpResponse]) -> HttpResponse:
    raise ZeroDivisionError("a defect of a system in this process")


NULL_SYSTEMS: list[Bend] = [
    _ok_and_empty,
    _unauthenticated,
    _not_found,
    _not_found_page,
    _login_page,
    _echo,
    _crash,
    _silence,
]


@pytest.mark.parametrize("stimulus_too", [False, True], ids=["that loads", "that does not load"])
@pytest.mark.parametrize("bend", NULL_SYSTEMS, ids=lambda bend: bend.__name__.strip("_"))
def test_a_system_that_does_nothing_passes_nowhere(bend: Bend, stimulus_too: bool) -> None:
    found = _checked(bend, stimulus_too=stimulus_too)
    assert {f.state for f in found.values()} <= {State.FAILED, State.INCONCLUSIVE}


def test_a_system_that_raises_is_reported_and_does_not_end_the_checks() -> None:
    found = _checked(_defect)
    assert {f.state for f in found.values()} == {State.FAILED}
    assert "ZeroDivisionError" in found["wms/health"].findings[0]


# Systems with one defect: the operations that have it fail, and say by which rule.


def _real_then(change: Callable[[HttpRequest, HttpResponse], HttpResponse]) -> Bend:
    return lambda request, real: change(request, real())


def _json(response: HttpResponse, change: Callable[[Any], Any]) -> HttpResponse:
    return replace(response, body=json.dumps(change(json.loads(response.body))).encode())


def _crashes_on_some_text(request: HttpRequest, real: Callable[[], HttpResponse]) -> HttpResponse:
    return _crash(request, real) if b"\\u" in request.body else real()


def _without_first_member(_: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status != 200:
        return response
    return _json(response, lambda body: dict(list(body.items())[1:]))


def _with_one_member_more(_: HttpRequest, response: HttpResponse) -> HttpResponse:
    return _json(response, lambda body: {**body, "debug": "true"})


def _as_text(_: HttpRequest, response: HttpResponse) -> HttpResponse:
    return replace(response, headers={**response.headers, "content-type": "text/plain"})


def _refusals_as_json(_: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status == 200:
        return response
    return replace(response, headers={**response.headers, "content-type": "application/json"})


def _never_replayed(_: HttpRequest, response: HttpResponse) -> HttpResponse:
    headers = {k: v for k, v in response.headers.items() if k != REPLAYED_HEADER}
    return replace(response, headers=headers)


def _replay_with_another_time(_: HttpRequest, response: HttpResponse) -> HttpResponse:
    if REPLAYED_HEADER not in response.headers or response.status != 200:
        return response
    return _json(response, lambda body: {**body, "recordedAt": "2026-06-01T08:00:01Z"})


def _foreign_code(_: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status != 400:
        return response
    return _json(response, lambda body: {**body, "code": "UNKNOWN_SCHEMA"})


def _code_of_another_operation(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status != 400 or not request.path.endswith("/sessions"):
        return response
    return _json(response, lambda body: {**body, "code": "KEY_MISSING"})


def _no_path(_: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status != 400:
        return response
    return _json(response, lambda body: {**body, "path": ""})


def _form_refused_as_business(_: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status != 400:
        return response
    changed = {"status": 422, "code": "UNKNOWN_ORDER"}
    return replace(_json(response, lambda body: {**body, **changed}), status=422)


def _wrong_status_in_body(_: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status == 200:
        return response
    return _json(response, lambda body: {**body, "status": 499})


@dataclass
class _Accepting:
    """Accepts what is refused for its form, with the answer to the last good one."""

    last: dict[str, HttpResponse] = field(default_factory=dict)

    def __call__(self, request: HttpRequest, real: Callable[[], HttpResponse]) -> HttpResponse:
        response = real()
        if response.status == 200:
            self.last[request.path] = response
        return self.last.get(request.path, response) if response.status == 400 else response


@dataclass
class _Open:
    """Answers without asking who it is, once it has an answer."""

    last: dict[str, HttpResponse] = field(default_factory=dict)

    def __call__(self, request: HttpRequest, real: Callable[[], HttpResponse]) -> HttpResponse:
        response = real()
        if response.status == 200:
            self.last[request.path] = response
        return self.last.get(request.path, response) if response.status == 401 else response


@dataclass
class _AnyDuty:
    """Lets everybody who is signed in do everything, once it has an answer."""

    last: dict[str, HttpResponse] = field(default_factory=dict)

    def __call__(self, request: HttpRequest, real: Callable[[], HttpResponse]) -> HttpResponse:
        response = real()
        if response.status == 200:
            self.last[request.path] = response
        return self.last.get(request.path, response) if response.status == 403 else response


MESSAGES = {"wms/pick-requested", "wms/lot-status-changed"}
KEYED = {*MESSAGES, "wms/confirm-pick"}
BODIES = {*KEYED, "wms/sessions"}
SHOWN = {"wms/inventory", "wms/journal", "wms/audit", "wms/pick-tasks"}


def _defects() -> Iterator[tuple[str, Bend, set[str], str]]:
    """Name, bend, operations that have to fail, and words of the rule that says so."""
    yield (
        "crashes on some text",
        _crashes_on_some_text,
        {"wms/lot-status-changed"},
        "Server error",
    )
    yield (
        "drops a member of its answer",
        _real_then(_without_first_member),
        {*MESSAGES, "wms/sessions", "wms/inventory", "wms/journal", "wms/health"},
        "Response violates schema",
    )
    yield (
        "adds a member to its answer",
        _real_then(_with_one_member_more),
        {*BODIES, *SHOWN, "wms/health"},
        "Response violates schema",
    )
    yield ("answers as text", _real_then(_as_text), {*BODIES, *SHOWN}, "Undocumented Content-Type")
    yield (
        "refuses as plain JSON",
        _real_then(_refusals_as_json),
        BODIES,
        "a refusal is a problem document",
    )
    yield ("accepts bad data", _Accepting(), BODIES, "what the schema refuses is refused")
    yield (
        "loses the mark of a replay",
        _real_then(_never_replayed),
        KEYED,
        "a stored answer is marked as replayed",
    )
    yield (
        "makes another answer to a repeated key",
        _real_then(_replay_with_another_time),
        KEYED,
        "a repeated key gets the first answer",
    )
    yield (
        "refuses with an unknown code",
        _real_then(_foreign_code),
        BODIES,
        "a refusal is a problem document",
    )
    yield (
        "refuses with a code of another operation",
        _real_then(_code_of_another_operation),
        {"wms/sessions"},
        "a refusal has a code of its operation",
    )
    yield (
        "does not name the field",
        _real_then(_no_path),
        BODIES,
        "a violation of the schema names the field",
    )
    yield (
        "refuses a bad form as a business case",
        _real_then(_form_refused_as_business),
        KEYED,
        "a defect of form is refused as one",
    )
    yield (
        "names another status in the body",
        _real_then(_wrong_status_in_body),
        BODIES,
        "a refusal names its own status",
    )
    yield (
        "does not ask who it is",
        _Open(),
        {*BODIES, *SHOWN},
        "who does not show who it is gets 401",
    )
    yield (
        "lets everybody do everything",
        _AnyDuty(),
        {"wms/confirm-pick", "wms/pick-tasks"},
        "who has another duty gets 403",
    )


@pytest.mark.parametrize(
    ("bend", "operations", "rule"),
    [pytest.param(*rest, id=name) for name, *rest in _defects()],
)
def test_a_system_with_one_defect_fails_where_it_has_it(
    bend: Bend, operations: set[str], rule: str
) -> None:
    found = _checked(bend, operations)
    for operation in sorted(operations):
        assert found[operation].state is State.FAILED, operation
        assert any(rule in text for text in found[operation].findings), found[operation].findings


def test_a_finding_says_what_was_sent_and_what_came_and_no_secret() -> None:
    found = _checked(_real_then(_without_first_member), {"wms/sessions"})["wms/sessions"]
    text = found.findings[0]
    assert "sent POST /v1/operator/sessions {" in text
    assert "came 200 {" in text
    assert "a password of nobody" not in text
    assert to_result(found, NOW, NOW).reason == text


def test_a_system_that_cannot_be_loaded_says_so() -> None:
    message = "wms/pick-requested"
    found = _checked(_unauthenticated, {message}, stimulus_too=True)[message]
    assert found.state is State.INCONCLUSIVE
    assert "load of wms: refused UNAUTHENTICATED" in found.reason
