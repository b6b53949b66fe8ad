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

    ``known_position`` is as far as the asker knows the journal of the asked system, ``known_hash``
    what it knows as the hash of that row; what it lost stands behind that. ``own_sequence`` is the
    last number that it has given to a message. The asked system takes it from here that the asker's
    journal ends at ``own_position``, and takes no message that the asker signed before it asked.
    """

    own_position: Count
    own_hash: Sha256
    own_sequence: Count
    known_position: Count
    known_hash: Sha256


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
    """One page of the answer: the journal behind ``read_from``, up to ``read_to``, was looked at.

    ``read_from`` is the position that the asker knows, or 0: where its hash is not the one of that
    row, the asked system was restored itself, and its journal is told from the beginning. The
    asker goes on with ``read_to`` and ``read_to_hash`` until that is ``last_position``.
    ``asker_position`` is the farthest that the asker's journal is known to have reached. The
    response is signed, for what it brings is posted.
    """

    sent: tuple[SentToAsker, ...]
    received: tuple[ReceivedFromAsker, ...]
    read_from: Count
    read_to: Count
    read_to_hash: Sha256
    last_position: Count
    asker_position: Count


class RecoveryState(StrEnum):
    """OPEN: the partner was not asked to the end yet, and nothing is done. DONE: all is listed."""

    OPEN = "OPEN"
    DONE = "DONE"


class GapKind(StrEnum):
    """What became of something that was exchanged after the backup.

    OBTAINED: had again from the partner and posted. REFUSED: had again with its refusal.
    DIFFERS: it ends otherwise now than its sender holds. WAITING: had again, and kept here for a
    predecessor that was not had again. SENT: sent from here, the partner has it, what it tells of
    is not on record here. NUMBER: a number of a message that never arrived. ROWS: positions of the
    journal, beyond the backup, that were known to the partner. ACCOUNT: an account that was open
    when the backup was taken, and is locked, because nobody can tell whether it was closed since.
    """

    OBTAINED = "OBTAINED"
    REFUSED = "REFUSED"
    DIFFERS = "DIFFERS"
    WAITING = "WAITING"
    SENT = "SENT"
    NUMBER = "NUMBER"
    ROWS = "ROWS"
    ACCOUNT = "ACCOUNT"


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
