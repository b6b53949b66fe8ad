"""What production gives back: a container of its own, in quarantine until quality decides.

Source: URS-DSP-005.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.model.codes import Code, Refusal
from contracts.model.commands import ReturnMaterial
from contracts.model.identifiers import Sscc
from contracts.model.lot_status import LotStatus
from contracts.model.messages import MESSAGES
from contracts.model.messages.dispensing import MaterialReturned, ReturnOrigin
from contracts.model.quantities import Quantity
from reference_impl.batch_inputs import note_return
from reference_impl.domain.dispensing import check_staged
from reference_impl.domain.scans import scanned_fields
from reference_impl.link.outbox import About, put
from reference_impl.mes.dispensing import check_fresh, read_container
from reference_impl.mes.issues import issued_into, left_of, lines_of
from reference_impl.places import check_stands
from reference_impl.records.work import Work
from reference_impl.stock import STRICTNESS, quantity, text
from reference_impl.store.database import Row
from reference_impl.store.tables import (
    containers,
    genealogy,
    issues,
    locations,
    lots,
    orders,
    staged_returns,
)


@dataclass(frozen=True)
class _Origin:
    """What the returned material is taken from: an issue, or a staged container."""

    kind: ReturnOrigin
    line_id: str
    lot_id: str
    left: Quantity
    status: LotStatus
    issue: Row | None = None


# implements FRS-DSP-012
def return_material(work: Work, command: ReturnMaterial) -> Refusal | None:
    """Give material back; it keeps its lot and its origin, and nobody uses it before quality."""
    if work.find(orders, command.order_id) is None:
        return Refusal(Code.UNKNOWN_ORDER, "orderId", command.order_id)
    origin = _origin(work, command)
    if isinstance(origin, Refusal):
        return origin
    refusal = _check_quantity(command, origin) or _check_target(work, command, origin)
    if refusal:
        return refusal
    _post(work, command, origin)
    return None


def _origin(work: Work, command: ReturnMaterial) -> _Origin | Refusal:
    refusal = _check_scan(command)
    if refusal:
        return refusal
    issue = issued_into(work.connection, command.container)
    if issue is None or work.find(containers, command.container) is not None:
        return _staged(work, command)
    if issue["order_id"] != command.order_id:
        return Refusal(Code.UNKNOWN_CONTAINER, "container", "it was issued to another order")
    return _Origin(
        ReturnOrigin.ISSUED, issue["line_id"], issue["lot_id"], left_of(issue),
        LotStatus.QUARANTINE, issue,
    )


# implements FRS-DSP-015
# implements FRS-DSP-017
def _check_scan(command: ReturnMaterial) -> Refusal | None:
    """Refuse a scan of another container than the one that is named."""
    if command.scan is None:
        return None
    fields = scanned_fields(command.scan)
    if isinstance(fields, Refusal):
        return fields
    if fields["00"] == command.container:
        return None
    return Refusal(Code.SCAN_NOT_ALLOCATED, "scan", f"{fields['00']} is not {command.container}")


# implements FRS-DSP-014
def _staged(work: Work, command: ReturnMaterial) -> _Origin | Refusal:
    found = read_container(work, command.container, "container")
    if isinstance(found, Refusal):
        return found
    refusal = check_staged(found.source, "container")
    if refusal:
        return refusal
    lines = lines_of(work.connection, command.order_id)
    line = next((row for row in lines if row["material_id"] == found.source.material_id), None)
    if line is None:
        return Refusal(Code.NOT_ON_BOM, "container", found.source.material_id)
    own = work.find(containers, command.container)
    status = LotStatus((own and own["status"]) or LotStatus.QUARANTINE)
    return _Origin(
        ReturnOrigin.STAGED, line["line_id"], found.lot["lot_id"], found.source.content, status
    )


# implements FRS-DSP-006
# implements FRS-DSP-027
def _check_quantity(command: ReturnMaterial, origin: _Origin) -> Refusal | None:
    if command.quantity.unit is not origin.left.unit:
        return Refusal(Code.UNIT_NOT_BASE_UNIT, "quantity.unit", f"it is {origin.left.unit}")
    if origin.left < command.quantity:
        return Refusal(Code.RETURN_ABOVE_ISSUED, "quantity", f"{origin.left} is left")
    return None


# implements FRS-DSP-026
# implements FRS-DSP-028
# implements FRS-PCK-064
# implements FRS-PCK-065
# implements FRS-PCK-066
# implements FRS-STA-023
def _check_target(work: Work, command: ReturnMaterial, origin: _Origin) -> Refusal | None:
    if work.find(locations, command.to_location) is None:
        return Refusal(Code.UNKNOWN_LOCATION, "toLocation", command.to_location)
    refusal = check_stands(work, _as_it_counts(work, origin), command.to_location, "toLocation")
    if refusal:
        return refusal
    if command.new_container is not None:
        return check_fresh(work, command.new_container, "newContainer")
    if command.quantity != origin.left:
        return Refusal(
            Code.CONTAINER_IN_USE, "newContainer", "a part needs a container of its own"
        )
    return None


def _as_it_counts(work: Work, origin: _Origin) -> tuple[str, LotStatus]:
    """The material, and the status that counts for it: its lot's, where that is stricter."""
    lot = work.find(lots, origin.lot_id)
    assert lot is not None
    status = max(origin.status, LotStatus(lot["status"]), key=STRICTNESS.index)
    return lot["material_id"], status


