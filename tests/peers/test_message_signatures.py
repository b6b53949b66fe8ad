"""Our message signatures against somebody else's: the RFC's own vector, and another library."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from http_message_signatures.exceptions import InvalidSignature as TheirInvalidSignature

from contracts.model.ports import HttpRequest
from contracts.wire.identity import Account, Identity
from contracts.wire.publication import PUBLISHED
from contracts.wire.signing import (
    SignatureRejected,
    content_digest,
    required_components,
    sign,
    signature_base,
    verify,
)
from contracts.wire.vendor_page import TEST_KEY

KEY = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(TEST_KEY + "="))
OURS = Identity("urn:example:mes", Account.MES, "mes.example", KEY)
KNOWN = {OURS.known.key_id: OURS.known}
NONCE = "0123456789abcdef"
POST = HttpRequest(
    "POST", "/v1/exchange/pick-requested", "",
    {"content-type": "application/cloudevents+json", "idempotency-key": "some-key"},
    b'{"hello":"world"}',
)
GET = HttpRequest("GET", "/v1/inspection/journal", "after=7")


@dataclass
class _Message:
    """A request in the shape that the other library reads."""

    method: str
    url: str
    headers: dict[str, str]


class _Keys(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        assert key_id == OURS.known.key_id
        return KEY.public_key()

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        assert key_id == OURS.known.key_id
        return KEY


def _theirs(request: HttpRequest) -> _Message:
    return _Message(request.method, f"https://wms.example{request.target}", dict(request.headers))


def _now() -> int:
    return int(datetime.now(UTC).timestamp())


def _their_verdict(request: HttpRequest) -> list[Any]:
    verifier = HTTPMessageVerifier(
        signature_algorithm=algorithms.ED25519, key_resolver=_Keys()
    )
    body = request.body if request.method != "GET" else None
    required = required_components(request)
    return list(verifier.verify(_theirs(request), require_components=required, body=body))


def _signed_by_them(request: HttpRequest, *, include_alg: bool) -> HttpRequest:
    message = _theirs(request)
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_Keys())
    signer.sign(
        message, key_id=OURS.known.key_id, nonce=NONCE, created=datetime.now(UTC), label="theirs",
        include_alg=include_alg,
        covered_component_ids=required_components(request),
        body=request.body if request.method != "GET" else None,
    )
    return replace(request, headers={k.lower(): v for k, v in message.headers.items()})


@pytest.mark.parametrize("request_", [POST, GET, replace(GET, query="")], ids=["post", "get", "get without query"])
def test_they_accept_what_we_sign(request_: HttpRequest) -> None:
    signed = sign(request_, OURS, _now(), NONCE)
    results = _their_verdict(signed)
    assert [result.nonce for result in results] == [NONCE]
    covered = [name.strip('"') for name in results[0].covered_components]
    assert tuple(covered[:-1]) == required_components(signed)


@pytest.mark.parametrize("include_alg", [True, False])
@pytest.mark.parametrize("request_", [POST, GET, replace(GET, query="")], ids=["post", "get", "get without query"])
def test_we_accept_what_they_sign(request_: HttpRequest, include_alg: bool) -> None:
    signed = _signed_by_them(request_, include_alg=include_alg)
    verified = verify(signed, KNOWN, _now())
    assert (verified.signer, verified.nonce) == (OURS.known, NONCE)


Change = Callable[[HttpRequest], HttpRequest]


def _with_header(name: str, value: str) -> Change:
    return lambda request: replace(request, headers={**request.headers, name: value})


CHANGES: dict[str, Change] = {
    "another path": lambda request: replace(request, path="/v1/exchange/lot-status-changed"),
    "another method": lambda request: replace(request, method="PUT"),
    "another key": _with_header("idempotency-key", "other-key"),
    "another media type": _with_header("content-type", "application/json"),
    "another digest": _with_header("content-digest", content_digest(b"other")),
    "another body": lambda request: replace(request, body=b"other"),
    "another body with its digest": lambda request: replace(
        request, body=b"other",
        headers={**request.headers, "content-digest": content_digest(b"other")},
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_both_refuse_a_request_that_was_changed_after_signing(name: str) -> None:
    signed = sign(POST, OURS, _now(), NONCE)
    changed = CHANGES[name](signed)
    with pytest.raises(TheirInvalidSignature):
        _their_verdict(changed)
    with pytest.raises(SignatureRejected):
        verify(changed, KNOWN, _now())


def test_both_refuse_another_query() -> None:
    changed = replace(sign(GET, OURS, _now(), NONCE), query="after=8")
    with pytest.raises(TheirInvalidSignature):
        _their_verdict(changed)
    with pytest.raises(SignatureRejected):
        verify(changed, KNOWN, _now())


# RFC 9421, appendix B.2.6: Ed25519 over a request with test-key-ed25519.
RFC_REQUEST = HttpRequest(
    "POST", "/foo", "param=Value&Pet=dog",
    {
        "host": "example.com",
        "date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "content-type": "application/json",
        "content-length": "18",
    },
    b'{"hello": "world"}',
)
RFC_COMPONENTS = ("date", "@method", "@path", "@authority", "content-type", "content-length")
RFC_PARAMETERS = (
    '("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"'
)
RFC_SIGNATURE = (
    "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
)


def test_our_signature_base_carries_the_vector_of_the_rfc() -> None:
    """We cover no ``@authority``, so that one line is put in by hand; all others are ours."""
    ours = tuple(name for name in RFC_COMPONENTS if name != "@authority")
    lines = signature_base(RFC_REQUEST, ours, RFC_PARAMETERS).decode().split("\n")
    lines.insert(RFC_COMPONENTS.index("@authority"), '"@authority": example.com')
    base = "\n".join(lines).encode()
    KEY.public_key().verify(base64.b64decode(RFC_SIGNATURE), base)
    assert KEY.sign(base) == base64.b64decode(RFC_SIGNATURE)
    with pytest.raises(InvalidSignature):
        KEY.public_key().verify(base64.b64decode(RFC_SIGNATURE), base + b"\n")


def test_a_component_that_we_do_not_know_is_refused() -> None:
    with pytest.raises(SignatureRejected, match="@authority"):
        signature_base(RFC_REQUEST, RFC_COMPONENTS, RFC_PARAMETERS)


def test_the_published_example_holds_for_both() -> None:
    """The example is of a fixed day, so the age is checked at its own time."""
    example = json.loads((PUBLISHED / "signature-example.json").read_bytes())
    request = HttpRequest(
        example["method"], example["path"], "", example["headers"], example["body"].encode()
    )
    parameters = example["headers"]["signature-input"].partition("=")[2]
    base = signature_base(request, required_components(request), parameters)
    assert base.decode() == example["signatureBase"]
    created = int(parameters.partition(";created=")[2].partition(";")[0])
    assert verify(request, KNOWN, created).signer.key_id == example["keyId"]
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=_Keys())
    results = verifier.verify(_theirs(request), max_age=None, body=request.body)
    assert len(results) == 1
    page = (PUBLISHED / "index.md").read_text(encoding="utf-8")
    assert example["signatureBase"] in page
    assert example["headers"]["signature"] in page
