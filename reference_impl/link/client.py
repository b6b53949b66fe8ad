"""The link's client: sends one message and says whether it was taken, refused, or nobody knows.

Final: 200 with an acknowledgement (one that says DEFERRED is settled later), and a refusal that
says so. Everything else (timeout, reset, 408, 409, 425, 429, 5xx, an answer that cannot be read)
leaves the outcome unknown and is tried again. Source: URS-REL-005, URS-REL-007.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from contracts.model.answers import Acknowledgement, AckStatus
from contracts.model.operations import OPERATIONS, Operation
from contracts.model.ports import AsyncTransport, HttpRequest, HttpResponse, NoAnswer
from contracts.model.verdicts import Outcome
from contracts.model.wire_model import WireModel
from contracts.wire.clients import Answer, ContractBroken, read_answer
from contracts.wire.identity import Identity, KnownIdentity
from contracts.wire.reply_signing import verify_reply
from contracts.wire.signing import SignatureRejected, sign
from reference_impl.link.outbox import RETRY_AFTER_MAX_S, Outgoing, Sent

DEFERRED = "it waits for its predecessor"
# What a gateway says that does not reach the partner.
_GATEWAY = (502, 503, 504)
# Whoever answers so has not begun with the message; of every other answer nobody can say so.
_NOT_TAKEN = (401, 404, 408, 425, 429)


@dataclass(frozen=True)
class Replied:
    """What came back for a question; ``value`` is None where nothing can be taken from it."""

    value: WireModel | None
    status: int | None
    raw: bytes
    note: str
    way_failed: bool = False
    """Whether the partner gave no answer of its own."""
    not_signed: bool = False
    """Whether it lacks the signature that this reply has to bear."""


class LinkClient:
    """Sends messages under one identity. ``wall`` is in seconds since 1970.

    ``partner`` are the keys of the partner: two while they rotate.
    """

    def __init__(
        self, identity: Identity, wall: Callable[[], float], nonce: Callable[[], str],
        partner: tuple[KnownIdentity, ...] = (),
    ) -> None:
        self._partner = {key.key_id: key for key in partner}
        self._identity = identity
        self._wall = wall
        self._nonce = nonce

    async def send(self, outgoing: Outgoing, transport: AsyncTransport) -> Sent:
        """One attempt. Never raises for what the network or the partner does."""
        operation = OPERATIONS[outgoing.operation]
        headers = {
            "content-type": operation.media_type,
            "idempotency-key": outgoing.message_id,
        }
        request = HttpRequest(operation.method, operation.path, "", headers, outgoing.body)
        signed = sign(request, self._identity, int(self._wall()), self._nonce())
        try:
            response = await transport.send(signed)
        except NoAnswer as exc:
            return Sent(
                Outcome.UNKNOWN, None, b"", exc.reason, way_failed=True,
                may_have_arrived=exc.sent,
            )
        outcome, note = _read(operation, response, outgoing.message_id)
        pause = retry_after_s(response.headers.get("retry-after", ""), self._wall())
        return Sent(
            outcome, response.status, response.body, note, pause,
            deferred=outcome is Outcome.UNKNOWN and note == DEFERRED,
            counts_as_failure=outcome is Outcome.UNKNOWN and _speaks_against(response, note),
            way_failed=response.status in _GATEWAY,
            may_have_arrived=response.status not in _NOT_TAKEN,
        )


    async def ask(
        self, operation: Operation, body: bytes, transport: AsyncTransport
    ) -> Replied:
        """Ask the partner once. Never raises for what the network or the partner does."""
        headers = {"content-type": operation.media_type} if operation.body else {}
        request = HttpRequest(operation.method, operation.path, "", headers, body)
        signed = sign(request, self._identity, int(self._wall()), self._nonce())
        try:
            response = await transport.send(signed)
        except NoAnswer as exc:
            return Replied(None, None, b"", exc.reason, way_failed=True)
        failed = response.status in _GATEWAY
        try:
            answer = read_answer(operation, response)
            self._check_reply(operation, response, signed)
        except ContractBroken as exc:
            return Replied(None, response.status, response.body, str(exc), failed)
        except SignatureRejected as exc:
            return Replied(
                None, response.status, response.body, str(exc), failed, not_signed=True
            )
        return Replied(answer.value, response.status, response.body, str(answer), failed)

    # implements FRS-BKP-011
    def _check_reply(
        self, operation: Operation, response: HttpResponse, asked: HttpRequest
    ) -> None:
        """Raises: SignatureRejected where the reply has to be signed by the partner and is not."""
        if operation.signs_answer and response.status == 200:
            verify_reply(response, asked, self._partner, int(self._wall()))


# implements FRS-REL-004
def _read(operation: Operation, response: HttpResponse, message_id: str) -> tuple[Outcome, str]:
    try:
        answer = read_answer(operation, response)
    except ContractBroken as exc:
        return Outcome.UNKNOWN, str(exc)
    if isinstance(answer.value, Acknowledgement) and not _is_for(answer, message_id):
        return Outcome.UNKNOWN, f"another message was acknowledged: {answer.value.message_id}"
    if isinstance(answer.value, Acknowledgement) and answer.value.status is AckStatus.DEFERRED:
        return Outcome.UNKNOWN, DEFERRED
    return answer.outcome, str(answer)


def _speaks_against(response: HttpResponse, note: str) -> bool:
    """Whether an answer speaks against the message: the receiver broke on it, or answered rubbish.

    What a gateway, a limit or the network says does not. Source: URS-DLQ-001.
    """
    if response.status >= 500:
        return response.status not in _GATEWAY
    return 200 <= response.status < 300 and note != DEFERRED


def _is_for(answer: Answer, message_id: str) -> bool:
    """Whether an acknowledgement names this message, or is the stored one of the same event."""
    assert isinstance(answer.value, Acknowledgement)
    return answer.replayed or answer.value.message_id == message_id


def retry_after_s(text: str, wall: float) -> int:
    """The pause that a ``Retry-After`` header asks for: seconds, or a date. 0: none or unreadable.

    Capped at one hour, so that no header can park a message. Source: RFC 9110 10.2.3.
    """
    if re.fullmatch(r"[0-9]{1,9}", text):
        pause = int(text)
    else:
        try:
            pause = math.ceil(parsedate_to_datetime(text).timestamp() - wall)
        except ValueError:
            pause = 0
    return max(0, min(pause, RETRY_AFTER_MAX_S))
