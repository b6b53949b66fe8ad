"""The exchange group: one message in, one answer out, everything about it in one transaction.

Order of checks: signature, permission, key, schema, first answer, sender, order, business rules.
Source: decisions on interfaces; URS-IDM-001 to -008, URS-REL-001, URS-JRN-005.
"""

from __future__ import annotations

from typing import Any

from contracts.model.answers import AckStatus
from contracts.model.codes import Code, Refusal
from contracts.model.envelope import Envelope
from contracts.model.inspection import Direction
from contracts.model.messages import MESSAGES
from contracts.model.operations import Operation
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.record.digests import digest_of, sha256
from contracts.wire.identity import KnownIdentity
from reference_impl.crash_points import crash_point
from reference_impl.link import deferral, inbox
from reference_impl.link.heartbeat import heard
from reference_impl.records.asking import Answers
from reference_impl.records.journal import Document, write_journal
from reference_impl.records.work import Actor, Cause, Work
from reference_impl.store.database import Connection
from reference_impl.system import System
from reference_impl.watching.clock import check_clock
from reference_impl.web import reading
from reference_impl.web.editions import read_message, supported
from reference_impl.web.posting import acknowledge, post, post_successors
from reference_impl.web.refusing import refused


def receive(
    system: System, operation: Operation, request: HttpRequest, sender: KnownIdentity,
    answers: Answers,
) -> HttpResponse:
    """Take over one message, or refuse it. The answer leaves after the durable commit.

    Raises: Unanswered where the partner has to be asked first; nothing has happened then.
    """
    with system.database.transaction() as connection:
        response = _receive(system, operation, request, sender, (connection, answers))
    committed()
    return response


# implements FRS-INP-002
def receive_within(
    system: System, connection: Connection, operation: Operation, request: HttpRequest,
    sender: KnownIdentity,
) -> HttpResponse | Exception:
    """Take over one message in the transaction that spends its nonce, so both stay or neither.

    Returns: the answer, to be sent after the commit; or what came in between. Then nothing of the
    message stays and the nonce is spent all the same.
    """
    try:
        with connection.attempt():
            return _receive(system, operation, request, sender, (connection, {}))
    except Exception as exc:  # raised again by the caller, after the commit
        return exc


def committed() -> None:
    """A message is durable, and its sender has no answer yet."""
    crash_point("inbox.after-commit")


def _receive(
    system: System, operation: Operation, request: HttpRequest, sender: KnownIdentity,
    within: tuple[Connection, Answers],
) -> HttpResponse:
    connection, answers = within
    actor = Actor(sender.source, sender.source, str(sender.account), "link")
    key = request.headers.get("idempotency-key", "")
    cause = Cause(f"message {key or 'without key'}", key or operation.id)
    work = system.work_in(connection, actor, cause, answers)
    response = Reception(system, operation, request, sender, work).answer()
    crash_point("inbox.before-commit")
    return response


