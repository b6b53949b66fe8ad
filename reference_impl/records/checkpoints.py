"""Checkpoints of the journal: made, signed, and kept outside before this system says so.

Source: URS-JRN-002; C2SP tlog-checkpoint and signed-note.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import insert, select

from contracts.model.inspection_checkpoints import CheckpointRow, Checkpoints
from contracts.model.instants import read_timestamp, write_timestamp
from contracts.record.checkpoints import Checkpoint, journal_origin
from contracts.wire.signed_notes import sign_note
from reference_impl.records.journal import last_record
from reference_impl.records.journal_tree import JournalTree
from reference_impl.settings import Settings
from reference_impl.store.database import Connection, Statement
from reference_impl.store.evidence_tables import checkpoints

_ADD = Statement(insert(checkpoints))
_ALL = Statement(select(checkpoints).order_by(checkpoints.c.ordinal))
_LAST = Statement(
    select(checkpoints.c.ordinal, checkpoints.c.size, checkpoints.c.at)
    .order_by(checkpoints.c.ordinal.desc()).limit(1)
)


class CheckpointSink(Protocol):
    """A place that takes checkpoints and gives nobody who works with this system write access."""

    def keep(self, name: str, note: bytes) -> None:
        """Keep a note for good under a new name. Raises: OSError where that failed."""
        ...


class FolderSink:
    """A folder of another owner, or a share that takes new files and changes none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, note: bytes) -> None:
        """Write the note through to the disk, under a name that no file has. Raises: OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / name).open("xb") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        entry = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(entry)
        finally:
            os.close(entry)


# implements FRS-JRN-003
def is_due(connection: Connection, settings: Settings, now: datetime) -> bool:
    """Whether the last checkpoint is an interval old; also where the clock went back behind it."""
    last = connection.row(_LAST)
    if last is None:
        return True
    age = now - read_timestamp(last["at"])
    return not timedelta(0) <= age < timedelta(seconds=settings.checkpoint_s)


def is_behind(connection: Connection) -> bool:
    """Whether the journal has rows that no checkpoint covers."""
    last = connection.row(_LAST)
    return last_record(connection)[0] > (int(last["size"]) if last else 0)


# implements FRS-JRN-003
# implements FRS-JRN-005
def keep_checkpoint(
    connection: Connection, settings: Settings, sink: CheckpointSink, now: datetime
) -> None:
    """Sign what the journal holds, keep it outside, then enter it here. Raises: OSError."""
    size = last_record(connection)[0]
    tree = JournalTree(connection)
    tree.keep_blocks(size)
    root = tree.root(size)
    origin = journal_origin(settings.system)
    note = sign_note(Checkpoint(origin, size, root, now).text, origin, settings.identity.key)
    last = connection.row(_LAST)
    ordinal = int(last["ordinal"]) + 1 if last else 1
    sink.keep(_name(ordinal, size, now), note)
    connection.run(
        _ADD, ordinal=ordinal, size=size, root=root.hex(), at=write_timestamp(now),
        note=note.decode(),
    )


def show_checkpoints(connection: Connection, settings: Settings, _: int) -> Checkpoints:
    """All checkpoints, oldest first."""
    rows = tuple(CheckpointRow.model_validate(dict(row)) for row in connection.rows(_ALL))
    return Checkpoints(interval_s=settings.checkpoint_s, rows=rows)


def _name(ordinal: int, size: int, now: datetime) -> str:
    """In the order of writing; another attempt has another name, so nothing is written over."""
    return f"{ordinal:09}-{size:012}-{now:%Y%m%dT%H%M%S%f}.checkpoint"
