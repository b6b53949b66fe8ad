"""Systems that die where they stand, and come up again on the files that are there."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import Acknowledgement
from contracts.model.commands import ConfirmPick
from contracts.model.identifiers import Id
from contracts.model.inspection import Containers, Direction, Journal, Outbox, Picks
from contracts.model.roles import Role
from contracts.model.stimulus import Arm
from contracts.wire.system import Machines
from features.bench import Attempt, Bench
from features.claims import NotTested, equal, holds
from features.steps.devices import DayOnBench
from features.steps.events import EVENTS
from features.steps.idempotency import Sent
from features.steps.material import a_lot, a_started_order
from features.steps.messages import pick_request
from features.steps.picks import scan_of
from features.steps.words import AMOUNT, amount_of
from simulator.campaign import judged, play
from simulator.crashes import CrashingPair, Strikes, cells_of
from simulator.namespace import Namespace

_POINT = r"(?P<point>[a-z]+\.[a-z-]+)"
_MESSAGE = rf"(?P<message>{'|'.join(EVENTS)})"
# Where the work of a day is done, by the command that a person gives there.
STATIONS = {
    "the weigh booth": ("dispense",),
    "the print/apply station": ("print-label", "verify-label", "pack-unit"),
    "the dock": ("confirm-receipt", "put-away", "ship"),
}


@dataclass
class OnMachines:
    """What the scenario has seen of its machines."""

    machines: Machines | None = None
    strikes: Strikes | None = None
    acknowledged: list[Acknowledgement] = field(default_factory=list)
    gone: list[Acknowledgement] = field(default_factory=list)


@given("both systems run on machines that can be killed")
def on_machines(bench: Bench) -> None:
    """The same software, each system a process of its own on a database of its own."""
    machines = bench.part(OnMachines).machines = _machines(bench)
    bench.move_to(machines)
    bench.recorder.observe(f"{bench.sut.name}, {bench.sut.mode}")


# --- killed while it takes over -----------------------------------------------------------------


@when(parsers.re(
    rf"a counterpart sends {_MESSAGE}, and (?P<role>MES|WMS) is killed at {_POINT}"
))
def sends_and_kills(bench: Bench, message: str, role: str, point: str) -> None:
    """The receiver ends where it stands, and is started again."""
    event = bench.part(Sent).event = EVENTS[message](bench)
    with_death(bench, Role(role.lower()), point, lambda: bench.send_unseen(
        event.receiver, event.draft, event.id
    ))


@when("the warehouse is killed and comes up again")
def killed_between(bench: Bench) -> None:
    """While nothing is under way."""
    machines = bench.part(OnMachines).machines
    assert machines is not None, "the scenario has no machines"
    machines.kill(Role.WMS)
    machines.start(Role.WMS)
    bench.recorder.observe("WMS was killed, and is up again")


@then("the sender has no answer")
def no_answer(bench: Bench) -> None:
    """Neither an acknowledgement nor a refusal."""
    holds(bench.last.answer.raw is None, f"the sender got {bench.last.answer}")


@when("the counterpart sends it again")
def sends_again(bench: Bench) -> None:
    """The same bytes under the same key."""
    event = bench.part(Sent).the_event
    attempt = bench.send_unseen(event.receiver, event.draft, event.id)
    bench.recorder.observe(f"sent again: {attempt.answer}")


@then("MES, up again, has posted it not yet")
def not_yet_posted(bench: Bench) -> None:
    """Nothing of it stands anywhere."""
    equal(postings(bench), (0, 0, 0), "containers, answers and different answers")


@then("MES, up again, has posted it once")
@then("MES has posted it once, under one answer")
def posted_once(bench: Bench) -> None:
    """The container stands there with what was brought, and one answer was ever given."""
    containers, _, different = postings(bench)
    equal((containers, different), (1, 1), "containers, different answers")
    picked = [
        row.picked for row in bench.site.client(Role.MES).ask("picks", Picks).rows
        if row.request_id == bench.request_id
    ]
    equal(picked, [amount_of("4.000")], "picked in MES")


def postings(bench: Bench) -> tuple[int, int, int]:
    """Containers that the message tells of, answers that accept it, and how many differ."""
    key = bench.part(Sent).the_event.draft.key
    client = bench.site.client(Role.MES)
    there = [
        row for row in client.ask("containers", Containers).rows
        if row.sscc == bench.new_container and row.quantity == amount_of("4.000")
    ]
    answers = [
        base64.b64decode(row.body) for row in client.ask("journal", Journal).rows
        if (row.kind, row.direction, row.key, row.status) == ("answer", Direction.SENT, key, 200)
    ]
    bench.recorder.observe(f"{len(there)} containers, {len(answers)} acknowledgements")
    return len(there), len(answers), len(set(answers))


# --- killed while somebody works ----------------------------------------------------------------


@when(parsers.re(rf"the picker brings {AMOUNT} of lot A, and WMS is killed at {_POINT}"))
def picks_and_kills(bench: Bench, amount: str, point: str) -> None:
    """The terminal gets no answer."""
    bench.new_container = bench.namespace.sscc(bench.new_name("TOTE"))
    body = ConfirmPick(
        confirmation_id=Id(bench.new_id("SCAN")), request_id=Id(bench.request_id),
        line_id=Id("10"), scan=scan_of(bench.lots["A"].container), quantity=amount_of(amount),
        to_container=bench.new_container,
    )
    bench.session("the picker")
    attempt = with_death(bench, Role.WMS, point, lambda: bench.command_unseen(
        "the picker", "confirm-pick", body
    ))
    holds(attempt.answer.raw is None, f"the terminal got {attempt.answer}")


@when("the picker confirms the same again under the same key")
def confirms_again(bench: Bench) -> None:
    """What a terminal does that got no answer."""
    last = bench.last
    assert last.command is not None
    name, body, who = last.command
    attempt = bench.command_unseen(who, name, body, key=last.key)
    bench.recorder.observe(f"again: {attempt.answer}")


@then(parsers.re(
    "the warehouse, up again, has (?P<what>neither the change nor a message"
    "|the change and its message)"
))
def change_and_message(bench: Bench, what: str) -> None:
    """Both are there, or none."""
    wanted = int(what == "the change and its message")
    client = bench.site.client(Role.WMS)
    changes = sum(
        row.sscc == bench.new_container for row in client.ask("containers", Containers).rows
    )
    subject = f"container/{bench.new_container}"
    waiting = [
        row.message_id for row in client.ask("outbox", Outbox).pending if row.subject == subject
    ]
    written = sum(
        row.kind == "message" and row.direction is Direction.SENT
        and str(bench.new_container).encode() in base64.b64decode(row.body)
        for row in client.ask("journal", Journal).rows
    )
    bench.recorder.observe(f"{changes} changes, {len(waiting)} waiting, {written} journalled")
    equal((changes, len(waiting), written), (wanted,) * 3, "changes, messages, journal rows")


# --- power that fails through a day ---------------------------------------------------------------


@when("the day is played on machines whose power fails again and again")
def day_without_power(bench: Bench) -> None:
    """Each death loses what was not synced; the machine comes up on the rest."""
    machines = _machines(bench)
    machines.by_power = True
    bench.endings.append(machines.close)
    strikes = bench.part(OnMachines).strikes = Strikes(cells_of(machines), Random(1), share=0.3)
    day = bench.part(DayOnBench)
    names = Namespace(f"{bench.namespace.prefix}P")
    pair = CrashingPair(machines, strikes)
    played, evidence, mode = play(day.plant, pair, 1, names, bench.recorder)
    day.campaign, day.evidence = judged(played, evidence, mode), evidence
    places = ", ".join(f"{role} {point}" for (role, point), n in strikes.died.items() if n)
    bench.recorder.observe(f"{strikes.died.total()} deaths at {places}")


@then(parsers.re(
    "power failed at (?P<count>[0-9]+) places of the code or more, in both systems, and at work of"
))
def power_failed(bench: Bench, count: str, datatable: list[list[str]]) -> None:
    """The strikes that happened, by place and by what was being done."""
    strikes = bench.part(OnMachines).strikes
    assert strikes is not None
    struck = [cell for cell, n in strikes.died.items() if n]
    holds(len(struck) >= int(count), f"power failed at {len(struck)} places alone")
    equal({role for role, _ in struck}, set(Role), "systems")
    for (station,) in datatable[1:]:
        done = {name: strikes.during[name] for name in STATIONS[station] if strikes.during[name]}
        bench.recorder.observe(f"{station}: {done}")
        holds(bool(done), f"power did not fail at {station}")


@when("the harness arms a place that is not in the code")
def arms_nothing(bench: Bench) -> None:
    """A typing error in a campaign must not pass as a place that was never reached."""
    answer = bench.site.client(Role.MES).call(
        "stimulus/arm", Arm(point=Id("inbox.somewhere"))
    )
    bench.attempts.append(Attempt(Role.MES, "", "", answer))


# --- power that fails while messages come in ------------------------------------------------------


@when(parsers.re(
    "(?P<count>[0-9]+) pick requests are acknowledged, and the power of the warehouse fails"
))
def acknowledged_then_dark(bench: Bench, count: str) -> None:
    """Nothing is said to have been done before it is on the disk."""
    _lose_power(bench, _machines(bench), int(count))


@when("the same is done on a machine that is known to sync too late")
def on_careless_machine(bench: Bench) -> None:
    """The known-bad twin: synchronous=NORMAL."""
    seen = bench.part(OnMachines)
    _lose_power(bench, _machines(bench).known_bad("syncs too late"), len(seen.acknowledged))


@then("each acknowledged message stands where its acknowledgement says")
def all_stand(bench: Bench) -> None:
    """Position and hash, in the journal of the machine that came up again."""
    seen = bench.part(OnMachines)
    holds(bool(seen.acknowledged), "nothing was acknowledged")
    equal(len(seen.gone), 0, "acknowledged messages that are gone")


@then("acknowledged messages are gone, and the loss is reported")
def some_are_gone(bench: Bench) -> None:
    """The same judgement, on a system that deserves it."""
    seen = bench.part(OnMachines)
    holds(bool(seen.gone), "no loss was reported on a machine that syncs too late")
    bench.recorder.observe(f"{len(seen.gone)} of {len(seen.acknowledged)} are gone")


def _machines(bench: Bench) -> Machines:
    """Machines of their own. Raises: NotTested where nobody can give any."""
    machines = bench.sut.machines()
    if machines is None:
        raise NotTested("no host control")
    return machines


def with_death(
    bench: Bench, role: Role, point: str, do: Callable[[], Attempt]
) -> Attempt:
    """Do something that a system dies of, and start it again."""
    machines = bench.part(OnMachines).machines
    assert machines is not None, "the scenario has no machines"
    machines.arm(role, point)
    attempt = do()
    holds(not machines.is_up(role), f"{role.upper()} did not come to {point}")
    bench.recorder.observe(f"{role.upper()} was killed at {point}: {attempt.answer}")
    machines.start(role)
    return attempt


def _lose_power(bench: Bench, machines: Machines, count: int) -> None:
    seen, now = bench.part(OnMachines), bench.now
    bench.move_to(machines)
    bench.site.set_clock(now)
    a_lot(bench, "A", "25.000", "released", "2026-12-31")
    a_started_order(bench, "10.000", "3")
    sent = [bench.send_unseen(Role.WMS, pick_request(bench, "0.010"), "") for _ in range(count)]
    seen.acknowledged = [attempt.answer.as_(Acknowledgement) for attempt in sent]
    synced = machines.syncs(Role.WMS)
    lost = machines.cut_power(Role.WMS)
    machines.start(Role.WMS)
    rows = bench.site.client(Role.WMS).ask("journal", Journal).rows
    there = {row.position: row.hash for row in rows}
    seen.gone = [a for a in seen.acknowledged if there.get(a.journal_position) != a.record_hash]
    bench.recorder.observe(
        f"{synced} syncs, {lost} writes lost, {len(seen.gone)} of {count} acknowledged ones gone"
    )
