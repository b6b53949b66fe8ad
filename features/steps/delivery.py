"""Delivery: what one system asks the other, and a link that is down."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import CommandAnswer
from contracts.model.identifiers import Id
from contracts.model.inspection import Journal, Outbox, Version
from contracts.model.inspection_delivery import DeadLetters, Link
from contracts.model.instants import write_timestamp
from contracts.model.questions import Use, Validate, Validation
from contracts.model.roles import Role
from features.bench import Bench
from features.claims import equal, holds
from features.snapshots import QUESTIONS, growth
from features.steps.lot_status import block
from features.steps.picks import picker_brings_part
from features.steps.words import LETTER
from simulator.stub import Stub, status

_SIGN_OF_LIFE = "link-heartbeat"
# More than it takes to become a dead letter.
_ROUNDS_MAX = 15


@dataclass
class Questions:
    """What the counterpart asked in this scenario, and what it was answered."""

    answers: list[Validation] = field(default_factory=list)


# --- the link -----------------------------------------------------------------------------------


def lead_to(bench: Bench, role: Role, stub: Stub) -> Stub:
    """What ``role`` sends goes to a stub until the scenario is over, or the link is back."""
    hosted = bench.sut.host(stub)
    bench.site.route(role, hosted.url)
    bench.endings.append(hosted.close)
    bench.endings.append(lambda: bench.site.route(role, None))
    return stub


@given("the warehouse does not reach MES")
def warehouse_cut_off(bench: Bench) -> None:
    """Every connection of the warehouse to MES breaks."""
    lead_to(bench, Role.WMS, Stub())
    bench.recorder.observe("what the warehouse sends to MES is lost")


@given("the warehouse does not reach MES, and MES does not reach the warehouse")
def both_cut_off(bench: Bench) -> None:
    """Every connection between the two breaks."""
    for role in Role:
        lead_to(bench, role, Stub())
    bench.recorder.observe("what either sends to the other is lost")


@given("the link is back")
def link_is_back(bench: Bench) -> None:
    """Everything goes to the partner again."""
    bench.end()
    bench.recorder.observe("both reach each other")


@given("the warehouse broke on a sign of life of MES until it was a dead letter, and is whole")
def sign_of_life_is_dead(bench: Bench) -> None:
    """MES does nothing but what is due, when it is due."""
    dead = _dead_signs(bench)
    lead_to(bench, Role.MES, Stub({_SIGN_OF_LIFE: [status(500)]}))
    bench.site.set_clock(bench.now + timedelta(minutes=5))
    for _ in range(_ROUNDS_MAX):
        bench.site.run_due(Role.MES, bench.now)
        pending = bench.site.client(Role.MES).ask("outbox", Outbox).pending
        due = [row.due_at for row in pending if _SIGN_OF_LIFE in row.type]
        if not due:
            break
        bench.site.set_clock(max(bench.now, min(due).astimezone(bench.zone)))
    bench.end()
    equal(_dead_signs(bench), dead + 1, "signs of life that are dead letters")


def _dead_signs(bench: Bench) -> int:
    rows = bench.site.client(Role.MES).ask("dead-letters", DeadLetters).rows
    return sum(_SIGN_OF_LIFE in row.type for row in rows)


@then("the message waits in the outbox of MES")
def waits_in_outbox(bench: Bench) -> None:
    """Exactly one message that was not there before."""
    assert bench.before is not None
    pending = bench.site.client(Role.MES).ask("outbox", Outbox).pending
    lot_id = bench.lots["A"].lot_id
    about = [row for row in pending if row.subject == f"lot/{lot_id}"]
    bench.recorder.observe("; ".join(f"{r.type} about {r.subject}" for r in about) or "nothing")
    equal(len(about), 1, f"messages about {lot_id} in the outbox of MES")


@when(parsers.re(r"(?P<minutes>[0-9]+) minutes pass at the site"))
def minutes_pass(bench: Bench, minutes: str) -> None:
    """The clocks go on and the systems do what is due."""
    bench.site.set_clock(bench.now + timedelta(minutes=int(minutes)))
    bench.deliver()


@then("both systems have heard from each other at this instant, clocks equal, journals named")
def heard_from_each_other(bench: Bench) -> None:
    """What each shows of its partner is so."""
    for role in Role:
        partner = bench.site.client(role.partner)
        name = partner.ask("version", Version).system
        rows = bench.site.client(role).ask("link", Link).rows
        (row,) = (row for row in rows if row.partner == name)
        bench.recorder.observe(
            f"{role.upper()} heard {row.partner} at {write_timestamp(row.last_heard_at)}, "
            f"journal at {row.partner_position}, clock ahead {row.partner_clock_ahead_ms} ms"
        )
        equal(row.last_heard_at, bench.now, f"{role.upper()} heard its partner at")
        equal(row.partner_clock_ahead_ms, 0, "clocks apart")
        assert row.partner_position is not None
        journal = partner.ask("journal", Journal, f"after={row.partner_position - 1}")
        equal(journal.rows[0].hash, row.partner_record_hash, "hash at the named position")


# --- questions ----------------------------------------------------------------------------------


@given(parsers.re(rf"quality has blocked lot {LETTER}, and the warehouse has not heard of it"))
def blocked_unheard(bench: Bench, letter: str) -> None:
    """A hold whose message still stands in the outbox of MES."""
    block(bench, letter, "damaged seal found")
    bench.last.answer.as_(CommandAnswer)
    bench.attempts.clear()


@given(parsers.re(rf"the picker has been refused a scan of lot {LETTER} with (?P<code>[A-Z_]+)"))
def refused_scan(bench: Bench, letter: str, code: str) -> None:
    """A scan that was tried at the wrong time."""
    picker_brings_part(bench, letter, "10.000")
    equal(bench.last.refusal.code.value, code, "the scan")


@when("the WMS counterpart asks MES about the lots A, B, C and one that nobody knows")
def counterpart_asks(bench: Bench) -> None:
    """The same question for four lots."""
    lot_ids = [bench.lots[letter].lot_id for letter in "ABC"] + [bench.new_id("LOT-NOBODY")]
    client = bench.counterpart(Role.MES).client
    for lot_id in lot_ids:
        question = Validate(lot_id=Id(lot_id), purpose=Use.PICK, asked_at=bench.now)
        answer = client.call("validate", question).as_(Validation)
        bench.recorder.observe(f"{lot_id}: {'allowed' if answer.allowed else answer.code}")
        bench.part(Questions).answers.append(answer)


@then(parsers.re(
    r"lot A is allowed, the others are (?P<b>[A-Z_]+), (?P<c>[A-Z_]+) and (?P<d>[A-Z_]+)"
))
def answers_are(bench: Bench, b: str, c: str, d: str) -> None:
    """Each answer says why not."""
    given_ = bench.part(Questions).answers
    allowed = [answer.allowed for answer in given_]
    equal(allowed, [True, False, False, False], "allowed")
    equal([answer.code for answer in given_[1:]], [b, c, d], "codes")
    until = given_[0].until
    holds(until is not None and until > bench.now, f"lot A is allowed until {until}")


@then(parsers.re(
    rf"both journals hold one question about lot {LETTER} and the reply that it is allowed"
))
def question_in_both_journals(bench: Bench, letter: str) -> None:
    """The same bytes on both sides."""
    assert bench.before is not None
    digests = {}
    for role in Role:
        rows = growth(bench.site, bench.before, role).journal
        rows = tuple(row for row in rows if row.kind in QUESTIONS)
        bench.recorder.observe(
            f"{role.upper()}: " + ", ".join(f"{r.position} {r.direction} {r.kind}" for r in rows)
        )
        equal([row.kind for row in rows], [*QUESTIONS], f"journal of {role.upper()}")
        digests[role] = [row.body_sha256 for row in rows]
        asked, replied = (json.loads(base64.b64decode(row.body)) for row in rows)
        equal(asked["lotId"], bench.lots[letter].lot_id, "the question is about")
        holds(replied["allowed"] is True, f"the reply is {replied}")
    equal(digests[Role.WMS], digests[Role.MES], "digests of question and reply")
