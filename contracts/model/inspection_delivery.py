"""What a system shows of the link to its partner."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictBool

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


class BreakerState(StrEnum):
    """CLOSED: calls pass. OPEN: none does. HALF_OPEN: one has passed, and its result decides."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF_OPEN"


class BreakerChange(WireModel):
    """What the journal says of a change of the breaker. Source: URS-CBR-002."""

    target: SystemUri
    from_state: BreakerState
    to_state: BreakerState
    why: str


class BreakerRow(WireModel):
    """The breaker of the way to one partner, and what it goes by. Source: URS-CBR-001.

    ``failures`` count towards the opening; ``until`` is when it may be tried again.
    """

    target: SystemUri
    state: BreakerState
    failures: Count
    changed_at: Timestamp | None = None
    until: Timestamp | None = None
    failures_max: Count
    within_s: Count
    open_s: Count


class RetryBudget(WireModel):
    """What may be tried again within a minute, that ends with the retry. Source: URS-REL-004.

    ``percent`` of the first attempts of that minute, or ``at_least`` where that is more. The
    counts are of the minute that ended with the last attempt. A probe of the breaker is exempt.
    """

    percent: Count
    at_least: Count
    first_attempts: Count
    retries: Count


class Link(WireModel):
    """When the partner was last heard, the limits that follow from it, and the way to it.

    Source: URS-STA-004, URS-CBR-002.
    """

    heartbeat_s: Count
    status_age_max_s: Count
    rows: tuple[LinkRow, ...]
    breaker: BreakerRow
    retry_budget: RetryBudget


class LetterState(StrEnum):
    """Where a dead letter stands. SETTLED: its receiver has told its outcome after all.

    DISCARDING: two people discarded it, and its receiver is told; DISCARDED: it was told.
    """

    OPEN = "OPEN"
    REPLAYED = "REPLAYED"
    SETTLED = "SETTLED"
    DISCARDING = "DISCARDING"
    DISCARDED = "DISCARDED"


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


class DiscardedMessage(WireModel):
    """A message of the partner that will never come, by the word of two people there."""

    message_id: MessageId
    type: str
    subject: str
    body_sha256: Sha256
    reason: str
    discarded_by: Id
    approved_by: Id
    discarded_at: Timestamp


class DiscardedMessages(WireModel):
    """All messages that the partner discarded, in the order of their ids. Source: URS-DLQ-003."""

    rows: tuple[DiscardedMessage, ...]


class Horizon(WireModel):
    """How late something can bring a message again. ``seconds`` is left out where it has no end."""

    name: str
    seconds: Count | None = None


class Memory(WireModel):
    """How long something remembers that a message came; without ``seconds`` as long as the journal.

    ``decides``: whether what is not found there is posted. What decides nothing may forget.
    """

    name: str
    seconds: Count | None = None
    decides: StrictBool


class Retention(WireModel):
    """What can bring a message again, and what recognises it then. Source: URS-IDM-006."""

    horizons: tuple[Horizon, ...]
    memories: tuple[Memory, ...]
