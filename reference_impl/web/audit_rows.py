"""An entry of the audit trail in the words of the contract: records and members by their exports.

Source: URS-AUD-001. Inside, an entry keeps the names of tables and columns.
"""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from contracts.model.inspection import AuditAction, AuditRow
from contracts.model.instants import from_microseconds, write_timestamp
from contracts.model.wire_model import member_name
from reference_impl.store.database import Row

_EXPORTS = {"pick_lines": "picks"}
_MEMBERS = {("allocations", "sscc"): "container"}
# Columns of instants are named so, or are one of these; the tables hold microseconds.
_INSTANT = "_at"
_INSTANTS = frozenset({"at", "event_time", "needed_by", "since", "until"})
_OF_A_RECORD = (AuditAction.CREATE, AuditAction.DELETE)


def audit_row(row: Row, zone: ZoneInfo) -> AuditRow:
    """The entry as it is shown; instants of its values with the offset of the site."""
    table, column = row["record_type"], row["field"]
    is_whole = AuditAction(row["action"]) in _OF_A_RECORD
    of_change = row["action"] == AuditAction.CHANGE

    def value(name: str) -> str | None:
        text: str | None = row[name]
        if text is None or not (is_whole or of_change):
            return text
        return _content(table, text, zone) if is_whole else str(_shown(column, text, zone))

    return AuditRow(
        **{
            **dict(row),
            "record_type": _EXPORTS.get(table, table),
            "field": _member(table, column) if of_change else column,
            "old_value": value("old_value"),
            "new_value": value("new_value"),
        }
    )


def _content(table: str, text: str, zone: ZoneInfo) -> str:
    record = json.loads(text)
    shown = {_member(table, name): _shown(name, value, zone) for name, value in record.items()}
    return json.dumps(shown)


def _member(table: str, column: str) -> str:
    return _MEMBERS.get((table, column)) or member_name(column)


def _shown(column: str, value: Any, zone: ZoneInfo) -> Any:
    is_instant = column.endswith(_INSTANT) or column in _INSTANTS
    if is_instant and str(value).isdecimal():
        return write_timestamp(from_microseconds(int(value), zone))
    return value
