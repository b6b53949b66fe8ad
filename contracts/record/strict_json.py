"""Reading JSON without mercy: no duplicate names, no NaN, no deep nesting, only UTF-8.

Source: URS-INP-004; RFC 8259 leaves each of these to the reader.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

DEPTH_MAX = 32
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")


class Unreadable(ValueError):
    """Bytes that are not one strict JSON document; the message says why."""


def read_json(raw: bytes) -> Any:
    """The JSON value in ``raw``; numbers with a point come as Decimal, never as float.

    Raises: Unreadable for bad UTF-8, a byte order mark, bad syntax, duplicate member names, NaN,
    Infinity, or nesting deeper than 32.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise Unreadable(f"invalid UTF-8 at byte {exc.start}") from exc
    _check_depth(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=Decimal,
        )
    except json.JSONDecodeError as exc:
        raise Unreadable(f"{exc.msg} at character {exc.pos}") from exc
    except ValueError as exc:
        raise Unreadable(str(exc)) from exc


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= DEPTH_MAX:
        return
    depth = 0
    for found in _BRACKET.finditer(_STRING.sub('""', text)):
        depth += 1 if found[0] in "[{" else -1
        if depth > DEPTH_MAX:
            raise Unreadable(f"nested deeper than {DEPTH_MAX}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"member {doubled!r} stands twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise Unreadable(f"{name} is not JSON")
