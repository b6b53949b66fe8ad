"""Whether a long list on paper shows every entry, read from the finished PDF.

Source: URS-AUD-008.
"""

from __future__ import annotations

from collections.abc import Iterable

from reports.completeness import read_back, squeezed
from reports.typeface import printable


def listed(pdf: bytes, foot: str, entries: Iterable[str]) -> int:
    """How many entries stand on paper, whole and in their order, one after the other.

    ``foot`` is how the foot of each page begins; it is no part of an entry.
    """
    pages = read_back(pdf).pages
    text = "".join(_without_foot(page, foot, n, len(pages)) for n, page in enumerate(pages, 1))
    at, shown = 0, 0
    for entry in entries:
        words = squeezed(printable(entry))
        place = text.find(words, at)
        if place < 0:
            break
        at, shown = place + len(words), shown + 1
    return shown


def _without_foot(page: str, foot: str, number: int, count: int) -> str:
    end = squeezed(f"· page {number} of {count}")
    start = page.rfind(squeezed(foot))
    return page[:start] if start >= 0 and page.endswith(end) else page
