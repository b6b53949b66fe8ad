"""EPCIS 2.0 and 1.2 documents: read, whatever their syntax.

The reader is strict about what it can read and silent about what it means; the checks judge.
"""

from __future__ import annotations

from contracts.formats.epcis_event import Document, Event, Kind, NotEpcis, Syntax
from contracts.formats.epcis_hash import event_hash, pre_hash
from contracts.formats.epcis_json import read_epcis_json
from contracts.formats.epcis_xml import read_epcis_xml

__all__ = [
    "Document",
    "Event",
    "Kind",
    "NotEpcis",
    "Syntax",
    "event_hash",
    "pre_hash",
    "read_epcis",
    "read_epcis_json",
    "read_epcis_xml",
]


def read_epcis(raw: bytes) -> Document:
    """The document in ``raw``: XML where its first character is ``<``, JSON otherwise.

    Raises: NotEpcis where it cannot be read.
    """
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:2]
    is_xml = start.startswith(b"<") or start in (b"\xff\xfe", b"\xfe\xff")
    return read_epcis_xml(raw) if is_xml else read_epcis_json(raw)
