"""What the link says of itself: how a deferred message ended, what never comes, that it is alive.

No EPCIS event and no B2MML transaction: these are about messages, not about matter.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from contracts.model.answers import Sha256
from contracts.model.codes import Code
from contracts.model.envelope import Payload
from contracts.model.identifiers import Id, MessageId
from contracts.model.instants import Timestamp
from contracts.model.messages.lot_status import SignatureManifest

Path = Annotated[str, StringConstraints(max_length=200)]
Detail = Annotated[str, StringConstraints(max_length=1000)]


class Settlement(StrEnum):
    """The final outcome of a message at its receiver."""

    POSTED = "POSTED"
    REFUSED = "REFUSED"


class MessageSettled(Payload):
    """MES ↔ WMS. A message that was deferred has its final outcome. Source: URS-REL-009.

    ``code``, ``path`` and ``detail`` are there where it was refused.
    """

    message_id: MessageId
    outcome: Settlement
    code: Code | None = None
    path: Path | None = None
    detail: Detail | None = None
    settled_at: Timestamp
    station: Id

    @property
    def business_key(self) -> str:
        return self.message_id

    @model_validator(mode="after")
    def _a_refusal_has_a_code(self) -> Self:
        if (self.outcome is Settlement.REFUSED) != (self.code is not None):
            raise ValueError("code belongs to a refusal, and to nothing else")
        return self


class MessageDiscarded(Payload):
    """MES ↔ WMS. The message of this id will never come: two people discarded it as a dead letter.

    It bears the id, the subject and the numbers of the discarded message, so that neither key nor
    order has a gap and a late copy of it conflicts. ``body_sha256`` is of its bytes, which stand in
    the sender's journal. ``approval`` is of the second person. Source: URS-DLQ-003.
    """

    discard_id: Id
    discarded_type: Annotated[str, StringConstraints(pattern=r"^gxproof\.[a-z-]{1,50}\.v1$")]
    body_sha256: Sha256
    reason: Annotated[str, StringConstraints(min_length=5, max_length=500)]
    discarded_by: Id
    approval: SignatureManifest
    discarded_at: Timestamp
    station: Id

    @property
    def business_key(self) -> str:
        return self.discard_id


class LinkHeartbeat(Payload):
    """MES ↔ WMS. The sender is alive: how far its journal is, and what its clock reads.

    ``record_hash`` is the hash of the journal row at ``journal_position``.
    """

    heartbeat_id: Id
    journal_position: Annotated[int, Field(strict=True, ge=0, lt=10**15)]
    record_hash: Sha256
    clock: Timestamp
    station: Id

    @property
    def business_key(self) -> str:
        return self.heartbeat_id
