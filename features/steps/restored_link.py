"""The way between two systems when one was restored: what is on it, what changes on it."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field

from pytest_bdd import given, then, when

from contracts.model.codes import Code
from contracts.model.inspection import Alarms, Journal, Version
from contracts.model.operations import OPERATIONS
from contracts.model.roles import Role
from contracts.record.backups import DATABASE
from contracts.wire.clients import Answer, read_answer
from features.bench import Bench
from features.claims import equal, holds
from features.steps.backup import KeptBackups
from features.steps.labels import PackingOnBench
from features.steps.recovery import OnMachines
from simulator.evidence import BEYOND
from simulator.hop import Hop


@dataclass
class OnTheWay:
    """The hop of a scenario, and what came of what it kept."""

    hop: Hop | None = None
    answers: list[Answer] = field(default_factory=list)

    @property
    def the_hop(self) -> Hop:
        """Raises: AssertionError where the scenario has none."""
        assert self.hop is not None, "nothing lies between the two systems"
        return self.hop


@given("the warehouse reaches MES over a hop that is not MES")
def over_a_hop(bench: Bench) -> None:
    """It passes on what it gets, until it is told otherwise."""
    hop = bench.part(OnTheWay).hop = Hop(bench.sut.upstream(Role.MES))
    hosted = bench.sut.host(hop)
    bench.site.route(Role.WMS, hosted.url)
    bench.endings.append(hosted.close)
    bench.endings.append(lambda: bench.site.route(Role.WMS, None))


@when("the hop keeps the messages of the warehouse")
def keeps(bench: Bench) -> None:
    """They are on their way, and nobody knows for how long."""
    bench.part(OnTheWay).the_hop.keeps = True


@when("the hop lets everything pass again")
def passes(bench: Bench) -> None:
    """What it has kept stays on its way."""
    bench.part(OnTheWay).the_hop.keeps = False


@when("the hop changes what MES tells a restored warehouse")
def changes(bench: Bench) -> None:
    """The body alone; the headers stay as they were."""
    bench.part(OnTheWay).the_hop.changes = True


@when("what the hop kept arrives at MES")
def arrives(bench: Bench) -> None:
    """Every message as it was signed by the warehouse that is no more."""
    way, upstream = bench.part(OnTheWay), bench.sut.upstream(Role.MES)
    for request in way.the_hop.kept:
        operation = next(
            one for one in OPERATIONS.values()
            if one.role is Role.MES and one.path == request.path
        )
        way.answers.append(read_answer(operation, asyncio.run(upstream.send(request))))
    bench.recorder.observe("; ".join(f"{a.operation.id}: {a}" for a in way.answers))


@then("MES takes none of it, because it was signed before the restore")
def took_none(bench: Bench) -> None:
    """A pick is among what was kept."""
    answers = bench.part(OnTheWay).answers
    holds(any(a.operation.name == "pick-confirmed" for a in answers), "no pick was on its way")
    codes = {answer.refusal.code if answer.refusal else None for answer in answers}
    equal(codes, {Code.SIGNED_BEFORE_RESTORE}, "what MES answered")


@then("the warehouse has raised the alarm REPLY_NOT_SIGNED")
def alarm_is_raised(bench: Bench) -> None:
    """The reply reached it, and was not taken over."""
    hop = bench.part(OnTheWay).the_hop
    rows = bench.site.client(Role.WMS).ask("alarms", Alarms).rows
    raised = [row.detail for row in rows if row.name == "REPLY_NOT_SIGNED"]
    bench.recorder.observe(f"{hop.changed} replies were changed; {raised[:1]}")
    holds(hop.changed > 0, "no reply was changed")
    holds(bool(raised), "no alarm was raised")


@then("MES has raised the alarm PARTNER_RESTORED about the warehouse once")
def restore_is_told(bench: Bench) -> None:
    """So that its people know of it, too."""
    client = bench.site.client(Role.WMS)
    rows = bench.site.client(Role.MES).ask("alarms", Alarms).rows
    told = [row.detail for row in rows if row.name == "PARTNER_RESTORED"]
    bench.recorder.observe("; ".join(told))
    equal(len(told), 1, "alarms")
    system = client.ask("version", Version).system
    holds(told[0].startswith(f"{system} says"), "it names another system")


# --- both were restored ---------------------------------------------------------------------------


@when("MES is backed up while it runs")
def mes_backed_up(bench: Bench) -> None:
    """As the warehouse is."""
    machines = bench.part(OnMachines).machines
    assert machines is not None, "the scenario has no machines"
    kept = bench.part(KeptBackups)
    manifest = machines.back_up(Role.MES, kept.of(Role.MES))
    bench.recorder.observe(f"MES: journal to {manifest.journal_position}")


@then("the journal of MES is still shorter than the warehouse's backup has it")
def journal_is_shorter(bench: Bench) -> None:
    """Otherwise nothing stands in the place of rows that were lost."""
    with closing(sqlite3.connect(bench.part(KeptBackups).of(Role.WMS) / DATABASE)) as copy:
        (known,) = copy.execute("SELECT max(position) FROM links").fetchone()
    there = bench.site.client(Role.MES).ask("journal", Journal, f"after={BEYOND}").last_position
    bench.recorder.observe(f"the journal of MES ends at {there}; the backup knows it to {known}")
    holds(there <= known, "the journal of MES has grown past what was lost")


@when("MES is restored on an empty host")
def mes_restored(bench: Bench) -> None:
    """Nothing of its old host is left."""
    machines = bench.part(OnMachines).machines
    assert machines is not None, "the scenario has no machines"
    machines.restore(Role.MES, bench.part(KeptBackups).of(Role.MES))
    bench.site.signed_out(Role.MES)


@then("no number stands on two of the labels that came out of the printer")
def no_number_twice(bench: Bench) -> None:
    """MES has forgotten those of before the restore; they lie on the table all the same."""
    numbers = [str(label.sscc) for label in bench.part(PackingOnBench).labels]
    bench.recorder.observe(", ".join(numbers))
    equal(len(numbers), 4, "labels that came out of the printer")
    equal(len(set(numbers)), len(numbers), "different numbers")
