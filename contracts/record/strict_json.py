"""Reading JSON without mercy: no duplicate names, no NaN, no deep nesting, only UTF-8.

Source: URS-INP-004; RFC 8259 leaves each of these to the reader.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

DEPTH_MAX = 32


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
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=Decimal,
        )
    except json.JSONDecodeError as exc:
        raise Unreadable(f"{exc.msg} at character {exc.pos}") from exc
    except Unreadable:
        raise
    except ValueError as exc:
        raise Unreadable("a number has more digits than any reader takes") from exc
    except RecursionError as exc:
        raise Unreadable(f"nested deeper than {DEPTH_MAX}") from exc
    if text.count("[") + text.count("{") > DEPTH_MAX:
        _check_depth(value)
    return value


def _check_depth(value: Any) -> None:
    """Go down level by level: the values of a document that are lists or objects, then theirs."""
    level = [value]
    for _ in range(DEPTH_MAX):
        level = [
            inner for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
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
