"""What the link's client makes of everything that a partner or the network can answer.

respx stands in for the network below httpx (it patches httpcore), so the transport that production
uses is the one under test. A request that no route expects raises an AssertionError; it has to come
out here, or a test could pass for a call that was never meant.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count
from typing import Any

import httpx
import pytest
import respx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from respx.models import AllMockedAssertionError

from contracts.model.answers import PROBLEM_MEDIA_TYPE, Problem
from contracts.model.codes import MEANINGS, Code, Refusal
from contracts.model.operations import OPERATIONS
from contracts.model.ports import HttpRequest
from contracts.model.verdicts import Outcome
from contracts.wire.https import AsyncHttpsTransport
from contracts.wire.identity import Account, Identity
from contracts.wire.signing import verify
from reference_impl.link.client import LinkClient, retry_after_s
from reference_impl.link.outbox import RETRY_AFTER_MAX_S, Outgoing, Sent

WALL = 1_774_936_800.0
URL = "https://wms.example"
OPERATION = OPERATIONS["wms/pick-requested"]
IDENTITY = Identity("urn:example:mes", Account.MES, "mes.example", Ed25519PrivateKey.generate())
MESSAGE = "019d427a-3b00-7d81-a35a-6bdd66b7af8e"
OUTGOING = Outgoing(MESSAGE, OPERATION.id, b'{"frozen":"bytes"}')
JSON = {"content-type": "application/json"}


@pytest.fixture
def network() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url=URL, assert_all_called=True) as router:
        yield router


def _client() -> LinkClient:
    numbers = count()
    return LinkClient(IDENTITY, lambda: WALL, lambda: f"nonce-of-attempt-{next(numbers):04d}")


def _send(attempts: int = 1) -> list[Sent]:
    async def run() -> list[Sent]:
        transport = AsyncHttpsTransport(URL, ssl.create_default_context())
        client = _client()
        try:
            return [await client.send(OUTGOING, transport) for _ in range(attempts)]
        finally:
            await transport.close()

    return asyncio.run(run())


def _acknowledged(**changes: Any) -> httpx.Response:
    body = {
        "status": "ACCEPTED", "messageId": MESSAGE, "recordedAt": "2026-03-31T08:00:00Z",
        "journalPosition": 7, "recordHash": "0" * 64,
    }
    return httpx.Response(200, headers=JSON, content=json.dumps({**body, **changes}).encode())


def _refused(code: Code, **headers: str) -> httpx.Response:
    problem = Problem.from_refusal(Refusal(code, "data", "this case"), "urn:example:wms")
    return httpx.Response(
        MEANINGS[code].status, headers={"content-type": PROBLEM_MEDIA_TYPE, **headers},
        content=json.dumps(problem.to_json()).encode(),
    )


def _page(status: int, **headers: str) -> httpx.Response:
    """An answer of something on the way: a proxy, a gateway, a login page."""
    return httpx.Response(
        status, headers={"content-type": "text/html", **headers}, content=b"<h1>sorry</h1>"
    )


@dataclass(frozen=True)
class Case:
    """An answer or a failure of the network, and what the client has to make of it."""

    answer: httpx.Response | Exception
    outcome: Outcome
    pause_s: int = 0
    note: str = ""
    counts: bool = False
    deferred: bool = False


def _after(seconds: int) -> str:
    return format_datetime(datetime.fromtimestamp(WALL + seconds, UTC), usegmt=True)


OK, REFUSED, UNKNOWN = Outcome.OK, Outcome.REFUSED, Outcome.UNKNOWN
CASES: dict[str, Case] = {
    "acknowledged": Case(_acknowledged(), OK),
    "deferred": Case(_acknowledged(status="DEFERRED"), UNKNOWN, deferred=True),
    "somebody else's message deferred": Case(
        _acknowledged(status="DEFERRED", messageId="019d427a-3b00-7d81-a35a-6bdd66b7af8f"),
        UNKNOWN, note="another message", counts=True,
    ),
    # Final refusals: repeating the same bytes cannot help.
    "400 problem": Case(_refused(Code.SCHEMA_VIOLATION), REFUSED, note="SCHEMA_VIOLATION"),
    "401 problem": Case(_refused(Code.UNAUTHENTICATED), REFUSED, note="UNAUTHENTICATED"),
    "403 problem": Case(_refused(Code.NOT_PERMITTED), REFUSED),
    "422 problem": Case(_refused(Code.NO_ELIGIBLE_STOCK), REFUSED, note="NO_ELIGIBLE_STOCK"),
    # Not yet: the partner says so.
    "409 problem": Case(_refused(Code.IN_PROGRESS, **{"retry-after": "1"}), UNKNOWN, 1),
    "425 problem": Case(_refused(Code.PREDECESSOR_MISSING), UNKNOWN),
    # Something on the way: nobody knows.
    "401 page": Case(_page(401), UNKNOWN, note="answered 401"),
    "404 page": Case(_page(404), UNKNOWN, note="answered 404"),
    "408": Case(_page(408), UNKNOWN),
    "409 page": Case(_page(409), UNKNOWN),
    "429 with seconds": Case(_page(429, **{"retry-after": "120"}), UNKNOWN, 120),
    "429 with a date": Case(_page(429, **{"retry-after": _after(90)}), UNKNOWN, 90),
    "429 with a past date": Case(_page(429, **{"retry-after": _after(-90)}), UNKNOWN, 0),
    "429 with a day": Case(_page(429, **{"retry-after": "86400"}), UNKNOWN, RETRY_AFTER_MAX_S),
    "429 with rubbish": Case(_page(429, **{"retry-after": "soon"}), UNKNOWN, 0),
    "500": Case(_page(500), UNKNOWN, counts=True),
    "502": Case(_page(502), UNKNOWN),
    "503 with seconds": Case(_page(503, **{"retry-after": "30"}), UNKNOWN, 30),
    "504": Case(_page(504), UNKNOWN),
    "302 to a login page": Case(_page(302, location="/login"), UNKNOWN, note="answered 302"),
    # Answers that the contract does not allow.
    "200 with rubbish": Case(_page(200), UNKNOWN, note="no Acknowledgement", counts=True),
    "200 and empty": Case(httpx.Response(200, headers=JSON, content=b""), UNKNOWN, counts=True),
    "200 with {}": Case(httpx.Response(200, headers=JSON, content=b"{}"), UNKNOWN, counts=True),
    "200 with a member more": Case(_acknowledged(debug="true"), UNKNOWN, counts=True),
    "200 with a null": Case(_acknowledged(recordHash=None), UNKNOWN, counts=True),
    "201 with an acknowledgement": Case(
        httpx.Response(201, headers=JSON, content=_acknowledged().content), UNKNOWN, counts=True
    ),
    "problem with another status": Case(
        httpx.Response(
            500, headers={"content-type": PROBLEM_MEDIA_TYPE},
            content=_refused(Code.SCHEMA_VIOLATION).content,
        ),
        UNKNOWN, note="status 500, body 400", counts=True,
    ),
    "problem with an unknown code": Case(
        httpx.Response(
            422, headers={"content-type": PROBLEM_MEDIA_TYPE},
            content=_refused(Code.UNKNOWN_LOT).content.replace(b"UNKNOWN_LOT", b"LOT_LOST"),
        ),
        UNKNOWN,
    ),
    "200 in a broken encoding": Case(
        httpx.Response(
            200, headers={**JSON, "content-encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip")
        ),
        UNKNOWN, note="cannot be decoded",
    ),
    # No answer.
    "timeout": Case(httpx.ReadTimeout("late"), UNKNOWN, note="no answer in time"),
    "write timeout": Case(httpx.WriteTimeout("late"), UNKNOWN, note="no answer in time"),
    "connect timeout": Case(httpx.ConnectTimeout("late"), UNKNOWN, note="nothing answers there"),
    "connect error": Case(httpx.ConnectError("refused"), UNKNOWN, note="nothing answers there"),
    "reset": Case(httpx.ReadError("reset by peer"), UNKNOWN, note="the connection broke"),
    "write error": Case(httpx.WriteError("broken pipe"), UNKNOWN, note="the connection broke"),
    "half an answer": Case(
        httpx.RemoteProtocolError("peer closed connection"), UNKNOWN, note="the connection broke"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_came_back_is_ok_refused_or_unknown(network: respx.MockRouter, name: str) -> None:
    case = CASES[name]
    network.post(OPERATION.path).mock(side_effect=[case.answer])
    (sent,) = _send()
    assert (sent.outcome, sent.retry_after_s) == (case.outcome, case.pause_s), sent.note
    assert case.note in sent.note
    assert (sent.counts_as_failure, sent.deferred) == (case.counts, case.deferred)
    expected = case.answer.status_code if isinstance(case.answer, httpx.Response) else None
    assert sent.status in (expected, None)


def test_every_attempt_has_the_same_body_and_key_and_a_new_nonce(
    network: respx.MockRouter,
) -> None:
    answers: list[httpx.Response | Exception] = [
        _page(503), httpx.ReadTimeout("late"), _page(429), _acknowledged()
    ]
    route = network.post(OPERATION.path).mock(side_effect=answers)
    outcomes = [sent.outcome for sent in _send(attempts=4)]
    assert outcomes == [UNKNOWN, UNKNOWN, UNKNOWN, OK]
    requests = [call.request for call in route.calls]
    assert {request.content for request in requests} == {OUTGOING.body}
    assert {request.headers["idempotency-key"] for request in requests} == {MESSAGE}
    assert {request.headers["content-type"] for request in requests} == {OPERATION.media_type}
    nonces = [_verified(request) for request in requests]
    assert len({*nonces}) == len(nonces)
    assert len({request.headers["signature"] for request in requests}) == len(requests)


def _verified(request: httpx.Request) -> str:
    """The nonce of a request whose signature holds as the partner would check it."""
    received = HttpRequest(
        request.method, request.url.path, request.url.query.decode(),
        {name.lower(): value for name, value in request.headers.items()}, request.content,
    )
    known = {IDENTITY.known.key_id: IDENTITY.known}
    return verify(received, known, int(WALL)).nonce


def test_nothing_is_sent_but_what_the_contract_names(network: respx.MockRouter) -> None:
    route = network.post(OPERATION.path).mock(return_value=_acknowledged())
    _send()
    names = {name.lower() for name in route.calls.last.request.headers}
    assert names >= {"content-digest", "signature", "signature-input"}
    assert "authorization" not in names
    assert "cookie" not in names


def test_a_redirect_is_not_followed(network: respx.MockRouter) -> None:
    network.post(OPERATION.path).mock(return_value=_page(307, location=f"{URL}/elsewhere"))
    elsewhere = network.route(path="/elsewhere", name="elsewhere")
    elsewhere.mock(return_value=_acknowledged())
    assert _send()[0].outcome is UNKNOWN
    assert not elsewhere.called
    network.pop("elsewhere")


def test_a_call_that_no_test_expects_is_not_taken_for_an_unknown_outcome() -> None:
    with (
        respx.mock(base_url=URL, assert_all_called=False) as router,
        pytest.raises(AllMockedAssertionError),
    ):
        router.post("/v1/exchange/something-else").mock(return_value=_acknowledged())
        _send()


def test_a_defect_of_ours_is_not_taken_for_an_unknown_outcome(network: respx.MockRouter) -> None:
    network.post(OPERATION.path).mock(side_effect=ZeroDivisionError("ours"))
    with pytest.raises(ZeroDivisionError):
        _send()


@settings(database=None, derandomize=True)
@given(st.one_of(st.text(max_size=40), st.datetimes().map(format_datetime)))
def test_no_header_breaks_or_parks_the_sender(text: str) -> None:
    assert 0 <= retry_after_s(text, WALL) <= RETRY_AFTER_MAX_S


@pytest.mark.parametrize(
    ("text", "pause"),
    [("0", 0), ("1", 1), ("3600", 3600), ("3601", 3600), ("-1", 0), ("1.5", 0), ("", 0),
     ("999999999", 3600), ("9999999999", 0), ("Tue, 31 Mar 2026 06:01:00 GMT", 60)],
)
def test_the_pause_is_read_in_seconds_or_from_a_date(text: str, pause: int) -> None:
    assert retry_after_s(text, WALL) == pause


