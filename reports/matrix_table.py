"""The matrix as CSV: one row per requirement and check, for people with a spreadsheet.

RFC 4180 in UTF-8. A spreadsheet runs what begins like a formula, so such a cell gets an apostrophe
in front; nothing else is changed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from reports.edition import Edition
from reports.matrix import code_of
from reports.trace import Check, RequirementTrace

HEADINGS = (
    "Requirement", "Title", "Risk", "Level", "Method", "Clauses", "See", "Requirement state",
    "Challenged", "Business rules", "Code", "Protocol", "Check", "Kind", "Check title",
    "Has to succeed", "Check state", "Reason", "Evidence", "Evidence SHA-256",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def matrix_csv(edition: Edition) -> bytes:
    """The bytes of ``traceability-matrix.csv``."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for item in edition.trace.requirements:
        for check in item.checks or (None,):
            writer.writerow([guarded(cell) for cell in _row(edition, item, check)])
    return text.getvalue().encode()


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _row(edition: Edition, item: RequirementTrace, check: Check | None) -> Iterator[str]:
    requirement = item.requirement
    yield from (
        item.id, requirement.title, requirement.risk.value, requirement.level.value,
        requirement.method, "; ".join(requirement.clauses),
        "; ".join(f"see {text}" for text in requirement.see), item.state.value,
        "yes" if item.challenged else "no", "; ".join(rule.id for rule in item.rules),
        "; ".join(place for rule in item.rules for place in code_of(rule)),
    )
    if check is None:
        yield from ("",) * 9
        return
    must = {True: "yes", False: "no, has to be refused", None: "control" if check.control else ""}
    wanted = must[check.planned.must_succeed]
    yield from (
        check.result.protocol.value, check.id, check.planned.kind.value, check.planned.title,
        wanted, check.state.value, check.result.reason, check.wire or "",
        edition.digests.get(check.wire, "") if check.wire else "",
    )
