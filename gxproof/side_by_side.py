"""Work that is done side by side: a process of its own that forks a child for each piece of it.

The process loads what all pieces need once and has no thread, so forking it is safe. It is asked by
one JSON document on its standard input and answers with one JSON line for each piece that is done.
It ends with whoever asked, and so do its children.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

Found = dict[str, Any]
# The members that each line has beside what the piece found; ERROR where it raised something.
ERROR, STARTED, FINISHED = "error", "startedAt", "finishedAt"
_NUMBER, _OS_ERROR = "number", "osError"


class HarnessFailed(RuntimeError):
    """The harness itself could not do its work; nothing is said about the system."""


def cores() -> int:
    """How many pieces are done at once here."""
    return max(1, min(len(os.sched_getaffinity(0)), 4))


# --- the one who asks ---------------------------------------------------------------------------


def ask(module: str, asked: Found, count: int) -> Iterator[tuple[int, Found]]:
    """Let ``module`` do ``count`` pieces: the number of each and what was found, as they end.

    Raises: HarnessFailed where the process itself ends before all are done, OSError where the disk
    refuses what a piece writes. What else a piece raised stands in its ``ERROR``.
    """
    # Whatever the children were writing goes with the folder.
    with (
        tempfile.TemporaryDirectory(prefix="gxproof-work-") as scratch,
        tempfile.TemporaryFile() as words,
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=words, start_new_session=True, env={**os.environ, "TMPDIR": scratch},
        ) as process,
    ):
        try:
            yield from _answers(process, asked, count, words)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise


def _answers(
    process: subprocess.Popen[bytes], asked: Found, count: int, words: IO[bytes]
) -> Iterator[tuple[int, Found]]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(asked).encode())
    process.stdin.close()
    done = 0
    for line in process.stdout:
        found = json.loads(line)
        if _OS_ERROR in found:
            raise OSError(*found[_OS_ERROR])
        done += 1
        yield found.pop(_NUMBER), found
    if process.wait() != 0 or done != count:
        words.seek(0)
        said = words.read().decode(errors="replace").strip().splitlines()
        raise HarnessFailed(
            f"{done} of {count} pieces of work were done: {said[-1] if said else 'it said nothing'}"
        )


# --- the process that is asked ------------------------------------------------------------------


def asked_for() -> Found:
    """What this process was asked to do."""
    found: Found = json.load(sys.stdin)
    return found


@dataclass(frozen=True)
class Piece:
    """A piece of work: its number, and what it finds when it is done in a child."""

    number: int
    do: Callable[[], Found]


def fork_each(pieces: Iterable[Piece], at_once: int) -> None:
    """Do each piece in a child, so many at once, and print what it found."""
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


