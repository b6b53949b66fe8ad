"""A checkpoint of a journal as text: which journal, how many rows, their Merkle root, at what time.

The form is C2SP tlog-checkpoint: origin, size in decimal, root in base64, one line each, and here
one extension line with the time. The tree is that of RFC 9162, section 2.1, over the record hashes
of the rows (32 bytes each) in the order of their positions. Source: URS-JRN-002.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime

from contracts.model.instants import read_timestamp, write_timestamp

_TIME = "time "
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_ROOT_BYTES = 32


class NoCheckpoint(ValueError):
    """A text that is no checkpoint; the message says why."""


@dataclass(frozen=True)
class Checkpoint:
    """The first ``size`` rows of the journal ``origin`` have the Merkle root ``root``."""

    origin: str
    size: int
    root: bytes
    at: datetime

    @property
    def text(self) -> str:
        """What is signed: four lines, each with its line end."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\n{_TIME}{write_timestamp(self.at)}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a text states. Raises: NoCheckpoint."""
    lines = text.split("\n")
    if len(lines) != 5 or lines[4]:
        raise NoCheckpoint("a checkpoint has four lines, each with its line end")
    origin, size, root, time = lines[:4]
    if not origin:
        raise NoCheckpoint("the first line names no journal")
    if not _SIZE.fullmatch(size):
        raise NoCheckpoint(f"{size!r} is no number of rows")
    if not time.startswith(_TIME):
        raise NoCheckpoint("the fourth line is no time")
    try:
        return Checkpoint(origin, int(size), _root(root), read_timestamp(time[len(_TIME):]))
    except ValueError as exc:
        raise NoCheckpoint(str(exc)) from exc


def journal_origin(system: str) -> str:
    """The name of a system's journal, which is also the name of the key that signs for it."""
    return f"{system}/journal"


def _root(text: str) -> bytes:
    try:
        root = base64.b64decode(text, validate=True)
    except binascii.Error as exc:
        raise NoCheckpoint("the root is no base64") from exc
    if len(root) != _ROOT_BYTES or base64.b64encode(root).decode() != text:
        raise NoCheckpoint("the root is not the 32 bytes of a SHA-256")
    return root
