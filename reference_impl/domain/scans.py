"""What a scanner read off a container.

Sources: URS-PCK-002, URS-RCV-001, URS-DSP-006.
"""

from __future__ import annotations

from collections.abc import Mapping

from contracts.formats.element_strings import NotAnElementString, read_scan
from contracts.model.codes import Code, Refusal


# implements FRS-PCK-006
# implements FRS-RCV-003
def scanned_fields(scan: str) -> dict[str, str] | Refusal:
    """The fields of a container label, AI (00) among them, or the refusal of what is none."""
    try:
        fields = read_scan(scan)
    except NotAnElementString as exc:
        return Refusal(Code.SCAN_UNREADABLE, "scan", str(exc))
    if "00" not in fields:
        return Refusal(Code.SCAN_UNREADABLE, "scan", "the label holds no SSCC, AI (00)")
    return fields


# implements FRS-PCK-007
# implements FRS-DSP-017
def check_label(fields: Mapping[str, str], lot: str, gtin: str | None) -> Refusal | None:
    """Refuse a label whose lot or item is another than the one on record."""
    if fields.get("10", lot) != lot:
        return Refusal(Code.SCAN_NOT_ALLOCATED, "scan", f"lot {fields['10']} is not {lot}")
    item = fields.get("01") or fields.get("02") or gtin
    if item != gtin:
        return Refusal(Code.SCAN_NOT_ALLOCATED, "scan", f"item {item} is not {gtin}")
    return None
