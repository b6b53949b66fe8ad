"""Who a system is: a certificate name and a signing key, and what its partners know of both."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


class Account(StrEnum):
    """Whose a service account is: a system's, the harness's, or that of continuous integration."""

    MES = "mes"
    WMS = "wms"
    HARNESS = "harness"
    CI = "ci"


@dataclass(frozen=True)
class Identity:
    """A service account as its owner holds it. ``name`` is the common name of its certificate."""

    source: str
    account: Account
    name: str
    key: Ed25519PrivateKey

    @cached_property
    def known(self) -> KnownIdentity:
        """What a partner is told about this account."""
        public_key = raw_public(self.key.public_key())
        return KnownIdentity(self.source, self.account, self.name, public_key)


@dataclass(frozen=True)
class KnownIdentity:
    """A service account as its partners know it: no secret. ``public_key`` is 32 raw bytes.

    ``operations`` are the ids of all that it may call; what is not there is denied.
    """

    source: str
    account: Account
    name: str
    public_key: bytes
    operations: frozenset[str] = frozenset()
    owner: str = ""

    @cached_property
    def key_id(self) -> str:
        """The ``keyid`` of its signatures: the first 32 hex digits of SHA-256 over the key."""
        return hashlib.sha256(self.public_key).hexdigest()[:32]

    @cached_property
    def verifier(self) -> Ed25519PublicKey:
        """The key to verify with."""
        return Ed25519PublicKey.from_public_bytes(self.public_key)


def raw_public(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def write_private_key(path: Path, key: Ed25519PrivateKey) -> None:
    """Write a key as unencrypted PKCS #8 PEM that only its owner can read."""
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """Read an Ed25519 key. Raises: OSError, ValueError naming the file."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as exc:
        raise ValueError(f"{path} holds no unencrypted private key in PEM") from exc
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key")
    return key
