"""What a restored system asks its partner, and what came of it.

A backup ends at a position of the journal. What was exchanged after it is lost here and known
there: the partner has the bytes of what it sent, and what it received. Source: URS-BKP-003.
"""

from __future__ import annotations

from enum import StrEnum

from contracts.model.answers import Sha256
from contracts.model.identifiers import Id, MessageId
from contracts.model.inspection import Count
from contracts.model.instants import Timestamp
from contracts.model.questions import StandsAs
from contracts.model.wire_model import WireModel


class ExchangedSince(WireModel):
    """Which messages between us are missing here, since my journal ended at ``own_position``.

    ``known_position`` is as far as the asker knows the journal of the asked system; what it lost
    stands behind that. ``own_sequence`` is the last number that it has given to a message.
    """

    own_position: Count
    own_sequence: Count
    known_position: Count


class SentToAsker(WireModel):
    """A message that the asker acknowledged or refused, and has lost since.

    ``body`` and ``answer`` are base64 of the bytes; ``status`` is that of the answer. POSTED or
    REFUSED is how its sender holds it.
    """

    operation: str
    message_id: MessageId
    body: str
    status: Count
    answer: str
    stands_as: StandsAs


class ReceivedFromAsker(WireModel):
    """A message of the asker that it does not know any more, and how it stands here."""

    message_id: MessageId
    type: str
    subject: str
    sequence: Count
    subject_sequence: Count
    occurred_at: Timestamp
    body_sha256: Sha256
    stands_as: StandsAs


class Exchanged(WireModel):
    """One page of the answer: ``read_to`` of ``last_position`` of the journal has been looked at.

    ``asker_position`` is the farthest that the asker's journal is known to have reached.
    """

    sent: tuple[SentToAsker, ...]
    received: tuple[ReceivedFromAsker, ...]
    read_to: Count
    last_position: Count
    asker_position: Count


class RecoveryState(StrEnum):
    """OPEN: the partner was not asked to the end yet, and nothing is done. DONE: all is listed."""

    OPEN = "OPEN"
    DONE = "DONE"


class GapKind(StrEnum):
    """What became of something that was exchanged after the backup.

    OBTAINED: had again from the partner and posted. REFUSED: had again with its refusal.
    DIFFERS: it ends otherwise now than its sender holds. SENT: sent from here, the partner has it,
    what it tells of is not on record here. NUMBER: a number of a message that never arrived.
    ROWS: positions of the journal, beyond the backup, that were known to the partner.
    """

    OBTAINED = "OBTAINED"
    REFUSED = "REFUSED"
    DIFFERS = "DIFFERS"
    SENT = "SENT"
    NUMBER = "NUMBER"
    ROWS = "ROWS"


class Gap(WireModel):
    """One entry of a gap list. ``sequence`` is the number of the message at its sender."""

    kind: GapKind
    sequence: Count | None = None
    message_id: MessageId | None = None
    type: str | None = None
    subject: str | None = None
    body_sha256: Sha256 | None = None
    detail: str


class Recovery(WireModel):
    """One restore of this system, and everything that was exchanged after its backup."""

    recovery_id: Id
    state: RecoveryState
    backup_taken_at: Timestamp
    restored_to_position: Count
    begun_at: Timestamp
    ended_at: Timestamp | None = None
    gaps: tuple[Gap, ...]


class Recoveries(WireModel):
    """All restores, oldest first. Source: URS-BKP-003."""

    rows: tuple[Recovery, ...]
