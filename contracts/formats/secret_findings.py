"""Secrets where none may be: values that are known, and forms that give a secret away.

Looks through what hides text as well: base64 in JSON, zip files, compressed streams of a PDF. What
is found is named by its kind and place, never by its value.
Source: URS-SVC-003; EU GMP Annex 11 §12.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

_DEPTH_MAX = 3
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{40,}={0,2}")
_STANDARD = bytes.maketrans(b"-_", b"+/")
_TEXT = bytes([*range(32, 127), *b"\n\r\t"])
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
# What a secret looks like, whoever made it. Values after a name are quoted, so that code which
# only passes a secret on is none.
_NAMED = (
    rb"(?:pass(?:word|wd|phrase)|secret|token|api[_-]?key)[\"']?\s*[:=]\s*[\"']"
    rb"(?P<value>[^\"'\s$<>{}()]{12,128})[\"']"
)
# Beside each form stands what it cannot do without: looking for that is quick.
FORMS: dict[str, tuple[tuple[bytes, ...], re.Pattern[bytes]]] = {
    "a private key": (
        (b"PRIVATE KEY-----",),
        re.compile(rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\s|\\n)*[A-Za-z0-9+/]"),
    ),
    "a private key in JSON": ((b'"d"',), re.compile(rb'"d"\s*:\s*"[A-Za-z0-9_-]{42,}"')),
    "a session token": ((b"earer ",), re.compile(rb"[Bb]earer [A-Za-z0-9._~+/-]{24,}")),
    "an authenticator": (
        (b"otpauth",), re.compile(rb"otpauth://[a-z]+/\S*secret=[A-Z2-7]{16,}")
    ),
    "an access key": (
        (b"AKIA", b"ASIA", b"gh"),
        re.compile(rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b"),
    ),
    "a signed token": (
        (b"eyJ",),
        re.compile(rb"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+"),
    ),
    "a password in an address": (
        (b"://",),
        re.compile(rb"\b[a-z][a-z0-9+]{2,12}://[^\s/:@\"'{}]+:[^\s/@\"'{}]{4,}@"),
    ),
    "a named secret": (
        (b"pass", b"secret", b"token", b"key"), re.compile(_NAMED, re.IGNORECASE)
    ),
}


@dataclass(frozen=True, order=True)
class Found:
    """A secret at a place; ``kind`` says what it is, the value is told to nobody."""

    place: str
    kind: str


class SecretSearch:
    """Searches for ``known`` secrets, by name, and for every form; ``public`` values are examples.

    A known secret counts in every spelling in which it could have been written down.
    """

    def __init__(self, known: dict[str, str], public: Iterable[str] = ()) -> None:
        self._known = {
            kind: frozenset(_spellings(value)) for kind, value in known.items() if value
        }
        self._public = tuple(value.encode() for value in public)

    def search(self, place: str, raw: bytes) -> set[Found]:
        """What there is at one place."""
        return {Found(place, kind) for kind in self._kinds(raw, 0)}

    def known_in(self, raw: bytes) -> frozenset[str]:
        """The known secrets that stand in a document as it is; nothing is unwrapped."""
        return frozenset(
            kind for kind, spellings in self._known.items()
            if any(spelling in raw for spelling in spellings)
        )

    def _kinds(self, raw: bytes, depth: int) -> Iterator[str]:
        yield from self.known_in(raw)
        lowered = raw.lower()
        for kind, (needed, form) in FORMS.items():
            if any(word.lower() in lowered for word in needed) and any(
                not self._is_public(match[0]) for match in form.finditer(raw)
            ):
                yield kind
        if depth < _DEPTH_MAX:
            for hidden in _hidden_in(raw):
                yield from self._kinds(hidden, depth + 1)

    def _is_public(self, shown: bytes) -> bool:
        return any(value in shown for value in self._public)


def _spellings(value: str) -> Iterator[bytes]:
    raw = value.encode()
    yield raw
    yield raw.hex().encode()
    yield quote(value, safe="").encode()
    yield json.dumps(value)[1:-1].encode()
    # In base64 the letters depend on where in the text the secret begins.
    for lead in range(3):
        coded = base64.b64encode(b"\0" * lead + raw)
        whole = coded[4 if lead else 0:len(coded) // 4 * 4 - 4]
        if len(whole) >= 8:
            yield whole


def _hidden_in(raw: bytes) -> Iterator[bytes]:
    if raw[:4] == b"PK\x03\x04":
        yield from _members(raw)
    if raw[:5] == b"%PDF-":
        for stream in _STREAM.finditer(raw):
            yield from _inflated(stream[1])
    for run in _BASE64.finditer(raw):
        yield from _decoded(run[0])


def _members(raw: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    except (zipfile.BadZipFile, RuntimeError, zlib.error, NotImplementedError):
        return


def _inflated(stream: bytes) -> Iterator[bytes]:
    try:
        yield zlib.decompress(stream)
    except zlib.error:
        return


def _decoded(run: bytes) -> Iterator[bytes]:
    text = run.translate(_STANDARD).rstrip(b"=")
    try:
        decoded = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return
    # Digests and keys decode to noise; a document decodes to text.
    if len(decoded.translate(None, _TEXT)) <= len(decoded) // 10:
        yield decoded
