"""Restore tests: a backup is put back on a host that serves nobody, and tried there.

It is tried what a restore has to bring back beside the records: what was in flight with its retry
windows, and the memory of what has come. A stream of a broker is part of no backup: what it may
still hold is brought once more here, and has to be recognised, or to wait where it is newer than
the backup. Source: URS-BKP-005.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NoReturn

from sqlalchemy import bindparam, or_, select

from contracts.model.answers import REPLAYED_HEADER
from contracts.model.inspection import Direction
from contracts.model.instants import from_microseconds
from contracts.model.operations import OPERATIONS
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.record.backups import DATABASE, MANIFEST, TESTED, BackupRefused, RestoreTest
from contracts.record.canonical import canonical_bytes
from contracts.record.digests import sha256
from reference_impl.backup import restore
from reference_impl.bootstrap import build
from reference_impl.link import outbox
from reference_impl.records.asking import Unanswered
from reference_impl.records.work import Actor, Cause
from reference_impl.settings import Settings
from reference_impl.store.copying import write_through
from reference_impl.store.database import Connection, Database, Row, Statement
from reference_impl.store.tables import journal
from reference_impl.store.tables import outbox as outbox_table
from reference_impl.system import System
from reference_impl.web.receiving import Reception

REDELIVERED_MAX = 50
_IN_FLIGHT = Statement(
    select(outbox_table).where(or_(*(outbox_table.c.state == s.value for s in outbox.OPEN)))
    .order_by(outbox_table.c.ordinal)
)
_CAME = Statement(
    select(journal.c.operation, journal.c.key, journal.c.body)
    .where(
        journal.c.kind == "message", journal.c.direction == Direction.RECEIVED.value,
        journal.c.partner == bindparam("partner"),
    )
    .order_by(journal.c.position.desc()).limit(REDELIVERED_MAX)
)
_LONG = timedelta(days=36_500)
_NEW_TO_IT = "00000000-0000-7000-8000-{:012x}"


# implements FRS-BKP-009
def restore_and_try(
    folder: Path, settings: Settings, now: datetime
) -> tuple[RestoreTest, Path]:
    """Restore a backup in a folder of its own, try it, and sign what came of it beside the backup.

    Returns: what came of it, and its record, which replaces no other. Raises: BackupRefused, where
    it cannot be restored; OSError.
    """
    with tempfile.TemporaryDirectory(prefix="restore-test-") as host:
        place = Path(host, DATABASE)
        tried = replace(settings, database=place, database_url="", checkpoints=None, backups=None)
        manifest = restore(folder, tried).manifest
        with closing(build(tried, _nobody)) as system:
            waiting = _in_flight(folder / DATABASE, settings)
            redelivered = list(_redeliver(system))
            findings = (
                *_window_faults(system, waiting), *(fault for fault in redelivered if fault)
            )
    test = RestoreTest(
        system=manifest.system, role=manifest.role, tested_at=now,
        manifest_sha256=sha256((folder / MANIFEST).read_bytes()),
        journal_position=manifest.journal_position, in_flight=len(waiting),
        dead_letters=sum(row["state"] == outbox.Delivery.DEAD for row in waiting),
        redelivered=len(redelivered), findings=findings,
    )
    raw = canonical_bytes(test.to_json())
    return test, _recorded(folder, raw, settings.identity.key.sign(raw))


def _recorded(folder: Path, raw: bytes, signature: bytes) -> Path:
    """Write the next record of a backup's tests: the signature first, so that none lacks it."""
    for number in count(1):
        again = f".{number}" if number > 1 else ""
        record = folder.with_name(f"{folder.name}{again}{TESTED}")
        try:
            _write_new(record.with_name(f"{record.name}.sig"), signature)
        except FileExistsError:
            continue
        _write_new(record, raw)
        write_through(record.parent)
        return record
    raise AssertionError("numbers do not end")


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there. Raises: FileExistsError, OSError."""
    with path.open("xb") as made:
        made.write(content)
        made.flush()
        os.fsync(made.fileno())


def _nobody(_: str) -> NoReturn:
    raise BackupRefused("a restore test calls nobody")


def _in_flight(copy: Path, settings: Settings) -> list[Row]:
    """What waited in the outbox, by the backup itself."""
    with tempfile.TemporaryDirectory(prefix="restore-test-") as folder:
        own = Path(folder, DATABASE)
        own.write_bytes(copy.read_bytes())
        with closing(Database(settings.role, own)) as opened, opened.reading() as connection:
            return connection.rows(_IN_FLIGHT)


def _window_faults(system: System, waiting: list[Row]) -> Iterator[str]:
    """What of the messages in flight did not come back as it was, or goes at another time."""
    with system.database.transaction() as connection, connection.attempt() as tried:
        tried.take_back()
        back = {row["message_id"]: dict(row) for row in connection.rows(_IN_FLIGHT)}
        for row in waiting:
            if back.get(row["message_id"]) != dict(row):
                yield f"message {row['message_id']} waits otherwise than it did"
        pending = [row for row in waiting if row["state"] == outbox.Delivery.PENDING]
        if not pending:
            return
        earliest = from_microseconds(
            min(row["due_at"] for row in pending), system.settings.site_zone
        )
        if _taken(connection, earliest - timedelta(microseconds=1)):
            yield "a message goes before its retry window opens"
        if not _taken(connection, earliest + _LONG):
            yield "no message goes when every retry window is open"


def _taken(connection: Connection, at: datetime) -> list[outbox.Outgoing]:
    return outbox.take_due(connection, at, limit=1_000_000)


def _redeliver(system: System) -> Iterator[str]:
    """Bring what came last once more, and something newer; an empty text: it was recognised."""
    with system.database.reading() as connection:
        came = connection.rows(_CAME, partner=system.settings.partner_system)
    for number, row in enumerate(came):
        again = _bring(system, row["operation"], row["key"], row["body"])
        recognised = again is not None and (
            REPLAYED_HEADER in again.headers or 400 <= again.status < 500
        )
        yield "" if recognised else f"message {row['key']} was taken for a new one"
        newer = _NEW_TO_IT.format(number)
        body = row["body"].replace(row["key"].encode(), newer.encode())
        waits = _bring(system, row["operation"], newer, body)
        if waits is not None and waits.status == 200 and REPLAYED_HEADER not in waits.headers:
            yield f"a message that is newer than the backup was posted before {row['key']}"


def _bring(system: System, name: str, key: str, body: bytes) -> HttpResponse | None:
    """A message as a stream would deliver it; None where the partner would be asked first."""
    operation = OPERATIONS[name]
    headers = {"content-type": operation.media_type, "idempotency-key": key}
    request = HttpRequest(operation.method, operation.path, "", headers, body)
    own = system.settings
    sender = next(one for one in own.partners if one.source == own.partner_system)
    actor = Actor(sender.source, sender.source, str(sender.account), "restore test")
    try:
        with system.work(actor, Cause(f"message {key}", key)) as work:
            return Reception(system, operation, request, sender, work).answer()
    except Unanswered:
        return None


def described(test: RestoreTest) -> str:
    """One line for a person."""
    return (
        f"{test.role.upper()} {test.system}: journal to {test.journal_position}, "
        f"{test.in_flight} messages in flight, {test.dead_letters} of them dead letters, "
        f"{test.redelivered} brought once more"
    )


__all__ = ["described", "restore_and_try"]
