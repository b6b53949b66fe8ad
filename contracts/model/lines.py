"""What the lines of an order, a delivery and a request have in common: each has its own number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from pydantic import AfterValidator


class Line(Protocol):
    """A line with its number."""

    @property
    def line_id(self) -> str:
        """The number, unique among the lines that stand together."""


LinesT = TypeVar("LinesT", bound=Sequence[Line])


def with_unique_line_ids(lines: LinesT) -> LinesT:
    """The same lines. Raises: ValueError where two have the same number."""
    if len({line.line_id for line in lines}) != len(lines):
        raise ValueError("two lines have the same lineId")
    return lines


UNIQUE_LINE_IDS = AfterValidator(with_unique_line_ids)
"""Makes a field of lines refuse two with the same number."""
