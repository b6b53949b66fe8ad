"""What a pick request may ask for, and what a picker may bring.

Sources: URS-PCK-001, URS-PCK-002, URS-PCK-003, URS-PCK-004.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contracts.model.codes import Code, Refusal
from contracts.model.identifiers import Sscc
from contracts.model.inspection import PickState
from contracts.model.messages.picks import PickLine, PickRequested
from contracts.model.quantities import Quantity
from reference_impl.domain.scans import check_label

OPEN = (PickState.REQUESTED, PickState.ALLOCATED, PickState.SHORT)


@dataclass(frozen=True)
class BomLine:
    """What the order may use of one material, and how much of it was asked for before."""

    material_id: str
    quantity: Quantity
    tolerance_high: Quantity
    requested_before: Quantity


@dataclass(frozen=True)
class Bom:
    """The bill of materials of an order, as the warehouse knows it."""

    bom_id: str
    version: int
    approved: bool
    lines: Mapping[str, BomLine]


@dataclass(frozen=True)
class PickInHand:
    """The container that a picker holds, against the line it is for."""

    scanned: Sscc
    content: Quantity
    allocated: Quantity | None
    free: Quantity
    requested: Quantity
    picked: Quantity
    tolerance_high: Quantity
    minimum_shelf_life_days: int


# implements FRS-PCK-016
def check_cancellable(states: Iterable[PickState], path: str) -> Refusal | None:
    """Refuse to cancel a request of which no line is open."""
    present = sorted({*states})
    if any(state in OPEN for state in present):
        return None
    return Refusal(Code.NOTHING_TO_CANCEL, path, f"it is {' and '.join(present)}")


# implements FRS-PCK-001
def check_bom(request: PickRequested, bom: Bom) -> Refusal | None:
    """Refuse a request that names another bill of materials than the approved one."""
    if request.bom_id != bom.bom_id:
        return Refusal(Code.BOM_NOT_APPROVED, "data.bomId", f"the order is made by {bom.bom_id}")
    if request.bom_version != bom.version or not bom.approved:
        return Refusal(
            Code.BOM_NOT_APPROVED, "data.bomVersion",
            f"version {bom.version} is {'approved' if bom.approved else 'not approved yet'}",
        )
    return None


# implements FRS-PCK-002
# implements FRS-PCK-003
# implements FRS-PCK-012
def check_line(line: PickLine, bom: Bom, path: str) -> Refusal | None:
    """Refuse a material, unit or quantity that the bill of materials does not hold."""
    allowed = bom.lines.get(line.line_id)
    if allowed is None or allowed.material_id != line.material_id:
        return Refusal(
            Code.NOT_ON_BOM, f"{path}.materialId", f"{bom.bom_id} has no {line.material_id}"
        )
    if line.quantity.unit is not allowed.quantity.unit:
        return Refusal(
            Code.UNIT_NOT_BASE_UNIT, f"{path}.quantity.unit", f"it is {allowed.quantity.unit}"
        )
    if allowed.quantity < allowed.requested_before + line.quantity:
        left = allowed.quantity - allowed.requested_before
        return Refusal(Code.QUANTITY_NOT_ON_BOM, f"{path}.quantity", f"at most {left} is left")
    if allowed.tolerance_high < line.tolerance_high:
        return Refusal(
            Code.QUANTITY_NOT_ON_BOM, f"{path}.toleranceHigh", f"it is {allowed.tolerance_high}"
        )
    return None


# implements FRS-PCK-007
def check_scan(
    hand: PickInHand, fields: Mapping[str, str], lot: str, gtin: str | None
) -> Refusal | None:
    """Refuse a container, lot or item other than the allocated one."""
    if hand.allocated is None:
        return Refusal(Code.SCAN_NOT_ALLOCATED, "scan", f"{hand.scanned} is not for this line")
    return check_label(fields, lot, gtin)


# implements FRS-PCK-008
# implements FRS-PCK-012
def check_quantity(quantity: Quantity, hand: PickInHand) -> Refusal | None:
    """Refuse more than the line may still take, or more than the container can give."""
    if quantity.unit is not hand.requested.unit:
        return Refusal(Code.UNIT_NOT_BASE_UNIT, "quantity.unit", f"it is {hand.requested.unit}")
    open_quantity = hand.requested + hand.tolerance_high - hand.picked
    if open_quantity < quantity:
        return Refusal(Code.QUANTITY_ABOVE_TOLERANCE, "quantity", f"at most {open_quantity}")
    if hand.free < quantity:
        return Refusal(
            Code.QUANTITY_ABOVE_TOLERANCE, "quantity", f"the container can give {hand.free}"
        )
    return None


# implements FRS-PCK-009
def check_part(
    quantity: Quantity, hand: PickInHand, to_container: Sscc | None, known: bool
) -> Refusal | None:
    """Refuse a part without a fresh container of its own, or a whole one that gets one."""
    whole = quantity == hand.content
    if whole and to_container is not None:
        return Refusal(
            Code.CONTAINER_IN_USE, "toContainer", "the whole container travels under its own label"
        )
    if not whole and to_container is None:
        return Refusal(
            Code.CONTAINER_IN_USE, "toContainer", "a part needs a container of its own"
        )
    if known:
        return Refusal(Code.CONTAINER_IN_USE, "toContainer", f"{to_container} was used before")
    return None
