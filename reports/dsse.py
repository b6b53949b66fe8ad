"""DSSE envelopes with one Ed25519 signature: written canonically, opened without mercy.

A valid signature is not enough, because most of an envelope stands outside the signature: key ids,
member names, slack bits of base64. So an envelope is opened only when its bytes are exactly those
that ``sign`` would write for the same payload and key.
Source: DSSE protocol 1.0.2; URS-EVD-002.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from contracts.record.bounded_files import read_bounded
from contracts.record.canonical import canonical_bytes
from contracts.record.strict_json import read_json

PAYLOAD_TYPE = "application/vnd.in-toto+json"


class EnvelopeRefused(ValueError):
    """An envelope that is not exactly what its signer wrote; the message says where."""


def pre_authentication_encoding(payload: bytes) -> bytes:
    """The bytes that are signed: payload type and payload, each with its length."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def key_id(key: Ed25519PublicKey) -> str:
    """The id of a sealing key: SHA-256 over its description, as ``securesystemslib`` computes it.

    A peer then finds the key without a hint. It is the id that ``run.json`` names as signer.
    """
    public = key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    described = {"keytype": "ed25519", "keyval": {"public": public}, "scheme": "ed25519"}
    return hashlib.sha256(canonical_bytes(described)).hexdigest()


def public_pem(key: Ed25519PublicKey) -> bytes:
    """A public key as SubjectPublicKeyInfo in PEM, the form of ``signer.pub``."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_public_key(path: Path) -> Ed25519PublicKey:
    """Read ``signer.pub``. Raises: OSError, ValueError naming what the file holds instead."""
    try:
        key = load_pem_public_key(read_bounded(path))
    except ValueError as exc:
        raise ValueError(f"{path.name} holds no public key in PEM") from exc
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{path.name} holds a public key that is not Ed25519")
    return key


def sign(payload: bytes, key: Ed25519PrivateKey) -> bytes:
    """The envelope of ``payload``: canonical, one signature; the same input, the same bytes."""
    signature = key.sign(pre_authentication_encoding(payload))
    return _wrapper(payload, key_id(key.public_key()), signature)


def open_envelope(raw: bytes, key: Ed25519PublicKey) -> bytes:
    """The payload of an envelope that ``key`` signed, and that is written in the one right way.

    Raises: EnvelopeRefused.
    """
    payload, keyid, signature = _parts(raw)
    if keyid != key_id(key):
        raise EnvelopeRefused(f"it names the key {keyid}, which is not the key you gave")
    try:
        key.verify(signature, pre_authentication_encoding(payload))
    except InvalidSignature as exc:
        raise EnvelopeRefused("its signature does not fit its content") from exc
    if raw != _wrapper(payload, keyid, signature):
        raise EnvelopeRefused("its bytes are not the canonical form of its content")
    return payload


def _wrapper(payload: bytes, keyid: str, signature: bytes) -> bytes:
    return canonical_bytes({
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": keyid, "sig": base64.b64encode(signature).decode()}],
    })


def _parts(raw: bytes) -> tuple[bytes, str, bytes]:
    try:
        wrapper = read_json(raw)
    except ValueError as exc:
        raise EnvelopeRefused(f"it is not readable: {exc}") from exc
    members = _exactly(wrapper, {"payload", "payloadType", "signatures"}, "the envelope")
    if members["payloadType"] != PAYLOAD_TYPE:
        raise EnvelopeRefused(f"its payload type is not {PAYLOAD_TYPE}")
    signatures = members["signatures"]
    if not isinstance(signatures, list) or len(signatures) != 1:
        raise EnvelopeRefused("it does not carry exactly one signature")
    signature = _exactly(signatures[0], {"keyid", "sig"}, "its signature")
    return _bytes(members["payload"]), str(signature["keyid"]), _bytes(signature["sig"])


def _exactly(value: object, names: set[str], what: str) -> dict[str, object]:
    if not isinstance(value, dict) or set(value) != names:
        raise EnvelopeRefused(f"{what} does not have exactly the members {sorted(names)}")
    return value


def _bytes(text: object) -> bytes:
    if not isinstance(text, str):
        raise EnvelopeRefused("payload and signature have to be base64 text")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise EnvelopeRefused("payload or signature is not base64") from exc
