"""The questions of one system to the other: asked with no transaction open, answered at once.

Question and reply stand in the journals of both sides, byte for byte. Whoever answers asks nobody,
so two systems that ask each other cannot wait for each other. Source: URS-PCK-005, URS-JRN-005.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from contracts.model.identifiers import Id, Sscc
from contracts.model.inspection import Direction
from contracts.model.inspection_differences import StockPicture
from contracts.model.operations import OPERATIONS, Operation
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.model.questions import Validate, Validation
from contracts.model.recovery import ExchangedSince
from contracts.model.wire_model import WireModel
from contracts.record.canonical import canonical_bytes
from contracts.wire.identity import KnownIdentity
from contracts.wire.reply_signing import sign_reply
from contracts.wire.signing import created_of
from reference_impl.crash_points import crash_point
from reference_impl.domain.breaker import ORDINARY
from reference_impl.link import way
from reference_impl.link.client import Replied
from reference_impl.link.heartbeat import heard
from reference_impl.records.asking import Answers, Asked, Pictures, Question, Unanswered
from reference_impl.records.journal import Document, write_journal
from reference_impl.records.work import Actor, Cause
from reference_impl.stock_picture import show_stock_picture
from reference_impl.store.database import Connection
from reference_impl.system import System
from reference_impl.web import reading
from reference_impl.web.refusing import refused

T = TypeVar("T")


async def with_answers(
    system: System, do: Callable[[Answers], T], begun: T | Exception | None = None
) -> T:
    """Do what may depend on the partner, asking it as often as something new has to be known.

    ``begun`` is what came of doing it with no answers, where that was tried already.
    """
    answers: dict[Asked, Any] = {}
    while True:
        try:
            if isinstance(begun, Exception):
                raise begun
            return do(answers) if begun is None else begun
        except Unanswered as asked:
            begun = None
            for question in asked.questions:
                answers[question] = await (
                    _validate(system, question) if isinstance(question, Question)
                    else _partner_stock(system)
                )


def answer_question(
    system: System, operation: Operation, request: HttpRequest, caller: KnownIdentity
) -> HttpResponse:
    """Answer the partner, by what is on record here."""
    assert operation.body is not None
    asker = Actor(caller.source, caller.source, str(caller.account), "link")
    with system.work(asker, Cause("question", operation.id)) as work:
        body = reading.read_body(operation.body, request.body)
        if isinstance(body, WireModel):
            value = system.handlers.questions[operation.name](work, body)
            response = _replied(system, operation, request, value)
            if isinstance(body, ExchangedSince):
                _partner_restored(system, work.connection, request, caller)
        else:
            response = refused(work, operation.id, "question", body)
        heard(work.connection, caller.source, work.now)
        about = operation.id, caller.source
        asked = Document(Direction.RECEIVED, "question", *about, "", request.body)
        reply = Document(Direction.SENT, "reply", *about, "", response.body, response.status)
        write_journal(work.connection, asked, work.now)
        write_journal(work.connection, reply, work.now)
        crash_point("question.before-commit")
    return response


# implements FRS-BKP-011
def _replied(
    system: System, operation: Operation, request: HttpRequest, value: WireModel
) -> HttpResponse:
    """The reply, signed where what it brings is taken over without any other signature."""
    response = reading.answer(value)
    if not operation.signs_answer:
        return response
    return sign_reply(response, request, system.settings.identity, int(system.wall()))


# implements FRS-BKP-013
def _partner_restored(
    system: System, connection: Connection, request: HttpRequest, caller: KnownIdentity
) -> None:
    """From now on nothing counts that the caller signed before it asked what it has lost."""
    system.services.restored(connection, caller.source, created_of(request))


async def _validate(system: System, question: Question) -> Validation | None:
    with system.database.reading() as connection:
        asked_at = system.now(connection)
    body = Validate(
        lot_id=Id(question.lot_id),
        container=Sscc(question.container) if question.container else None,
        purpose=question.use, asked_at=asked_at,
    )
    value = await ask(system, "validate", body)
    return value if isinstance(value, Validation) else None


async def _partner_stock(system: System) -> Pictures | None:
    """Own stock first: whatever happens from then on is set apart by who compares."""
    with system.database.reading() as connection:
        own = show_stock_picture(connection, system.settings, 0)
    operation = OPERATIONS[f"{system.settings.role.partner}/stock-picture"]
    replied = await system.client.ask(operation, b"", system.partner_transport())
    return (own, replied.value) if isinstance(replied.value, StockPicture) else None


async def ask(system: System, name: str, body: WireModel) -> WireModel | None:
    """Ask the partner, where a call may go; None where no answer came that can be read."""
    ticket = let_go(system)
    return None if ticket is None else await ask_unguarded(system, name, body, ticket)


async def ask_unguarded(
    system: System, name: str, body: WireModel, ticket: int | None = None
) -> WireModel | None:
    """Ask the partner and journal it. With a ticket what came of it is told to the breaker."""
    operation = OPERATIONS[f"{system.settings.role.partner}/{name}"]
    raw = canonical_bytes(body.to_json())
    replied = await system.client.ask(operation, raw, system.partner_transport())
    crash_point("question.after-reply")
    with system.work(system.itself("link"), Cause("question", operation.id)) as work:
        _journal(system, work.connection, (operation, raw), replied)
        if replied.not_signed:
            work.alarm("REPLY_NOT_SIGNED", f"{operation.id}: {replied.note}")
        if ticket is not None:
            way.leave(work, ticket, replied.way_failed, replied.note)
    return replied.value


def let_go(system: System) -> int | None:
    """Let a call to the partner go. Returns: its ticket at the breaker; None: it may not go."""
    with system.database.reading() as connection:
        if way.is_closed(connection, system.settings):
            return ORDINARY
    with system.work(system.itself("link"), Cause("breaker", "link")) as work:
        return way.enter(work)


def _journal(
    system: System, connection: Connection, asked: tuple[Operation, bytes], replied: Replied
) -> None:
    operation, raw = asked
    now, about = system.now(connection), (operation.id, system.settings.partner_system)
    if replied.value is not None:
        heard(connection, system.settings.partner_system, now)
    write_journal(connection, Document(Direction.SENT, "question", *about, "", raw), now)
    reply = replied.raw or replied.note.encode()
    write_journal(
        connection,
        Document(Direction.RECEIVED, "reply", *about, "", reply, replied.status), now,
    )
