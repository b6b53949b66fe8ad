"""Where the parts meet: the systems that a run can be aimed at, by name."""

from __future__ import annotations

from pathlib import Path

from contracts.wire.system import SystemUnderTest
from gxproof.in_process import InProcessPair, temporary_folder
from gxproof.over_https import HttpsPair
from gxproof.target import read_target


class _OwnFolder(InProcessPair):
    """The reference in process, on database files in a folder that goes when it is closed."""

    def __init__(self, seed: int) -> None:
        self._folder = temporary_folder()
        super().__init__(seed, Path(self._folder.name))

    def close(self) -> None:
        """Close the databases and remove their folder."""
        super().close()
        self._folder.cleanup()


def reference(_: str, seed: int) -> SystemUnderTest:
    """The reference pair in this process. Entry point ``reference``."""
    return _OwnFolder(seed)


def reference_in_memory(_: str, seed: int) -> SystemUnderTest:
    """The same with databases in memory, where durability is not the subject."""
    return InProcessPair(seed)


def from_file(target: str, _: int) -> SystemUnderTest:
    """The systems that a ``target.toml`` names. Entry point ``file``. Raises: TargetError."""
    return HttpsPair(read_target(Path(target)))
