"""Judging a foreign EPCIS document: its form first, then what it says."""

from __future__ import annotations

from datetime import datetime

from contracts.formats.epcis import Kind, NotEpcis, read_epcis
from contracts.formats.epcis_query import check_query
from contracts.formats.epcis_rules import finding
from contracts.formats.epcis_semantics import check_events
from contracts.formats.epcis_structure import check_structure
from contracts.formats.findings import Finding


def lint_epcis(raw: bytes, *, now: datetime | None = None) -> list[Finding]:
    """All findings in an EPCIS document, event or query, in JSON or XML. Never raises.

    It is acceptable where no finding is an error. ``now`` is the clock it is judged by.
    """
    try:
        document = read_epcis(raw)
    except NotEpcis as exc:
        return [finding("", "unreadable", str(exc))]
    if document.kind is Kind.QUERY:
        return list(check_query(document))
    return [*check_structure(document), *check_events(document.events, now=now)]
