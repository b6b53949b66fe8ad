"""Signed notes: a text with the signatures under it, for people and for other people's tools.

The form is C2SP signed-note with Ed25519: the text, an empty line, and for each signature a line
``— NAME BASE64`` whose bytes are the key's id and the signature over the text.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.wire.identity import raw_public

_ED25519 = b"\x01"
_ID_BYTES = 4
_MARK = "— "


class NoteNotVerified(ValueError):
    """A note that the verifier did not sign as it stands; the message says why."""


@dataclass(frozen=True)
class NoteVerifier:
    """A key by its name. ``public_key`` is 32 raw bytes."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that stand before each signature of this key."""
        named = self.name.encode() + b"\n" + _ED25519 + self.public_key
        return hashlib.sha256(named).digest()[:_ID_BYTES]

    @property
    def text(self) -> str:
        """``NAME+ID+KEY``, as tools take it."""
        key = base64.b64encode(_ED25519 + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"


def read_verifier(text: str) -> NoteVerifier:
    """The verifier that ``NAME+ID+KEY`` stands for. Raises: ValueError."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = _decoded(encoded)
    if not _is_name(name) or raw[:1] != _ED25519 or len(raw) != 33:
        raise ValueError("this is no verifier key of Ed25519")
    verifier = NoteVerifier(name, raw[1:])
    if verifier.key_id.hex() != key_id:
        raise ValueError("the id does not belong to this name and key")
    return verifier


def sign_note(text: str, name: str, key: Ed25519PrivateKey) -> bytes:
    """The text with a signature under it. ``text`` ends with a line end."""
    if not text.endswith("\n") or not _is_name(name):
        raise ValueError("a note ends with a line end, a key's name has no blank and no plus")
    verifier = NoteVerifier(name, raw_public(key.public_key()))
    signature = base64.b64encode(verifier.key_id + key.sign(text.encode())).decode()
    return f"{text}\n{_MARK}{name} {signature}\n".encode()


def open_note(raw: bytes, verifier: NoteVerifier) -> str:
    """The text that this key has signed. Raises: NoteNotVerified."""
    try:
        content = raw.decode()
    except UnicodeDecodeError as exc:
        raise NoteNotVerified("it is no text in UTF-8") from exc
    head, gap, below = content.rpartition("\n\n")
    if not gap or not below.endswith("\n"):
        raise NoteNotVerified("no signature stands under the text")
    text = head + "\n"
    own = [line for line in below[:-1].split("\n") if _signature_name(line) == verifier.name]
    if not own:
        raise NoteNotVerified(f"{verifier.name} has not signed it")
    if not any(_is_signed(text, line, verifier) for line in own):
        raise NoteNotVerified(f"the signature of {verifier.name} does not fit the text")
    return text


def _signature_name(line: str) -> str:
    if not line.startswith(_MARK):
        raise NoteNotVerified("what stands under the text is no signature")
    return line.removeprefix(_MARK).rpartition(" ")[0]


def _is_signed(text: str, line: str, verifier: NoteVerifier) -> bool:
    raw = _decoded(line.rpartition(" ")[2])
    if raw[:_ID_BYTES] != verifier.key_id:
        return False
    key = Ed25519PublicKey.from_public_bytes(verifier.public_key)
    try:
        key.verify(raw[_ID_BYTES:], text.encode())
    except InvalidSignature:
        return False
    return True


def _decoded(text: str) -> bytes:
    """The bytes of canonical base64; none where it is another spelling of any."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if base64.b64encode(raw).decode() == text else b""


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() for c in name)
