"""Every member of a message, broken in every way that its published schema refuses.

Nothing is drawn by lot: the same message gives the same cases. Source: URS-INP-001.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs

from contracts.model.operations import OPERATIONS
from contracts.model.roles import Role
from contracts.wire.golden_steps import changed
from contracts.wire.publication import PUBLISHED

_TEXT_MAX = 5000
_ITEMS_MAX = 60


@dataclass(frozen=True)
class Broken:
    """One message with one member broken. ``path`` is as a refusal names it."""

    path: str
    way: str
    body: Any


def broken_members(role: Role, message: str, body: Any) -> list[Broken]:
    """All cases of a good message; only those that the published schema refuses."""
    validator = _validator(role, message)
    if not validator.is_valid(body):
        raise ValueError(f"the {message} to start from is no good one")
    cases = [
        Broken(_shown(place), way, changed(body, place, other))
        for place, value in _members(body, "")
        for way, other in _ways(value)
        # An item that is missing is a shorter list.
        if other is not ... or not place.rpartition(".")[2].isdecimal()
    ]
    return [case for case in cases if not validator.is_valid(case.body)]


def member_paths(body: Any) -> list[str]:
    """The members of a message, as refusals name them."""
    return [_shown(place) for place, _ in _members(body, "")]


@cache
def _validator(role: Role, message: str) -> jsonschema_rs.Validator:
    document = json.loads((PUBLISHED / f"openapi-{role}.json").read_bytes())
    entry = document["paths"][OPERATIONS[f"{role}/{message}"].path]["post"]
    (media,) = entry["requestBody"]["content"].values()
    schema = {**media["schema"], "components": document["components"]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def _members(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for name, member in items:
        at = f"{place}.{name}" if place else str(name)
        yield at, member
        yield from _members(member, at)


def _ways(value: Any) -> Iterator[tuple[str, Any]]:
    """The member missing (``...``), null, and as something that it may not be."""
    yield "missing", ...
    yield "null", None
    if isinstance(value, str):
        yield from (("a number", 7), ("an object", {}), ("empty", ""))
        yield "too long", value + "9" * _TEXT_MAX
        yield from (("with a line end", f"{value}\n"), ("with a blank before it", f" {value}"))
        yield from (("with a letter of no list", f"{value}\u00e9"), ("another word", "no-such"))
    elif isinstance(value, bool | int):
        yield from (("a text", str(value)), ("below its range", -1), ("above its range", 10**9))
    elif isinstance(value, list):
        yield from (("an object", {}), ("empty", []), ("too long", value * _ITEMS_MAX))
    else:
        yield from (("a text", "text"), ("a number", 7), ("a list", []))


def _shown(place: str) -> str:
    """``data.lines.0.quantity`` as ``data.lines[0].quantity``."""
    path = ""
    for part in place.split("."):
        path += f"[{part}]" if part.isdecimal() else f".{part}" if path else part
    return path