class Reception:
    """One message on its way through the checks."""

    def __init__(
        self, system: System, operation: Operation, request: HttpRequest,
        sender: KnownIdentity, work: Work, lost: HttpResponse | None = None,
    ) -> None:
        """``lost`` is the answer that this system gave before it was restored from a backup."""
        self._lost = lost
        self._system = system
        self._operation = operation
        self._request = request
        self._sender = sender
        self._work = work
        self._key = request.headers.get("idempotency-key", "")

    def answer(self) -> HttpResponse:
        """Journal the message as it came, decide, journal the answer."""
        heard(self._work.connection, self._sender.source, self._work.now)
        position, record_hash = self._journal(Direction.RECEIVED, "message", self._request.body)
        response = self._decide(position, record_hash)
        self._journal(Direction.SENT, "answer", response.body, response.status)
        return response

    # implements FRS-IDM-007
    def _decide(self, position: int, record_hash: str) -> HttpResponse:
        read = self._read()
        if isinstance(read, Refusal):
            return self._refused(read)
        envelope, receipt = read
        known = self._known(receipt)
        if isinstance(known, Refusal):
            return self._refused(known, alarm=True)
        if known is not None:
            return reading.replay(known.status, known.body)
        untimely = self._untimely(envelope)
        if untimely:
            return self._refused(untimely)
        place = deferral.Place(
            envelope.source, envelope.subject, int(envelope.subjectsequence)
        )
        out_of_order = inbox.check_order(
            self._work.connection, place.source, place.subject, place.subjectsequence
        )
        if out_of_order:
            return self._keep_early(envelope, receipt, place, out_of_order, (position, record_hash))
        crash_point("inbox.before-posting")
        response = self._post(envelope, (position, record_hash))
        crash_point("inbox.before-record")
        connection = self._work.connection
        inbox.keep_answer(connection, receipt, response.status, response.body)
        crash_point("inbox.after-record")
        inbox.mark_applied(connection, place.source, place.subject, place.subjectsequence)
        post_successors(self._system, self._work, place)
        return response

    # implements FRS-BKP-005
    def _post(self, envelope: Envelope[Any], journalled: tuple[int, str]) -> HttpResponse:
        """Post it; what was refused before a restore stays refused, with the same answer."""
        if self._lost is not None and self._lost.status != 200:
            return self._lost
        return post(self._system, self._work, self._operation, envelope, journalled)

    def _untimely(self, envelope: Envelope[Any]) -> Refusal | None:
        """Why nothing can be posted now; what a restore had lost is posted by any clock."""
        if self._lost is not None:
            return None
        return self._system.check_recovered(self._work.connection) or check_clock(
            self._work, self._operation, envelope
        )

    # implements FRS-REL-011
    def _keep_early(
        self, envelope: Envelope[Any], receipt: inbox.Receipt, place: deferral.Place,
        refusal: Refusal, journalled: tuple[int, str],
    ) -> HttpResponse:
        """Keep a message that came before its predecessor; what else is out of order is refused."""
        connection = self._work.connection
        if refusal.code is not Code.PREDECESSOR_MISSING or deferral.is_full(connection, place):
            return self._refused(refusal)
        if deferral.held_at(connection, place):
            detail = f"{place.subject}: number {place.subjectsequence} is kept for its turn"
            return self._refused(Refusal(Code.SEQUENCE_USED, "subjectsequence", detail))
        held = deferral.Held(
            self._operation.id, envelope.id, self._request.body, *journalled
        )
        deferral.hold(connection, place, held)
        response = acknowledge(self._work, envelope, journalled, AckStatus.DEFERRED)
        inbox.keep_answer(connection, receipt, response.status, response.body)
        return response

    def _known(self, receipt: inbox.Receipt) -> inbox.StoredAnswer | Refusal | None:
        connection = self._work.connection
        return inbox.first_answer(connection, receipt) or inbox.same_event(connection, receipt)

    # implements FRS-IDM-001
    def _read(self) -> tuple[Envelope[Any], inbox.Receipt] | Refusal:
        if not self._key:
            return Refusal(Code.KEY_MISSING, "header:idempotency-key", "there is none")
        message = MESSAGES[self._operation.name]
        envelope = read_message(self._system.settings.editions, message, self._request.body)
        if isinstance(envelope, Refusal):
            return envelope
        wrong = self._check_envelope(envelope)
        if wrong:
            return wrong
        receipt = inbox.Receipt(
            scope=self._sender.source,
            key=self._key,
            operation=self._operation.id,
            business_key=envelope.data.business_key,
            body_sha256=sha256(self._request.body),
            data_sha256=digest_of(envelope.data.to_json()),
        )
        return envelope, receipt

    # implements FRS-SCH-001
    # implements FRS-SEC-001
    def _check_envelope(self, envelope: Envelope[Any]) -> Refusal | None:
        message = MESSAGES[self._operation.name]
        if envelope.dataschema != message.dataschema:
            return Refusal(
                Code.UNKNOWN_SCHEMA_VERSION, "dataschema",
                f"supported: {supported(self._system.settings.editions, message)}",
            )
        if envelope.type != message.type:
            return Refusal(Code.SCHEMA_VIOLATION, "type", f"expected {message.type}")
        if envelope.id != self._key:
            return Refusal(Code.SCHEMA_VIOLATION, "id", "it differs from the idempotency key")
        # URS-SEC-004: who sent it is what certificate and key say, never a field of the body.
        if envelope.source != self._sender.source:
            return Refusal(
                Code.IDENTITY_MISMATCH, "source", f"certificate and key are {self._sender.source}"
            )
        return None

    def _refused(self, refusal: Refusal, *, alarm: bool = False) -> HttpResponse:
        record = self._key or "message without key"
        # URS-IDM-003: a conflict is journalled (as every message is) and alarmed.
        return refused(self._work, self._operation.id, record, refusal, alarm=alarm)

    def _journal(
        self, direction: Direction, kind: str, body: bytes, status: int | None = None
    ) -> tuple[int, str]:
        document = Document(
            direction, kind, self._operation.id, self._sender.source, self._key, body, status
        )
        return write_journal(self._work.connection, document, self._work.now)
