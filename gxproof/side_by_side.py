"""Work that is done side by side: a process of its own that forks a child for each piece of it.

The process loads what all pieces need once and has no thread, so forking it is safe. It is asked by
a JSON line on its standard input and answers with a JSON line for each piece that is done. It ends
with whoever asked, and so do its children, on Linux also where that one was killed; only the folder
for what it was writing then stays.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

from gxproof.memory import memory_folder

Found = dict[str, Any]
# The members that each line has beside what the piece found; ERROR where it raised something.
ERROR, STARTED, FINISHED = "error", "startedAt", "finishedAt"
_NUMBER, _OS_ERROR = "number", "osError"
_NOTHING_LEFT = object()
_PARENT_DEATH_SIGNAL = 1


class HarnessFailed(RuntimeError):
    """The harness itself could not do its work; nothing is said about the system."""


def cores() -> int:
    """How many pieces are done at once here."""
    return max(1, min(len(os.sched_getaffinity(0)), 4))


# --- the one who asks ---------------------------------------------------------------------------


class Worker:
    """A process that runs ``module``, loads what it needs and waits to be asked.

    ``about`` are its arguments: what it may prepare for while it waits.

    It ends at the end of the ``with`` block, done or not, and what it was writing goes with it.
    """

    def __init__(self, module: str, *about: str) -> None:
        self._command = [sys.executable, "-m", module, *about]
        self._held = contextlib.ExitStack()

    def __enter__(self) -> Worker:
        hold = self._held.enter_context
        folder = tempfile.TemporaryDirectory(prefix="gxproof-work-", dir=memory_folder())
        self._scratch = hold(folder)
        self._words = hold(tempfile.TemporaryFile())
        self._process = hold(
            subprocess.Popen(  # noqa: S603
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=self._words, start_new_session=True,
                env={**os.environ, "TMPDIR": self._scratch},
            )
        )
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._listener.join()
        with contextlib.suppress(BrokenPipeError):
            self._held.close()

    def ask(self, asked: Found) -> None:
        """Let it begin; what it answers has to be fetched before it is asked again."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has died; ``answers`` tells what it said
            self._process.stdin.write(json.dumps(asked).encode() + b"\n")
            self._process.stdin.flush()

    def answers(self, count: int) -> Iterator[tuple[int, Found]]:
        """What it found in ``count`` pieces: the number of each and what was found, as they end.

        Raises: HarnessFailed where the process ends before all are done, OSError where the disk
        refuses what a piece writes. What else a piece raised stands in its ``ERROR``.
        """
        for done in range(count):
            line = self._lines.get()
            if line is None or not line.endswith(b"\n"):  # it may end in the middle of a word
                ended = f"{done} of {count} pieces of work were done"
                raise HarnessFailed(f"{ended}: {self._last_words()}")
            found = json.loads(line)
            if _OS_ERROR in found:
                raise OSError(*found[_OS_ERROR])
            yield found.pop(_NUMBER), found

    def _listen(self) -> None:
        """Take what it says as it is said, so that it never waits for whoever is busy otherwise."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _last_words(self) -> str:
        self._words.seek(0)
        said = self._words.read().decode(errors="replace").strip().splitlines()
        return said[-1] if said else "it said nothing"


# --- the process that is asked ------------------------------------------------------------------


def asked_for(meanwhile: Iterator[object] = iter(())) -> Found | None:  # noqa: B008
    """What this process is asked to do next; until it is asked, it goes on with ``meanwhile``.

    None: nobody will ask any more.
    """
    _end_with_parent()
    while not select.select([sys.stdin], [], [], 0)[0]:
        if next(meanwhile, _NOTHING_LEFT) is _NOTHING_LEFT:
            break
    line = sys.stdin.readline()
    return json.loads(line) if line else None


def _end_with_parent() -> None:
    """Let the kernel kill this process when the one that started it ends, where it can (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


@dataclass(frozen=True)
class Piece:
    """A piece of work: its number, and what it finds when it is done in a child."""

    number: int
    do: Callable[[], Found]


def fork_each(pieces: Iterable[Piece], at_once: int) -> None:
    """Do each piece in a child, so many at once, and print what it found."""
    gc.freeze()  # what is loaded stays; looking through it would copy it into every child
    waiting = deque(pieces)
    running: dict[int, tuple[Piece, IO[bytes], datetime]] = {}
    while waiting or running:
        while waiting and len(running) < at_once:
            piece = waiting.popleft()
            out = tempfile.TemporaryFile(prefix="gxproof-piece-")  # noqa: SIM115 - closed below
            child = fork(lambda p=piece, o=out: _do(p, o))  # type: ignore[misc]
            running[child] = (piece, out, datetime.now(UTC))
        child, status = os.wait()
        print(json.dumps(_found(*running.pop(child), status)), flush=True)  # noqa: T201


def fork(do: Callable[[], None]) -> int:
    """A child that does something and ends. Returns: its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        _end_with_parent()
        do()
        code = 0
    except BaseException as exc:
        sys.stderr.write(f"{type(exc).__name__}: {exc}\n")
        sys.stderr.flush()
    finally:
        os._exit(code)


def _do(piece: Piece, out: IO[bytes]) -> None:
    os.dup2(2, 1)  # whatever a library prints must not look like a result
    try:
        found = piece.do()
    except OSError as exc:
        name = str(exc.filename) if exc.filename else None
        found = {_OS_ERROR: [exc.errno, exc.strerror or str(exc), name]}
    except Exception as exc:
        found = {ERROR: f"{type(exc).__name__}: {exc}"}
    out.write(json.dumps(found).encode())
    out.flush()


def _found(piece: Piece, out: IO[bytes], started: datetime, status: int) -> Found:
    with out:
        out.seek(0)
        text = out.read()
    found = json.loads(text) if text else {ERROR: f"the process ended with {status}"}
    times = {STARTED: started.isoformat(), FINISHED: datetime.now(UTC).isoformat()}
    return {_NUMBER: piece.number, **found, **times}


