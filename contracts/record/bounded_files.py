"""Files that somebody else may have put there: read only where they are files, and not too large.

A folder of a backup, a form, a signed paper come from outside. A pipe would never end, a device
would fill the memory, and a link shows another file today than tomorrow.
"""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

PAPER_MAX = 64 << 20
"""Bytes of a form, a signed paper, the material of a review or a report: far more than any has."""


def read_bounded(path: Path, at_most: int = PAPER_MAX, *, follow: bool = True) -> bytes:
    """The bytes of a file. Raises: OSError, also for what is no file and for one that is larger."""
    with opened(path, follow=follow) as stream:
        content = stream.read(at_most + 1)
    if len(content) > at_most:
        raise OSError(errno.EFBIG, f"it holds more than {at_most} bytes", str(path))
    return content


def opened(path: Path, *, follow: bool = True) -> BufferedReader:
    """A regular file, opened for reading; without ``follow`` no link. Raises: OSError."""
    # Looked at before it is opened: opening a device may already do something.
    if not stat.S_ISREG((path.stat() if follow else path.lstat()).st_mode):
        raise OSError(errno.EINVAL, "it is no file", str(path))
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    return os.fdopen(os.open(path, flags), "rb")
