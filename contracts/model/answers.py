"""What comes back: an acknowledgement after the durable commit, or problem details with a code.

Sources: URS-REL-001 (acknowledged only after commit); RFC 9457 (problem details).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints

from contracts.model.codes import Actor, Code, Refusal
from contracts.model.identifiers import Id, MessageId
from contracts.model.instants import Timestamp
from contracts.model.wire_model import WireModel

PROBLEM_MEDIA_TYPE = "application/problem+json"
REPLAYED_HEADER = "idempotency-replayed"
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class AckStatus(StrEnum):
    """What the receiver did with a message: posted it, or keeps it until its predecessor came."""

    ACCEPTED = "ACCEPTED"
    DEFERRED = "DEFERRED"


class Acknowledgement(WireModel):
    """The receiver has the message for good. ``journal_position`` is where it can be shown."""

    status: AckStatus
    message_id: MessageId
    recorded_at: Timestamp
    journal_position: Annotated[int, Field(strict=True, ge=1)]
    record_hash: Sha256


class CommandStatus(StrEnum):
    """DONE: recorded here, and by the partner where it had to agree. PENDING: partner unknown."""

    DONE = "DONE"
    PENDING = "PENDING"


class CommandAnswer(WireModel):
    """The answer to a person's command. ``message_id`` names the message that it caused."""

    status: CommandStatus
    key: Id
    recorded_at: Timestamp
    message_id: MessageId | None = None


class Problem(WireModel):
    """A refusal on the wire. ``path`` names the field, ``retry`` says if repeating can help."""

    type: str
    title: str
    status: Annotated[int, Field(strict=True, ge=400, le=599)]
    code: Code
    path: str
    detail: str
    retry: StrictBool
    actor: Actor
    refused_by: str

    @classmethod
    def from_refusal(cls, refusal: Refusal, refused_by: str) -> Problem:
        """The problem document of a refusal, spoken by the system ``refused_by``."""
        meaning = refusal.meaning
        return cls(
            type=f"https://gxproof.example/codes/{refusal.code.value}",
            title=meaning.sentence,
            status=meaning.status,
            code=refusal.code,
            path=refusal.path,
            detail=refusal.detail,
            retry=not meaning.definite,
            actor=meaning.actor,
            refused_by=refused_by,
        )

    def refusal(self) -> Refusal:
        """The refusal that this document carries."""
        return Refusal(self.code, self.path, self.detail)
