"""Backups and restore tests in time: their age, what a test has tried, the alarms of neglect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pytest_bdd import parsers, then, when

from contracts.model.inspection import Alarms, Direction, Journal, Outbox
from contracts.model.inspection_watching import Watching
from contracts.model.instants import later
from contracts.model.roles import Role
from contracts.record.backups import TESTED, RestoreTest
from contracts.wire.system import Machines
from features.bench import Bench
from features.claims import equal, holds
from features.steps.recovery import OnMachines
from features.steps.watching import pass_seconds

_ABOUT_BACKUPS = ("BACKUP_OVERDUE", "RESTORE_TEST_OVERDUE")


@dataclass
class BackupsWatched:
    """Where the backups are kept, and the restore test of the scenario."""

    folder: Path | None = None
    test: RestoreTest | None = None


def _machines(bench: Bench) -> Machines:
    machines = bench.part(OnMachines).machines
    assert machines is not None, "the scenario has no machines"
    return machines


@when("it is declared where backups of the warehouse are kept")
def declared(bench: Bench) -> None:
    """From now on their age is watched."""
    bench.part(BackupsWatched).folder = _machines(bench).declare_backups(Role.WMS)


@when("the warehouse sends what is due")
def warehouse_sends(bench: Bench) -> None:
    """Nobody takes it, so it waits for its retry."""
    bench.site.run_due(Role.WMS, bench.now)


@when("MES is up again")
def up_again(bench: Bench) -> None:
    """It finds its files as they were."""
    _machines(bench).start(Role.MES)


@when("the warehouse is backed up there, and its restore is tried")
def backed_up_and_tried(bench: Bench) -> None:
    """Both by the clock of the site."""
    kept, machines = bench.part(BackupsWatched), _machines(bench)
    assert kept.folder is not None, "nobody said where backups are kept"
    machines.back_up(Role.WMS, kept.folder / "first")
    kept.test = machines.try_restore(Role.WMS, kept.folder / "first")
    bench.recorder.observe(str(kept.test.to_json()))


@when(parsers.re(r"(?P<hours>[0-9]+) hours pass without a backup"))
def hours_without_backup(bench: Bench, hours: str) -> None:
    """Nobody takes one."""
    bench.site.set_clock(later(bench.now, timedelta(hours=int(hours))))


@when("somebody touches the record of the test")
def record_is_touched(bench: Bench) -> None:
    """Another time stands in it now, so it is not what the system signed."""
    folder = bench.part(BackupsWatched).folder
    assert folder is not None, "nobody said where backups are kept"
    record = folder / f"first{TESTED}"
    text = record.read_text().replace('"testedAt":"2026-', '"testedAt":"2027-')
    record.write_text(text)


@when("60 seconds pass")
def a_minute(bench: Bench) -> None:
    """A minute of the site clock, with the background work that is due by then."""
    pass_seconds(bench, 60)


@then(
    "the restore test found nothing, in a pick on its way with its retry window "
    "and every message received"
)
def test_found_nothing(bench: Bench) -> None:
    """By its record, held against what the warehouse shows."""
    test = bench.part(BackupsWatched).test
    assert test is not None, "no restore was tried"
    equal(test.findings, (), "findings of the restore test")
    client = bench.site.client(Role.WMS)
    received = sum(
        row.kind == "message" and row.direction is Direction.RECEIVED
        and row.position <= test.journal_position
        for row in client.ask("journal", Journal).rows
    )
    holds(received > 0, "nothing was received before the backup")
    equal(test.redelivered, received, "messages brought once more")
    holds(test.in_flight > 0, "nothing was in flight")
    bench.recorder.observe(f"{len(client.ask('outbox', Outbox).pending)} are pending now")


@then("the warehouse shows both times, and no alarm about its backups")
def shows_both_times(bench: Bench) -> None:
    """What an installation check reads."""
    shown = bench.site.client(Role.WMS).ask("watching", Watching).backups
    assert shown is not None, "the warehouse shows nothing of its backups"
    holds(shown.taken_at is not None, "no backup is shown")
    holds(shown.restore_tested_at is not None, "no restore test is shown")
    equal((shown.interval_max_s, shown.restore_test_age_max_s), (86_400, 7_776_000), "limits")
    equal(_alarms(bench), [], "alarms about backups")


@then(parsers.re(r"the warehouse has raised the alarm (?P<alarm>[A-Z_]+) about its backups"))
def raised(bench: Bench, alarm: str) -> None:
    """Once, and no other one."""
    bench.recorder.observe(str(_alarms(bench)))
    equal(_alarms(bench), [alarm], "alarms about backups")


def _alarms(bench: Bench) -> list[str]:
    rows = bench.site.client(Role.WMS).ask("alarms", Alarms).rows
    return [row.name for row in rows if row.name in _ABOUT_BACKUPS]
