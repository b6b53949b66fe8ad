"""Power that fails at a sync: what was acknowledged is there, wherever the unsynced part is cut.

The syncs that really happened are noted in the machine. It dies where a sync begins, so that the
commit before it is written and not synced; the files are then cut again and again, each time
elsewhere, and read.
"""

import random
import shutil
import sqlite3
from datetime import date

import pytest

from contracts.model.answers import Acknowledgement
from contracts.model.inspection import ClockState
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages.lot_status import LotStatusChanged
from contracts.model.quantities import Unit
from contracts.model.roles import Role
from contracts.model.stimulus import Load, Lot, Material
from gxproof.machines.pair import MachinePair
from simulator.counterpart import Counterpart
from simulator.namespace import Namespace
from simulator.site import Site

MESSAGES = 12


@pytest.fixture
def images(tmp_path):
    def make(count, careless, seed=1):
        return list(_images(tmp_path, count, careless, seed))

    return make


def _images(folder, count, careless, seed):
    """Images of a dead machine: (acknowledged, of them there, integrity, writes lost)."""
    chance = random.Random(seed)
    machines = MachinePair(seed, watched=True, twin="syncs too late" if careless else "")
    try:
        acknowledged = _work_until_dark(machines, chance)
        assert machines.syncs(Role.WMS) > (0 if careless else len(acknowledged))
        source, watch = machines.database_file(Role.WMS), machines.watch(Role.WMS)
        for number in range(count):
            copy = folder / str(number)
            shutil.copytree(source.parent, copy, ignore=shutil.ignore_patterns("*.sock"))
            lost = type(watch)(copy / watch.folder.name).lose(copy / source.name, chance)
            database = sqlite3.connect(copy / source.name)
            rows = _journal(database)
            (whole,) = database.execute("PRAGMA integrity_check").fetchone()
            database.close()
            shutil.rmtree(copy)
            there = sum(rows.get(a.journal_position) == a.record_hash for a in acknowledged)
            yield len(acknowledged), there, whole, lost
    finally:
        machines.close()


def _journal(database):
    """Hash by position; a database that lost even its tables has none."""
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'journal'").fetchone() is None:
        return {}
    return dict(database.execute("SELECT position, hash FROM journal"))


def _work_until_dark(machines, chance):
    """Decisions about lots come in, until the machine dies at one of its syncs."""
    site, sender = Site(machines, Namespace("P")), Counterpart(machines.counterpart(Role.WMS))
    kilograms = Material(material_id="M", description="Example", base_unit=Unit.KILOGRAM)
    lots = tuple(
        Lot.model_validate(dict(  # noqa: C408
            lot_id=f"L-{n}", material_id="M", lot=f"L{n}", expires_on=date(2099, 1, 1),
            status=LotStatus.RELEASED,
        ))
        for n in range(10 * MESSAGES)
    )
    site.load(Load(materials=(kilograms,), lots=lots))
    machines.kill(Role.WMS)
    machines.watch(Role.WMS).dies_at = 25 + chance.randrange(MESSAGES)
    machines.start(Role.WMS)
    acknowledged = []
    for number in range(10 * MESSAGES):
        now = site.client(Role.MES).ask("clock", ClockState).now
        change = LotStatusChanged.model_validate(dict(  # noqa: C408
            change_id=f"C-{number}", lot_id=f"L-{number}", material_id="M",
            from_status=LotStatus.RELEASED, to_status=LotStatus.BLOCKED,
            reason_code=StatusReason.INVESTIGATION, reason="a test", decided_by="P",
            decided_at=now, effective_at=now, station="S",
        ))
        answer = sender.send(sender.draft("lot-status-changed", change, f"lot/L-{number}", now))
        if isinstance(answer.value, Acknowledgement):
            acknowledged.append(answer.value)
        if not machines.is_up(Role.WMS) or len(acknowledged) == 3 * MESSAGES:
            machines.kill(Role.WMS)
            return acknowledged
    raise AssertionError("nothing was acknowledged")


def _check(images):
    assert images
    assert {whole for _, _, whole, _ in images} == {"ok"}
    assert all(acknowledged > 0 for acknowledged, *_ in images)
    assert any(lost for *_, lost in images), "nothing unsynced was cut"
    return sum(acknowledged - there for acknowledged, there, _, _ in images)


def test_nothing_acknowledged_is_lost_wherever_the_unsynced_part_is_cut(images):
    assert _check(images(40, careless=False)) == 0


def test_the_same_judgement_shows_losses_where_syncs_come_too_late(images):
    assert _check(images(40, careless=True)) > 0


@pytest.mark.long
def test_a_thousand_images_lose_nothing_acknowledged(images):
    assert sum(_check(images(100, careless=False, seed=seed)) for seed in range(10)) == 0
