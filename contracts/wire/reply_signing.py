"""Signed replies: HTTP Message Signatures (RFC 9421) over a response and the request it answers.

Most replies are not signed: an acknowledgement says nothing that the sender's own journal could not
show. A reply that carries messages is, because what it brings is posted without the signature that
each message had when it was sent. Covered are status, digest and media type of the response, and
the signature of the request (``"signature";req``), so that no reply fits another question.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import replace

from cryptography.exceptions import InvalidSignature

from contracts.model.ports import HttpRequest, HttpResponse
from contracts.wire.identity import Identity, KnownIdentity
from contracts.wire.signing import AGE_MAX_S, SignatureRejected, content_digest

COVERED = '("@status" "content-digest" "content-type" "signature";req)'
_INPUT = re.compile(
    r"(?P<label>[a-z*][a-z0-9_.*-]*)="
    rf'(?P<params>{re.escape(COVERED)};created=(?P<created>[0-9]{{1,12}});keyid="(?P<key>[^"\\]+)")'
)
_SIGNATURE = re.compile(r"(?P<label>[a-z*][a-z0-9_.*-]*)=:(?P<value>[A-Za-z0-9+/=]*):")


def sign_reply(
    response: HttpResponse, request: HttpRequest, signer: Identity, created: int
) -> HttpResponse:
    """The response with ``content-digest`` and its signature headers.

    ``request`` is the signed request as it came; ``created`` is in seconds since 1970.
    """
    headers = {**response.headers, "content-digest": content_digest(response.body)}
    signed = replace(response, headers=headers)
    parameters = f'{COVERED};created={created};keyid="{signer.known.key_id}"'
    value = base64.b64encode(signer.key.sign(_base(signed, request, parameters))).decode()
    headers["signature-input"] = f"gxproof={parameters}"
    headers["signature"] = f"gxproof=:{value}:"
    return replace(response, headers=headers)


def verify_reply(
    response: HttpResponse, request: HttpRequest, known: Mapping[str, KnownIdentity], now: int
) -> KnownIdentity:
    """Who of ``known`` (by key id) signed this response to this request.

    Raises: SignatureRejected for a missing, incomplete, too old or wrong signature, and for a body
    that is not the one that was signed.
    """
    found = _INPUT.fullmatch(response.headers.get("signature-input", "").strip())
    signature = _SIGNATURE.fullmatch(response.headers.get("signature", "").strip())
    if not found or not signature or found["label"] != signature["label"]:
        raise SignatureRejected(f"the reply is not signed over {COVERED}")
    age = now - int(found["created"])
    if abs(age) > AGE_MAX_S:
        raise SignatureRejected(f"the signature of the reply is {age} s old, at most {AGE_MAX_S} s")
    signer = known.get(found["key"])
    if signer is None:
        raise SignatureRejected("the key that signed the reply is not known here")
    if response.headers.get("content-digest") != content_digest(response.body):
        raise SignatureRejected("the body of the reply is not the one that its digest names")
    try:
        raw = base64.b64decode(signature["value"], validate=True)
        signer.verifier.verify(raw, _base(response, request, found["params"]))
    except (binascii.Error, InvalidSignature) as exc:
        raise SignatureRejected("the signature does not fit reply and question") from exc
    return signer


def _base(response: HttpResponse, request: HttpRequest, parameters: str) -> bytes:
    """The bytes that are signed. Source: RFC 9421 2.4 and 2.5."""
    lines = (
        f'"@status": {response.status}',
        f'"content-digest": {response.headers["content-digest"]}',
        f'"content-type": {response.headers.get("content-type", "").strip()}',
        f'"signature";req: {request.headers.get("signature", "").strip()}',
        f'"@signature-params": {parameters}',
    )
    return "\n".join(lines).encode("utf-8")
