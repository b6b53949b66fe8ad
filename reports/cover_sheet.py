"""Page one as a sheet of paper: what stands on it, and how much of it fits.

The page stays one page whatever a run holds: heights are computed from the widths of the letters,
texts and then rows are cut until it fits, and what is cut stands in full in the section that the
page names. Millimetres follow ``page.css``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from contracts.model.verdicts import State, Verdict
from reports.typeface import printable, width_mm

_FREE = 81.0
"""What is left for the two lists on a formal report with eight lines of facts."""
_SMALL, _BODY = 7.8, 9.0
_SMALL_LINE, _BODY_LINE, _ROW, _HEAD = 3.6, 4.4, 1.1, 5.6
_FACTS, _REASON, _CHECK, _SUBJECT, _WHY, _VERDICT = 152.0, 104.0, 39.0, 73.0, 94.0, 80.0
_BOX, _SHEET = 162.0, 172.0
_CARE = 1.02
"""Widths are taken in the wider weight; this covers what is set wider still by rounding."""
_LEAST_OUTSIDE, _LEAST_OPEN = 2, 5


@dataclass(frozen=True)
class OpenLine:
    """One line of "what is open": a check, or several with the same reason."""

    state: State
    what: str
    reason: str


@dataclass(frozen=True)
class Cover:
    """What page one says."""

    verdict: Verdict
    sentence: str
    verdicts: tuple[tuple[str, str, str], ...]
    """Protocol, verdict and a sentence; only where a document covers several protocols."""
    counts: tuple[tuple[State, int], ...]
    heading: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    open: tuple[OpenLine, ...]
    outside: tuple[tuple[str, str], ...]
    challenged: str
    informal: str
    open_more: int = 0
    outside_more: int = 0


def fitted(cover: Cover) -> Cover:
    """The cover with as much of both lists as fits on its page."""
    space = _space(cover)
    for most in (2, 1):
        lines = tuple(
            replace(line, what=cut(line.what, _CHECK, most), reason=cut(line.reason, _REASON, most))
            for line in cover.open
        )
        outside = tuple((cut(s, _SUBJECT, most), cut(r, _WHY, most)) for s, r in cover.outside)
        if _height(lines, outside) <= space:
            return replace(cover, open=lines, outside=outside)
    space -= 2 * _BODY_LINE
    for least_outside, least_open in ((_LEAST_OUTSIDE, _LEAST_OPEN), (0, 1)):
        while len(outside) > least_outside and _height(lines, outside) > space:
            outside = outside[:-1]
        while len(lines) > least_open and _height(lines, outside) > space:
            lines = lines[:-1]
    return replace(
        cover, open=lines, outside=outside, open_more=len(cover.open) - len(lines),
        outside_more=len(cover.outside) - len(outside),
    )


def lines_of(text: str, width: float, points: float = _SMALL) -> int:
    """How many lines a text takes in a column of ``width`` millimetres: broken at blanks, and
    within a word only where the word alone is wider than the column.
    """
    lines, at = 1, 0.0
    blank = width_mm(" ", points)
    for word in printable(text).split():
        long = width_mm(word, points) * _CARE
        if at and at + blank + long > width:
            lines, at = lines + 1, 0.0
        at += long + (blank if at else 0.0)
        if at > width:
            lines, at = lines + int(at // width), at % width
    return lines


def cut(text: str, width: float, most: int) -> str:
    """``text`` cut to ``most`` lines of a column, an ellipsis where it was cut."""
    shown = printable(" ".join(text.split()))
    if lines_of(shown, width) <= most:
        return shown
    low, high = 0, len(shown)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if lines_of(f"{shown[:middle]}…", width) <= most else (low, middle - 1)
        )
    return f"{shown[:low].rstrip()}…"


def _space(cover: Cover) -> float:
    facts = sum(lines_of(text, _FACTS) for _, texts in cover.facts for text in texts)
    facts += lines_of(cover.challenged, _FACTS)
    used = (facts - 8) * _SMALL_LINE + (len(cover.facts) - 5) * 0.8
    used += (lines_of(cover.sentence, _BOX, _BODY) - 1) * _BODY_LINE
    if cover.informal:
        told = f"INFORMAL: {cover.informal}."
        used += 1.6 + lines_of(told, _BOX, _BODY) * _BODY_LINE
        used += (lines_of(f"This document is not approved: {told}", _SHEET) - 1) * _SMALL_LINE
    if cover.verdicts:
        used += _HEAD + 3 + sum(
            lines_of(sentence, _VERDICT) * _SMALL_LINE + _ROW for _, _, sentence in cover.verdicts
        )
    return _FREE - used


def _height(lines: Iterable[OpenLine], outside: Iterable[tuple[str, str]]) -> float:
    taken = [
        max(lines_of(line.what, _CHECK), lines_of(line.reason, _REASON)) for line in lines
    ] + [max(lines_of(s, _SUBJECT), lines_of(r, _WHY)) for s, r in outside]
    return sum(count * _SMALL_LINE + _ROW for count in taken)
