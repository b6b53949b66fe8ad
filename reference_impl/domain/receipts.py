"""What a label says, which line of the ASN it belongs to, and whether it matches.

Matter that has arrived is never refused away: what does not match is named by its discrepancy.
Sources: URS-RCV-001, URS-RCV-002, URS-RCV-005.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.formats.element_strings import NotAnElementString, read_day, read_scan
from contracts.model.codes import Code, Refusal
from contracts.model.identifiers import Gtin14, LotNumber, Sscc
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Quantity
from contracts.model.receipts import AsnState, Condition, Discrepancy

_SEEN = {
    Condition.SEAL_BROKEN: Discrepancy.SEAL_BROKEN,
    Condition.DAMAGED: Discrepancy.DAMAGED,
}


@dataclass(frozen=True)
class Label:
    """What the label of a container says. ``gtin`` is of the container or of its content."""

    sscc: Sscc
    gtin: Gtin14 | None
    lot: LotNumber
    expires_on: date


@dataclass(frozen=True)
class AnnouncedLine:
    """A line of an ASN and how much of it has arrived; ``sscc`` where the supplier named it."""

    line_id: str
    sscc: str | None
    material_id: str
    gtin: str | None
    supplier_lot: str
    expires_on: date
    expected: Quantity
    received: Quantity

    @property
    def is_complete(self) -> bool:
        """Whether all of it has arrived."""
        return self.expected <= self.received


# implements FRS-RCV-003
def scanned_fields(scan: str) -> dict[str, str] | Refusal:
    """The fields of a container label, or the refusal of what is none."""
    try:
        fields = read_scan(scan)
    except NotAnElementString as exc:
        return Refusal(Code.SCAN_UNREADABLE, "scan", str(exc))
    if "00" not in fields:
        return Refusal(Code.SCAN_UNREADABLE, "scan", "the label holds no SSCC, AI (00)")
    return fields


# implements FRS-RCV-004
def read_label(fields: dict[str, str]) -> Label | Refusal:
    """What a label says, or the refusal of one that leaves lot or expiry open."""
    missing = [f"({ai})" for ai in ("10", "17") if ai not in fields]
    if missing:
        return Refusal(Code.LABEL_INCOMPLETE, "scan", f"the label lacks {', '.join(missing)}")
    item = fields.get("02") or fields.get("01")
    return Label(
        Sscc(fields["00"]), Gtin14(item) if item else None, LotNumber(fields["10"]),
        read_day(fields["17"]),
    )


# implements FRS-RCV-004
def check_item(label: Label, line: AnnouncedLine | None) -> Refusal | None:
    """Refuse a label that does not tell the item where the ASN line could be compared with it."""
    if label.gtin is None and (line is None or line.gtin is not None):
        return Refusal(Code.LABEL_INCOMPLETE, "scan", "the label lacks the item, (01) or (02)")
    return None


def is_of_item(label: Label, line: AnnouncedLine) -> bool:
    """Whether a label is one of the line's item, as far as both name it."""
    return line.gtin is None or label.gtin in (None, line.gtin)


def line_of(label: Label, lines: Sequence[AnnouncedLine]) -> AnnouncedLine | None:
    """The line that a label belongs to: by its SSCC, else by what it holds, open ones first."""
    for line in lines:
        if line.sscc == label.sscc:
            return line
    unnamed = [line for line in lines if line.sscc is None and is_of_item(label, line)]
    likeness = [(_likeness(label, line), line) for line in unnamed]
    return min(likeness, key=lambda pair: pair[0])[1] if likeness else None


# implements FRS-RCV-010
def discrepancy_of(
    label: Label, line: AnnouncedLine | None, quantity: Quantity, condition: Condition
) -> Discrepancy | None:
    """Why a container does not match its line; None where it does. What it is comes first."""
    if line is None or line.sscc not in (None, label.sscc):
        return Discrepancy.UNKNOWN_SSCC
    if not is_of_item(label, line):
        return Discrepancy.WRONG_ITEM
    if label.lot != line.supplier_lot:
        return Discrepancy.WRONG_LOT
    if label.expires_on != line.expires_on:
        return Discrepancy.WRONG_EXPIRY
    if condition in _SEEN:
        return _SEEN[condition]
    if line.expected < line.received + quantity:
        return Discrepancy.OVER_QUANTITY
    return None


# implements FRS-RCV-011
def status_at_receipt() -> LotStatus:
    """The status in which every received lot is entered."""
    return LotStatus.QUARANTINE


# implements FRS-RCV-002
def check_open(asn_id: str, state: AsnState) -> Refusal | None:
    """Refuse what comes for an ASN that is closed."""
    if state is AsnState.OPEN:
        return None
    return Refusal(Code.ASN_CLOSED, "asnId", f"{asn_id} is {state}")


# implements FRS-RCV-018
def state_after(lines: Sequence[AnnouncedLine]) -> AsnState:
    """Where an ASN stands after a receipt: complete when each of its lines is."""
    done = all(line.is_complete for line in lines)
    return AsnState.COMPLETE if done else AsnState.OPEN


def _likeness(label: Label, line: AnnouncedLine) -> tuple[bool, bool, bool]:
    """How little a line is like a label; smaller is more alike."""
    return (
        line.supplier_lot != label.lot, line.expires_on != label.expires_on, line.is_complete
    )
