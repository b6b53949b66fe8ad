"""Which code says that it obeys which business rule: ``# implements FRS-PCK-003`` above a def."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from contracts.record.digests import sha256

_COMMENT = re.compile(r"#\s*implements\s+(FRS-[A-Z]{3}-[0-9]{3})\s*")


@dataclass(frozen=True)
class Implementation:
    """A function that says it implements a rule. ``digest`` is over its source text."""

    rule: str
    place: str
    digest: str

    def __str__(self) -> str:
        return f"{self.place} {self.digest[:16]}"


class Unattached(ValueError):
    """A comment that names a rule and stands above no function."""


def implementations(package: Path) -> dict[str, list[Implementation]]:
    """All implementations in a package, by rule. Raises: Unattached."""
    found: dict[str, list[Implementation]] = defaultdict(list)
    for path in sorted(package.rglob("*.py")):
        for item in _in_file(path, package.parent):
            found[item.rule].append(item)
    return dict(found)


def _in_file(path: Path, root: Path) -> list[Implementation]:
    source = path.read_text(encoding="utf-8")
    comments = _comments(source)
    if not comments:
        return []
    functions = {
        node.lineno - len(node.decorator_list): node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    name = path.relative_to(root).as_posix()
    return [_attached(line, rule, functions, source, name) for line, rule in comments.items()]


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    matches = (
        (token.start[0], _COMMENT.fullmatch(token.string))
        for token in tokens if token.type == tokenize.COMMENT
    )
    return {line: match[1] for line, match in matches if match}


def _attached(
    line: int, rule: str, functions: dict[int, ast.FunctionDef | ast.AsyncFunctionDef],
    source: str, name: str,
) -> Implementation:
    below = line + 1
    lines = source.splitlines()
    while below <= len(lines) and _COMMENT.fullmatch(lines[below - 1].strip()):
        below += 1
    function = functions.get(below)
    if function is None:
        raise Unattached(f"{name}:{line}: {rule} stands above no function")
    text = ast.get_source_segment(source, function) or ""
    return Implementation(rule, f"{name}:{function.name}", sha256(text.encode()))
