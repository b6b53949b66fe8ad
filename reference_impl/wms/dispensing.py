"""The warehouse follows what production took out of staged containers, and what it gave back.

Both are facts: they are posted also where they surprise, and what surprises raises an alarm.
Sources: URS-DSP-002, URS-DSP-005.
"""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy import bindparam, select

from contracts.model.envelope import Envelope
from contracts.model.messages.dispensing import (
    MaterialIssued,
    MaterialReturned,
    ReturnOrigin,
    Weighing,
)
from contracts.model.units import AppliedConversion
from reference_impl.batch_inputs import note_issue, note_return
from reference_impl.conversions import post_rounding
from reference_impl.domain.lot_status import is_usable
from reference_impl.domain.units import ratio
from reference_impl.factors import factors_of
from reference_impl.records.work import Work
from reference_impl.stock import lot_in_use, quantity, text
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import (
    containers,
    genealogy,
    locations,
    lots,
    materials,
)
from reference_impl.store.unit_tables import roundings
from reference_impl.wms.holds import note_issue_under_hold
from reference_impl.wms.movements import Movement, Spot, post_movement_once

# Where material is that production owns: a name, no place of the warehouse.
IN_PROCESS = "WIP"
_OUT_OF = Statement(select(genealogy).where(genealogy.c.child == bindparam("sscc")))


def is_label_of_issue(connection: Connection, sscc: str) -> bool:
    """Whether production has dispensed into a container of this label."""
    return connection.row(_OUT_OF, sscc=sscc) is not None


# implements FRS-DSP-006
def material_issued(work: Work, envelope: Envelope[MaterialIssued]) -> None:
    """Take an issue out of its source container, exactly once."""
    fact = envelope.data
    note_issue_under_hold(work, fact)
    source = work.find(containers, fact.source_container)
    for name in _surprises_of_issue(work, fact, source):
        work.alarm(name, f"issue {fact.issue_id}: {fact.source_container}")
    if source is None or source["unit"] != fact.quantity.unit.value:
        return
    left = quantity(source) - fact.quantity
    work.change_read(containers, source, quantity=text(left))
    note_issue(work, fact.lot_id, fact.order_id, fact.quantity)
    target = fact.to_container or fact.source_container
    if fact.conversion is not None:
        _post_rounding(work, fact, fact.conversion)
    if fact.to_container is not None:
        _link(work, fact.to_container, fact.source_container, fact, fact.issue_id)
    _move(work, Movement(
        fact.issue_id, fact.lot_id, fact.quantity,
        Spot(fact.source_container, source["location_id"]), Spot(target, IN_PROCESS),
    ))


# implements FRS-DSP-029
def material_returned(work: Work, envelope: Envelope[MaterialReturned]) -> None:
    """Take returned material over as a container of its own, in quarantine."""
    fact = envelope.data
    staged = fact.origin is ReturnOrigin.STAGED
    parent = work.find(containers, fact.from_container) if staged else None
    surprise = _why_not_taken(work, fact, parent)
    if surprise:
        work.alarm(surprise, f"return {fact.return_id}: {fact.container}")
        return
    for name in _surprises_of_return(work, fact):
        work.alarm(name, f"return {fact.return_id}: {fact.from_container}")
    _take_over(work, fact, parent)
    if not staged:
        note_return(work, fact.lot_id, fact.order_id, fact.quantity)
    came_from = parent["location_id"] if parent else IN_PROCESS
    _move(work, Movement(
        fact.return_id, fact.lot_id, fact.quantity, Spot(fact.from_container, came_from),
        Spot(fact.container, fact.to_location),
    ))


def _take_over(work: Work, fact: MaterialReturned, parent: Row | None) -> None:
    if parent is not None and fact.container == fact.from_container:
        work.change(
            containers, fact.container, location_id=fact.to_location, status=fact.status.value
        )
        return
    if parent is not None:
        left = quantity(parent) - fact.quantity
        work.change(containers, fact.from_container, quantity=text(left))
    work.create(
        containers, sscc=fact.container, lot_id=fact.lot_id, location_id=fact.to_location,
        quantity=text(fact.quantity), unit=fact.quantity.unit.value, status=fact.status.value,
    )
    if fact.container != fact.from_container:
        _link(work, fact.container, fact.from_container, fact, fact.return_id)


