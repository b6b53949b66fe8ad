"""Keys: every message and command with its key, without one, again, and with other content."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import Acknowledgement, CommandAnswer
from contracts.model.inspection import AuditAction
from contracts.model.roles import Role
from contracts.wire.clients import Answer
from features.bench import Attempt, Bench
from features.claims import equal, holds
from features.snapshots import Picture, differences, growth, take_picture
from features.steps.alarms import has_raised
from features.steps.events import ACTS, EVENTS, OTHER_CONTENT, Act, Event
from features.steps.messages import same_event
from simulator.counterpart import Counterpart, Draft

_MESSAGE = rf"(?P<message>{'|'.join(EVENTS)})"
_ACT = rf"(?P<act>{'|'.join(ACTS)})"


@dataclass
class Sent:
    """What the scenario has sent or commanded, and how both systems looked after it."""

    event: Event | None = None
    act: Act | None = None
    after: Picture | None = None

    @property
    def the_event(self) -> Event:
        """The message. Raises: AssertionError when none was sent."""
        assert self.event is not None, "the scenario has sent no message"
        return self.event

    @property
    def the_act(self) -> Act:
        """The command. Raises: AssertionError when none was given."""
        assert self.act is not None, "the scenario has commanded nothing"
        return self.act


# --- messages -----------------------------------------------------------------------------------


@when(parsers.re(rf"a counterpart sends {_MESSAGE}"))
def counterpart_sends(bench: Bench, message: str) -> None:
    """A valid message to the system that receives this kind."""
    event = bench.part(Sent).event = EVENTS[message](bench)
    _send(bench, event)


@given(parsers.re(rf"a counterpart has sent {_MESSAGE}"))
def counterpart_has_sent(bench: Bench, message: str) -> None:
    """A valid message that was acknowledged."""
    counterpart_sends(bench, message)
    bench.last.answer.as_(Acknowledgement)


@when(parsers.re(rf"a counterpart sends {_MESSAGE} without a key"))
def counterpart_sends_without_key(bench: Bench, message: str) -> None:
    """The same bytes with no Idempotency-Key at all."""
    event = EVENTS[message](bench)
    _send(bench, Event(event.receiver, event.draft.without_key(), event.id))


@when("the counterpart sends it with other content under the same key")
def counterpart_reuses_key(bench: Bench) -> None:
    """The last message, from another station."""
    event = bench.part(Sent).the_event
    _send(bench, Event(event.receiver, event.draft.changed(OTHER_CONTENT), event.id))


@when("the counterpart sends the same event under another key")
def counterpart_sends_same_event(bench: Bench) -> None:
    """The same business event, carried by another message about another subject."""
    event = bench.part(Sent).the_event
    _send(bench, Event(event.receiver, same_event(bench, event.draft, {}), event.id))


@when("the counterpart sends the same event with other content under another key")
def counterpart_sends_conflict(bench: Bench) -> None:
    """The same business event, told otherwise."""
    event = bench.part(Sent).the_event
    other = same_event(bench, event.draft, OTHER_CONTENT)
    _send(bench, Event(event.receiver, other, event.id))


# --- commands -----------------------------------------------------------------------------------


@when(parsers.re(rf"a person commands {_ACT}"))
def person_commands(bench: Bench, act: str) -> None:
    """A valid command by the person whose duty it is."""
    given_act = bench.part(Sent).act = ACTS[act](bench)
    _shown(bench, bench.command(given_act.who, given_act.name, given_act.body))


@given(parsers.re(rf"a person has commanded {_ACT}"))
def person_has_commanded(bench: Bench, act: str) -> None:
    """A valid command that was done."""
    person_commands(bench, act)
    bench.last.answer.as_(CommandAnswer)


@when(parsers.re(rf"a person commands {_ACT} without a key"))
def person_commands_without_key(bench: Bench, act: str) -> None:
    """The same body with no Idempotency-Key at all."""
    given_act = ACTS[act](bench)
    _shown(bench, bench.command_without_key(given_act.who, given_act.name, given_act.body))


@when("the person commands something else under the same key")
def person_reuses_key(bench: Bench) -> None:
    """Another command of the same kind, under the key of the last one."""
    act, key = bench.part(Sent).the_act, bench.last.key
    bench.look(act.who)
    _shown(bench, bench.command_unseen(act.who, act.name, act.unlike, key=key))


@when("the person commands the same under another key")
def person_repeats_event(bench: Bench) -> None:
    """A second press of the button, on another screen."""
    act = bench.part(Sent).the_act
    _shown(bench, bench.command(act.who, act.name, act.body))


@when("the person commands the same with other content under another key")
def person_commands_conflict(bench: Bench) -> None:
    """The same business event, told otherwise."""
    act = bench.part(Sent).the_act
    assert act.twin is not None, f"{act.name} can say nothing else of the same event"
    _shown(bench, bench.command(act.who, act.name, act.twin))


@when(parsers.re(r"it is repeated (?P<times>[0-9]+) times under its key"))
def repeated(bench: Bench, times: str) -> None:
    """The last command, again and again."""
    bench.part(Sent).after = take_picture(bench.site)
    bench.repeats = [bench.repeat(bench.last) for _ in range(int(times))]
    bench.recorder.observe(f"{len(bench.repeats)} repeats, one after the other")


# --- repeats of messages ------------------------------------------------------------------------


@when(parsers.re(r"(?P<senders>[0-9]+) senders repeat it (?P<times>[0-9]+) times in all"))
def senders_repeat(bench: Bench, senders: str, times: str) -> None:
    """Send the last message again and again; in parallel where the systems allow two callers."""
    draft = bench.last.draft
    assert draft is not None
    bench.part(Sent).after = take_picture(bench.site)
    if bench.sut.concurrent:
        _repeat_in_parallel(bench, draft, int(senders), int(times))
        how = f"{senders} senders at once"
    else:
        client = bench.counterpart(bench.last.role)
        bench.repeats = [client.send(draft) for _ in range(int(times))]
        how = "one after the other (two callers cannot be inside a system in process)"
    bench.recorder.observe(f"{len(bench.repeats)} repeats, {how}")


@then("every repeat got the bytes of the first answer, marked as replayed")
def every_repeat_is_replayed(bench: Bench) -> None:
    """Byte for byte the first answer."""
    first = bench.last.answer.raw
    assert first is not None
    wrong = [a for a in bench.repeats if a.raw is None or a.raw.body != first.body]
    unmarked = [a for a in bench.repeats if not a.replayed]
    bench.recorder.observe(
        f"{len(bench.repeats) - len(wrong)} of {len(bench.repeats)} equal the first answer, "
        f"{len(bench.repeats) - len(unmarked)} are marked as replayed"
    )
    holds(bool(bench.repeats), "nothing was repeated")
    holds(not wrong, f"{len(wrong)} repeats got something else: {', '.join(map(str, wrong[:1]))}")
    holds(not unmarked, f"{len(unmarked)} repeats are not marked as replayed")


@then("it gets the answer of the first, marked as replayed")
def same_event_is_replayed(bench: Bench) -> None:
    """The stored answer of the message that carried the event first."""
    first, again = bench.attempts[-2].answer, bench.attempts[-1].answer
    assert first.raw is not None
    assert again.raw is not None
    bench.recorder.observe(f"the answer is {again}, replayed: {again.replayed}")
    equal(again.raw.body, first.raw.body, "the answer")
    holds(again.replayed, "the answer is not marked as replayed")


# --- what came of it ----------------------------------------------------------------------------


@then("it is posted")
def it_is_posted(bench: Bench) -> None:
    """What the system shows is another than before."""
    assert bench.before is not None
    changed = differences(bench.before, take_picture(bench.site))
    about = [text for text in changed if f" of {bench.last.role.upper()} was" in text]
    bench.recorder.observe(f"{bench.last.role.upper()} shows otherwise: {len(about)} exports")
    holds(bool(about), f"nothing that {bench.last.role.upper()} shows has changed")


@then("nothing is posted a second time")
def not_posted_again(bench: Bench) -> None:
    """Both systems show what they showed after the first time."""
    first = bench.part(Sent).after or bench.before
    assert first is not None
    changed = differences(first, take_picture(bench.site))
    bench.recorder.observe(f"{len(changed)} exports have changed since the first time")
    holds(not changed, "; ".join(changed))
    for role in Role:
        entries = [
            f"{row.action} of {row.record_type} {row.record_id} {row.field}"
            for row in growth(bench.site, first, role).audit
            if row.action in (AuditAction.CREATE, AuditAction.CHANGE, AuditAction.DELETE)
        ]
        holds(not entries, f"the {role.upper()} has entered {'; '.join(entries)}")


@then(parsers.re(r"its receiver has raised the alarm (?P<name>[A-Z_]+) about it"))
def receiver_raised_alarm(bench: Bench, name: str) -> None:
    """Exactly one alarm names this key."""
    has_raised(bench, bench.last.role, name, bench.last.key)


def _send(bench: Bench, event: Event) -> None:
    _shown(bench, bench.send(event.receiver, event.draft, event.id))


def _shown(bench: Bench, attempt: Attempt) -> None:
    what = attempt.draft.message if attempt.draft else attempt.command[0] if attempt.command else ""
    bench.recorder.observe(f"{what} {attempt.key or 'without a key'}: {attempt.answer}")


def _repeat_in_parallel(bench: Bench, draft: Draft, senders: int, times: int) -> None:
    """Each sender has a connection of its own, and all start together."""
    clients = [Counterpart(bench.sut.counterpart(bench.last.role)) for _ in range(senders)]
    start = threading.Barrier(senders)
    answers: list[Answer] = []
    failures: list[BaseException] = []

    def repeat(client: Counterpart, count: int) -> None:
        try:
            start.wait()
            answers.extend([client.send(draft) for _ in range(count)])
        except BaseException as exc:
            failures.append(exc)

    shares = [times // senders + (1 if n < times % senders else 0) for n in range(senders)]
    threads = [
        threading.Thread(target=repeat, args=pair) for pair in zip(clients, shares, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    bench.repeats = answers