# implements FRS-DSP-029
def _post(work: Work, command: ReturnMaterial, origin: _Origin) -> None:
    fact = _fact(work, command, origin)
    if origin.issue is not None:
        back = quantity(origin.issue, "returned") + fact.quantity
        work.change(issues, origin.issue["issue_id"], returned=text(back))
        note_return(work, fact.lot_id, fact.order_id, fact.quantity)
        _create(work, fact)
    else:
        _take_from_staged(work, fact)
    put(work, MESSAGES["material-returned"], fact,
        About(f"container/{fact.container}", fact.order_id))


def _take_from_staged(work: Work, fact: MaterialReturned) -> None:
    staged = work.find(containers, fact.from_container)
    assert staged is not None
    if fact.container == fact.from_container:
        work.change(
            containers, fact.container, location_id=fact.to_location, status=fact.status.value
        )
    else:
        left = quantity(staged) - fact.quantity
        work.change(containers, fact.from_container, quantity=text(left))
        _create(work, fact)
    work.create(
        staged_returns, return_id=fact.return_id, order_id=fact.order_id, line_id=fact.line_id,
        quantity=text(fact.quantity), unit=fact.quantity.unit.value,
    )


def _create(work: Work, fact: MaterialReturned) -> None:
    work.create(
        containers, sscc=fact.container, lot_id=fact.lot_id, location_id=fact.to_location,
        quantity=text(fact.quantity), unit=fact.quantity.unit.value, status=fact.status.value,
    )
    if fact.container != fact.from_container:
        work.create(
            genealogy, child=fact.container, parent=fact.from_container,
            quantity=text(fact.quantity), unit=fact.quantity.unit.value, cause=fact.return_id,
        )


def _fact(work: Work, command: ReturnMaterial, origin: _Origin) -> MaterialReturned:
    lot = work.find(lots, origin.lot_id)
    assert lot is not None
    return MaterialReturned(
        return_id=command.return_id, origin=origin.kind, order_id=command.order_id,
        line_id=origin.line_id, material_id=lot["material_id"], lot_id=origin.lot_id,
        lot=lot["lot"], from_container=command.container,
        container=Sscc(command.new_container or command.container), quantity=command.quantity,
        status=origin.status, to_location=command.to_location, returned_at=work.now,
        returned_by=work.actor.account, station=work.actor.station,
    )
