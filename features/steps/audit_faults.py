"""A fault at the insert of an audit entry: whatever needed the entry must not have happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pytest_bdd import parsers, then, when

from contracts.model.codes import Code
from contracts.model.roles import Role
from contracts.model.stimulus_faults import AuditFault, FailAudit
from contracts.wire.clients import Answer
from features.audit_trail import faults_of, records_of
from features.bench import PEOPLE, Bench
from features.claims import NotTested, equal, holds
from features.snapshots import QUESTIONS, Picture, differences, growth, take_picture
from features.steps.events import ACTS, EVENTS

_ENTRIES_MAX = 20


@dataclass
class Faults:
    """What was tried with a failing audit trail, and what it left behind."""

    role: Role = Role.MES
    try_again: Callable[[], Answer] | None = None
    answers: list[Answer] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    before: Picture | None = None
    last: Answer | None = None


@when(parsers.re(
    r"(?P<what>an? [a-z ]+) comes while each of its audit entries in turn cannot be written"
))
def comes_while_entries_fail(bench: Bench, what: str) -> None:
    """The first entry fails, then the second after the first was inserted, and so on."""
    faults = bench.part(Faults)
    faults.role, faults.try_again = _ready(bench, what)
    bench.endings.append(lambda: _fail(bench, faults.role, None))
    for entry in range(1, _ENTRIES_MAX):
        before = take_picture(bench.site)
        _fail(bench, faults.role, entry)
        with_fault = faults.try_again()
        if with_fault.refusal is None:
            break
        faults.answers.append(with_fault)
        faults.left += _left(bench, before)
    _fail(bench, faults.role, None)
    bench.recorder.observe(f"{len(faults.answers)} attempts, an entry of each failed")


@when(parsers.re(r"(?P<what>an? [a-z ]+) comes while no audit entry can be written"))
def comes_without_entries(bench: Bench, what: str) -> None:
    """Once."""
    faults = bench.part(Faults)
    faults.role, faults.try_again = _ready(bench, what)
    bench.endings.append(lambda: _fail(bench, faults.role, None))
    _fail(bench, faults.role, 1)
    answer = faults.try_again()
    holds(answer.refusal is not None, f"it was done: {answer}")
    _fail(bench, faults.role, None)
    bench.recorder.observe(str(answer))


@when("it comes again while all can be written")
def comes_again(bench: Bench) -> None:
    """The same bytes under the same key."""
    faults = bench.part(Faults)
    assert faults.try_again is not None
    faults.before = take_picture(bench.site)
    faults.last = faults.try_again()
    bench.recorder.observe(str(faults.last))


@then(parsers.re(r"each attempt is refused with (?P<code>[A-Z_]+), and may be repeated"))
def refused_for_now(bench: Bench, code: str) -> None:
    """A refusal that is not final, so that the sender keeps what it has to say."""
    answers = bench.part(Faults).answers
    holds(bool(answers), "nothing was tried")
    for answer in answers:
        assert answer.refusal is not None
        equal(answer.refusal.code, Code(code), "the refusal")
        holds(answer.raw is not None and answer.raw.status == 503, f"it is final: {answer}")
    bench.recorder.observe(f"{len(answers)} of {len(answers)}: {code}")


@then("no export, journal or audit trail of either system holds anything of it")
def nothing_is_left(bench: Bench) -> None:
    """After each single attempt all was as before it."""
    faults = bench.part(Faults)
    bench.recorder.observe(f"{len(faults.answers)} attempts, {len(faults.left)} traces of them")
    holds(not faults.left, "; ".join(faults.left[:5]))


@then(
    "it is done, and both audit trails, replayed over what was there before, "
    "give what is there now"
)
def done_with_all_entries(bench: Bench) -> None:
    """No entry is missing, and none of the attempts before is there."""
    faults = bench.part(Faults)
    assert faults.last is not None
    assert faults.before is not None
    equal(faults.last.refusal, None, "the refusal")
    now = take_picture(bench.site)
    entries = growth(bench.site, faults.before, faults.role).audit
    wrong = faults_of(
        records_of(faults.before, faults.role), entries, records_of(now, faults.role)
    )
    bench.recorder.observe(f"{len(entries)} entries of {faults.role.upper()}")
    holds(bool(entries), f"{faults.role.upper()} entered nothing")
    holds(not wrong, f"audit trail of {faults.role.upper()}: {'; '.join(wrong)}")


def _ready(bench: Bench, what: str) -> tuple[Role, Callable[[], Answer]]:
    """A message or command that can be sent any number of times, and where it goes."""
    if what in EVENTS:
        event = EVENTS[what](bench)
        counterpart = bench.counterpart(event.receiver)
        return event.receiver, lambda: counterpart.send(event.draft)
    act = ACTS[what](bench)
    person, _, role, station = PEOPLE[act.who]
    bench.session(act.who)
    key = bench.site.new_key()
    return role, lambda: bench.site.command_with_key(
        role, act.name, act.body, person, station, key
    )


def _left(bench: Bench, before: Picture) -> list[str]:
    found = differences(before, take_picture(bench.site))
    for role in Role:
        grown = growth(bench.site, before, role)
        # A question to the partner was asked and answered before the change was tried.
        rows = [row for row in grown.journal if row.kind not in QUESTIONS]
        found += [f"journal of {role.upper()}: {row.kind} {row.key}" for row in rows]
        found += [f"audit trail of {role.upper()}: {row.action}" for row in grown.audit]
    return found


def _fail(bench: Bench, role: Role, entry: int | None) -> None:
    answer = bench.site.client(role).call("stimulus/fail-audit", FailAudit(entry=entry))
    if answer.refusal is not None and answer.refusal.code is Code.NOT_FOUND:
        raise NotTested("the target has no stimulus that lets audit entries fail")
    equal(answer.as_(AuditFault).failing, entry is not None, "failing")
