"""Messages out of their order: kept, applied in turn, and settled with their sender."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import Acknowledgement, AckStatus, CommandAnswer, CommandStatus
from contracts.model.codes import Code
from contracts.model.envelope import sequence_number
from contracts.model.identifiers import Id
from contracts.model.inspection import Picks
from contracts.model.instants import write_timestamp
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages.delivery import MessageSettled, Settlement
from contracts.model.messages.lot_status import LotStatusChanged, SignatureManifest
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.model.questions import AskStatus, MessageStatus
from contracts.model.roles import Role
from contracts.wire.clients import Answer
from features.bench import ITEM, Attempt, Bench
from features.claims import equal, holds
from features.steps.alarms import has_raised
from features.steps.delivery import lead_to
from features.steps.messages import pick_request
from features.steps.picks import production_requests
from features.steps.words import AMOUNT, LETTER
from simulator.counterpart import Draft
from simulator.stub import Reaction, Stub, acknowledgement, in_json

_NUMBERS = {"first": 1, "second": 2, "third": 3}
_STATUS = r"[A-Z]+"
_OUT_OF_ORDER = (
    rf"its (?P<place>first|second|third) message about lot {LETTER}, "
    rf"from (?P<one>{_STATUS}) to (?P<two>{_STATUS})"
)


@dataclass
class Ordered:
    """What the scenario keeps of messages out of order."""

    early: Attempt | None = None
    stub: Stub = field(default_factory=Stub)
    at_once: list[Answer] = field(default_factory=list)

    @property
    def the_early(self) -> Attempt:
        """The message that came first and waits. Raises: AssertionError when there is none."""
        assert self.early is not None, "no message came early"
        return self.early


# --- out of order -------------------------------------------------------------------------------


@given(parsers.re(rf"the MES counterpart has sent {_OUT_OF_ORDER}"))
def has_sent_in_order(bench: Bench, place: str, letter: str, one: str, two: str) -> None:
    """A message that is kept until its predecessor comes."""
    send_in_order(bench, place, letter, one, two)
    equal(bench.last.answer.as_(Acknowledgement).status, AckStatus.DEFERRED, "the message")
    bench.attempts.clear()


@when(parsers.re(rf"the MES counterpart sends {_OUT_OF_ORDER}"))
def send_in_order(bench: Bench, place: str, letter: str, one: str, two: str) -> None:
    """A message with a given place in the order of its subject."""
    change_id = bench.new_id("CHANGE")
    draft = _change(bench, change_id, letter, (LotStatus(one), LotStatus(two)))
    number = sequence_number(_NUMBERS[place])
    attempt = bench.send(Role.WMS, draft.changed({"/subjectsequence": number}), change_id)
    if place != "first" and bench.part(Ordered).early is None:
        bench.part(Ordered).early = attempt
    bench.recorder.observe(f"the {place} message, {one} to {two}: {attempt.answer}")


@then(parsers.re(r"it is acknowledged as (?P<status>ACCEPTED|DEFERRED)"))
def acknowledged_as(bench: Bench, status: str) -> None:
    """What the receiver says it did."""
    ack = bench.last.answer.as_(Acknowledgement)
    bench.recorder.observe(f"{ack.status} at journal position {ack.journal_position}")
    equal(ack.status, AckStatus(status), "the acknowledgement")


@then("a repeat of the early message gets the answer ACCEPTED, marked as replayed")
def early_is_final(bench: Bench) -> None:
    """The stored answer is the final one now."""
    again = bench.repeat(bench.part(Ordered).the_early)
    ack = again.as_(Acknowledgement)
    bench.recorder.observe(f"{ack.status}, replayed: {again.replayed}")
    equal(ack.status, AckStatus.ACCEPTED, "the repeat got")
    holds(again.replayed, "the answer is not marked as replayed")


# --- settled ------------------------------------------------------------------------------------


@given("what the warehouse sends goes to a partner that takes everything")
def taking_partner(bench: Bench) -> None:
    """A stub in the place of MES."""
    take = [acknowledgement("ACCEPTED")]
    script = {"message-settled": take, "link-heartbeat": take}
    bench.part(Ordered).stub = lead_to(bench, Role.WMS, Stub(script))


@then(parsers.re(
    r"5 seconds later the warehouse has told that the early message is "
    r"(?P<outcome>POSTED|REFUSED)"
))
def told_outcome(bench: Bench, outcome: str) -> None:
    """Exactly one settlement of this message."""
    bench.site.set_clock(bench.now + timedelta(seconds=5))
    bench.deliver()
    key = bench.part(Ordered).the_early.key
    stub = bench.part(Ordered).stub
    bodies = [json.loads(r.body) for name, r in stub.seen if name == "message-settled"]
    about = [body["data"] for body in bodies if body["data"]["messageId"] == key]
    bench.recorder.observe("; ".join(f"{d['outcome']} {d.get('code', '')}" for d in about))
    equal([data["outcome"] for data in about], [outcome], "settlements")


@then(parsers.re(
    r"asked about the early message the warehouse answers (?P<outcome>POSTED|REFUSED)"
))
def asked_outcome(bench: Bench, outcome: str) -> None:
    """The status question gets the same."""
    question = AskStatus.model_validate({"message_id": bench.part(Ordered).the_early.key})
    client = bench.counterpart(Role.WMS).client
    status = client.call("message-status", question).as_(MessageStatus)
    bench.recorder.observe(f"{status.outcome} {status.code or ''}".strip())
    equal(status.outcome, outcome, "the message")


@given(parsers.re(
    r"the warehouse defers what MES sends, and answers (?P<outcome>POSTED|DEFERRED) when asked"
))
def deferring_partner(bench: Bench, outcome: str) -> None:
    """A stub in the place of the warehouse."""

    def stands(request: HttpRequest) -> HttpResponse:
        message_id = json.loads(request.body)["messageId"]
        at = write_timestamp(bench.now)
        return in_json({"messageId": message_id, "outcome": outcome, "answeredAt": at})

    script: dict[str, list[Reaction]] = {
        "pick-requested": [acknowledgement("DEFERRED")], "message-status": [stands],
        "link-heartbeat": [acknowledgement("ACCEPTED")],
    }
    bench.part(Ordered).stub = lead_to(bench, Role.MES, Stub(script))


@then("the command is pending")
def command_is_pending(bench: Bench) -> None:
    """The answer says PENDING: nobody knows yet."""
    answer = bench.last.answer.as_(CommandAnswer)
    bench.recorder.observe(f"the answer is {answer.status}")
    equal(answer.status, CommandStatus.PENDING, "the command")


@then(parsers.re(
    r"after (?P<minutes>[0-9]+) minutes MES has sent the message once, asked, "
    r"and shows the request as (?P<state>[A-Z]+)"
))
def asked_and_taken_over(bench: Bench, minutes: str, state: str) -> None:
    """No second attempt; the outcome came by the question."""
    bench.site.set_clock(bench.now + timedelta(minutes=int(minutes)))
    bench.deliver()
    names = [name for name, _ in bench.part(Ordered).stub.seen]
    sent, asked = names.count("pick-requested"), names.count("message-status")
    bench.recorder.observe(f"sent {sent} times, asked {asked} times")
    equal(sent, 1, "attempts")
    holds(asked >= 1, "MES never asked how its message stands")
    _request_is(bench, state)


@given(parsers.re(rf"production has been told that its request for {AMOUNT} is pending"))
def request_is_pending(bench: Bench, amount: str) -> None:
    """A request whose outcome nobody knows yet."""
    production_requests(bench, amount)
    command_is_pending(bench)


@when(parsers.re(
    r"the WMS counterpart settles the message of the request as REFUSED with (?P<code>[A-Z_]+)"
))
def counterpart_settles(bench: Bench, code: str) -> None:
    """What the warehouse would tell when the turn of the message has come."""
    message_id = bench.last.answer.as_(CommandAnswer).message_id
    assert message_id is not None
    payload = MessageSettled(
        message_id=message_id, outcome=Settlement.REFUSED, code=Code(code),
        path="data.lines[0].quantity", detail="nothing is left", settled_at=bench.now,
        station=Id("link"),
    )
    draft = bench.counterpart(Role.MES).draft(
        "message-settled", payload, f"link/{message_id}", bench.now
    )
    attempt = bench.send_unseen(Role.MES, draft, message_id)
    attempt.answer.as_(Acknowledgement)
    bench.recorder.observe(f"{message_id} is settled as REFUSED with {code}: {attempt.answer}")


@then(parsers.re(r"MES shows the request as (?P<state>[A-Z]+)"))
def mes_shows_request(bench: Bench, state: str) -> None:
    """The state of the one line."""
    _request_is(bench, state)


@then(parsers.re(r"MES has raised the alarm (?P<name>[A-Z_]+) about the message of the request"))
def mes_alarm(bench: Bench, name: str) -> None:
    """Exactly one alarm names the message."""
    has_raised(bench, Role.MES, name, bench.last.event)


# --- at once ------------------------------------------------------------------------------------


@when(parsers.re(rf"the MES counterpart sends a pick request for {AMOUNT} twice at once"))
def twice_at_once(bench: Bench, amount: str) -> None:
    """The same bytes under the same key."""
    draft = pick_request(bench, amount)
    _at_once(bench, draft, draft)


@when(parsers.re(
    r"the MES counterpart sends pick requests for (?P<one>[0-9.]+) kg and (?P<two>[0-9.]+) kg "
    r"under one key at once"
))
def different_at_once(bench: Bench, one: str, two: str) -> None:
    """Other bytes under the same key."""
    draft = pick_request(bench, one)
    line = json.loads(draft.raw)["data"]["lines"][0]
    other = {**line, "quantity": {**line["quantity"], "value": two}}
    _at_once(bench, draft, draft.changed({"lines": [other]}))


@then("each got the same acknowledgement, or was told to come again")
def same_or_again(bench: Bench) -> None:
    """One posting, whatever each was told."""
    answers = bench.part(Ordered).at_once
    again = {Code.IN_PROGRESS, Code.PREDECESSOR_MISSING}
    told = [a for a in answers if a.refusal is not None and a.refusal.code in again]
    taken = {a.raw.body for a in answers if a.raw is not None and a.raw.status == 200}
    bench.recorder.observe(", ".join(map(str, answers)))
    equal(len(taken), 1, "different acknowledgements")
    equal(len(told) + sum(a.raw is not None and a.raw.status == 200 for a in answers), 2, "answers")


@then("one is acknowledged, the other is refused with IDEMPOTENCY_CONFLICT")
def one_of_two(bench: Bench) -> None:
    """Which of the two came first is open."""
    answers = bench.part(Ordered).at_once
    bench.recorder.observe(", ".join(map(str, answers)))
    codes = sorted(str(a.refusal.code) if a.refusal else "taken" for a in answers)
    equal(codes, ["IDEMPOTENCY_CONFLICT", "taken"], "answers")


@then("the warehouse holds an allocation for one of the two alone")
def one_allocation(bench: Bench) -> None:
    """What was taken over is set aside once."""
    rows = bench.site.client(Role.WMS).ask("picks", Picks).rows
    held = [a.quantity for r in rows if r.request_id == bench.request_id for a in r.allocations]
    bench.recorder.observe(f"set aside: {', '.join(map(str, held)) or 'nothing'}")
    equal(len(held), 1, "allocations")


def _at_once(bench: Bench, first: Draft, second: Draft) -> None:
    """Two callers where the systems allow it; else the second comes while the first waits."""
    send = bench.counterpart(Role.WMS).send
    if bench.sut.concurrent:
        other = type(bench.counterpart(Role.WMS))(bench.sut.counterpart(Role.WMS))
        bench.part(Ordered).at_once = _in_parallel(lambda: send(first), lambda: other.send(second))
        return
    waiting, nested = [second], []

    def allowed(_: HttpRequest) -> HttpResponse:
        """MES answers, and while it does, the second message comes in."""
        if waiting:
            nested.append(send(waiting.pop()))
        until = write_timestamp(bench.now + timedelta(seconds=30))
        at = write_timestamp(bench.now)
        answer = {"allowed": True, "until": until, "detail": "may be used", "answeredAt": at}
        return in_json(answer)

    lead_to(bench, Role.WMS, Stub({"validate": [allowed]}))
    bench.part(Ordered).at_once = [send(first), *nested]


def _in_parallel(*calls: Callable[[], Answer]) -> list[Answer]:
    start = threading.Barrier(len(calls))
    answers: list[Answer] = []

    def one(call: Callable[[], Answer]) -> None:
        start.wait()
        answers.append(call())

    threads = [threading.Thread(target=one, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _request_is(bench: Bench, state: str) -> None:
    rows = bench.site.client(Role.MES).ask("picks", Picks).rows
    states = [row.state for row in rows if row.request_id == bench.request_id]
    bench.recorder.observe(f"MES shows {bench.request_id} as {', '.join(states) or 'nothing'}")
    equal(states, [state], "the request in MES")


def _change(
    bench: Bench, change_id: str, letter: str, pair: tuple[LotStatus, LotStatus]
) -> Draft:
    """A change of status, signed where it is a release."""
    lot_id = bench.lots[letter].lot_id
    person = Id(bench.namespace.id("EX-QUAL"))
    manifest = SignatureManifest(
        signature_id=Id(bench.new_id("SIG")), person_id=person, printed_name="Example Quality",
        role=Id("quality"), meaning="I release this lot", signed_at=bench.now,
    )
    payload = LotStatusChanged(
        change_id=Id(change_id), lot_id=Id(lot_id), material_id=Id(bench.namespace.id(ITEM)),
        from_status=pair[0], to_status=pair[1], reason_code=StatusReason.QUALITY_DECISION,
        reason="an example change", decided_by=person, decided_at=bench.now,
        effective_at=bench.now, station=Id("QUALITY-1"),
        signature=manifest if pair[1] is LotStatus.RELEASED else None,
    )
    subject = f"lot/{lot_id}"
    return bench.counterpart(Role.WMS).draft("lot-status-changed", payload, subject, bench.now)
