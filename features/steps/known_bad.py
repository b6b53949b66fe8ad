"""The trial of duplicates, on the systems as they are and on twins that are known to be bad."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_bdd import parsers, then, when

from contracts.model.inspection import Picks
from contracts.model.roles import Role
from contracts.wire.system import Machines
from features.bench import Attempt, Bench
from features.claims import NotTested, equal, holds
from features.steps.events import EVENTS
from features.steps.idempotency import Sent
from features.steps.material import a_lot, a_started_order
from features.steps.recovery import OnMachines, postings, with_death
from features.steps.words import amount_of

_REPEATS = 3
_WAYS = ("it was repeated", "killed at inbox.after-record", "killed at inbox.after-commit")


@dataclass
class Trial:
    """What was found, by the way in which messages were repeated."""

    found: dict[str, str] = field(default_factory=dict)
    tried: int = 0


@when("pick confirmations are repeated, with and without a death of MES on the way")
def confirmations_repeated(bench: Bench) -> None:
    """On the systems as they are."""
    _try(bench, _machines(bench))


@when(parsers.re(
    "pick confirmations are repeated, with and without a death of MES on the way, "
    "on a twin that (?P<twin>.+)"
))
def repeated_on_twin(bench: Bench, twin: str) -> None:
    """The same, on machines that have something wrong with them."""
    sound = _machines(bench)
    try:
        bad = sound.known_bad(twin)
    finally:
        sound.close()
    _try(bench, bad)


@then("each was posted once, under one answer")
def nothing_found(bench: Bench) -> None:
    """Every way was tried, and none found anything."""
    equal(bench.part(Trial).tried, len(_WAYS), "ways that were tried")
    equal(bench.part(Trial).found, {}, "what was found")


@then(parsers.re("the twin is reported defective where (?P<where>.+)"))
def twin_found(bench: Bench, where: str) -> None:
    """By these ways, and by no other: a trial that always complains shows nothing."""
    found = bench.part(Trial).found
    equal(set(found), set(where.split(", ")), "ways that found something")


def _machines(bench: Bench) -> Machines:
    machines = bench.sut.machines()
    if machines is None:
        raise NotTested("no host control")
    return machines


def _try(bench: Bench, machines: Machines) -> None:
    """One pick confirmation for each way of coming twice."""
    now, trial = bench.now, bench.part(Trial)
    bench.move_to(machines)
    bench.site.set_clock(now)
    bench.part(OnMachines).machines = machines
    a_lot(bench, "A", "100.000", "released", "2026-12-31")
    for way in _WAYS:
        a_started_order(bench, "10.000", "3")
        fault = _repeated_fault(bench, way)
        trial.tried += 1
        if fault:
            trial.found[way] = fault
        bench.recorder.observe(f"{way}: {fault or 'posted once, under one answer'}")


def _repeated_fault(bench: Bench, way: str) -> str:
    """What is wrong after a message came again; nothing where it was posted once."""
    event = bench.part(Sent).event = EVENTS["a pick confirmation"](bench)

    def send() -> Attempt:
        return bench.send_unseen(event.receiver, event.draft, event.id)

    if way.startswith("killed at "):
        with_death(bench, Role.MES, way.removeprefix("killed at "), send)
        send()
    else:
        for _ in range(1 + _REPEATS):
            send()
    holds(bench.last.answer.raw is not None, f"MES gave no answer: {bench.last.answer}")
    if bench.last.answer.refusal is not None:
        return f"the repeat was refused with {bench.last.answer.refusal.code}"
    containers, _, different = postings(bench)
    rows = bench.site.client(Role.MES).ask("picks", Picks).rows
    picked = [row.picked for row in rows if row.request_id == bench.request_id]
    if (containers, different, picked) == (1, 1, [amount_of("4.000")]):
        return ""
    return f"{containers} containers, {different} different answers, {picked} picked"
