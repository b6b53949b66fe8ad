"""Two editions of the published contract compared: each change is compatible or breaking.

What a system takes must stay taken, and what it answers must have been an answer before; everything
else breaks somebody. A breaking change needs a new major version. Source: URS-SCH-002.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.wire.schema_changes import Effect, schema_changes

Documents = Mapping[str, Any]
_GOLDEN = "golden/"
_METHODS = ("get", "post", "put", "delete", "patch")


class NoContract(ValueError):
    """A folder that holds no published contract; the message says what is missing."""


@dataclass(frozen=True)
class Change:
    """One change between two editions."""

    kind: str
    place: str
    is_breaking: bool
    what: str

    def __str__(self) -> str:
        word = "breaking" if self.is_breaking else "compatible"
        return f"{word}: {self.kind} at {self.place}: {self.what}"


@dataclass(frozen=True)
class Comparison:
    """All changes, and whether the new edition may be published under its number."""

    old_version: str
    new_version: str
    changes: tuple[Change, ...]

    @property
    def breaking(self) -> tuple[Change, ...]:
        """The changes that break somebody."""
        return tuple(change for change in self.changes if change.is_breaking)

    @property
    def is_allowed(self) -> bool:
        """Nothing breaks, or the major version says so."""
        return not self.breaking or _major(self.new_version) > _major(self.old_version)


def read_contract(folder: Path) -> dict[str, Any]:
    """The published documents of a folder; golden messages by name alone. Raises: NoContract."""
    documents: dict[str, Any] = {}
    for path in sorted(folder.rglob("*.json")):
        name = path.relative_to(folder).as_posix()
        try:
            golden = name.startswith(_GOLDEN)
            documents[name] = None if golden else json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError) as exc:
            raise NoContract(f"{path} cannot be read: {exc}") from exc
    for name in ("openapi-mes.json", "openapi-wms.json", "codes.json", "rules.json"):
        if name not in documents:
            raise NoContract(f"{folder} holds no published contract: there is no {name}")
    return documents


def compare_contracts(old: Documents, new: Documents) -> Comparison:
    """Every change from one edition to the next, each once."""
    changes = dict.fromkeys(
        (*_files(old, new), *_payloads(old, new), *_operations(old, new), *_codes(old, new),
         *_rules(old, new))
    )
    versions = [documents["openapi-mes.json"]["info"]["version"] for documents in (old, new)]
    return Comparison(versions[0], versions[1], tuple(changes))


def _files(old: Documents, new: Documents) -> Iterator[Change]:
    for name in sorted(old.keys() - new.keys()):
        kind = "golden-removed" if name.startswith(_GOLDEN) else "file-removed"
        yield Change(kind, name, True, "it is not published any more")
    for name in sorted(new.keys() - old.keys()):
        kind = "golden-added" if name.startswith(_GOLDEN) else "file-added"
        yield Change(kind, name, False, "it is published now")


def _payloads(old: Documents, new: Documents) -> Iterator[Change]:
    for name in sorted(old.keys() & new.keys()):
        if name.startswith("schemas/"):
            yield from _taken(old[name], new[name], old[name], new[name], name)


def _operations(old: Documents, new: Documents) -> Iterator[Change]:
    for name in sorted(old.keys() & new.keys()):
        if not name.startswith("openapi-"):
            continue
        before, after = _entries(old[name]), _entries(new[name])
        for operation in sorted(before.keys() - after.keys()):
            yield Change("operation-removed", f"{name} {operation}", True, "it is gone")
        for operation in sorted(after.keys() - before.keys()):
            yield Change("operation-added", f"{name} {operation}", False, "it is new")
        for operation in sorted(before.keys() & after.keys()):
            pair = (before[operation], after[operation])
            yield from _operation(pair, (old[name], new[name]), f"{name} {operation}")


def _operation(
    pair: tuple[Any, Any], documents: tuple[Any, Any], place: str
) -> Iterator[Change]:
    old, new = pair
    if old.get("security") != new.get("security"):
        yield Change("security", place, True, "who calls it shows it in another way")
    yield from _parameters(pair, documents, place)
    bodies = [_content(entry.get("requestBody")) for entry in pair]
    answers = [_content(entry.get("responses", {}).get("200")) for entry in pair]
    for kind, contents, taken in (("body", bodies, True), ("answer", answers, False)):
        if contents[0].keys() != contents[1].keys():
            yield Change(f"{kind}-media-type", place, True, "it has another media type, or none")
        for media in sorted(contents[0].keys() & contents[1].keys()):
            schemas = (contents[0][media]["schema"], contents[1][media]["schema"])
            judged = _taken if taken else _answered
            yield from judged(*schemas, *documents, f"{place} {kind}")
    yield from _guards(old, new, place)


def _parameters(
    pair: tuple[Any, Any], documents: tuple[Any, Any], place: str
) -> Iterator[Change]:
    old, new = ({(p["in"], p["name"]): p for p in e.get("parameters", ())} for e in pair)
    for key in sorted(old.keys() - new.keys()):
        yield Change("parameter-removed", f"{place} {key[1]}", True, "it is not known any more")
    for key in sorted(new.keys() - old.keys()):
        needed = bool(new[key].get("required"))
        what = "it has to be there" if needed else "it may be there"
        yield Change("parameter-added", f"{place} {key[1]}", needed, what)
    for key in sorted(old.keys() & new.keys()):
        where = f"{place} {key[1]}"
        if bool(new[key].get("required")) != bool(old[key].get("required")):
            needed = bool(new[key].get("required"))
            yield Change("parameter-required", where, needed, "whether it has to be there changed")
        yield from _taken(old[key]["schema"], new[key]["schema"], *documents, where)


def _guards(old: Any, new: Any, place: str) -> Iterator[Change]:
    before, after = (set(entry.get("x-business-rules", ())) for entry in (old, new))
    for rule in sorted(after - before):
        yield Change("rule-guards", f"{place} {rule}", True, "what was taken may be refused by it")
    for rule in sorted(before - after):
        yield Change("rule-lifted", f"{place} {rule}", False, "it refuses nothing here any more")


def _codes(old: Documents, new: Documents) -> Iterator[Change]:
    before, after = ({c["code"]: c for c in d["codes.json"]} for d in (old, new))
    for code in sorted(before.keys() - after.keys()):
        yield Change("code-removed", f"codes.json {code}", True, "nobody knows what it meant")
    for code in sorted(after.keys() - before.keys()):
        yield Change("code-added", f"codes.json {code}", False, "status and retry say what to do")
    for code in sorted(before.keys() & after.keys()):
        for member in sorted(before[code].keys() | after[code].keys()):
            if before[code].get(member) != after[code].get(member):
                breaking = member != "sentence"
                what = f"{member} was {before[code].get(member)}, is {after[code].get(member)}"
                yield Change(f"code-{member}", f"codes.json {code}", breaking, what)


def _rules(old: Documents, new: Documents) -> Iterator[Change]:
    before, after = ({r["id"]: r for r in d["rules.json"]} for d in (old, new))
    for rule in sorted(before.keys() - after.keys()):
        yield Change("rule-removed", f"rules.json {rule}", False, "it is not kept any more")
    for rule in sorted(after.keys() - before.keys()):
        guards = bool(after[rule]["guards"])
        yield Change("rule-added", f"rules.json {rule}", guards, "what was taken may be refused")
    for rule in sorted(before.keys() & after.keys()):
        for member in ("text", "code"):
            if before[rule][member] != after[rule][member]:
                what = f"{member} is another"
                yield Change(f"rule-{member}", f"rules.json {rule}", True, what)


def _taken(old: Any, new: Any, old_root: Any, new_root: Any, place: str) -> Iterator[Change]:
    for found in schema_changes(old, new, old_root, new_root, place):
        what = f"{found.what}; a system {found.effect}"
        yield Change(found.kind, found.place, found.effect is not Effect.MORE, what)


def _answered(old: Any, new: Any, old_root: Any, new_root: Any, place: str) -> Iterator[Change]:
    for found in schema_changes(old, new, old_root, new_root, place):
        broken = found.effect is not Effect.LESS
        what = f"{found.what}; a reader meets {'what it did not know' if broken else 'less'}"
        yield Change(found.kind, found.place, broken, what)


def _entries(document: Any) -> dict[str, Any]:
    return {
        f"{method.upper()} {path}": entry
        for path, item in document["paths"].items()
        for method, entry in item.items() if method in _METHODS
    }


def _content(part: Any) -> dict[str, Any]:
    content: dict[str, Any] = (part or {}).get("content", {})
    return content


def _major(version: str) -> int:
    return int(version.partition(".")[0])
