"""Where in a TOML file a value stands: errors name file, line and field."""

from __future__ import annotations

import re

Path = tuple[str | int, ...]
_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")


def line_of(text: str, path: Path) -> int:
    """The line (from 1) of the value at ``path``, or of the nearest thing around it.

    ``path`` is as pydantic gives it: ``("lots", 2, "expires_on")``.
    """
    lines = text.splitlines()
    start = _header_line(lines, path)
    names = [part for part in path[1:] if isinstance(part, str)]
    if not names or not path:
        return start
    key_line = _key_line(lines, start, names[0]) or start
    return _inside(lines, key_line, path)


def field_name(path: Path) -> str:
    """``("lots", 2, "expires_on")`` as ``lots[2].expires_on``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "(whole file)"


def _header_line(lines: list[str], path: Path) -> int:
    if not path:
        return 1
    wanted = path[1] if len(path) > 1 and isinstance(path[1], int) else 0
    seen = 0
    for number, line in enumerate(lines, start=1):
        header = _HEADER.match(line)
        if header and header[2] == path[0]:
            if seen == wanted:
                return number
            seen += 1
    return 1


def _key_line(lines: list[str], start: int, key: str) -> int | None:
    for number, line in enumerate(lines[start:], start=start + 1):
        if _HEADER.match(line):
            return None
        found = _KEY.match(line)
        if found and found[1] == key:
            return number
    return None


def _inside(lines: list[str], key_line: int, path: Path) -> int:
    """The line of the n-th inline table of an array that starts at ``key_line``."""
    indices = [part for part in path[2:] if isinstance(part, int)]
    if not indices:
        return key_line
    opened = -1
    for number, line in enumerate(lines[key_line - 1 :], start=key_line):
        opened += line.count("{")
        if opened >= indices[0]:
            return number
    return key_line
