"""The chain of a journal, computed anew by the judge from what the export shows, and nothing else.

A row's hash is SHA-256 over the canonical row as it is exported, without hash and body; the body is
bound by its own digest. Source: URS-JRN-001.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.record.canonical import NotCanonical
from contracts.record.digests import digest_of

ORIGIN = "0" * 64
Row = dict[str, Any]
_NOT_HASHED = ("hash", "body")


@dataclass(frozen=True)
class Link:
    """Where a part of a journal is fastened: the row before it, or the beginning of all."""

    position: int = 0
    hash: str = ORIGIN


@dataclass(frozen=True)
class Fault:
    """The first position at which a journal is not what it was, and what is wrong there."""

    position: int
    what: str


def first_fault(rows: Sequence[Row], start: Link, end: int) -> Fault | None:
    """The first fault of rows that follow ``start`` and end at position ``end``; None: whole."""
    before = start
    for row in rows:
        expected = before.position + 1
        what = _wrong(row, before)
        if what:
            return Fault(expected, what)
        before = Link(expected, row["hash"])
    if before.position != end:
        return Fault(before.position + 1, f"rows up to {end} are missing")
    return None


def _wrong(row: Row, before: Link) -> str:
    if row.get("position") != before.position + 1:
        return f"the row here has position {row.get('position')}"
    if row.get("previousHash") != before.hash:
        return "it does not follow the row before it"
    try:
        body = base64.b64decode(str(row.get("body")), validate=True)
        own = digest_of({name: v for name, v in row.items() if name not in _NOT_HASHED})
    except (binascii.Error, ValueError, NotCanonical) as exc:
        return f"it cannot be read: {exc}"
    if hashlib.sha256(body).hexdigest() != row.get("bodySha256"):
        return "its body is another one"
    return "" if own == row.get("hash") else "its hash is another one"
