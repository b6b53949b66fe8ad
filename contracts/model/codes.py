"""Every way to say no on an interface: a stable code, its HTTP status, who acts, in which words.

A code never changes its meaning. ``definite`` tells the sender that the operation was not done
and will not be done by repeating the same bytes; where it is false, the same message may be sent
again. The sentence is for the operator and says what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Actor(StrEnum):
    """Who has to act on a refusal."""

    SENDER = "sending system"
    OPERATOR = "operator"
    QUALITY = "quality unit"
    ADMINISTRATOR = "administrator"


class Code(StrEnum):
    """The reason code of a refusal, stable for the life of contract version 1."""

    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    NOT_PERMITTED = "NOT_PERMITTED"
    UNREADABLE = "UNREADABLE"
    SCHEMA_VIOLATION = "SCHEMA_VIOLATION"
    KEY_MISSING = "KEY_MISSING"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    BUSINESS_KEY_CONFLICT = "BUSINESS_KEY_CONFLICT"
    IN_PROGRESS = "IN_PROGRESS"
    PREDECESSOR_MISSING = "PREDECESSOR_MISSING"
    SEQUENCE_USED = "SEQUENCE_USED"
    IDENTITY_MISMATCH = "IDENTITY_MISMATCH"
    UNKNOWN_SCHEMA_VERSION = "UNKNOWN_SCHEMA_VERSION"
    UNKNOWN_ORDER = "UNKNOWN_ORDER"
    ORDER_NOT_STARTED = "ORDER_NOT_STARTED"
    BOM_NOT_APPROVED = "BOM_NOT_APPROVED"
    NOT_ON_BOM = "NOT_ON_BOM"
    QUANTITY_NOT_ON_BOM = "QUANTITY_NOT_ON_BOM"
    UNIT_NOT_BASE_UNIT = "UNIT_NOT_BASE_UNIT"
    NO_ELIGIBLE_STOCK = "NO_ELIGIBLE_STOCK"
    UNKNOWN_REQUEST = "UNKNOWN_REQUEST"
    SCAN_UNREADABLE = "SCAN_UNREADABLE"
    SCAN_NOT_ALLOCATED = "SCAN_NOT_ALLOCATED"
    CONTAINER_IN_USE = "CONTAINER_IN_USE"
    QUANTITY_ABOVE_TOLERANCE = "QUANTITY_ABOVE_TOLERANCE"
    UNKNOWN_LOT = "UNKNOWN_LOT"
    LOT_EXPIRED = "LOT_EXPIRED"
    LOT_NOT_RELEASED = "LOT_NOT_RELEASED"
    TRANSITION_NOT_ALLOWED = "TRANSITION_NOT_ALLOWED"
    SIGNATURE_REQUIRED = "SIGNATURE_REQUIRED"
    SIGNATURE_REFUSED = "SIGNATURE_REFUSED"
    REASON_TOO_SHORT = "REASON_TOO_SHORT"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    STATUS_UNCONFIRMED = "STATUS_UNCONFIRMED"
    NOTHING_TO_CANCEL = "NOTHING_TO_CANCEL"
    UNKNOWN_DEAD_LETTER = "UNKNOWN_DEAD_LETTER"
    OWN_DEAD_LETTER = "OWN_DEAD_LETTER"


@dataclass(frozen=True)
class Meaning:
    """What a code means to the sender and to the person in front of the screen."""

    status: int
    definite: bool
    actor: Actor
    sentence: str


def _final(status: int, actor: Actor, sentence: str) -> Meaning:
    return Meaning(status, True, actor, sentence)


def _again(status: int, sentence: str) -> Meaning:
    return Meaning(status, False, Actor.SENDER, sentence)


_S, _O, _Q, _A = Actor.SENDER, Actor.OPERATOR, Actor.QUALITY, Actor.ADMINISTRATOR

MEANINGS: dict[Code, Meaning] = {
    Code.NOT_FOUND: _final(404, _S, "Nothing is published under this address; check the path."),
    Code.METHOD_NOT_ALLOWED: _final(405, _S, "Use the method that the contract publishes here."),
    Code.UNSUPPORTED_MEDIA_TYPE: _final(415, _S, "Send the media type that the contract names."),
    Code.BODY_TOO_LARGE: _final(413, _S, "Send at most one mebibyte in one message."),
    Code.UNAUTHENTICATED: _final(401, _S, "Sign the request or open a session, then repeat it."),
    Code.NOT_PERMITTED: _final(403, _A, "This account may not do this; ask an administrator."),
    Code.UNREADABLE: _final(400, _S, "The body is not one JSON document; correct the sender."),
    Code.SCHEMA_VIOLATION: _final(400, _S, "Correct the named field to the published schema."),
    Code.KEY_MISSING: _final(400, _S, "Send the message id as Idempotency-Key."),
    Code.IDEMPOTENCY_CONFLICT: _final(
        422, _S, "This key was used for other content; send new content under a new key."
    ),
    Code.BUSINESS_KEY_CONFLICT: _final(
        422, _S, "This business event is recorded with other content; correct it by a new event."
    ),
    Code.IN_PROGRESS: _again(409, "The first one is still being processed; repeat it later."),
    Code.PREDECESSOR_MISSING: _again(
        425, "Too many messages about this subject wait for an earlier one; send that one first."
    ),
    Code.SEQUENCE_USED: _final(
        422, _S, "Another message about this subject has this number; take the next one."
    ),
    Code.IDENTITY_MISMATCH: _final(
        422, _A, "The message names another sender than its certificate and key do."
    ),
    Code.UNKNOWN_SCHEMA_VERSION: _final(422, _S, "Send a schema version that is supported here."),
    Code.UNKNOWN_ORDER: _final(422, _O, "This order is not known here; check the order number."),
    Code.ORDER_NOT_STARTED: _final(422, _O, "Start the order before requesting its material."),
    Code.BOM_NOT_APPROVED: _final(
        422, _Q, "Only the approved version of the bill of materials may be picked for."
    ),
    Code.NOT_ON_BOM: _final(422, _O, "This material is not on the order's bill of materials."),
    Code.QUANTITY_NOT_ON_BOM: _final(
        422, _O, "The requests of this order exceed its bill of materials; lower the quantity."
    ),
    Code.UNIT_NOT_BASE_UNIT: _final(422, _O, "Give the quantity in the material's base unit."),
    Code.NO_ELIGIBLE_STOCK: _final(
        422, _O, "No released lot in date holds enough; nothing was allocated."
    ),
    Code.UNKNOWN_REQUEST: _final(422, _O, "There is no such pick request; check your task list."),
    Code.SCAN_UNREADABLE: _final(
        422, _O, "This is not a GS1 container label; scan the SSCC label of the container."
    ),
    Code.SCAN_NOT_ALLOCATED: _final(
        422, _O, "Put this container back; scan the one that your task names."
    ),
    Code.CONTAINER_IN_USE: _final(422, _O, "Take an empty container with an unused label."),
    Code.QUANTITY_ABOVE_TOLERANCE: _final(
        422, _O, "This is more than was requested; pick no more than the open quantity."
    ),
    Code.UNKNOWN_LOT: _final(422, _O, "This lot is not known here; check the lot number."),
    Code.LOT_EXPIRED: _final(422, _Q, "The lot has expired; leave it and call the quality unit."),
    Code.LOT_NOT_RELEASED: _final(422, _Q, "The lot is not released; leave it where it is."),
    Code.TRANSITION_NOT_ALLOWED: _final(
        422, _Q, "The lot cannot go from its present status to this one."
    ),
    Code.SIGNATURE_REQUIRED: _final(422, _Q, "Sign the change with user id and password."),
    Code.SIGNATURE_REFUSED: _final(
        422, _Q, "The signature was not accepted; sign with your own user id and password."
    ),
    Code.REASON_TOO_SHORT: _final(422, _O, "Give a reason of at least five characters."),
    Code.ALREADY_EXISTS: _final(422, _O, "This number is already in use; take a new one."),
    Code.STATUS_UNCONFIRMED: _final(
        422, _O, "MES cannot confirm the lot's status now; leave the material and try later."
    ),
    Code.NOTHING_TO_CANCEL: _final(
        422, _O, "Nothing of this request is open; what was picked is returned instead."
    ),
    Code.UNKNOWN_DEAD_LETTER: _final(
        422, _O, "No dead letter with this number is open; check the list of dead letters."
    ),
    Code.OWN_DEAD_LETTER: _final(
        422, _O, "You caused this message yourself; another person has to replay it."
    ),
}


@dataclass(frozen=True)
class Refusal:
    """An expected no: the code, the path of the offending field, and the detail of this case.

    ``path`` is dotted from the root of the body, indices in brackets: ``data.lines[0].quantity``;
    a header is named as ``header:idempotency-key``; the empty string is the body as a whole.
    """

    code: Code
    path: str
    detail: str

    @property
    def meaning(self) -> Meaning:
        """Status, finality, actor and sentence of the code."""
        return MEANINGS[self.code]
