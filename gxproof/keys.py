"""Keys that sign evidence: given by file, or made for one run and forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.wire.identity import read_private_key


class KeyUnusable(ValueError):
    """A key file that cannot be used; one sentence."""


@dataclass(frozen=True)
class Signer:
    """The key that signs "executed". An ephemeral one shows integrity, not who signed."""

    key: Ed25519PrivateKey
    ephemeral: bool


def signer(path: Path | None) -> Signer:
    """The signer in a file (PKCS #8 PEM, Ed25519), or a new one. Raises: KeyUnusable."""
    if path is None:
        return Signer(Ed25519PrivateKey.generate(), ephemeral=True)
    try:
        return Signer(read_private_key(path), ephemeral=False)
    except OSError as exc:
        raise KeyUnusable(f"{path} cannot be read: {exc.strerror}") from exc
    except ValueError as exc:
        raise KeyUnusable(str(exc)) from exc
