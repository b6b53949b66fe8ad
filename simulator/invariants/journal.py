"""The journal: its chain holds, and what one system sent the other has, byte for byte.

The chain is computed anew here, from the published description alone.
Serves URS-JRN-001 and URS-JRN-005.
"""

from __future__ import annotations

import base64
import hashlib

from contracts.model.inspection import JournalRow
from contracts.model.roles import Role
from contracts.record.canonical import canonical_bytes
from simulator.evidence import Evidence
from simulator.invariants.violation import Judgement, Violation
from simulator.journalled import Journalled


def journal(evidence: Evidence) -> Judgement:
    """Judge every row of both journals, and every message against the partner's copy."""
    judgement = Judgement()
    for role in Role:
        _judge_chain(judgement, role, evidence.recorded[role].journal)
        copies = {m.key: m for m in evidence.recorded[role.partner].received}
        for message in evidence.recorded[role].sent:
            _judge_copy(judgement, role, message, copies.get(message.key))
    return judgement


def _judge_chain(judgement: Judgement, role: Role, rows: list[JournalRow]) -> None:
    previous = rows[0].previous_hash if rows else ""
    position = rows[0].position if rows else 0
    for row in rows:
        holds = (
            row.position == position and row.previous_hash == previous
            and row.hash == row_hash(row) and row.body_sha256 == _sha256(base64.b64decode(row.body))
        )
        judgement.compare(
            holds,
            Violation(
                f"row {row.position} of the journal of {role.upper()}",
                f"row {position} after {previous[:12]}, its body and its hash",
                f"after {row.previous_hash[:12]}, hash {row.hash[:12]}",
                f"{row.kind} {row.operation} at {row.at:%H:%M:%S}",
            ),
        )
        previous, position = row.hash, row.position + 1


def row_hash(row: JournalRow) -> str:
    """The hash that a row must have: over the canonical row without ``hash`` and ``body``."""
    shown = {n: v for n, v in row.to_json().items() if n not in ("hash", "body")}
    return _sha256(canonical_bytes(shown))


def _judge_copy(
    judgement: Judgement, role: Role, message: Journalled, copy: Journalled | None
) -> None:
    judgement.compare(
        copy is not None and copy.body == message.body,
        Violation(
            f"{message.message} {message.business_key} of {role.upper()}",
            f"the same bytes in the journal of {role.partner.upper()}",
            "other bytes" if copy else "no such message", message.message,
        ),
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
