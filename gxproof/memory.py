"""Where files that are thrown away may lie: in memory, where the machine has room there."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - files here are in memory; each folder made is private
_ROOM = 1 << 30


def memory_folder() -> Path | None:
    """A folder in memory; None where there is none, or too little room in it.

    A process whose temporary files lie there already, and go with whoever started it, stays there.
    """
    own = Path(tempfile.gettempdir())
    if own.is_relative_to(_MEMORY):
        return own
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
        return _MEMORY
    return None
