"""Reading a print job for a label printer: what its symbols and its lines say.

Only what a label needs of ZPL is read: character sets, fields, hexadecimal bytes in them, Code 128
and Data Matrix. Source: ZPL II Programming Guide (^CI, ^FH, ^FD, ^BC, ^BX).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from contracts.formats.element_strings import GS

_COMMAND = re.compile(r"[\^~]([A-Z][A-Z0-9])([^\^~]*)")
_SETS = {"27": "windows-1252", "28": "utf-8"}
_BEGIN, _END = "^XA", "^XZ"


class ZplUnreadable(ValueError):
    """What is no print job of one label, or cannot be read as one."""


@dataclass(frozen=True)
class LabelJob:
    """What a printer would show. ``symbols`` are as a scanner sends them, ``texts`` as lines."""

    character_set: str
    symbols: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass
class _Field:
    """What was said of the field that is being read."""

    symbol: str = ""
    escape: str = ""
    hexadecimal: str = ""
    data: str | None = None


def read_zpl(job: str) -> LabelJob:
    """Read the job of one label. Raises: ZplUnreadable."""
    stripped = job.strip()
    if not (stripped.startswith(_BEGIN) and stripped.endswith(_END)):
        raise ZplUnreadable("a label begins with ^XA and ends with ^XZ")
    character_set, symbols, texts, field = "cp850", [], [], _Field()
    for command in _COMMAND.finditer(stripped):
        name, said = command[1], command[2].rstrip("\n")
        if name == "CI":
            if said not in _SETS:
                raise ZplUnreadable(f"no character set {said!r} is read here")
            character_set = _SETS[said]
        elif name == "FS":
            if field.data is not None and field.symbol:
                symbols.append(_symbol(field))
            elif field.data is not None:
                texts.append(_text(field, character_set))
            field = _Field()
        else:
            _say(field, name, said)
    return LabelJob(character_set, tuple(symbols), tuple(texts))


def _say(field: _Field, name: str, said: str) -> None:
    if name in ("XA", "XZ", "FO", "BY"):
        return
    if name == "BC":
        field.symbol = "]C1"
    elif name == "BX":
        options = said.split(",")
        field.symbol, field.escape = "]d2", options[6] if len(options) > 6 else ""
    elif name == "FH":
        field.hexadecimal = said[:1] or "_"
    elif name == "FD":
        field.data = said
    elif not name.startswith("A"):
        raise ZplUnreadable(f"no command ^{name} is read here")


def _symbol(field: _Field) -> str:
    data = field.data or ""
    if field.symbol == "]C1":
        return field.symbol + data.replace("(", "").replace(")", "")
    first, function = f"{field.escape}1", data.replace(f"{field.escape}1", GS)
    if not field.escape or not data.startswith(first):
        raise ZplUnreadable("a Data Matrix that does not begin with FNC1 is no GS1 symbol")
    return field.symbol + function[1:]


def _text(field: _Field, character_set: str) -> str:
    data, mark = field.data or "", field.hexadecimal
    if not mark:
        return data
    raw = re.sub(
        re.escape(mark).encode() + rb"([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]),
        data.encode("ascii"),
    )
    try:
        return raw.decode(character_set)
    except UnicodeDecodeError as exc:
        raise ZplUnreadable(f"not {character_set}: {exc}") from exc
