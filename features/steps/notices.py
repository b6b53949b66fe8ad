"""Suspected misuse of credentials, and the security contact that hears of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import OpenSession
from contracts.model.identifiers import Id
from contracts.model.operations import OPERATIONS
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.model.questions import AskStatus
from contracts.model.roles import Role
from contracts.model.stimulus import RouteContact, Routed
from contracts.record.canonical import canonical_bytes
from contracts.wire.signing import sign
from features.bench import Bench
from features.claims import equal, holds, the_only
from features.steps.material import add_base
from features.steps.watching import alarm_rows, pass_seconds
from simulator.counterpart import new_message_id
from simulator.stub import Stub, in_json, status

_MISUSE = "CREDENTIAL_MISUSE"


@dataclass
class Contact:
    """Where notices of the scenario arrive."""

    stub: Stub = field(default_factory=Stub)


# --- the security contact -----------------------------------------------------------------------


@given("a security contact that takes over what it is told")
def contact(bench: Bench) -> None:
    """An address of the harness, until the scenario is over."""
    _lead_contact(bench, [_taken])


@given("a security contact that answers from the third time on")
def slow_contact(bench: Bench) -> None:
    """Twice something in between answers that nobody is there."""
    _lead_contact(bench, [status(503), status(503), _taken])


@when(parsers.re(
    r"somebody signs in to MES (?P<times>[0-9]+) times with a wrong password of quality"
))
def wrong_passwords(bench: Bench, times: str) -> None:
    """Guesses at the password of a person."""
    add_base(bench)
    for n in range(int(times)):
        body = OpenSession(
            user_id=bench.person_id("quality"), password=f"guess number {n}",
            station=Id("NOWHERE-1"), code="000000",
        )
        answer = bench.site.client(Role.MES).call("sessions", body)
        holds(answer.refusal is not None, "a wrong password opened a session")
    bench.recorder.observe(f"{times} wrong passwords of {bench.person_id('quality')}")


@when("somebody sends the signed bytes of a counterpart to MES again")
def signed_bytes_again(bench: Bench) -> None:
    """A question that was answered, once more with its old signature."""
    client = bench.counterpart(Role.MES).client
    operation = OPERATIONS["mes/message-status"]
    asked = AskStatus(message_id=new_message_id(bench.now))
    headers = {"content-type": operation.media_type}
    plain = HttpRequest("POST", operation.path, "", headers, canonical_bytes(asked.to_json()))
    request = sign(plain, client.identity, int(client.wall()), client.nonce())
    for wanted in (200, 401):
        answer = client.carry(operation, request)
        assert answer.raw is not None
        equal(answer.raw.status, wanted, "status of the answer")
    bench.recorder.observe("answered once, and then turned away")


@then("the security contact has been told nothing")
def told_nothing(bench: Bench) -> None:
    """No notice has come."""
    seen = bench.part(Contact).stub.seen
    bench.recorder.observe(f"{len(seen)} notices")
    equal(len(seen), 0, "notices")


@then(parsers.re(r'the security contact has been told once, with the words "(?P<words>[^"]+)"'))
def told_once(bench: Bench, words: str) -> None:
    """One notice of suspected misuse, in words that say what happened."""
    (told,) = _told(bench, 1)
    bench.recorder.observe(f"{told['name']} of {told['system']}: {told['detail']}")
    equal(told["name"], _MISUSE, "the notice")
    holds(words in str(told["detail"]), f"the notice says {told['detail']!r}")


@then("the security contact has been told 3 times of one alarm")
def told_again(bench: Bench) -> None:
    """The same notice until somebody took it over."""
    told = _told(bench, 3)
    equal({one["alarmId"] for one in told}, {told[0]["alarmId"]}, "alarms in the notices")


@then("the alarm log says when the contact took it over")
def log_says_taken_over(bench: Bench) -> None:
    """The time of the notice stands beside the alarm, within the minute."""
    body = json.loads(bench.part(Contact).stub.seen[-1][1].body)
    row = the_only(
        (row for row in alarm_rows(bench, Role.MES) if row.alarm_id == body["alarmId"]), "alarms"
    )
    bench.recorder.observe(f"raised at {row.at}, taken over at {row.notified_at}")
    holds(row.notified_at is not None, "the log does not say that it was taken over")


# --- inside -------------------------------------------------------------------------------------


def _lead_contact(bench: Bench, turns: list[Callable[[HttpRequest], HttpResponse | None]]) -> None:
    # What others were suspected of before is told to nobody here.
    pass_seconds(bench, 301)
    stub = Stub({"security-notices": turns})
    hosted = bench.sut.host(stub)
    client = bench.site.client(Role.MES)
    client.call("stimulus/route-contact", RouteContact(url=hosted.url)).as_(Routed)
    pass_seconds(bench, 301)
    stub.seen.clear()
    bench.part(Contact).stub = stub
    bench.endings.append(hosted.close)
    bench.endings.append(lambda: client.call("stimulus/route-contact", RouteContact()))


def _taken(_: HttpRequest) -> HttpResponse:
    return in_json({"status": "taken over"})


def _told(bench: Bench, times: int) -> list[dict[str, object]]:
    told = [json.loads(request.body) for _, request in bench.part(Contact).stub.seen]
    bench.recorder.observe(f"{len(told)} notices")
    equal(len(told), times, "notices")
    return told
