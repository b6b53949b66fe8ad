"""The operator group: sign-in, commands of people and devices, their task lists.

A command that asks the partner is recorded first, sent once with no transaction open, and
answered when the partner has spoken; without an answer it stays in the outbox and the operator
reads PENDING. Source: decisions on requests; URS-REL-007.
"""

from __future__ import annotations

from contracts.model.answers import CommandStatus, Problem
from contracts.model.codes import Code, Refusal
from contracts.model.commands import Command, OpenSession
from contracts.model.identifiers import Id, MessageId
from contracts.model.operations import Operation
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.model.verdicts import Outcome
from contracts.record.digests import digest_of
from contracts.record.strict_json import read_json
from reference_impl.crash_points import crash_point
from reference_impl.domain.breaker import ORDINARY
from reference_impl.link import inbox, outbox, way
from reference_impl.link.settling import settle
from reference_impl.records.accounts import SignedIn
from reference_impl.records.asking import Answers
from reference_impl.records.signing import SigningRefused
from reference_impl.records.work import Actor, Cause, Work
from reference_impl.system import Answered, Ordered, System
from reference_impl.watching.clock import check_clock
from reference_impl.web import reading
from reference_impl.web.asking import with_answers
from reference_impl.web.refusing import refused
from reference_impl.web.sending import enter_with

# One sentence for all causes: who guesses learns nothing. URS-IAM-006.
_NOT_SIGNED_IN = (
    "user id, password or code is wrong, the code was used, or the account is locked; "
    "take a new code, and have an administrator unlock the account after five failures"
)


def sign_in(system: System, request: HttpRequest) -> HttpResponse:
    """Open a session."""
    body = reading.read_body(OpenSession, request.body)
    if isinstance(body, Refusal):
        return reading.refuse(body, system.settings.system)
    assert isinstance(body, OpenSession)
    actor = Actor(body.user_id, body.user_id, "sign-in", body.station)
    with system.work(actor, Cause("sign-in", body.station)) as work:
        session = system.accounts.sign_in(work, body)
        work.keep_lasting()
        if session is None:
            session = Refusal(Code.UNAUTHENTICATED, "", _NOT_SIGNED_IN)
        if isinstance(session, Refusal):
            return refused(work, "sessions", body.user_id, session)
    return reading.answer(session)


def query(system: System, operation: Operation, token: str) -> HttpResponse:
    """Answer what a signed-in person asks."""
    with system.work(system.itself(), Cause("query", operation.id)) as work:
        person = _permitted(system, work, operation, token)
        if isinstance(person, Refusal):
            return reading.refuse(person, system.settings.system)
        value = system.handlers.queries[operation.name](work.connection, system.settings)
    return reading.answer(value)


async def command(
    system: System, operation: Operation, request: HttpRequest, token: str
) -> HttpResponse:
    """Do what a signed-in person commands."""
    ordered = await with_answers(
        system, lambda known: _record(system, operation, request, token, known)
    )
    if isinstance(ordered, HttpResponse):
        return ordered
    message, receipt, actor = ordered
    tried = await _ask_partner(system, message)
    crash_point("command.before-conclusion")
    return _conclude(system, operation, (message, receipt, actor), tried)


_Asked = tuple[Ordered, inbox.Receipt, Actor]
# The ticket of an attempt at the breaker, and what came back.
_Tried = tuple[int, outbox.Sent]


def _record(
    system: System, operation: Operation, request: HttpRequest, token: str, known: Answers
) -> HttpResponse | _Asked:
    key = request.headers.get("idempotency-key", "")
    cause = Cause(operation.name, key or operation.id)
    with system.work(system.itself(), cause, known) as work:
        person = _permitted(system, work, operation, token)
        if isinstance(person, Refusal):
            return reading.refuse(person, system.settings.system)
        work.actor, work.session = _actor(operation, person), person.session
        done = _Reception(system, operation, request, work).answer()
        crash_point("command.before-commit")
    crash_point("command.after-commit")
    return done


