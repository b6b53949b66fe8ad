"""What a system shows of the link to its partner."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from contracts.model.answers import Sha256
from contracts.model.identifiers import Id, MessageId, SystemUri
from contracts.model.inspection import Count
from contracts.model.instants import Timestamp
from contracts.model.wire_model import WireModel


class LinkRow(WireModel):
    """What is known of one account that arrives as the partner.

    Position, hash and clock are those of its last heartbeat; ``partner_clock_ahead_ms`` is how far
    its clock was ahead of ours when that arrived, the time on the way included.
    """

    partner: SystemUri
    last_heard_at: Timestamp
    partner_position: Count | None = None
    partner_record_hash: Sha256 | None = None
    partner_clock: Timestamp | None = None
    partner_clock_ahead_ms: Annotated[int, Field(strict=True)] | None = None


class Link(WireModel):
    """When the partner was last heard, and the limits that follow from it. Source: URS-STA-004."""

    heartbeat_s: Count
    status_age_max_s: Count
    rows: tuple[LinkRow, ...]


class LetterState(StrEnum):
    """Where a dead letter stands. SETTLED: its receiver has told its outcome after all."""

    OPEN = "OPEN"
    REPLAYED = "REPLAYED"
    SETTLED = "SETTLED"


class DeadLetter(WireModel):
    """A message that its receiver broke on, with all that is known of it. Source: URS-DLQ-001.

    ``body`` is base64 of the bytes as they were sent each time. ``posted_by`` is who caused it.
    """

    message_id: MessageId
    type: str
    subject: str
    state: LetterState
    why: str
    last_error: str
    attempts: Count
    body: str
    body_sha256: Sha256
    posted_by: Id
    dead_at: Timestamp


class DeadLetters(WireModel):
    """All messages that ever were dead letters, oldest first."""

    rows: tuple[DeadLetter, ...]
