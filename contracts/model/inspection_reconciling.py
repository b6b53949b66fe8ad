"""What a system shows so that both sides can be compared: master data and how far messages came."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.model.answers import Sha256
from contracts.model.identifiers import Id, SystemUri
from contracts.model.inspection import Count
from contracts.model.master_data import Comparison, Content, MasterKind, MemberName
from contracts.model.wire_model import WireModel


class MasterDataRow(WireModel):
    """One record of master data, and how it compares with what the partner last published."""

    kind: MasterKind
    record_id: Id
    content: Content
    content_sha256: Sha256
    comparison: Comparison
    partner_version: Annotated[int, Field(strict=True, ge=1)] | None = None
    partner_sha256: Sha256 | None = None
    differs: tuple[MemberName, ...] = ()


class MasterData(WireModel):
    """All master data that both systems keep."""

    rows: tuple[MasterDataRow, ...]


class AppliedRow(WireModel):
    """How many messages of one sender have got their final answer here."""

    source: SystemUri
    messages: Count


class Cutoff(WireModel):
    """How far the exchange has come here, as of one state of the database.

    A sender numbers its messages without gaps, so nothing is in flight from it exactly when the
    ``messages`` that its partner has applied equal its own ``lastSequence``. Two exports taken then
    speak of one moment. Source: URS-REC-002.
    """

    journal_position: Count
    last_sequence: Count
    """The number of the last message that was written for the partner; 0 before the first."""
    applied: tuple[AppliedRow, ...]
