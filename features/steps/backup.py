"""Backups that are taken, damaged, verified and restored."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from pytest_bdd import then, when

from contracts.model.inspection import Journal
from contracts.model.roles import Role
from contracts.record.backups import (
    CONFIGURATION,
    DATABASE,
    MANIFEST,
    PUBLIC_KEYS,
    SIGNATURE,
    Backup,
    BackupRefused,
)
from contracts.record.digests import sha256
from contracts.wire.system import Machines
from features.bench import Attempt, Bench
from features.claims import equal, holds
from features.journal_chain import Link, first_fault
from features.steps.recovery import OnMachines

_TABLES = ("journal", "audit", "outbox", "inbox", "deferred", "dead_letters")
_HOURS_MAX = 4


@dataclass
class KeptBackups:
    """The backups of a scenario, and what was seen when they were taken."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="gxp-backup-")))
    manifest: Backup | None = None
    shown: object = None
    last: Attempt | None = None
    seconds: float = 0
    damaged: dict[str, Path] = field(default_factory=dict)
    is_cleared: bool = False
    """Whether it is seen to that the folder goes with the scenario."""

    def of(self, role: Role) -> Path:
        """Where the backup of a system lies."""
        return self.folder / role.value


def _machines(bench: Bench) -> Machines:
    machines = bench.part(OnMachines).machines
    assert machines is not None, "the scenario has no machines"
    return machines


def _kept(bench: Bench) -> KeptBackups:
    kept = bench.part(KeptBackups)
    if not kept.is_cleared:
        kept.is_cleared = True
        bench.endings.append(lambda: shutil.rmtree(kept.folder, ignore_errors=True))
    return kept


@when("the warehouse is backed up while it runs")
def warehouse_backed_up(bench: Bench) -> None:
    """Its process goes on; what it shows at that moment is noted."""
    kept = _kept(bench)
    kept.last = bench.attempts[-1]
    kept.shown = bench.site.client(Role.WMS).content("state")
    kept.manifest = _machines(bench).back_up(Role.WMS, kept.of(Role.WMS))
    bench.recorder.observe(
        f"journal to {kept.manifest.journal_position}, "
        f"{sum(f.size for f in kept.manifest.files)} bytes"
    )


@when("both systems are backed up while they run")
def both_backed_up(bench: Bench) -> None:
    """One after the other."""
    kept = _kept(bench)
    for role in Role:
        manifest = _machines(bench).back_up(role, kept.of(role))
        bench.recorder.observe(f"{role.upper()}: journal to {manifest.journal_position}")


@when("the backup is restored on an empty host")
def restored(bench: Bench) -> None:
    """Nothing of the old host is left; the time it takes is measured."""
    kept, begun = _kept(bench), time.monotonic()
    _machines(bench).restore(Role.WMS, kept.of(Role.WMS))
    kept.seconds = time.monotonic() - begun
    bench.site.signed_out(Role.WMS)
    bench.recorder.observe(f"restored and up in {kept.seconds:.2f} s")


@then("the backup verifies")
def backup_verifies(bench: Bench) -> None:
    """Nothing is found."""
    _verifies(bench, Role.WMS)


@then("both backups verify")
def both_verify(bench: Bench) -> None:
    """Nothing is found in either."""
    for role in Role:
        _verifies(bench, role)


@then("it holds journal, outbox, inbox, dead letters, public keys and configuration")
def backup_holds_all(bench: Bench) -> None:
    """By the manifest, and by the files themselves."""
    kept = _kept(bench)
    assert kept.manifest is not None
    rows = {row.table: row.rows for row in kept.manifest.tables}
    equal([name for name in _TABLES if name not in rows], [], "tables that are not in it")
    holds(rows["outbox"] > 0, "the message that waits is not in it")
    holds(rows["inbox"] > 0, "no key is remembered in it")
    with closing(sqlite3.connect(kept.of(Role.WMS) / DATABASE)) as copy:
        for name in _TABLES:
            (there,) = copy.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608
            equal(there, rows[name], f"rows of {name}")
    keys = json.loads((kept.of(Role.WMS) / PUBLIC_KEYS).read_text())
    holds(any(key["source"].endswith("mes") for key in keys), "the partner's key is not in it")
    holds("BEGIN PRIVATE" not in str(keys), "a private key is in it")
    holds("site_zone" in json.loads((kept.of(Role.WMS) / CONFIGURATION).read_text()),
          "the configuration is not in it")
    bench.recorder.observe(", ".join(f"{rows[name]} {name}" for name in _TABLES))


@then("the warehouse shows what it showed when it was backed up, and not what came later")
def shows_that_point(bench: Bench) -> None:
    """Every export, member by member."""
    equal(bench.site.client(Role.WMS).content("state"), _kept(bench).shown, "the exports")


@then("the pick from before is known under its key, with its answer")
def pick_is_known(bench: Bench) -> None:
    """The stored answer comes back; nothing is done again."""
    first = _kept(bench).last
    assert first is not None
    again = bench.repeat(first)
    holds(again.replayed, f"the repeat got {again}")
    assert first.answer.raw is not None
    assert again.raw is not None
    equal(again.raw.body, first.answer.raw.body, "the stored answer")


