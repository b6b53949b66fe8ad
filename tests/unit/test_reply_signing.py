"""Signed replies: whose they are, and what they answer, cannot be changed on the way."""

import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.model.ports import HttpRequest, HttpResponse
from contracts.wire.identity import Account, Identity
from contracts.wire.reply_signing import sign_reply, verify_reply
from contracts.wire.signing import SignatureRejected, content_digest, created_of, sign

NOW = 1_774_936_800
MES = Identity("urn:example:mes", Account.MES, "mes.example", Ed25519PrivateKey.generate())
WMS = Identity("urn:example:wms", Account.WMS, "wms.example", Ed25519PrivateKey.generate())
KNOWN = {MES.known.key_id: MES.known}
PLAIN = HttpRequest(
    "POST", "/v1/exchange/exchanged-since", "", {"content-type": "application/json"}, b"{}"
)
ASKED = sign(PLAIN, WMS, NOW, "a-nonce-of-16-characters")
REPLY = HttpResponse(200, {"content-type": "application/json"}, b'{"readTo":7}')
SIGNED = sign_reply(REPLY, ASKED, MES, NOW)


def changed(**headers):
    return replace(SIGNED, headers={**SIGNED.headers, **headers})


def test_a_signed_reply_is_its_signers():
    assert verify_reply(SIGNED, ASKED, KNOWN, NOW + 300) is KNOWN[MES.known.key_id]


def test_what_is_signed_is_as_the_standard_writes_it():
    parameters = SIGNED.headers["signature-input"].removeprefix("gxproof=")
    base = "\n".join((
        '"@status": 200', f'"content-digest": {content_digest(REPLY.body)}',
        '"content-type": application/json', f'"signature";req: {ASKED.headers["signature"]}',
        f'"@signature-params": {parameters}',
    ))
    raw = base64.b64decode(SIGNED.headers["signature"].removeprefix("gxproof=:").rstrip(":"))
    MES.known.verifier.verify(raw, base.encode())
    assert parameters == (
        '("@status" "content-digest" "content-type" "signature";req)'
        f';created={NOW};keyid="{MES.known.key_id}"'
    )


@pytest.mark.parametrize(("reply", "words"), [
    (REPLY, "is not signed"),
    (replace(SIGNED, body=b'{"readTo":8}'), "not the one that its digest names"),
    (replace(SIGNED, body=b'{"readTo":8}', headers={
        **SIGNED.headers, "content-digest": content_digest(b'{"readTo":8}')}), "does not fit"),
    (replace(SIGNED, status=201), "does not fit"),
    (changed(**{"content-type": "text/plain"}), "does not fit"),
    (sign_reply(REPLY, ASKED, WMS, NOW), "is not known here"),
    (sign_reply(REPLY, ASKED, MES, NOW - 301), "301 s old"),
    (sign_reply(REPLY, ASKED, MES, NOW + 301), "-301 s old"),
    (changed(signature="gxproof=:AAA:"), "does not fit"),
    (changed(signature="other=:AAAA:"), "is not signed"),
    (changed(**{"signature-input": SIGNED.headers["signature-input"].replace(
        '"@status" ', "")}), "is not signed"),
], ids=[
    "unsigned", "other body", "other body and digest", "other status", "other media type",
    "foreign key", "too old", "ahead of time", "no base64", "other label", "less covered",
])
def test_nothing_else_counts(reply, words):
    with pytest.raises(SignatureRejected, match=words):
        verify_reply(reply, ASKED, KNOWN, NOW)


def test_a_reply_fits_no_other_question():
    other = sign(PLAIN, WMS, NOW, "another-nonce-of-the-same")
    with pytest.raises(SignatureRejected, match="does not fit"):
        verify_reply(SIGNED, other, KNOWN, NOW)


def test_when_a_request_was_signed_can_be_read():
    assert created_of(ASKED) == NOW
    with pytest.raises(SignatureRejected):
        created_of(PLAIN)