def _post_rounding(work: Work, fact: MaterialIssued, used: AppliedConversion) -> None:
    if work.find(roundings, fact.issue_id) is None:
        post_rounding(work, fact.issue_id, fact.lot_id, fact.quantity, used.residue)


def _surprises_of_issue(work: Work, fact: MaterialIssued, source: Row | None) -> list[str]:
    """Names of the alarms for an issue that does not agree with what is known here."""
    if source is None:
        return ["UNKNOWN_CONTAINER"]
    if source["unit"] != fact.quantity.unit.value:
        return ["UNIT_NOT_BASE_UNIT"]
    found: list[str] = []
    if quantity(source) < fact.quantity:
        found.append("QUANTITY_ABOVE_CONTENT")
    if source["lot_id"] != fact.lot_id:
        found.append("LOT_NOT_AS_STATED")
    lot = lot_in_use(work.connection, source["lot_id"])
    if source["status"] or lot is None or not is_usable(lot, fact.issued_at):
        found.append("LOT_NOT_USABLE")
    if fact.weighing and _exact_net(fact, fact.weighing) != _posted_exactly(fact):
        found.append("NET_NOT_GROSS_MINUS_TARE")
    if fact.conversion and not _is_own_factor(work, fact, fact.conversion):
        found.append("CONVERSION_DIFFERS")
    return found


def _exact_net(fact: MaterialIssued, weighing: Weighing) -> Fraction:
    """What the scale showed, in the base unit."""
    net = Fraction(weighing.gross.value) - Fraction(weighing.tare.value)
    used = fact.conversion
    return net * Fraction(int(used.numerator), int(used.denominator)) if used else net


def _posted_exactly(fact: MaterialIssued) -> Fraction:
    """What was booked, and what rounding left beside it."""
    residue = fact.conversion.residue if fact.conversion else None
    left = Fraction(int(residue.numerator), int(residue.denominator)) if residue else 0
    return Fraction(fact.quantity.value) + left


def _is_own_factor(work: Work, fact: MaterialIssued, used: AppliedConversion) -> bool:
    """Whether the warehouse's own master data gives the same factor."""
    material, lot = work.find(materials, fact.material_id), work.find(lots, fact.lot_id)
    if material is None or fact.weighing is None:
        return False
    factors = factors_of(material, lot, used.at_celsius)
    own = ratio(factors, fact.weighing.gross.unit, fact.quantity.unit)
    return own == Fraction(int(used.numerator), int(used.denominator))


def _why_not_taken(work: Work, fact: MaterialReturned, parent: Row | None) -> str | None:
    """The alarm for a return that cannot be entered as a container, or None."""
    if work.find(lots, fact.lot_id) is None:
        return "UNKNOWN_LOT"
    if parent is not None and parent["unit"] != fact.quantity.unit.value:
        return "UNIT_NOT_BASE_UNIT"
    own_label = fact.container == fact.from_container
    if own_label and fact.origin is ReturnOrigin.STAGED:
        return None if parent else "UNKNOWN_CONTAINER"
    return "CONTAINER_IN_USE" if work.find(containers, fact.container) else None


def _surprises_of_return(work: Work, fact: MaterialReturned) -> list[str]:
    found: list[str] = []
    if work.find(locations, fact.to_location) is None:
        found.append("UNKNOWN_LOCATION")
    known = _is_known(work, fact)
    return found if known else [*found, "UNKNOWN_CONTAINER"]


def _is_known(work: Work, fact: MaterialReturned) -> bool:
    if fact.origin is ReturnOrigin.STAGED:
        return work.find(containers, fact.from_container) is not None
    return is_label_of_issue(work.connection, fact.from_container)


def _link(
    work: Work, child: str, parent: str, fact: MaterialIssued | MaterialReturned, cause: str
) -> None:
    work.create_once(
        genealogy, child=child, parent=parent, quantity=text(fact.quantity),
        unit=fact.quantity.unit.value, cause=cause,
    )


def _move(work: Work, moved: Movement) -> None:
    if not post_movement_once(work, moved):
        work.alarm("ALREADY_EXISTS", f"movement {moved.cause} is posted for something else")
