"""One unit of work: a transaction, the instant it happens at, and who does it and why.

Business records are created and changed through it alone, so that no change can leave out its
audit entry. Source: 21 CFR 11.10(e); URS-AUD-001, URS-AUD-006.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, overload

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from contracts.model.inspection import AuditAction
from contracts.model.instants import write_timestamp
from contracts.model.questions import Validation
from reference_impl.identifiers import Ids
from reference_impl.records.asking import (
    Answers,
    Asked,
    PartnerStock,
    Pictures,
    Question,
    Unanswered,
)
from reference_impl.records.counting import next_lasting_number, next_numbers
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import alarms, audit


@dataclass(frozen=True)
class Actor:
    """Who acts: the account, the person at the origin, the role in use, the station."""

    account: str
    originator: str
    role: str
    station: str


@dataclass(frozen=True)
class Cause:
    """Why: the reason a person gave or the message or job behind it, and what it belongs to."""

    reason: str
    correlation_id: str


class AuditNotWritten(RuntimeError):
    """The audit trail took no entry; the transaction that needed it must not commit."""


_ADD_AUDIT = Statement(insert(audit))
_ADD_ALARM = Statement(insert(alarms))
_FACE: dict[str, _Statements] = {}


@dataclass
class Work:
    """A unit of work of one system. Not shared between threads."""

    connection: Connection
    settings: Settings
    now: datetime
    ids: Ids
    actor: Actor
    cause: Cause
    notes: list[str] = field(default_factory=list)
    answers: Answers = field(default_factory=dict)
    session: str = ""
    """Of the person who acts: what identifies the session; empty where none is open."""
    lasting: list[Callable[[], object]] = field(default_factory=list)
    """What stays also where the rest is taken back, such as a failed signature."""

    def keep_lasting(self) -> None:
        """Do what stays, once."""
        waiting, self.lasting = self.lasting, []
        for keep in waiting:
            keep()

    @overload
    def ask(self, question: Question) -> Validation | None: ...

    @overload
    def ask(self, question: PartnerStock) -> Pictures | None: ...

    def ask(self, question: Asked) -> Any:
        """The partner's answer; None where it gave none. Raises: Unanswered the first time."""
        if question not in self.answers:
            raise Unanswered((question,))
        return self.answers[question]

    def ask_first(self, questions: Iterable[Question]) -> None:
        """Have all of these answered before going on. Raises: Unanswered with those that are not.

        What the handler asks then is answered, so that the work is begun anew only once.
        """
        new = tuple(dict.fromkeys(q for q in questions if q not in self.answers))
        if new:
            raise Unanswered(new)

    def find(self, table: Table, *key: str) -> Row | None:
        """A record by its primary key."""
        face = _face(table)
        return self.connection.row(face.find, **face.named(key))

    # implements FRS-AUD-001
    def create(self, table: Table, **values: Any) -> None:
        """Create a record and its audit entry; a column that may be empty can be left out.

        Raises: the engine's error if it exists.
        """
        face = _face(table)
        self.connection.run(face.add, **{**face.empty, **values})
        self._created(table, face, values)

    def create_once(self, table: Table, **values: Any) -> bool:
        """The same where no record has its key. Returns: whether it was created."""
        face = _face(table)
        if not self.connection.run(face.add_new, **{**face.empty, **values}):
            return False
        self._created(table, face, values)
        return True

    def _created(self, table: Table, face: _Statements, values: dict[str, Any]) -> None:
        key = face.key_text(values)
        self._audit(AuditAction.CREATE, table.name, key, "", None, json.dumps(values))

    def change(self, table: Table, *key: str, **values: Any) -> None:
        """Change fields of a record; one audit entry for each field whose value is another."""
        before = self.find(table, *key)
        if before is None:
            raise LookupError(f"{table.name} {key} does not exist")
        self.change_read(table, before, **values)

    # implements FRS-AUD-001
    def change_read(self, table: Table, before: Row, **values: Any) -> None:
        """The same of a record that was read in this transaction and not changed since."""
        face = _face(table)
        key = face.key_of(before)
        changed = {name: value for name, value in values.items() if before[name] != value}
        for name, value in changed.items():
            self.connection.run(face.setter(name), **face.named(key), new_value=value)
            self._audit(
                AuditAction.CHANGE, table.name, "/".join(key), name,
                _shown(before[name]), _shown(value),
            )

    def remove(self, table: Table, *key: str) -> None:
        """Delete a record; its last content stays in the audit entry."""
        face = _face(table)
        before = self.find(table, *key)
        if before is None:
            raise LookupError(f"{table.name} {key} does not exist")
        self.connection.run(face.delete, **face.named(key))
        last = json.dumps(dict(before))
        self._audit(AuditAction.DELETE, table.name, "/".join(key), "", last, None)

    def changed(
        self, record_type: str, record_id: str, field_name: str, old: str | None, new: str | None
    ) -> None:
        """Enter a change whose record is kept elsewhere, or whose value nobody may read."""
        self._audit(AuditAction.CHANGE, record_type, record_id, field_name, old, new)

    def refused(self, record_type: str, record_id: str, field_path: str, answer: str) -> None:
        """Enter a refusal into the audit trail."""
        self._audit(AuditAction.REFUSE, record_type, record_id, field_path, None, answer)

    def signed_in(self, person_id: str) -> None:
        """Enter a sign-in into the audit trail."""
        self._audit(AuditAction.SIGN_IN, "sessions", person_id, "", None, None)

    def alarm(self, name: str, detail: str) -> str:
        """Raise an alarm that a person has to look at. Returns: its id. Source: URS-ALM-001."""
        alarm_id = f"ALARM-{next_lasting_number(self.connection, 'alarms')}"
        self.connection.run(
            _ADD_ALARM, alarm_id=alarm_id, at=write_timestamp(self.now), name=name, detail=detail
        )
        return alarm_id

    # implements FRS-TIM-005
    def clock_set(self, before: datetime, after: datetime) -> None:
        """Enter that the clock was set: what it read, and what it reads now. URS-TIM-004."""
        self.setting_changed("clock", "now", write_timestamp(before), write_timestamp(after))

    def setting_changed(self, what: str, field_name: str, old: str, new: str) -> None:
        """Enter that something was changed that this system works by."""
        self._audit(AuditAction.CHANGE, what, self.settings.system, field_name, old, new)

    # implements FRS-AUD-003
    # implements FRS-AUD-005
    # implements FRS-AUD-012
    # implements FRS-TIM-001
    # implements FRS-TIM-003
    def _audit(
        self, action: AuditAction, record_type: str, record_id: str, field_name: str,
        old: str | None, new: str | None,
    ) -> None:
        entry = {
            "at": write_timestamp(self.now),
            "action": action.value,
            "record_type": record_type,
            "record_id": record_id,
            "field": field_name,
            "old_value": old,
            "new_value": new,
            "reason": self.cause.reason,
            "account": self.actor.account,
            "originator": self.actor.originator,
            "role": self.actor.role,
            "station": self.actor.station,
            "source_system": self.settings.system,
            "correlation_id": self.cause.correlation_id,
        }
        self.connection.ends.wait(entry, _write_entries)


