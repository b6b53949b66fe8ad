"""What a label says, which line of the ASN it belongs to, and whether it matches.

Matter that has arrived is never refused away: what does not match is named by its discrepancy.
Sources: URS-RCV-001, URS-RCV-002, URS-RCV-004, URS-RCV-005.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from contracts.formats.element_strings import read_day, read_minute
from contracts.model.codes import Code, Refusal
from contracts.model.commands import KeyedByHand
from contracts.model.identifiers import Gtin14, LotNumber, SerialNumber, Sscc
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Quantity, Unit
from contracts.model.receipts import AsnState, Condition, Discrepancy, KeyedValue
from contracts.model.roles import Duty

_SEEN = {
    Condition.SEAL_BROKEN: Discrepancy.SEAL_BROKEN,
    Condition.DAMAGED: Discrepancy.DAMAGED,
}


@dataclass(frozen=True)
class Label:
    """What is known of a container: from its label, or keyed where the label leaves it open.

    ``gtin`` is of the container or of its content. ``contents`` are the quantities that the label
    carries, by their units.
    """

    sscc: Sscc
    gtin: Gtin14 | None
    lot: LotNumber
    expires_on: date
    manufactured_on: date | None = None
    serial: SerialNumber | None = None
    contents: Mapping[Unit, Quantity] = field(default_factory=dict)
    keyed: frozenset[KeyedValue] = frozenset()
    expires_at: datetime | None = None
    """To the minute, where the label tells it (7003): the time of the site, without a zone."""


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
    retest_on: date | None = None

    @property
    def is_complete(self) -> bool:
        """Whether all of it has arrived."""
        return self.expected <= self.received


# implements FRS-RCV-004
# implements FRS-RCV-022
# implements FRS-EXP-005
def read_label(fields: Mapping[str, str], by_hand: KeyedByHand) -> Label | Refusal:
    """What is known of a container, or the refusal where lot or expiry stay open."""
    gtin = _item(fields)
    lot = LotNumber(fields["10"]) if "10" in fields else None
    expires_at = _expiry_time(fields)
    if isinstance(expires_at, Refusal):
        return expires_at
    expires_on = _expiry_day(fields, expires_at)
    beside = (
        (KeyedValue.GTIN, "keyed.gtin", gtin, by_hand.gtin),
        (KeyedValue.LOT, "keyed.lot", lot, by_hand.lot),
        (KeyedValue.EXPIRY, "keyed.expiresOn", expires_on, by_hand.expires_on),
    )
    for _, path, scanned, given in beside:
        if given is not None and scanned not in (None, given):
            return Refusal(Code.LABEL_CONTRADICTED, path, f"the label says {scanned}")
    keyed = {name for name, _, scanned, given in beside if scanned is None and given is not None}
    lot, expires_on = lot or by_hand.lot, expires_on or by_hand.expires_on
    if lot is None or expires_on is None:
        return Refusal(Code.LABEL_INCOMPLETE, "scan", "the label lacks lot (10) or expiry (17)")
    return Label(
        Sscc(fields["00"]), gtin or by_hand.gtin, lot, expires_on,
        read_day(fields["11"]) if "11" in fields else None,
        SerialNumber(fields["21"]) if "21" in fields else None,
        _contents(fields), frozenset(keyed), expires_at,
    )


# implements FRS-RCV-004
# implements FRS-RCV-023
def with_quantity(
    label: Label, counted: Quantity | None, base_unit: Unit
) -> tuple[Label, Quantity] | Refusal:
    """The quantity received: as counted, else as the label says; another one counts as keyed."""
    printed = label.contents.get(base_unit)
    if counted is None:
        if printed is None:
            return Refusal(Code.LABEL_INCOMPLETE, "scan", f"the label tells no {base_unit}")
        return label, printed
    if printed is None or printed == counted:
        return label, counted
    return replace(label, keyed=label.keyed | {KeyedValue.QUANTITY}), counted


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
# implements FRS-RCV-033
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
    if label.expires_on != line.expires_on or _on_another_day(label):
        return Discrepancy.WRONG_EXPIRY
    if condition in _SEEN:
        return _SEEN[condition]
    if line.expected < line.received + quantity:
        return Discrepancy.OVER_QUANTITY
    return None


# implements FRS-RCV-023
# implements FRS-RCV-024
def check_keyed_values(
    keyed: frozenset[KeyedValue], performer: str, verifier: str | None
) -> Refusal | None:
    """Refuse keyed values that nobody else has checked; ``verifier`` is who is to sign."""
    if not keyed:
        return None
    if verifier is None:
        words = ", ".join(sorted(keyed))
        return Refusal(Code.SECOND_PERSON_REQUIRED, "verification", f"keyed by hand: {words}")
    if verifier == performer:
        return Refusal(Code.VERIFIER_IS_PERFORMER, "verification.userId", f"{performer} keyed it")
    return None


# implements FRS-RCV-025
def check_verifier(duties: frozenset[Duty] | None) -> Refusal | None:
    """Refuse a signature that does not count, or of somebody who receives no goods."""
    if duties is None:
        return Refusal(Code.SIGNATURE_REFUSED, "verification", "user id or password is wrong")
    if not duties & {Duty.RECEIVER, Duty.SUPERVISOR}:
        return Refusal(Code.SIGNATURE_REFUSED, "verification", "the signer receives no goods")
    return None


# implements FRS-RCV-011
def status_at_receipt() -> LotStatus:
    """The status in which every received lot is entered."""
    return LotStatus.QUARANTINE


# implements FRS-RCV-002
def check_asn_open(asn_id: str, state: AsnState) -> Refusal | None:
    """Refuse what comes for an ASN that is closed."""
    if state is AsnState.OPEN:
        return None
    return Refusal(Code.ASN_CLOSED, "asnId", f"{asn_id} is {state}")


# implements FRS-RCV-018
def state_after(lines: Sequence[AnnouncedLine]) -> AsnState:
    """Where an ASN stands after a receipt: complete when each of its lines is."""
    done = all(line.is_complete for line in lines)
    return AsnState.COMPLETE if done else AsnState.OPEN


def _item(fields: Mapping[str, str]) -> Gtin14 | None:
    item = fields.get("02") or fields.get("01")
    return Gtin14(item) if item else None


# implements FRS-EXP-005
def _expiry_time(fields: Mapping[str, str]) -> datetime | Refusal | None:
    """Expiration date and time of a label, or the refusal of an hour that no clock shows."""
    if "7003" not in fields:
        return None
    try:
        return read_minute(fields["7003"])
    except ValueError:
        return Refusal(Code.SCAN_UNREADABLE, "scan", f"(7003) {fields['7003']} is no time of day")


def _expiry_day(fields: Mapping[str, str], expires_at: datetime | None) -> date | None:
    if "17" in fields:
        return read_day(fields["17"])
    return expires_at.date() if expires_at else None


# implements FRS-RCV-033
def _on_another_day(label: Label) -> bool:
    """Whether a label names a time of expiry on another day than its expiry day."""
    return label.expires_at is not None and label.expires_at.date() != label.expires_on


def _contents(fields: Mapping[str, str]) -> dict[Unit, Quantity]:
    """Net weight and count of a label. Source: GS1 General Specifications 3.6 (310n), 3.8 (37)."""
    found = {}
    for ai, value in fields.items():
        if ai.startswith("310"):
            weight = Decimal(value).scaleb(-int(ai[3]))
            found[Unit.KILOGRAM] = Quantity(value=weight, unit=Unit.KILOGRAM)
        elif ai == "37":
            found[Unit.EACH] = Quantity(value=Decimal(int(value)), unit=Unit.EACH)
    return {unit: amount for unit, amount in found.items() if amount.value > 0}


def _likeness(label: Label, line: AnnouncedLine) -> tuple[bool, bool, bool]:
    """How little a line is like a label; smaller is more alike."""
    return (
        line.supplier_lot != label.lot, line.expires_on != label.expires_on, line.is_complete
    )
