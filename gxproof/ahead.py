"""The processes of a run, started before anything heavy is loaded where they are started.

Importing what a run takes is a second or two for each process; so they do it side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gxproof.side_by_side import Worker

PRESS = "gxproof.print_worker"
FLOOR = "gxproof.oq_worker"


@dataclass(frozen=True)
class Ahead:
    """The process that prints, and the one that runs scenarios, contract checks and challenges."""

    press: Worker
    floor: Worker


@contextmanager
def started_ahead(seed: int | None) -> Iterator[Ahead]:
    """Both processes; they end with the block. With ``seed`` the floor may prepare its cases."""
    with Worker(PRESS) as press, Worker(FLOOR, *([] if seed is None else [str(seed)])) as floor:
        yield Ahead(press, floor)
