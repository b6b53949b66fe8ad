"""People break a unit, or put its units of sale back: the same in both systems.

Sources: URS-AGG-002, URS-RET-001.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import bindparam, func, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import DisaggregateUnit, ReaggregateItems
from contracts.model.identifiers import Id, UnitName
from contracts.model.messages import MESSAGES
from contracts.model.messages.custody import TakenOut, UnitDisaggregated
from contracts.model.messages.packing import UnitAggregated
from contracts.model.scans import GuardedStep
from reference_impl.custody import keep_aggregation, keep_disaggregation
from reference_impl.domain import packing as rules
from reference_impl.domain.custody import check_all_inside, check_set_aside
from reference_impl.domain.reasons import check_reason
from reference_impl.domain.shipping import check_unlocked
from reference_impl.link.outbox import About, put
from reference_impl.records.work import Work
from reference_impl.scanning import use_run
from reference_impl.stock import quantity
from reference_impl.store.custody_tables import custody
from reference_impl.store.database import Row, Statement
from reference_impl.store.tables import aggregations, containers, locations, shipments
from reference_impl.units import content_of, lots_in, parent_of
from reference_impl.units_set_aside import set_aside_of

_INSIDE = Statement(
    select(aggregations.c.child).where(aggregations.c.parent == bindparam("parent"))
    .order_by(aggregations.c.child)
)
_SHIPPED = Statement(
    select(func.count().label("n")).where(shipments.c.sscc == bindparam("sscc"))
)
_BROKEN_LAST = Statement(
    select(custody).where(custody.c.child == bindparam("child"))
    .order_by(custody.c.left_at.desc(), custody.c.disaggregation_id.desc())
)


# implements FRS-AGG-004
# implements FRS-AGG-006
# implements FRS-RET-004
def disaggregate_unit(work: Work, command: DisaggregateUnit) -> Refusal | None:
    """Units leave the one that they stand in, and the partner is told."""
    inside = [row["child"] for row in work.connection.rows(_INSIDE, parent=command.parent)]
    content = content_of(work, command.parent)
    if not inside or (not content and _was_shipped(work, command.parent)):
        return Refusal(Code.UNKNOWN_UNIT, "parent", f"{command.parent} holds nothing")
    refusal = (
        rules.check_distinct(command.children, "children")
        or check_all_inside([child.key for child in command.children], inside)
        or check_reason(command.reason)
    )
    if refusal:
        return refusal
    units = command.children or tuple(_name(child) for child in inside)
    refusal = (
        _check_place(work, command) or _check_content(work, command, units, content)
        or use_run(
            work, GuardedStep.DISAGGREGATE, (command.parent, *units),
            (command.scan_run_id, command.disaggregation_id),
        )
    )
    if refusal:
        return refusal
    fact = _broken(work, command, units, len(inside))
    keep_disaggregation(work, fact)
    put(work, MESSAGES["unit-disaggregated"], fact,
        About(f"container/{fact.parent}", fact.parent))
    return None


# implements FRS-AGG-004
# implements FRS-AGG-006
# implements FRS-AGG-007
# implements FRS-RET-005
def reaggregate_items(work: Work, command: ReaggregateItems) -> Refusal | None:
    """Units of sale go from where they lie since their unit was broken into a case."""
    parent, source = work.find(containers, command.parent), work.find(containers, command.source)
    if parent is None or has_left(work, command.parent):
        return Refusal(Code.UNKNOWN_UNIT, "parent", f"{command.parent} is no case in stock")
    inside = [row["child"] for row in work.connection.rows(_INSIDE, parent=command.source)]
    refusal = rules.check_distinct(command.children, "children") or check_all_inside(
        list(command.children), inside
    )
    if refusal or source is None:
        return refusal or Refusal(Code.UNKNOWN_UNIT, "source", command.source)
    if parent["lot_id"] != source["lot_id"] or command.parent == command.source:
        return Refusal(Code.OTHER_LOT, "parent", f"{command.parent} is of {parent['lot_id']}")
    refusal = check_unlocked(lots_in(content_of(work, command.source)), "source") or (
        check_set_aside(len(command.children), _free(work, source), "source")
    )
    if refusal:
        return refusal
    fact = UnitAggregated(
        aggregation_id=command.aggregation_id, parent=command.parent,
        children=tuple(UnitName(child) for child in command.children), source=command.source,
        lot_id=parent["lot_id"], location_id=parent["location_id"],
        follows=followed_by(work, command.children),
        aggregated_at=work.now, aggregated_by=work.actor.account, station=work.actor.station,
    )
    keep_aggregation(work, fact, list(command.children))
    put(work, MESSAGES["unit-aggregated"], fact, About(f"container/{fact.parent}", fact.parent))
    return None


# implements FRS-RET-007
def followed_by(work: Work, children: Sequence[str]) -> tuple[Id, ...]:
    """The disaggregations that an aggregation of these follows on: of each child the last one."""
    found = [work.connection.row(_BROKEN_LAST, child=UnitName(child).key) for child in children]
    return tuple(sorted({Id(row["disaggregation_id"]) for row in found if row}))


def has_left(work: Work, sscc: str) -> bool:
    """Whether a container was shipped."""
    row = work.connection.row(_SHIPPED, sscc=sscc)
    return row is not None and row["n"] > 0


def _was_shipped(work: Work, sscc: str) -> bool:
    """Whether a unit, or one inside it, left the site; what is only empty can be taken apart."""
    inside = (row["child"] for row in work.connection.rows(_INSIDE, parent=sscc))
    return has_left(work, sscc) or any(
        _was_shipped(work, _name(child)) for child in inside if not _name(child).is_item
    )


def _name(child: str) -> UnitName:
    return UnitName(child.removeprefix("(00)"))


# implements FRS-RET-003
def _check_place(work: Work, command: DisaggregateUnit) -> Refusal | None:
    if work.find(locations, command.location_id) is None:
        return Refusal(Code.UNKNOWN_LOCATION, "locationId", command.location_id)
    return None


# implements FRS-RET-001
# implements FRS-RET-005
def _check_content(
    work: Work, command: DisaggregateUnit, units: tuple[UnitName, ...], content: list[Row]
) -> Refusal | None:
    """Cases come off as they are; a case is opened only where its lot is free."""
    items = sum(1 for unit in units if unit.is_item)
    if not items:
        moved = [row for unit in units for row in content_of(work, unit)]
        return _check_none_set_aside(work, moved)
    if command.into is None:
        return Refusal(Code.CONTAINER_REQUIRED, "into", "loose units need a container")
    case = content[0]
    return (
        check_unlocked(lots_in(content), "parent")
        or check_set_aside(items, _free(work, case), "parent")
        or _check_into(work, command, case)
    )


# implements FRS-RET-002
def _check_into(work: Work, command: DisaggregateUnit, case: Row) -> Refusal | None:
    assert command.into is not None
    known = work.find(containers, command.into)
    fits = known is None or (
        (known["lot_id"], known["location_id"]) == (case["lot_id"], command.location_id)
        and parent_of(work, rules.logistic_unit(command.into)) is None
    )
    if fits and command.into != command.parent and not has_left(work, command.into):
        return None
    return Refusal(Code.CONTAINER_IN_USE, "into", f"{command.into} is used for something else")


def _check_none_set_aside(work: Work, content: list[Row]) -> Refusal | None:
    for row in content:
        refusal = check_set_aside(quantity(row).value, _free(work, row), "children")
        if refusal:
            return refusal
    return None


def _free(work: Work, container: Row) -> Decimal:
    """What of a container no pick has set aside."""
    return quantity(container).value - set_aside_of(work, container["sscc"])


def _broken(
    work: Work, command: DisaggregateUnit, units: tuple[UnitName, ...], inside: int
) -> UnitDisaggregated:
    case = work.find(containers, command.parent)
    return UnitDisaggregated(
        disaggregation_id=command.disaggregation_id, parent=command.parent,
        taken_out=tuple(
            TakenOut(unit=unit, into=command.into, lot_id=Id(case["lot_id"]))
            if unit.is_item and case else TakenOut(unit=unit)
            for unit in units
        ),
        whole=len(units) == inside, purpose=command.purpose, reason=command.reason,
        location_id=command.location_id, disaggregated_at=work.now,
        disaggregated_by=Id(work.actor.account), station=Id(work.actor.station),
    )
