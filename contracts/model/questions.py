"""What one system asks the other and needs answered at once: may this lot be used now.

A question is signed like a message and carries no key: it changes nothing but the journals, where
question and reply stand on both sides. Whoever answers never asks anybody.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import StrictBool, StringConstraints, model_validator

from contracts.model.codes import Code
from contracts.model.identifiers import Id, MessageId, Sscc
from contracts.model.instants import Timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.wire_model import WireModel

Detail = Annotated[str, StringConstraints(max_length=500)]


class Use(StrEnum):
    """What is about to be done with a lot."""

    ALLOCATION = "ALLOCATION"
    PICK = "PICK"
    DISPENSE = "DISPENSE"
    PACK = "PACK"
    SHIP = "SHIP"


class WhyNot(StrEnum):
    """Why a lot may not be used; each is a code of the register."""

    UNKNOWN_LOT = "UNKNOWN_LOT"
    LOT_EXPIRED = "LOT_EXPIRED"
    RETEST_DUE = "RETEST_DUE"
    LOT_NOT_RELEASED = "LOT_NOT_RELEASED"


class Validate(WireModel):
    """May this lot, or this container of it, be used now. Source: URS-PCK-005."""

    lot_id: Id
    container: Sscc | None = None
    purpose: Use
    asked_at: Timestamp


class Validation(WireModel):
    """The answer, by the answering system's own records and clock.

    ``until`` is there where it is allowed: from that instant on the answer is too old to count.
    ``code`` is there where it is not.
    """

    allowed: StrictBool
    until: Timestamp | None = None
    code: WhyNot | None = None
    status: LotStatus | None = None
    detail: Detail
    answered_at: Timestamp

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.until is not None) != self.allowed or (self.code is None) != self.allowed:
            raise ValueError("until belongs to what is allowed, code to what is not")
        return self


class StandsAs(StrEnum):
    """How a message stands at its receiver. UNKNOWN: nothing is on record under its id."""

    POSTED = "POSTED"
    REFUSED = "REFUSED"
    DEFERRED = "DEFERRED"
    UNKNOWN = "UNKNOWN"


class AskStatus(WireModel):
    """How does this message of mine stand. Source: URS-REL-007, URS-REL-009."""

    message_id: MessageId


class MessageStatus(WireModel):
    """How a message of the asker stands. ``code``, ``path``, ``detail``: why it was refused."""

    message_id: MessageId
    outcome: StandsAs
    code: Code | None = None
    path: Annotated[str, StringConstraints(max_length=200)] | None = None
    detail: Annotated[str, StringConstraints(max_length=1000)] | None = None
    answered_at: Timestamp


# Where the owner of the lot's status is asked, and for what use.
ASKED_AT: dict[str, Use] = {
    "wms/pick-requested": Use.ALLOCATION,
    "wms/confirm-pick": Use.PICK,
    "wms/ship": Use.SHIP,
}
