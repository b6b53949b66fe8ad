"""SHA-256 of bytes, canonical values and files, in lower-case hex."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from contracts.record.canonical import canonical_bytes


def sha256(raw: bytes) -> str:
    """Digest of bytes."""
    return hashlib.sha256(raw).hexdigest()


def digest_of(value: Any) -> str:
    """Digest of the canonical form of a JSON value."""
    return sha256(canonical_bytes(value))


def file_digest(path: Path) -> str:
    """Digest of a file's bytes. Raises: OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
