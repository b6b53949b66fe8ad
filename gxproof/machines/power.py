"""Power that is lost: what was written and not synced may be gone, whole or in part.

Inside a machine, the open files of SQLite are watched where they are written: the ``xWrite``,
``xTruncate`` and ``xSync`` of the very library that the ``sqlite3`` module uses are led through
this module, by ctypes. Before each write the bytes that it covers are noted; a sync that really
happened makes the notes of its file void. Notes are the harness's own files, so they outlive the
process. ``lose`` then takes any tail of the unsynced writes back, the last one torn anywhere.

Not modelled: disks that lie about a sync, writes that pass each other within one file, the entry of
a new file in its folder, damage to what was synced.
"""

from __future__ import annotations

import ctypes
import os
import random
import signal
import sqlite3
import struct
from collections.abc import Callable, Iterator
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from ctypes.util import find_library
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

_RECORD = struct.Struct(">cQQQQ")  # kind, offset, length, size before, length of what was there
_WRITE, _CUT = b"W", b"T"
_MAIN_DATABASE, _WAL = 0x100, 0x80000
_NOTES, _SYNCS = ".unsynced", ".syncs"

# A name is passed on where it stands: SQLite keeps parameters behind its end.
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
_WRITING = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATING = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNCING = CFUNCTYPE(c_int, c_void_p, c_int)


class _Vfs(Structure):
    """The head of ``sqlite3_vfs``."""

    _fields_ = [
        ("version", c_int), ("file_size", c_int), ("path_max", c_int), ("next", c_void_p),
        ("name", c_char_p), ("data", c_void_p), ("open", _OPEN),
    ]


class _Methods(Structure):
    """``sqlite3_io_methods`` of version 3."""

    _fields_ = [
        ("version", c_int), ("close", c_void_p), ("read", c_void_p), ("write", _WRITING),
        ("truncate", _TRUNCATING), ("sync", _SYNCING),
        *((f"more_{n}", c_void_p) for n in range(13)),
    ]


@dataclass
class _Watched:
    """An open file of the database, and the notes about it."""

    descriptor: int
    notes: int
    syncs: int


@dataclass
class Watch:
    """Notes of one machine. ``begin`` is called inside it, ``lose`` when it is dead."""

    folder: Path
    dies_at: int = 0
    """The sync, counted from the start of the machine, that kills it as it begins; 0: none."""
    _begun: int = 0
    _files: dict[int, _Watched] = field(default_factory=dict)
    _kept: list[object] = field(default_factory=list)

    def begin(self) -> None:
        """Watch every database file that this process opens from now on."""
        self.folder.mkdir(exist_ok=True)
        library = ctypes.CDLL(find_library("sqlite3") or "libsqlite3.so.0")
        library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        vfs = library.sqlite3_vfs_find(None)
        # A field of a structure is a view: the address has to be taken before it is replaced.
        opens = _OPEN(ctypes.cast(vfs.contents.open, c_void_p).value or 0)
        methods: dict[int, _Methods] = {}

        def watched_open(
            own: int, name: int | None, file: int, flags: int, out: object
        ) -> int:
            done = int(opens(own, name, file, flags, out))
            if not done and name and flags & (_MAIN_DATABASE | _WAL):
                self._watch(file, Path(os.fsdecode(ctypes.string_at(name))))
                _lead(file, methods, self._methods)
            return done

        self._kept += [library, opens, replaced := _OPEN(watched_open)]
        vfs.contents.open = replaced

    def syncs(self, database: Path) -> int:
        """How many syncs of a database's files really happened."""
        return sum(
            note.stat().st_size for note in self.folder.glob(f"{database.name}*{_SYNCS}")
        )

    def lose(self, database: Path, chance: random.Random) -> int:
        """Take back a tail of what was not synced, in each file. Returns: how many writes."""
        lost = sum(
            _take_back(path, self.folder / f"{path.name}{_NOTES}", chance)
            for path in (database, database.with_name(f"{database.name}-wal"))
        )
        database.with_name(f"{database.name}-shm").unlink(missing_ok=True)
        for note in self.folder.glob(f"{database.name}*{_NOTES}"):
            note.unlink()
        return lost

    def _watch(self, file: int, path: Path) -> None:
        # Never closed: closing any descriptor of a file would end SQLite's locks on it.
        append = os.O_CREAT | os.O_WRONLY | os.O_APPEND
        self._files[file] = _Watched(
            os.open(path, os.O_RDONLY),
            os.open(self.folder / f"{path.name}{_NOTES}", append, 0o600),
            os.open(self.folder / f"{path.name}{_SYNCS}", append, 0o600),
        )

    def _methods(self, own: _Methods) -> _Methods:
        """The same methods, with notes taken."""
        write, truncate, sync = own.write, own.truncate, own.sync

        def noted_write(file: int, data: int, length: int, offset: int) -> int:
            self._note(self._files[file], _WRITE, offset, length)
            return int(write(file, data, length, offset))

        def noted_truncate(file: int, size: int) -> int:
            self._note(self._files[file], _CUT, size, 0)
            return int(truncate(file, size))

        def noted_sync(file: int, flags: int) -> int:
            self._begun += 1
            if self._begun == self.dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            done = int(sync(file, flags))
            if not done:
                os.ftruncate(self._files[file].notes, 0)
                os.write(self._files[file].syncs, b".")
            return done

        led = _Methods.from_buffer_copy(own)
        led.write, led.truncate = _WRITING(noted_write), _TRUNCATING(noted_truncate)
        led.sync = _SYNCING(noted_sync)
        self._kept += [own, write, truncate, sync, led.write, led.truncate, led.sync, led]
        return led

    @staticmethod
    def _note(watched: _Watched, kind: bytes, offset: int, length: int) -> None:
        size = os.fstat(watched.descriptor).st_size
        covered = length if kind == _WRITE else max(0, size - offset)
        there = os.pread(watched.descriptor, covered, offset)
        os.write(watched.notes, _RECORD.pack(kind, offset, length, size, len(there)) + there)


