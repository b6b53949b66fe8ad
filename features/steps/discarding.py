"""Discarding dead letters: two people give a message up, and its receiver is told."""

from __future__ import annotations

import asyncio

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import CommandAnswer, CommandStatus
from contracts.model.commands import DiscardDeadLetter
from contracts.model.identifiers import Id, MessageId
from contracts.model.inspection import Outbox, Picks
from contracts.model.inspection_delivery import DeadLetter, DeadLetters, DiscardedMessages
from contracts.model.operations import OPERATIONS
from contracts.model.roles import Role
from contracts.wire.clients import Answer, read_answer
from features.bench import Bench
from features.claims import equal, holds, the_only
from features.steps.cancelled_picks import production_cancels
from features.steps.dead_letters import Retried
from features.steps.order import mes_shows_request
from simulator.counterpart import new_message_id

_SENT_TO = "wms/pick-requested"


@given("production has been told that the cancellation of the dead request is pending")
def cancellation_waits(bench: Bench) -> None:
    """A later message about the same order."""
    production_cancels(bench, "the request", "order was replanned")
    equal(bench.last.answer.as_(CommandAnswer).status, CommandStatus.PENDING, "the cancellation")
    bench.attempts.clear()


@given("the warehouse has posted the request after all")
def posted_after_all(bench: Bench) -> None:
    """An old attempt that was on its way for long; its answer went nowhere."""
    answer = _copy(bench)
    bench.recorder.observe(f"the late attempt: {answer}")
    holds(answer.refusal is None, f"the late attempt was refused: {answer}")


@when(parsers.re(
    r"support discards (?P<which>the dead letter|a message never sent) "
    r'for the reason "(?P<reason>[^"]*)", approved by (?P<approver>[a-z ]+)(?P<wrong>, wrongly)?'
))
def discards(
    bench: Bench, which: str, reason: str, approver: str, wrong: str | None
) -> None:
    """Try to discard."""
    message_id = bench.part(Retried).message_id
    if which != "the dead letter":
        message_id = str(new_message_id(bench.now))
    for person in {"support", approver}:
        bench.session(person)
    body = DiscardDeadLetter(
        discard_id=Id(bench.new_id("DISCARD")), message_id=MessageId(message_id), reason=reason,
        approval=bench.signature(approver, "Approved", wrong_password=wrong is not None),
    )
    attempt = bench.command("support", "discard-dead-letter", body)
    bench.recorder.observe(f"discarding: {attempt.answer}")


@then("after delivery the warehouse shows the request as discarded, under its original key")
def shown_as_discarded(bench: Bench) -> None:
    """With the digest of the bytes, the reason and both people."""
    bench.deliver()
    letter = _letter(bench)
    row = the_only(_discarded(bench), f"discarded messages {letter.message_id}")
    bench.recorder.observe(f"{row.type} about {row.subject}: {row.reason}")
    equal(letter.state, "DISCARDED", "the dead letter")
    equal((row.type, row.subject, row.body_sha256),
          (letter.type, letter.subject, letter.body_sha256), "what was discarded")
    equal((row.discarded_by, row.approved_by),
          (bench.person_id("support"), bench.person_id("quality")), "by")
    picks = bench.site.client(Role.WMS).ask("picks", Picks).rows
    equal([r for r in picks if r.request_id == bench.request_id], [], "picks of the request")


@then("MES shows the request as REFUSED, and the cancellation has gone out behind it")
def went_on(bench: Bench) -> None:
    """Nothing waits for ever."""
    mes_shows_request(bench, "REFUSED")
    pending = bench.site.client(Role.MES).ask("outbox", Outbox).pending
    about = [row for row in pending if row.subject == _letter(bench).subject]
    equal(about, [], "messages about the order that wait")


@then(parsers.re(r"a late copy of the request is refused with (?P<code>[A-Z_]+)"))
def late_copy(bench: Bench, code: str) -> None:
    """The same bytes under the same key, from wherever they were kept."""
    answer = _copy(bench)
    bench.recorder.observe(f"the late copy: {answer}")
    holds(answer.refusal is not None, "the late copy was taken over")
    assert answer.refusal is not None
    equal(answer.refusal.code.value, code, "the late copy")


@then("after delivery MES shows the request as ALLOCATED, and the warehouse has discarded nothing")
def not_discarded(bench: Bench) -> None:
    """What was posted counts, whatever two people said."""
    bench.deliver()
    letter = _letter(bench)
    bench.recorder.observe(f"the dead letter is {letter.state}")
    mes_shows_request(bench, "ALLOCATED")
    equal(letter.state, "SETTLED", "the dead letter")
    equal(_discarded(bench), [], "discarded messages")


def _copy(bench: Bench) -> Answer:
    """Let one of the attempts, signed as MES sent it, arrive at the warehouse after all."""
    key = bench.part(Retried).message_id
    attempts = [
        request for _, request in bench.part(Retried).stub.seen
        if request.headers.get("idempotency-key") == key
    ]
    response = asyncio.run(bench.sut.upstream(Role.WMS).send(attempts[-1]))
    return read_answer(OPERATIONS[_SENT_TO], response)


def _letter(bench: Bench) -> DeadLetter:
    key = bench.part(Retried).message_id
    rows = bench.site.client(Role.MES).ask("dead-letters", DeadLetters).rows
    return the_only((row for row in rows if row.message_id == key), f"dead letters {key}")


def _discarded(bench: Bench):  # type: ignore[no-untyped-def]
    rows = bench.site.client(Role.WMS).ask("discarded-messages", DiscardedMessages).rows
    return [row for row in rows if row.message_id == bench.part(Retried).message_id]