# implements FRS-AUD-003
def _write_entries(connection: Connection, entries: list[dict[str, Any]]) -> None:
    """Write the entries of a transaction, in their order. Raises: AuditNotWritten."""
    numbers = next_numbers(connection, "audit", len(entries))
    numbered = [{"sequence": n, **entry} for n, entry in zip(numbers, entries, strict=True)]
    try:
        connection.run_each(_ADD_AUDIT, numbered)
    except connection.errors as exc:
        raise AuditNotWritten(str(exc)) from exc


class _Statements:
    """The statements that one table needs, compiled once."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._key = [column.name for column in table.primary_key.columns]
        self.empty = {column.name: None for column in table.columns if column.nullable}
        where = [table.c[name] == bindparam(f"key_{name}") for name in self._key]
        self._where = where
        self.add = Statement(insert(table))
        self.add_new = Statement(upsert(table).on_conflict_do_nothing(index_elements=self._key))
        self.find = Statement(select(table).where(*where))
        self.delete = Statement(table.delete().where(*where))
        self._setters: dict[str, Statement] = {}

    def named(self, key: tuple[str, ...]) -> dict[str, str]:
        return {f"key_{name}": value for name, value in zip(self._key, key, strict=True)}

    def key_of(self, row: Row) -> tuple[str, ...]:
        return tuple(str(row[name]) for name in self._key)

    def key_text(self, values: dict[str, Any]) -> str:
        return "/".join(str(values[name]) for name in self._key)

    def setter(self, name: str) -> Statement:
        if name not in self._setters:
            changed = update(self._table).where(*self._where)
            self._setters[name] = Statement(changed.values({name: bindparam("new_value")}))
        return self._setters[name]


def _face(table: Table) -> _Statements:
    if table.name not in _FACE:
        _FACE[table.name] = _Statements(table)
    return _FACE[table.name]


def _shown(value: Any) -> str | None:
    return None if value is None else str(value)
