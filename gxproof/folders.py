"""Folders that a command writes: all of it or nothing, and never over another."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(out: Path) -> Iterator[Path]:
    """A folder to write into, which becomes ``out`` when all is written.

    Where something fails nothing is left behind. Raises: OSError, FileExistsError among them.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        partial.chmod(0o777 & ~_umask())
        yield partial
        if out.exists():
            raise FileExistsError(f"{out} has come to exist meanwhile; name another folder")
        partial.replace(out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _umask() -> int:
    """What new files of this process are not open to."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
