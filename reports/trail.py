"""A trail on paper: every entry of the exported document, in its order, none left out.

Source: URS-AUD-008; 21 CFR 11.10(b).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.record.digests import sha256
from reports.completeness import DocumentIncomplete, read_back, squeezed
from reports.long_list import ListText, print_list
from reports.typeface import printable

TITLE = "Trail"


def print_trail(document: Mapping[str, Any], raw: bytes) -> bytes:
    """The PDF of a trail; ``raw`` is the exported document, whose digest stands on every page.

    Raises: DocumentIncomplete.
    """
    about = document["about"]
    missing = document["missing"]
    opening = (
        f"{len(document['entries'])} entries, in the order that numbers and messages prove",
        *([f"only entries in which stands: {document['found']}"] if document.get("found") else []),
        *([f"sorted by {document['sortedBy']}"] if document.get("sortedBy") else []),
        *(f"MISSING: {sentence}" for sentence in missing or ()),
        *([] if missing else ["No link is missing."]),
    )
    text = ListText(
        f"{TITLE} of {about['kind']} {about['id']}", opening,
        f"SHA-256 of trail.json: {sha256(raw)}",
    )
    pdf = print_list(text, (told(entry) for entry in document["entries"]))
    shown = entries_shown(pdf, document)
    if shown != len(document["entries"]):
        raise DocumentIncomplete(
            f"{TITLE}: {shown} of {len(document['entries'])} entries stand on paper"
        )
    return pdf


def entries_shown(pdf: bytes, document: Mapping[str, Any]) -> int:
    """How many entries of a document stand on paper, whole and in its order, one after the other.

    It is read from the finished PDF; the foot of a page is no part of an entry.
    """
    pages = read_back(pdf).pages
    text = "".join(_without_foot(page, n, len(pages)) for n, page in enumerate(pages, 1))
    at, shown = 0, 0
    for entry in document["entries"]:
        words = squeezed(printable(told(entry)))
        place = text.find(words, at)
        if place < 0:
            break
        at, shown = place + len(words), shown + 1
    return shown


def _without_foot(page: str, number: int, count: int) -> str:
    end = squeezed(f"· page {number} of {count}")
    start = page.rfind(squeezed("SHA-256 of trail.json:"))
    return page[:start] if start >= 0 and page.endswith(end) else page


def told(entry: Mapping[str, Any]) -> str:
    """One entry as one paragraph: all that the document holds of it."""
    return f"#{entry['order']} {' · '.join(_parts(entry))}"


def _parts(entry: Mapping[str, Any]) -> Iterator[str]:
    yield f"{str(entry['system']).upper()} {entry['source']} {entry['number']}"
    yield str(entry["at"])
    if "recordType" in entry:
        record = f"{entry['recordType']} {entry['recordId']} {entry['field']}".strip()
        yield f"{entry['action']} {record}"
        old, new = entry.get("oldValue"), entry.get("newValue")
        if old is not None or new is not None:
            yield f"{'–' if old is None else old} → {'–' if new is None else new}"
        yield str(entry["reason"])
        who, by = str(entry["account"]), str(entry["originator"])
        for_whom = "" if who == by else f" for {by}"
        yield f"{who}{for_whom} as {entry['role']} at {entry['station']}"
        yield f"belongs to {entry['correlationId']}"
        if entry.get("devices"):
            yield f"device {', '.join(entry['devices'])}"
    else:
        status = f" {entry['status']}" if entry.get("status") is not None else ""
        yield f"{entry['kind']} {entry['direction']}{status} {entry['operation']}"
        yield f"{entry['partner']} {entry['key']}".strip()
        yield f"body {entry['bodySha256']} record {entry['hash']}"
    if entry["follows"]:
        yield f"follows {', '.join(entry['follows'])}"
