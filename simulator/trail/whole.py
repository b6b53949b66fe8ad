"""A whole audit trail, page by page, and what is missing of it.

A review of the half of a trail finds nothing in the other half. Source: URS-AUD-007.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.model.inspection import Audit
from contracts.wire.clients import SystemClient
from simulator.trail.exports import Row


@dataclass(frozen=True)
class AuditRead:
    """The entries that a system has shown, and the number that it says is the last."""

    rows: tuple[Row, ...]
    last: int


def read_audit(client: SystemClient) -> AuditRead:
    """Every entry up to the last one that the first page names, however many pages it takes.

    What is entered meanwhile is for the next review. Raises: Unexpected, ContractBroken, NoAnswer.
    """
    page = client.ask("audit", Audit)
    last = page.last_sequence
    rows = {row.sequence: row.to_json() for row in page.rows if row.sequence <= last}
    while page.rows and page.rows[-1].sequence < last:
        after = page.rows[-1].sequence
        page = client.ask("audit", Audit, f"after={after}")
        new = {row.sequence: row.to_json() for row in page.rows if after < row.sequence <= last}
        if not new:
            break  # it shows no more; what is missing is told as missing
        rows |= new
    return AuditRead(tuple(rows[number] for number in sorted(rows)), last)


def holes_in(audit: AuditRead) -> Iterator[str]:
    """The numbers from the first to the last that no entry bears, as sentences."""
    expected = 1
    for number in [*(row["sequence"] for row in audit.rows), audit.last + 1]:
        if number > expected:
            yield f"entries {expected} to {number - 1} of the audit trail are not shown"
        expected = number + 1