@then("a second backup into the same folder is refused, and the first one still verifies")
def second_is_refused(bench: Bench) -> None:
    """What was kept stays."""
    kept = _kept(bench)
    refusal = _refusal(lambda: _machines(bench).back_up(Role.WMS, kept.of(Role.WMS)))
    bench.recorder.observe(refusal)
    _verifies(bench, Role.WMS)


@then("a restore on the running warehouse's host is refused, and the warehouse is as before")
def restore_is_refused(bench: Bench) -> None:
    """The database that is there is not touched."""
    kept = _kept(bench)
    machines = _machines(bench)
    refusal = _refusal(lambda: machines.restore(Role.WMS, kept.of(Role.WMS), emptied=False))
    bench.recorder.observe(refusal)
    holds(machines.is_up(Role.WMS), "the warehouse is down")
    equal(bench.site.client(Role.WMS).content("state"), kept.shown, "the exports")


@then("its journal is whole from the first row")
def journal_is_whole(bench: Bench) -> None:
    """By the judge's own reckoning."""
    journal = bench.site.client(Role.WMS).ask("journal", Journal)
    rows = [row.to_json() for row in journal.rows]
    fault = first_fault(rows, Link(), journal.last_position)
    bench.recorder.observe(f"{len(rows)} rows, {fault or 'whole'}")
    holds(bool(rows) and fault is None, f"the journal is broken: {fault}")


@then("the restore took less than 4 hours, as measured")
def restore_was_quick(bench: Bench) -> None:
    """From the empty host to a system that answers."""
    seconds = _kept(bench).seconds
    bench.recorder.observe(f"{seconds:.2f} s")
    holds(0 < seconds < _HOURS_MAX * 3600, f"the restore took {seconds:.0f} s")


@when("a copy of the backup is damaged in each of these ways")
def damage_backups(bench: Bench, datatable: list[list[str]]) -> None:
    """Each damage by itself."""
    kept = _kept(bench)
    for number, (name,) in enumerate(datatable[1:]):
        copy = kept.folder / f"damaged-{number}"
        shutil.copytree(kept.of(Role.WMS), copy)
        DAMAGES[name](copy)
        kept.damaged[name] = copy


@then("each is found at verification, and none is restored")
def each_damaged_is_found(bench: Bench) -> None:
    """Verification names it; a restore of it leaves nothing on the empty host."""
    kept, machines = _kept(bench), _machines(bench)
    holds(bool(kept.damaged), "nothing was damaged")
    for name, folder in kept.damaged.items():
        found = machines.verify_backup(Role.WMS, folder)
        holds(bool(found), f"nothing was found where {name}")
        refusal = _refusal(lambda f=folder: machines.restore(Role.WMS, f))  # type: ignore[misc]
        bench.recorder.observe(f"{name}: {found[0]}; restore: {refusal}")
    machines.restore(Role.WMS, kept.of(Role.WMS))
    equal(bench.site.client(Role.WMS).content("state"), kept.shown, "the exports of the whole one")


def _verifies(bench: Bench, role: Role) -> None:
    found = _machines(bench).verify_backup(role, _kept(bench).of(role))
    bench.recorder.observe(f"{role.upper()}: {found or 'nothing wrong'}")
    equal(found, (), "what is wrong with the backup")


def _refusal(do: Callable[[], object]) -> str:
    try:
        do()
    except BackupRefused as exc:
        return str(exc)
    raise AssertionError("it was not refused")


def _flip(folder: Path) -> None:
    content = bytearray((folder / DATABASE).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / DATABASE).write_bytes(content)


def _cut(folder: Path) -> None:
    content = (folder / DATABASE).read_bytes()
    (folder / DATABASE).write_bytes(content[: len(content) // 2])


def _another_key(folder: Path) -> None:
    keys = json.loads((folder / PUBLIC_KEYS).read_text())
    keys[0]["publicKey"] = "00" * 32
    (folder / PUBLIC_KEYS).write_text(json.dumps(keys))


def _another_position(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["journalPosition"] += 1
    (folder / MANIFEST).write_text(json.dumps(manifest))


def _row_is_gone(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as copy:
        copy.execute("DROP TRIGGER journal_no_delete")
        copy.execute("DELETE FROM journal WHERE position = 2")
        copy.commit()
    content = (folder / DATABASE).read_bytes()
    manifest = json.loads((folder / MANIFEST).read_text())
    for file in manifest["files"]:
        if file["name"] == DATABASE:
            file.update(size=len(content), sha256=sha256(content))
    (folder / MANIFEST).write_text(json.dumps(manifest))


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a bit of the database is another": _flip,
    "the database is cut in the middle": _cut,
    "the database is missing": lambda folder: (folder / DATABASE).unlink(),
    "the configuration is missing": lambda folder: (folder / CONFIGURATION).unlink(),
    "a public key is another": _another_key,
    "a file is there that does not belong to it":
        lambda folder: (folder / "notes.txt").touch(),
    "the manifest names another position": _another_position,
    "the signature is missing": lambda folder: (folder / SIGNATURE).unlink(),
    "a journal row is gone, and all digests are made anew": _row_is_gone,
}
