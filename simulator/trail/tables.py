"""A trail as a table: CSV with one row for each entry; searched and sorted without losing any.

Source: URS-AUD-008.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

COLUMNS = (
    "order", "system", "source", "number", "at", "action", "recordType", "recordId", "field",
    "oldValue", "newValue", "reason", "account", "originator", "role", "station", "devices",
    "correlationId", "kind", "direction", "operation", "partner", "key", "status", "bodySha256",
    "hash", "follows",
)


class NoSuchColumn(ValueError):
    """A column to sort by that a trail does not have; the message names those that it has."""


def csv_of(document: dict[str, Any]) -> str:
    """The entries as CSV (RFC 4180), one row for each, columns in one order."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for entry in document["entries"]:
        writer.writerow([_cell(entry.get(name)) for name in COLUMNS])
    return stream.getvalue()


def found_in(document: dict[str, Any], text: str) -> dict[str, Any]:
    """The document with the entries alone in which a text stands, in small letters or capitals."""
    wanted = text.casefold()
    entries = [
        entry for entry in document["entries"]
        if any(wanted in _cell(value).casefold() for value in entry.values())
    ]
    return {**document, "found": text, "foundOf": len(document["entries"]), "entries": entries}


def sorted_by(document: dict[str, Any], column: str) -> dict[str, Any]:
    """The document with its entries in the order of a column, those without it last.

    Each keeps its ``order``, which says where it is proven to stand. Raises: NoSuchColumn.
    """
    if column not in COLUMNS:
        raise NoSuchColumn(f"{column} is no column of a trail; there are {', '.join(COLUMNS)}")
    entries = sorted(document["entries"], key=lambda entry: _place(entry.get(column)))
    return {**document, "sortedBy": column, "entries": entries}


def _place(value: Any) -> tuple[int, int, str]:
    """Numbers before texts, both before what is not there."""
    if value is None:
        return 2, 0, ""
    return (0, value, "") if isinstance(value, int) else (1, 0, _cell(value))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