def sync_carelessly() -> None:
    """Let this process open its databases with ``synchronous=NORMAL``: known to lose postings."""

    class Careless(sqlite3.Connection):
        """Hears FULL and does NORMAL."""

        def execute(self, sql: str, /, *values: Any) -> sqlite3.Cursor:
            return super().execute(sql.replace("synchronous=FULL", "synchronous=NORMAL"), *values)

    sqlite3.connect = partial(sqlite3.connect, factory=Careless)  # type: ignore[assignment]


def _lead(
    file: int, known: dict[int, _Methods], made: Callable[[_Methods], _Methods]
) -> None:
    """Lead the methods of an open file through ours; files of one kind share them."""
    place = ctypes.cast(file, POINTER(c_void_p))
    own = place[0]
    assert own is not None
    if own not in known:
        known[own] = made(ctypes.cast(own, POINTER(_Methods)).contents)
    place[0] = ctypes.addressof(known[own])


@dataclass(frozen=True)
class _Note:
    kind: bytes
    offset: int
    length: int
    size: int
    there: bytes


def _notes(path: Path) -> Iterator[_Note]:
    """The notes of a file; one that is not whole tells of a write that did not begin."""
    content = path.read_bytes() if path.exists() else b""
    at = 0
    while at + _RECORD.size <= len(content):
        kind, offset, length, size, count = _RECORD.unpack_from(content, at)
        at += _RECORD.size
        if at + count > len(content):
            return
        yield _Note(kind, offset, length, size, content[at:at + count])
        at += count


def _take_back(path: Path, notes: Path, chance: random.Random) -> int:
    unsynced = list(_notes(notes))
    if not unsynced or not path.exists():
        return 0
    kept = chance.randint(0, len(unsynced) - 1)
    torn = chance.randint(0, unsynced[kept].length) if unsynced[kept].kind == _WRITE else 0
    with path.open("r+b") as file:
        for number in range(len(unsynced) - 1, kept - 1, -1):
            note = unsynced[number]
            stays = torn if number == kept else 0
            file.seek(note.offset + stays)
            file.write(note.there[stays:])
            file.truncate(max(note.size, note.offset + stays if stays else 0))
    return len(unsynced) - kept
