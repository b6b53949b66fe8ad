"""HTTP Message Signatures (RFC 9421) with Ed25519 and a content digest (RFC 9530).

Which components must be covered is not the sender's choice: a request without body covers method,
path and query; one with a body covers method, path, content digest, content type and, where it
carries one, the idempotency key. ``created``, ``nonce`` and ``keyid`` are required parameters.
Replay memory is the receiver's.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidSignature

from contracts.model.ports import HttpRequest
from contracts.wire.identity import Identity, KnownIdentity

AGE_MAX_S = 300
_MEMBER = re.compile(
    r"(?P<label>[a-z*][a-z0-9_.*-]*)="
    r'(?P<params>\((?P<items>"[^"]*"(?: "[^"]*")*)?\)(?P<rest>[^,]*))'
)
_PARAMETER = re.compile(r';([a-z][a-z0-9_-]*)=("[^"\\]*"|-?[0-9]+)')
_SIGNATURE = re.compile(r"(?P<label>[a-z*][a-z0-9_.*-]*)=:(?P<value>[A-Za-z0-9+/=]*):")


class SignatureRejected(Exception):
    """A signature that does not count, with the reason in words."""


@dataclass(frozen=True)
class VerifiedSignature:
    """A signature that holds. The receiver still has to remember ``nonce`` until it is too old."""

    signer: KnownIdentity
    created: int
    nonce: str


def content_digest(body: bytes) -> str:
    """The ``Content-Digest`` header of a body. Source: RFC 9530."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def required_components(request: HttpRequest) -> tuple[str, ...]:
    """The components that a signature over this request has to cover."""
    if request.method == "GET":
        return ("@method", "@path", "@query")
    keyed = ("idempotency-key",) if "idempotency-key" in request.headers else ()
    return ("@method", "@path", "content-digest", "content-type", *keyed)


def sign(request: HttpRequest, signer: Identity, created: int, nonce: str) -> HttpRequest:
    """The request with ``content-digest`` (where it has a body) and its signature headers.

    ``created`` is in seconds since 1970 of the wall clock; the nonce must be new for each attempt.
    """
    headers = dict(request.headers)
    if request.method != "GET":
        headers["content-digest"] = content_digest(request.body)
    signed = replace(request, headers=headers)
    items = " ".join(f'"{name}"' for name in required_components(signed))
    parameters = f'({items});created={created};keyid="{signer.known.key_id}";nonce="{nonce}"'
    base = signature_base(signed, required_components(signed), parameters)
    value = base64.b64encode(signer.key.sign(base)).decode()
    headers["signature-input"] = f"gxproof={parameters}"
    headers["signature"] = f"gxproof=:{value}:"
    return replace(request, headers=headers)


def verify(
    request: HttpRequest, known: Mapping[str, KnownIdentity], now: int
) -> VerifiedSignature:
    """Check the one signature of a request against the keys in ``known`` (by key id).

    Raises: SignatureRejected for a missing, second, incomplete, too old, too early or wrong one,
    and for a body that is not the one that was signed.
    """
    label, parameters, covered, values = _read_input(request.headers.get("signature-input", ""))
    missing = [name for name in required_components(request) if name not in covered]
    if missing:
        raise SignatureRejected(f"the signature does not cover {', '.join(missing)}")
    created, nonce, key_id = _read_parameters(values)
    if abs(now - created) > AGE_MAX_S:
        raise SignatureRejected(f"the signature is {now - created} s old, at most {AGE_MAX_S} s")
    signer = known.get(key_id)
    if signer is None:
        raise SignatureRejected("the signing key is not known here")
    digest = content_digest(request.body)
    if request.method != "GET" and request.headers.get("content-digest") != digest:
        raise SignatureRejected("the body is not the one that the digest names")
    signature = _read_signature(request.headers.get("signature", ""), label)
    try:
        signer.verifier.verify(signature, signature_base(request, covered, parameters))
    except InvalidSignature as exc:
        raise SignatureRejected("the signature does not fit the request") from exc
    return VerifiedSignature(signer, created, nonce)


def created_of(request: HttpRequest) -> int:
    """When a request was signed, in seconds since 1970. Raises: SignatureRejected without that."""
    return _read_parameters(_read_input(request.headers.get("signature-input", ""))[3])[0]


def signature_base(request: HttpRequest, covered: tuple[str, ...], parameters: str) -> bytes:
    """The bytes that are signed: one line per covered component, then the parameters.

    Raises: SignatureRejected for a component that the request has not. Source: RFC 9421 2.5.
    """
    lines = [f'"{name}": {_component(request, name)}' for name in covered]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("utf-8")


def _component(request: HttpRequest, name: str) -> str:
    derived = {
        "@method": request.method,
        "@path": request.path,
        "@query": f"?{request.query}",
    }
    value = derived.get(name) if name.startswith("@") else request.headers.get(name)
    if value is None:
        raise SignatureRejected(f"the signature covers {name}, which is not there")
    return value.strip()


def _read_input(header: str) -> tuple[str, str, tuple[str, ...], dict[str, str]]:
    found = _MEMBER.fullmatch(header.strip())
    if not found:
        raise SignatureRejected("no signature, or more than one")
    covered = tuple(re.findall(r'"([^"]*)"', found["items"] or ""))
    if len(set(covered)) != len(covered):
        raise SignatureRejected("a component is covered twice")
    values = dict(_PARAMETER.findall(found["rest"]))
    if "".join(f";{name}={value}" for name, value in values.items()) != found["rest"]:
        raise SignatureRejected("the signature parameters cannot be read")
    return found["label"], found["params"], covered, values


def _read_parameters(values: Mapping[str, str]) -> tuple[int, str, str]:
    if values.get("alg", '"ed25519"') != '"ed25519"':
        raise SignatureRejected("the signature algorithm is not ed25519")
    try:
        created = int(values["created"])
        nonce = values["nonce"].strip('"')
        key_id = values["keyid"].strip('"')
    except (KeyError, ValueError) as exc:
        raise SignatureRejected("the signature lacks created, nonce or keyid") from exc
    if not 16 <= len(nonce) <= 64:
        raise SignatureRejected("the nonce has not 16 to 64 characters")
    return created, nonce, key_id


def _read_signature(header: str, label: str) -> bytes:
    found = _SIGNATURE.fullmatch(header.strip())
    if not found or found["label"] != label:
        raise SignatureRejected("the signature header does not fit its input")
    try:
        return base64.b64decode(found["value"], validate=True)
    except binascii.Error as exc:
        raise SignatureRejected("the signature is not base64") from exc
