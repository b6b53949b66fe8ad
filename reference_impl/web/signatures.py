"""Signatures as they are shown: each is verified anew, every time. Source: URS-SIG-001, -002, -003.

A record whose exports say something else now than what was signed is shown as unsigned.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from sqlalchemy import func, select

from contracts.model.codes import Refusal
from contracts.model.inspection_signatures import (
    SignatureRow,
    Signatures,
    SignatureState,
    SignatureVerdict,
    SignedRecordRow,
    VerifySignature,
)
from contracts.model.instants import read_timestamp
from contracts.model.ports import HttpRequest, HttpResponse
from reference_impl.domain.batch_records import signed_content
from reference_impl.mes.batch_record import read_content
from reference_impl.records.signing import content_of, holds, kept_signature, last_version
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.signature_tables import signed_records
from reference_impl.store.tables import signatures
from reference_impl.system import System
from reference_impl.web import reading

_SIGNATURES = Statement(
    select(signatures).order_by(
        signatures.c.signed_at, func.length(signatures.c.signature_id), signatures.c.signature_id
    )
)
_RECORDS = Statement(
    select(signed_records).order_by(
        signed_records.c.record_type, signed_records.c.record_id, signed_records.c.record_version
    )
)
_BATCH_RECORD = "batch-record"
# Which export states a signed record, by which member it is found, and which members it states.
_STATED: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "deviations": ("deviations", "deviationId", ("conclusion",)),
    "capas": ("capas", "capaId", ("changeId", "rerun", "effectiveness")),
    "lab_results": ("lab-results", "resultId", ("sampleId", "test", "value", "unit")),
    "assays": ("assays", "assayId", ("lotId", "potency", "basis", "resultRef", "reason")),
    "recalls": ("recalls", "recallId", ("lotId", "reason")),
    "adjustments": ("adjustments", "adjustmentId", ("countId",)),
    "issues": ("weighings", "dispenseId", ("orderId", "lineId", "gross", "tare", "scaleId")),
    "scraps": ("scraps", "scrapId", ("quantity", "disposal", "reasonCode", "reason")),
}
Record = tuple[str, str]


def show_signatures(system: System, connection: Connection) -> Signatures:
    """All signatures with their state, and the records that they are under."""
    kept = {
        (row["record_type"], row["record_id"], row["record_version"]): row["content"]
        for row in connection.rows(_RECORDS)
    }
    now = _Now(system, connection, {key[:2]: key[2] for key in kept})
    return Signatures(
        rows=tuple(
            _row(system, row, _state(row, kept, now)) for row in connection.rows(_SIGNATURES)
        ),
        records=tuple(
            SignedRecordRow(record_type=key[0], record_id=key[1], record_version=key[2],
                            content=content)
            for key, content in kept.items()
        ),
    )


# implements FRS-SIG-002
def verify_signature(system: System, request: HttpRequest) -> HttpResponse:
    """Whether a signature belongs to the bytes that were sent, as the record that they claim."""
    asked = reading.read_body(VerifySignature, request.body)
    if isinstance(asked, Refusal):
        return reading.refuse(asked, system.settings.system)
    assert isinstance(asked, VerifySignature)
    record = asked.record_type, asked.record_id, asked.record_version
    with system.database.reading() as connection:
        row = kept_signature(connection, asked.signature_id)
        if row is None:
            return reading.answer(SignatureVerdict(state=SignatureState.UNKNOWN))
        now = _Now(system, connection, {record[:2]: last_version(connection, *record[:2])})
        state = _state(row, {record: asked.content}, now, record)
        shown = _row(system, row, state)
    return reading.answer(SignatureVerdict(state=state, signature=shown))


@dataclass
class _Now:
    """What the records say now; ``last`` is the last version that was signed of each."""

    system: System
    connection: Connection
    last: dict[Record, int]
    _exports: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    # implements FRS-SIG-003
    def agrees(self, record: tuple[str, str, int], content: str) -> bool:
        """Whether a record says now what was signed; an earlier version is not asked any more."""
        kind, record_id, version = record
        if version < self.last.get((kind, record_id), version):
            return True
        if kind == _BATCH_RECORD:
            found = read_content(self.connection, self.system.settings, record_id)
            return found is not None and content_of(signed_content(found)) == content
        if kind not in _STATED:
            return True
        export, key, members = _STATED[kind]
        said = json.loads(content)
        row = self._rows(export, key).get(said.get(key, record_id), {})
        return all(said.get(name) == row.get(name) for name in members)

    def _rows(self, export: str, key: str) -> dict[str, dict[str, Any]]:
        if export not in self._exports:
            shown = self.system.handlers.shows[export](self.connection, self.system.settings, 0)
            rows: Any = shown.to_json()["rows"]
            self._exports[export] = {row[key]: row for row in rows}
        return self._exports[export]


def _state(
    row: Row, kept: dict[tuple[str, str, int], str], now: _Now,
    record: tuple[str, str, int] | None = None,
) -> SignatureState:
    claimed = record or (row["record_type"], row["record_id"], row["record_version"])
    content = kept.get(claimed)
    if content is None or not holds(row, claimed, content):
        return SignatureState.INVALID
    agrees = now.agrees(claimed, content)
    return SignatureState.VALID if agrees else SignatureState.RECORD_CHANGED


# implements FRS-SIG-001
def _row(system: System, row: Row, state: SignatureState) -> SignatureRow:
    """A signature as people and partners read it. Source: 21 CFR 11.50(a), (b)."""
    signed_at = read_timestamp(row["signed_at"])
    return SignatureRow(
        **{**dict(row), "signed_at": signed_at},
        signed_at_utc=signed_at.astimezone(UTC), zone=system.settings.site_zone.key, state=state,
    )
