"""The port ``SystemUnderTest``: the same tests on the pair in process and on the pair over TLS."""

import json

import pytest

from contracts.model.codes import Code
from contracts.model.inspection import Audit, Configuration, Journal, Version
from contracts.model.ports import HttpRequest, NoAnswer
from contracts.model.roles import Role
from contracts.model.stimulus import Routed, RoutePartner
from contracts.model.verdicts import Outcome
from contracts.wire.asgi import CONNECTION
from contracts.wire.signing import sign
from simulator.evidence import BEYOND


@pytest.mark.parametrize("role", Role)
def test_a_system_names_itself(sut, role):
    assert sut.client(role).ask("version", Version).role is role


@pytest.mark.parametrize("role", Role)
def test_identity_comes_from_certificate_and_key_together(sut, role):
    harness, counterpart = sut.client(role), sut.counterpart(role)
    harness.ask("configuration", Configuration)
    counterpart.identity, harness.identity = harness.identity, counterpart.identity
    answer = harness.call("configuration")
    assert answer.refusal.code is Code.UNAUTHENTICATED
    assert "key is not known" in answer.refusal.detail


def test_the_partner_may_not_use_the_stimulus_interface(sut):
    answer = sut.counterpart(Role.WMS).call("stimulus/route-partner", RoutePartner())
    assert answer.refusal.code is Code.NOT_PERMITTED


def test_the_harness_may_not_send_messages(sut):
    answer = sut.client(Role.WMS).send("pick-requested", b"{}", key="K")
    assert answer.refusal.code is Code.NOT_PERMITTED


@pytest.mark.parametrize("header", ["signature", "signature-input"])
def test_without_signature_there_is_no_entry(sut, header):
    client = sut.client(Role.MES)
    request = HttpRequest("GET", "/v1/inspection/lots")
    signed = sign(request, client.identity, int(client.wall()), client.nonce())
    headers = {k: v for k, v in signed.headers.items() if k != header}
    answer = client.transport.send(HttpRequest("GET", "/v1/inspection/lots", "", headers))
    assert answer.status == 401


def test_a_captured_request_is_refused_the_second_time(sut):
    client = sut.client(Role.MES)
    request = HttpRequest("GET", "/v1/inspection/lots")
    signed = sign(request, client.identity, int(client.wall()), client.nonce())
    assert client.transport.send(signed).status == 200
    answer = client.transport.send(signed)
    assert answer.status == 401
    assert b"nonce was used before" in answer.body


@pytest.mark.parametrize("age_s", [-301, 301])
def test_an_old_or_early_signature_is_refused(sut, age_s):
    client = sut.client(Role.MES)
    request = HttpRequest("GET", "/v1/inspection/lots")
    answer = client.transport.send(
        sign(request, client.identity, int(client.wall()) - age_s, "n" * 24)
    )
    assert answer.status == 401


def test_another_body_under_the_same_signature_is_refused(sut):
    client = sut.client(Role.MES)
    headers = {"content-type": "application/json"}
    request = HttpRequest("POST", "/v1/stimulus/clock", "", headers, b'{"live":true}')
    signed = sign(request, client.identity, int(client.wall()), client.nonce())
    changed = HttpRequest("POST", "/v1/stimulus/clock", "", signed.headers, b'{"live":false}')
    answer = client.transport.send(changed)
    assert answer.status == 401
    assert b"not the one that the digest names" in answer.body


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/inspection/secrets", 404),
        ("POST", "/v1/inspection/lots", 405),
        ("GET", "/", 404),
    ],
)
def test_what_is_not_in_the_contract_is_not_served(sut, method, path, status):
    answer = sut.client(Role.MES).transport.send(HttpRequest(method, path))
    assert answer.status == status
    assert json.loads(answer.body)["status"] == status


def test_a_body_of_more_than_one_mebibyte_is_refused(sut):
    client = sut.client(Role.MES)
    headers = {"content-type": "application/json"}
    answer = client.transport.send(
        HttpRequest("POST", "/v1/operator/sessions", "", headers, b" " * ((1 << 20) + 1))
    )
    assert answer.status == 413


def test_pages_start_after_a_position(sut):
    client = sut.client(Role.MES)
    end = client.ask("audit", Audit, f"after={BEYOND}").last_sequence
    client.transport.send(HttpRequest("GET", "/v1/inspection/lots"))
    rows = client.ask("audit", Audit, f"after={end}").rows
    assert [row.sequence for row in rows] == [end + 1]
    assert client.ask("journal", Journal, f"after={BEYOND}").rows == ()


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "before=1", "after=1&after=2", "after=" + "9" * 20]
)
def test_a_wrong_query_is_refused(sut, query):
    answer = sut.client(Role.MES).call("journal", query=query)
    assert (answer.refusal.code, answer.refusal.path) == (Code.SCHEMA_VIOLATION, "query:after")


def test_a_relay_can_drop_the_connection_without_an_answer(sut):
    async def dropping(scope, receive, send):
        while (await receive()).get("more_body"):
            pass
        scope["extensions"][CONNECTION]["abort"]()
        await receive()

    hosted = sut.host(dropping)
    try:
        url = sut.client(Role.MES).call("stimulus/route-partner", RoutePartner(url=hosted.url))
        assert url.as_(Routed).url == hosted.url
    finally:
        sut.client(Role.MES).call("stimulus/route-partner", RoutePartner())
        hosted.close()


def test_no_answer_is_told_as_unknown(over_https):
    client = over_https.client(Role.MES)

    def gone(_):
        raise NoAnswer("nothing answers there", sent=False)

    client.transport.send = gone
    answer = client.call("version")
    assert (answer.outcome, answer.refusal) == (Outcome.UNKNOWN, None)
