"""Claims of a step: each says what it is about, what was expected and what was observed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


class NotTested(Exception):
    """The scenario cannot be shown on this system, for the reason given."""


def equal(observed: object, expected: object, what: str) -> None:
    """Claim that two values are equal. Raises: AssertionError in words."""
    if observed != expected:
        raise AssertionError(f"{what}: expected {_shown(expected)}, observed {_shown(observed)}")


def holds(claim: bool, otherwise: str) -> None:
    """Claim that something holds; ``otherwise`` says what is so instead. Raises: AssertionError."""
    if not claim:
        raise AssertionError(otherwise)


def the_only(found: Iterable[T], what: str) -> T:
    """The one of its kind. Raises: AssertionError where there is none, or more than one."""
    rows = list(found)
    equal(len(rows), 1, what)
    return rows[0]


def _shown(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        parts = list(map(_shown, value))
        ordered = sorted(parts) if isinstance(value, set | frozenset) else parts
        return f"({', '.join(ordered)})" if value else "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{_shown(k)}: {_shown(v)}" for k, v in value.items()) or "nothing"
    return str(value)