class _Reception:
    """One command on its way through the checks."""

    def __init__(
        self, system: System, operation: Operation, request: HttpRequest, work: Work
    ) -> None:
        self._system = system
        self._operation = operation
        self._request = request
        self._work = work
        self._key = request.headers.get("idempotency-key", "")

    def answer(self) -> HttpResponse | _Asked:
        read = self._read()
        if isinstance(read, Refusal):
            return self._refused(read)
        body, receipt = read
        connection = self._work.connection
        known = inbox.first_answer(connection, receipt) or inbox.same_event(connection, receipt)
        if isinstance(known, Refusal):
            return self._refused(known, alarm=True)
        if known is not None:
            return reading.replay(known.status, known.body)
        untimely = self._system.check_recovered(connection) or check_clock(
            self._work, self._operation, body
        )
        return self._refused(untimely) if untimely else self._handled(body, receipt)

    # implements FRS-IDM-001
    def _read(self) -> tuple[Command, inbox.Receipt] | Refusal:
        if not self._key:
            return Refusal(Code.KEY_MISSING, "header:idempotency-key", "there is none")
        fault = Id.fault(self._key)
        if fault:
            return Refusal(Code.SCHEMA_VIOLATION, "header:idempotency-key", fault)
        assert self._operation.body is not None
        body = reading.read_body(self._operation.body, self._request.body)
        if isinstance(body, Refusal):
            return body
        assert isinstance(body, Command)
        # A signature's password is neither stored nor hashed with the content it signs.
        content = digest_of(reading.without_secrets(read_json(self._request.body)))
        receipt = inbox.Receipt(
            scope=self._operation.id, key=self._key, operation=self._operation.id,
            business_key=body.key, body_sha256=content, data_sha256=content,
        )
        return body, receipt

    def _handled(self, body: Command, receipt: inbox.Receipt) -> HttpResponse | _Asked:
        self._work.cause = _cause(self._operation, body)
        handler = self._system.handlers.commands[self._operation.name]
        with self._work.connection.attempt() as attempt:
            try:
                done = handler(self._work, body)
            except SigningRefused as exc:
                done = exc.as_refusal_of(body)
            if isinstance(done, Refusal):
                attempt.take_back()
        self._work.keep_lasting()
        if isinstance(done, Refusal):
            response = self._refused(done)
            told = self._system.handlers.refused.get(self._operation.name)
            if told is not None:
                told(self._work, body, done)
        else:
            response = _done(self._work, self._operation, body.key, done)
        inbox.keep_answer(self._work.connection, receipt, response.status, response.body)
        return (done, receipt, self._work.actor) if isinstance(done, Ordered) else response

    def _refused(self, refusal: Refusal, *, alarm: bool = False) -> HttpResponse:
        record = self._key or "command without key"
        return refused(self._work, self._operation.id, record, refusal, alarm=alarm)


async def _ask_partner(system: System, message: Ordered) -> _Tried | None:
    """Send the message once; None where it has to wait, for another one or for the way."""
    with system.database.transaction() as connection:
        outgoing = outbox.take_one(connection, message.message_id, system.now(connection))
    ticket = enter_with(system, outgoing) if outgoing else None
    if outgoing is None or ticket is None:
        return None
    return ticket, await system.client.send(outgoing, system.partner_transport())


def _conclude(
    system: System, operation: Operation, asked: _Asked, tried: _Tried | None
) -> HttpResponse:
    message, receipt, actor = asked
    ticket, sent = tried or (ORDINARY, None)
    cause = Cause(f"{operation.name} {receipt.business_key}", receipt.business_key)
    with system.work(actor, cause) as work:
        if sent is not None:
            settle(work, system.handlers.settled, message.message_id, sent)
            way.leave(work, ticket, sent.way_failed, sent.note)
        response = _outcome(system, work, (operation, receipt, message), sent)
        inbox.replace_answer(work.connection, receipt, response.status, response.body)
    return response


def _outcome(
    system: System, work: Work, asked: tuple[Operation, inbox.Receipt, Ordered],
    sent: outbox.Sent | None,
) -> HttpResponse:
    operation, receipt, message = asked
    if sent is None or sent.outcome is Outcome.UNKNOWN:
        return _done(work, operation, receipt.business_key, message)
    if sent.outcome is Outcome.OK:
        return _done(work, operation, receipt.business_key, message, CommandStatus.DONE)
    problem = Problem.model_validate(read_json(sent.answer))
    refusal = Refusal(problem.code, problem.path.removeprefix("data."), problem.detail)
    work.refused(operation.id, receipt.key, refusal.path, refusal.code)
    return reading.refuse(refusal, problem.refused_by)


def _done(
    work: Work, operation: Operation, key: str, done: Ordered | Answered | None,
    status: CommandStatus | None = None,
) -> HttpResponse:
    message_id = MessageId(done.message_id) if isinstance(done, Ordered) else None
    if status is None:
        status = CommandStatus.PENDING if message_id else CommandStatus.DONE
    members = done.members if isinstance(done, Answered) else {}
    common = {
        "status": status, "key": Id(key), "recorded_at": work.now, "message_id": message_id
    }
    return reading.answer(operation.answer(**common, **members))


# implements FRS-IAM-002
def _permitted(
    system: System, work: Work, operation: Operation, token: str
) -> SignedIn | Refusal:
    person = system.accounts.signed_in(work, token)
    if person is None:
        return Refusal(Code.UNAUTHENTICATED, "header:authorization", "no open session")
    if not operation.duties & person.duties:
        work.actor = _actor(operation, person)
        work.refused(operation.id, person.person_id, "", Code.NOT_PERMITTED)
        return Refusal(Code.NOT_PERMITTED, "", f"{person.person_id} may not {operation.name}")
    return person


def _cause(operation: Operation, body: Command) -> Cause:
    """What was commanded, and the reason that the person gave, where the command asks for one."""
    given = getattr(body, "reason", "")
    return Cause(f"{operation.name} {body.key}{f': {given}' if given else ''}", body.key)


def _actor(operation: Operation, person: SignedIn) -> Actor:
    used = sorted(operation.duties & person.duties) or sorted(person.duties)
    return Actor(person.person_id, person.person_id, used[0] if used else "none", person.station)


__all__ = ["command", "query", "sign_in"]
