"""What an audit trail has to say: replayed over the picture before, it gives the picture now.

A change without its entry, an entry without its change, a doubled one, a wrong old or new value, a
creation without its content: each leaves a difference. Source: URS-AUD-001; 21 CFR 11.10(e).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from contracts.model.inspection import AuditAction, AuditRow
from contracts.model.roles import Role
from features.snapshots import Picture

Key = tuple[str, str]
Content = dict[str, str]
Records = dict[Key, Content]

# The members that identify a record, by the export that shows it.
_KEYS: dict[str, tuple[str, ...]] = {
    "lots": ("lotId",),
    "containers": ("sscc",),
    "genealogy": ("child", "parent", "cause"),
    "picks": ("requestId", "lineId"),
    "allocations": ("requestId", "lineId", "container"),
}
# What an export takes from another record, or shows as records of their own.
_NOT_OF_THE_RECORD = {"lots": {"gtin"}, "picks": {"allocations"}}
_ABOUT_A_RECORD = (AuditAction.CREATE, AuditAction.CHANGE, AuditAction.DELETE)


def records_of(picture: Picture, role: Role) -> Records:
    """The records that one system showed, by type and id."""
    found: Records = {}
    for (of_role, name), export in picture.state.items():
        if of_role is role and name in _KEYS:
            for row in export["rows"]:  # type: ignore[index]
                _add(found, name, row)
                for share in row.get("allocations", ()):
                    line = {member: row[member] for member in _KEYS["picks"]}
                    _add(found, "allocations", {**line, **share})
    return found


def about_records(entries: Iterable[AuditRow]) -> list[AuditRow]:
    """The entries about records that the exports show."""
    return [e for e in entries if e.record_type in _KEYS and e.action in _ABOUT_A_RECORD]


def faults_of(before: Records, entries: Iterable[AuditRow], now: Records) -> list[str]:
    """What does not fit when the entries are replayed over ``before``, in words; none: they fit."""
    replayed = {key: dict(content) for key, content in before.items()}
    shown = {(key[0], m) for key, content in (*before.items(), *now.items()) for m in content}
    faults: list[str] = []
    for entry in about_records(entries):
        faults += _replay(replayed, entry, (entry.record_type, entry.field) in shown)
    for key in sorted({*replayed, *now}):
        faults += _difference(key, before.get(key, {}), replayed.get(key), now.get(key))
    return faults


def _add(found: Records, name: str, row: dict[str, Any]) -> None:
    left_out = _NOT_OF_THE_RECORD.get(name, set())
    content = {member: _text(v) for member, v in row.items() if member not in left_out}
    found[(name, "/".join(content[member] for member in _KEYS[name]))] = content


def _text(value: Any) -> str:
    return str(value["value"] if isinstance(value, dict) else value)


def _replay(records: Records, entry: AuditRow, is_shown: bool) -> Iterator[str]:
    key = (entry.record_type, entry.record_id)
    where = f"entry {entry.sequence} ({entry.action} of {'/'.join(key)})"
    present = records.get(key)
    if entry.action is AuditAction.CREATE:
        if present is not None:
            yield f"{where}: the record was there before"
        records[key] = _content(entry.new_value)
        return
    if present is None:
        yield f"{where}: there is no such record"
        return
    if entry.action is AuditAction.DELETE:
        yield from _deletion(records.pop(key), entry, where)
        return
    was = present.get(entry.field)
    if entry.old_value != was and is_shown:
        yield f"{where}: {entry.field} was {was}, the entry says {entry.old_value}"
    present.pop(entry.field, None)
    if entry.new_value is not None:
        present[entry.field] = entry.new_value


def _deletion(present: Content, entry: AuditRow, where: str) -> Iterator[str]:
    last = _content(entry.old_value)
    for member, value in present.items():
        if last.get(member) != value:
            yield f"{where}: {member} was {value}, the entry says {last.get(member)}"


def _content(text: str | None) -> Content:
    try:
        content = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(content, dict):
        return {}
    return {member: _text(value) for member, value in content.items() if value is not None}


def _difference(
    key: Key, before: Content, replayed: Content | None, now: Content | None
) -> Iterator[str]:
    name = "/".join(key)
    if replayed is None and now is not None:
        yield f"{name} is there, and no entry tells of its creation"
    if replayed is not None and now is None:
        yield f"{name} is gone, and no entry tells of its deletion"
    if replayed is None or now is None:
        return
    for member in sorted({*now, *before}):
        if replayed.get(member) != now.get(member):
            yield (
                f"{name}: {member} is {now.get(member)}, "
                f"by the entries it would be {replayed.get(member)}"
            )
