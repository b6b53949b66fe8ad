"""A trail on paper: every entry of the exported document, in its order, none left out.

Source: URS-AUD-008; 21 CFR 11.10(b).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.record.digests import sha256
from reports.completeness import DocumentIncomplete
from reports.list_read_back import listed
from reports.long_list import ListText, print_list

TITLE = "Trail"
_FOOT = "SHA-256 of trail.json:"


def print_trail(document: Mapping[str, Any], raw: bytes) -> bytes:
    """The PDF of a trail; ``raw`` is the exported document, whose digest stands on every page.

    Raises: DocumentIncomplete.
    """
    about = document["about"]
    text = ListText(
        f"{TITLE} of {about['kind']} {about['id']}", tuple(_opening(document)),
        f"{_FOOT} {sha256(raw)}",
    )
    pdf = print_list(text, (told(entry) for entry in document["entries"]))
    shown = entries_shown(pdf, document)
    if shown != len(document["entries"]):
        raise DocumentIncomplete(
            f"{TITLE}: {shown} of {len(document['entries'])} entries stand on paper"
        )
    return pdf


def _opening(document: Mapping[str, Any]) -> Iterator[str]:
    """What is listed, in which order, from where; and what is missing."""
    shown = f"{len(document['entries'])} entries"
    if document.get("found"):
        shown = (f"{len(document['entries'])} of {document['foundOf']} entries: those alone in "
                 f"which stands {document['found']}")
    if document.get("sortedBy"):
        yield (f"{shown}; sorted by {document['sortedBy']}, # says where each stands in the order "
               "that numbers and messages prove")
    else:
        yield f"{shown}, in the order that numbers and messages prove"
    if origin := document.get("origin"):
        systems = "; ".join(f"{role.upper()} {name}" for role, name in origin["systems"].items())
        yield f"read at {origin['readAt']} from {origin['target']} ({systems}) by {origin['tool']}"
    missing = document["missing"]
    yield from (f"MISSING: {sentence}" for sentence in missing or ("nothing",))


def entries_shown(pdf: bytes, document: Mapping[str, Any]) -> int:
    """How many entries of a document stand on paper, whole and in its order, one after the other.

    It is read from the finished PDF.
    """
    return listed(pdf, _FOOT, (told(entry) for entry in document["entries"]))


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
