"""What was made of a row, kept as long as rows say the same.

A picture of the state is built row by row, and between two pictures nearly all rows are what they
were. What is kept goes by everything a row says, so it is never out of date; rows that say
something else are made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar, cast

from reference_impl.store.database import Row

KEPT_MAX = 20_000
Made = TypeVar("Made")


class Remembered(Generic[Made]):
    """A function of a row and of what else it is given, with its results.

    What it makes is shared by all who ask, so it may not be changed. ``given`` is all that the
    result depends on beside the row.
    """

    def __init__(self, make: Callable[..., Made]) -> None:
        self._make = make
        self._kept: dict[tuple[Hashable, ...], Made] = {}

    def __call__(self, row: Row, *given: Hashable) -> Made:
        key = (said_by(row), *given)
        made = self._kept.get(key)
        if made is None:
            made = self._make(row, *given)
            if len(self._kept) >= KEPT_MAX:
                self._kept.clear()
            self._kept[key] = made
        return made


def said_by(row: Row) -> tuple[Hashable, ...]:
    """All values of a row in the order of its columns."""
    # A row of SQLite is a sequence of its values; one of PostgreSQL is a dictionary.
    values = row.values() if isinstance(row, dict) else cast(Iterable[Hashable], row)
    return tuple(values)
