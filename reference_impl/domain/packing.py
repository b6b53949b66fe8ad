"""What a label says, when it may be used, and what may go into what.

A unit of sale is known by GTIN and serial number, a logistic unit by its SSCC; both are written as
GS1 element strings.
Sources: URS-PAK-001, URS-PAK-002, URS-PAK-003, URS-AGG-001, URS-EXP-001, URS-STA-006.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.formats.element_strings import NotAnElementString, read_scan
from contracts.model.codes import Code, Refusal
from contracts.model.identifiers import Sscc
from contracts.model.lot_status import LotStatus
from contracts.model.packing import LabelState
from contracts.model.quantities import Quantity
from reference_impl.domain.lot_status import LotInUse, is_expired

_SSCC_BODY = 17
OPEN = (LabelState.ISSUED, LabelState.VERIFIED)
PACKABLE = frozenset({LotStatus.QUARANTINE, LotStatus.RELEASED})


@dataclass(frozen=True)
class ProductOnLabel:
    """What of the content a label names."""

    gtin: str
    lot: str
    expires_on: date
    count: Quantity


# implements FRS-PAK-001
def sscc_of_range(prefix: str, number: int) -> Sscc | None:
    """The n-th SSCC of a range, with its check digit; None past the end of the range."""
    digits = _SSCC_BODY - len(prefix)
    if number >= 10**digits:
        return None
    return Sscc.complete(f"{prefix}{number:0{digits}d}")


def logistic_unit(sscc: str) -> str:
    """The key of a case or pallet."""
    return f"(00){sscc}"


def unit_of_sale(gtin: str, serial: str) -> str:
    """The key of a serialised unit."""
    return f"(01){gtin}(21){serial}"


def label_fields(sscc: str, product: ProductOnLabel | None) -> dict[str, str]:
    """What a label says, by GS1 application identifier, in the order of its symbol."""
    if product is None:
        return {"00": sscc}
    return {
        "00": sscc, "02": product.gtin, "17": f"{product.expires_on:%y%m%d}",
        "37": f"{product.count.value:f}", "10": product.lot,
    }


# implements FRS-PAK-008
# implements FRS-PAK-012
def check_read_back(expected: Mapping[str, str], scan: str) -> Refusal | None:
    """Refuse a scan that lacks a field of the label, has one more, or says something else."""
    try:
        found = read_scan(scan)
    except NotAnElementString as exc:
        return Refusal(Code.SCAN_UNREADABLE, "scan", str(exc))
    for ai in sorted(expected.keys() | found.keys()):
        if found.get(ai) != expected.get(ai):
            said, wanted = found.get(ai, "nothing"), expected.get(ai, "nothing")
            return Refusal(Code.LABEL_MISMATCH, "scan", f"({ai}) is {said}, expected {wanted}")
    return None


# implements FRS-PAK-010
def check_open(state: LabelState, path: str, *, wanted: Collection[LabelState]) -> Refusal | None:
    """Refuse a label that is beyond the states in which this can be done with it."""
    if state in wanted:
        return None
    return Refusal(Code.LABEL_NOT_OPEN, path, f"the label is {state}")


# implements FRS-PAK-011
def check_verified(state: LabelState) -> Refusal | None:
    """Refuse to close a unit under a label that nobody has read back."""
    if state is LabelState.VERIFIED:
        return None
    if state is LabelState.ISSUED:
        return Refusal(Code.LABEL_NOT_VERIFIED, "labelId", "it was not read back")
    return check_open(state, "labelId", wanted=OPEN)


# implements FRS-PAK-016
# implements FRS-PAK-017
def check_packable(lot: LotInUse, now: datetime, path: str) -> Refusal | None:
    """Refuse a lot that is expired, or that is not in quarantine or released.

    What is packed waits in quarantine for the quality unit; whatever else was decided about a lot
    takes it out of packing.
    """
    refusal = check_in_date([lot], now, path)
    if refusal or lot.status in PACKABLE:
        return refusal
    return Refusal(Code.CONTAINER_LOCKED, path, f"lot {lot.lot_id} is {lot.status}")


# implements FRS-PAK-016
def check_in_date(content: Iterable[LotInUse], now: datetime, path: str) -> Refusal | None:
    """Refuse a unit that holds anything expired, at any level. ``content`` is all it holds."""
    for held in content:
        if is_expired(held, now) or held.status is LotStatus.EXPIRED:
            detail = f"lot {held.lot_id} expired at {held.expires_at}"
            return Refusal(Code.LOT_EXPIRED, path, detail)
    return None


# implements FRS-PAK-014
def check_distinct(named: Sequence[str], path: str) -> Refusal | None:
    """Refuse what is named twice."""
    for index, one in enumerate(named):
        if one in named[:index]:
            return Refusal(Code.CHILD_DOUBLED, f"{path}[{index}]", f"{one} stands twice")
    return None


# implements FRS-PAK-013
def check_declared_count(held: Quantity, declared: Quantity, path: str) -> Refusal | None:
    """Refuse a unit that holds more or less than its label declares."""
    if held == declared:
        return None
    return Refusal(Code.COUNT_NOT_DECLARED, path, f"{held}, the label declares {declared}")


# implements FRS-PAK-015
def check_unpacked(parents: Sequence[str | None], path: str) -> Refusal | None:
    """Refuse what stands in a unit already. ``parents`` are those of the things named, in order."""
    for index, parent in enumerate(parents):
        if parent is not None:
            return Refusal(Code.ALREADY_PACKED, f"{path}[{index}]", f"it is in {parent}")
    return None


# implements FRS-SCR-014
def check_active(out: Sequence[bool], path: str) -> Refusal | None:
    """Refuse a unit that was taken out of use. ``out`` says so of the things named, in order."""
    if any(out):
        return Refusal(Code.SERIAL_NOT_ACTIVE, f"{path}[{out.index(True)}]", "it is out of use")
    return None


# implements FRS-AGG-002
def check_no_cycle(
    parent: str, ancestors: Collection[str], children: Sequence[str]
) -> Refusal | None:
    """Refuse to put a unit into itself, or into one that it holds."""
    for index, child in enumerate(children):
        if child == parent or child in ancestors:
            return Refusal(Code.AGGREGATION_CYCLE, f"children[{index}]", f"it holds {parent}")
    return None
