"""One byte string for one JSON value: the canonical form of RFC 8785, without binary floats.

Records hold strings, integers, booleans, null, lists and objects; a float is refused, because its
text form is where canonical encoders differ and because no record here has a use for one.
Member names sort by UTF-16 code units, as the RFC demands.
"""

from __future__ import annotations

import json
from typing import Any

_INT_MAX = 2**53 - 1


class NotCanonical(ValueError):
    """A value that has no canonical form here: a float, a huge integer, a lone surrogate."""


def canonical_bytes(value: Any) -> bytes:
    """The canonical UTF-8 bytes of a JSON value. Raises: NotCanonical."""
    plain = _check(value)
    try:
        return (_fast(value) if plain else _text(value)).encode("utf-8")
    except UnicodeEncodeError as exc:
        raise NotCanonical("text with a lone surrogate") from exc


# json's own encoder writes the same bytes wherever member names sort alike by code point and by
# UTF-16 code unit, that is, as long as none reaches beyond U+D7FF.
_fast = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def _check(value: Any) -> bool:
    """Refuse what has no canonical form; whether the fast encoder may be used for the rest."""
    if value is None or isinstance(value, str | bool):
        return True
    if isinstance(value, int):
        if abs(value) > _INT_MAX:
            raise NotCanonical(f"{value} does not fit a JSON number")
        return type(value) is int
    if isinstance(value, dict):
        plain = True
        for name, member in value.items():
            if not isinstance(name, str):
                raise NotCanonical("a member name is not text")
            if not (name.isascii() or max(name) < "\ud800"):
                plain = False
            if type(member) is not str and not _check(member):  # most members are text
                plain = False
        return plain
    if isinstance(value, list | tuple):
        plain = True
        for item in value:
            if type(item) is not str and not _check(item):
                plain = False
        return plain
    raise NotCanonical(f"{type(value).__name__} has no canonical form")


def _text(value: Any) -> str:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(name)}:{_text(value[name])}" for name in names) + "}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_text, value))}]"
    if isinstance(value, int) and not isinstance(value, bool):
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)
