"""What went wrong, in a sentence for the person who called."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console


@contextmanager
def aborted_run_told(runs: Path, console: Console) -> Iterator[None]:
    """Say that a run that did not come to its end is marked so; one that had not begun is not."""
    latest = runs / "latest"
    before = latest.resolve()
    try:
        yield
    except BaseException:
        if latest.resolve() != before and (latest / "ABORTED").exists():
            console.print(f"The run in {latest.resolve()} is marked ABORTED", markup=False)
        raise


def os_sentence(exc: OSError) -> str:
    """What the operating system refused, and where, for a person."""
    if isinstance(exc, shutil.Error):  # many files at once, each with a reason of its own
        folder = tempfile.gettempdir()
        full = os.strerror(errno.ENOSPC) in str(exc)
        return f"The disk is full: {folder}" if full else f"{folder} cannot be written to"
    where = f": {exc.filename}" if exc.filename else ""
    if exc.errno == errno.ENOSPC:
        return f"The disk is full{where}"
    return f"{exc.strerror or exc}{where}"
