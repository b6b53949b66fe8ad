"""What became of a JSON Schema: where the new one takes less, more, or something else than the old.

Schemas are compared member by member. What cannot be decided that way (a changed pattern, a keyword
that is not known here) counts as something else, never as unchanged. Source: URS-SCH-002.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Schema = dict[str, Any]
_WORDS = frozenset({
    "title", "description", "examples", "default", "deprecated", "$id", "$schema", "$comment",
    "$defs", "components",
})
_AT_LEAST = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")
_AT_MOST = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
_CLOSING = ("additionalProperties", "unevaluatedProperties")
_HANDLED = frozenset({
    *_WORDS, *_AT_LEAST, *_AT_MOST, *_CLOSING, "$ref", "type", "enum", "const", "properties",
    "required", "items", "uniqueItems", "anyOf", "oneOf", "allOf",
})
_PATTERN_LIKE = ("pattern", "format")


class Effect(StrEnum):
    """What a change does to the set of documents that a schema takes."""

    LESS = "takes less"
    MORE = "takes more"
    OTHER = "takes something else"


@dataclass(frozen=True)
class SchemaChange:
    """One change: its kind, where it is, what it does, in words."""

    kind: str
    place: str
    effect: Effect
    what: str


@dataclass(frozen=True)
class _Pair:
    """The two documents that references are resolved in."""

    old: Schema
    new: Schema


def schema_changes(
    old: Schema, new: Schema, old_document: Schema, new_document: Schema, place: str
) -> Iterator[SchemaChange]:
    """Every change from ``old`` to ``new``; references point into the documents."""
    yield from _compare(old, new, _Pair(old_document, new_document), place, frozenset())


def _compare(
    old: Any, new: Any, pair: _Pair, place: str, seen: frozenset[tuple[str, str]]
) -> Iterator[SchemaChange]:
    if isinstance(old, bool) or isinstance(new, bool):
        if old != new:
            yield SchemaChange("schema", place, Effect.OTHER, f"{old} became {new}")
        return
    refs = (str(old.get("$ref", "")), str(new.get("$ref", "")))
    if refs != ("", ""):
        if refs in seen:
            return
        seen |= {refs}
        old, new = _resolved(old, pair.old), _resolved(new, pair.new)
    yield from _types(old, new, place)
    yield from _values(old, new, place)
    yield from _limits(old, new, place)
    yield from _members(old, new, pair, place, seen)
    yield from _choices(old, new, pair, place, seen)
    if isinstance(old.get("items"), dict) and isinstance(new.get("items"), dict):
        yield from _compare(old["items"], new["items"], pair, f"{place}[]", seen)
    elif old.get("items") != new.get("items"):
        yield SchemaChange("items", place, Effect.OTHER, "what a list holds is another thing")
    yield from _unknown(old, new, place)


def _types(old: Schema, new: Schema, place: str) -> Iterator[SchemaChange]:
    before, after = _type_names(old), _type_names(new)
    if before == after:
        return
    if before is None or (after is not None and after < before):
        effect = Effect.LESS
    elif after is None or before < after:
        effect = Effect.MORE
    else:
        effect = Effect.OTHER
    yield SchemaChange("type", place, effect, f"{_names(before)} became {_names(after)}")


def _values(old: Schema, new: Schema, place: str) -> Iterator[SchemaChange]:
    before, after = _allowed(old), _allowed(new)
    if before == after:
        return
    if before is None or after is None:
        effect = Effect.LESS if before is None else Effect.MORE
        yield SchemaChange("values", place, effect, "a list of values came or went")
        return
    for gone in sorted(before - after):
        yield SchemaChange("value-removed", place, Effect.LESS, f"{gone} is no value any more")
    for come in sorted(after - before):
        yield SchemaChange("value-added", place, Effect.MORE, f"{come} is a value now")


def _limits(old: Schema, new: Schema, place: str) -> Iterator[SchemaChange]:
    for name in (*_AT_LEAST, *_AT_MOST):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        lowest = float("-inf") if name in _AT_LEAST else float("inf")
        low, high = (lowest if value is None else float(value) for value in (before, after))
        less = high > low if name in _AT_LEAST else high < low
        effect = Effect.LESS if less else Effect.MORE
        yield SchemaChange("limit", place, effect, f"{name} was {before}, is {after}")
    for name in _PATTERN_LIKE:
        if old.get(name) != new.get(name):
            gone, come = new.get(name) is None, old.get(name) is None
            effect = Effect.MORE if gone else Effect.LESS if come else Effect.OTHER
            what = f"{name} was {old.get(name)}, is {new.get(name)}"
            yield SchemaChange(name, place, effect, what)
    if bool(old.get("uniqueItems")) != bool(new.get("uniqueItems")):
        effect = Effect.LESS if new.get("uniqueItems") else Effect.MORE
        yield SchemaChange("unique-items", place, effect, "whether items repeat is another thing")


def _members(
    old: Schema, new: Schema, pair: _Pair, place: str, seen: frozenset[tuple[str, str]]
) -> Iterator[SchemaChange]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed, needs = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(before.keys() - after.keys()):
        effect = Effect.OTHER if name in needed else Effect.LESS
        yield SchemaChange("member-removed", f"{place}.{name}", effect, "the member is gone")
    for name in sorted(after.keys() - before.keys()):
        effect = Effect.OTHER if name in needs else Effect.MORE
        what = "a member that has to be there" if name in needs else "a member that may be there"
        yield SchemaChange("member-added", f"{place}.{name}", effect, what)
    for name in sorted(before.keys() & after.keys()):
        where = f"{place}.{name}"
        if name in needs - needed:
            yield SchemaChange("member-required", where, Effect.LESS, "it has to be there now")
        if name in needed - needs:
            yield SchemaChange("member-optional", where, Effect.MORE, "it may be left out now")
        yield from _compare(before[name], after[name], pair, where, seen)
    for name in _CLOSING:
        if (old.get(name) is False) != (new.get(name) is False):
            effect = Effect.LESS if new.get(name) is False else Effect.MORE
            yield SchemaChange("unknown-members", place, effect, f"{name} is another")


def _choices(
    old: Schema, new: Schema, pair: _Pair, place: str, seen: frozenset[tuple[str, str]]
) -> Iterator[SchemaChange]:
    for name in ("anyOf", "oneOf", "allOf"):
        before, after = old.get(name, []), new.get(name, [])
        if len(before) != len(after):
            fewer = len(after) < len(before)
            less = fewer if name != "allOf" else not fewer
            effect = Effect.OTHER if not before or not after else (
                Effect.LESS if less else Effect.MORE)
            what = f"{len(before)} parts became {len(after)}"
            yield SchemaChange("choice", f"{place}/{name}", effect, what)
        for n, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from _compare(one, other, pair, f"{place}/{name}/{n}", seen)


def _unknown(old: Schema, new: Schema, place: str) -> Iterator[SchemaChange]:
    for name in sorted((old.keys() | new.keys()) - _HANDLED - {*_PATTERN_LIKE}):
        if not name.startswith("x-") and old.get(name) != new.get(name):
            yield SchemaChange(name, place, Effect.OTHER, f"{name} is another")


def _resolved(schema: Schema, document: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = document
        for part in str(schema["$ref"]).removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        schema = {**found, **beside}
    return schema


def _type_names(schema: Schema) -> frozenset[str] | None:
    value = schema.get("type")
    if value is None:
        return None
    names = {value} if isinstance(value, str) else set(value)
    return frozenset(names | {"integer"} if "number" in names else names)


def _names(types: frozenset[str] | None) -> str:
    return "anything" if types is None else " or ".join(sorted(types))


def _allowed(schema: Schema) -> frozenset[str] | None:
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return None if values is None else frozenset(json.dumps(v, sort_keys=True) for v in values)
