"""What a system shows of signatures: who signed what, when, meaning what, and whether it holds.

A signature is bound to the bytes of one version of one record. ``recordSha256`` is SHA-256 over
the record's ``content`` as it is shown; ``binding`` is SHA-256 over the canonical JSON of ten
members of the row (``BOUND``, without ``signedAtUtc`` and ``zone``), so whoever reads the export
can check both.
Source: 21 CFR 11.50, 11.70; URS-SIG-001, URS-SIG-002, URS-SIG-003.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from contracts.model.answers import Sha256
from contracts.model.identifiers import Id
from contracts.model.inspection import Position
from contracts.model.instants import Timestamp
from contracts.model.wire_model import WireModel

RecordContent = Annotated[str, StringConstraints(min_length=2, max_length=500_000)]
BOUND = (
    "signatureId", "personId", "printedName", "role", "meaning", "signedAt", "recordType",
    "recordId", "recordVersion", "recordSha256",
)


class SignatureState(StrEnum):
    """Whether a signature counts; only VALID does, anything else is as if nobody had signed."""

    VALID = "VALID"
    RECORD_CHANGED = "RECORD_CHANGED"
    """The record says something else now than what was signed."""
    INVALID = "INVALID"
    """It is bound to another record, version or type, or to other bytes."""
    UNKNOWN = "UNKNOWN"
    """There is no such signature here."""


class SignatureRow(WireModel):
    """One signature. Source: 21 CFR 11.50(a), (b).

    ``binding``: SHA-256 over the canonical JSON object (RFC 8785) of ``signatureId``,
    ``personId``, ``printedName``, ``role``, ``meaning``, ``signedAt``, ``recordType``,
    ``recordId``, ``recordVersion`` and ``recordSha256``, as they stand in this row.
    """

    signature_id: Id
    person_id: Id
    """The user id."""
    printed_name: str
    role: Id
    meaning: str
    signed_at: Timestamp
    """With the offset of the site."""
    signed_at_utc: Timestamp
    zone: str
    """The time zone of the site."""
    record_type: Id
    record_id: Id
    record_version: Position
    record_sha256: Sha256
    """SHA-256 over the UTF-8 bytes of the record's ``content``."""
    binding: Sha256
    state: SignatureState


class SignedRecordRow(WireModel):
    """One version of a record, as it was put before whoever signed it: canonical JSON."""

    record_type: Id
    record_id: Id
    record_version: Position
    content: RecordContent


class Signatures(WireModel):
    """All signatures in their order, and the records that they are under."""

    rows: tuple[SignatureRow, ...]
    records: tuple[SignedRecordRow, ...]


class VerifySignature(WireModel):
    """Does this signature belong to these bytes, as this version of this record."""

    signature_id: Id
    record_type: Id
    record_id: Id
    record_version: Position
    content: RecordContent


class SignatureVerdict(WireModel):
    """What became of a verification, and what a signature that is known says of itself."""

    state: SignatureState
    signature: SignatureRow | None = None
