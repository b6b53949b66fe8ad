"""What a document is, by its first bytes: EPCIS, or GS1 element strings one per line.

Recognising is generous, because a broken document must reach the check that names what is broken.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8

from contracts.formats.xml_elements import XmlUnreadable, read_xml, root_name

_EPCIS_ROOT = re.compile(
    r"EPCIS\w*Document|(Object|Aggregation|Transaction|Transformation|Association|Quantity)Event"
)
_EPCIS_NAMESPACE = re.compile(r"urn:epcglobal:epcis", re.IGNORECASE)
_EPCIS_MEMBER = re.compile(
    rb'"(EPCISDocument|EPCISQueryDocument|(Object|Aggregation|Transaction|Transformation|'
    rb'Association)Event|epcisBody|eventTime)"'
)
_ELEMENT_STRING = re.compile(r"https?://|\][A-Za-z][0-9]|\([0-9]{2,4}\)|[\^\x1d]|[0-9]{2}")


def is_epcis(data: bytes) -> bool:
    """Whether this is EPCIS in XML (any version) or JSON: a document, a query answer, an event."""
    root = root_name(data)
    if root:
        namespace, name = root
        return bool(_EPCIS_NAMESPACE.match(namespace) or _EPCIS_ROOT.fullmatch(name))
    start = _start(data)
    return start.startswith((b"{", b"[")) and _EPCIS_MEMBER.search(data) is not None


def is_element_strings(data: bytes) -> bool:
    """Whether the first line looks like GS1 data: raw, scanned, in brackets, a Digital Link."""
    first = _start(data).split(b"\n", 1)[0]
    try:
        text = first.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _ELEMENT_STRING.match(text) is not None


def described(data: bytes) -> str:
    """What a document is that nobody recognises, in a few words."""
    start = _start(data)
    if not start:
        return "nothing: the file is empty"
    if start.startswith(b"<"):
        try:
            root = read_xml(data)
        except XmlUnreadable as exc:
            return f"XML that is not read: {exc}"
        return f"XML with the root {root.name!r} in namespace {root.namespace!r}"
    return f"begins with {start[:60].decode('utf-8', 'replace')!r}"


def _start(data: bytes) -> bytes:
    return data.removeprefix(BOM_UTF8).lstrip()
