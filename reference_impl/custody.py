"""Units are put together and broken: how both systems keep every act, and what follows from it.

Sources: URS-AGG-001, URS-AGG-002, URS-RET-001.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, select

from contracts.model.codes import Refusal
from contracts.model.envelope import Envelope
from contracts.model.identifiers import Sscc
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.messages.custody import UnitDisaggregated
from contracts.model.messages.kits import KitComponent
from contracts.model.messages.packing import PackCompleted, UnitAggregated
from contracts.model.quantities import Quantity, Unit
from contracts.model.roles import Role
from reference_impl.domain.custody import Move, MoveKind, standing
from reference_impl.records.work import Work
from reference_impl.serials import is_out
from reference_impl.stock import quantity, text
from reference_impl.store.custody_tables import aggregation_moves, custody
from reference_impl.store.database import Row, Statement
from reference_impl.store.tables import aggregations, containers
from reference_impl.units import ancestors_of, content_of
from reference_impl.wms.movements import Movement, Spot, post_movement

_MOVES = Statement(
    select(aggregation_moves).where(aggregation_moves.c.child == bindparam("child"))
)


@dataclass(frozen=True)
class Act:
    """One act of putting in or taking out, about one parent."""

    parent: str
    cause: str
    at: datetime
    by: str
    follows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loose:
    """Units of sale of one lot that go from one container into another."""

    source: str
    target: str
    lot_id: str
    count: int
    location_id: str
    cause: str

    @property
    def quantity(self) -> Quantity:
        """How many they are."""
        return Quantity(value=Decimal(self.count), unit=Unit.EACH)


def act_of(fact: PackCompleted | UnitAggregated | UnitDisaggregated) -> Act:
    """What a fact says of the unit that it is about."""
    if isinstance(fact, PackCompleted):
        return Act(fact.sscc, fact.pack_id, fact.packed_at, fact.packed_by)
    if isinstance(fact, UnitAggregated):
        return Act(
            fact.parent, fact.aggregation_id, fact.aggregated_at, fact.aggregated_by, fact.follows
        )
    return Act(fact.parent, fact.disaggregation_id, fact.disaggregated_at, fact.disaggregated_by)


def put_into(work: Work, act: Act, children: Iterable[str]) -> None:
    """Enter that these stand in a unit; a child that stands elsewhere raises an alarm."""
    for child in children:
        if is_out(work, child):
            work.alarm("SERIAL_NOT_ACTIVE", f"{act.cause}: {child}")
        _enter(work, act, child, MoveKind.IN)


def take_out(work: Work, act: Act, children: Iterable[str]) -> None:
    """Enter that these left a unit; of what is not known to stand there news is on its way."""
    for child in children:
        _enter(work, act, child, MoveKind.OUT)


def moves_of(work: Work, child: str) -> list[Move]:
    """Every act about one child."""
    return [read_move(row) for row in work.connection.rows(_MOVES, child=child)]


def read_move(row: Row) -> Move:
    """The act that a row holds."""
    return Move(
        row["child"], row["parent"], MoveKind(row["kind"]), from_microseconds(row["at"]),
        row["cause"], row["by"], tuple(json.loads(row["follows"] or "[]")),
    )


def unit_aggregated(work: Work, envelope: Envelope[UnitAggregated]) -> Refusal | None:
    """The partner put units together; news of a child may still be on its way."""
    fact = envelope.data
    above = {fact.parent, *ancestors_of(work, fact.parent)}
    for child in sorted(above & {*map(str, fact.children)}):
        work.alarm("UNIT_IN_ITSELF", f"aggregation {fact.aggregation_id}: {child}")
    keep_aggregation(work, fact, [c.key for c in fact.children if str(c) not in above])
    return None


def keep_aggregation(work: Work, fact: UnitAggregated, keys: list[str]) -> None:
    """Units go into another one; what lay in a container leaves it."""
    if fact.source is not None and fact.lot_id is not None and fact.location_id is not None:
        take_out(work, Act(fact.source, *_who(act_of(fact))), keys)
        move_loose(work, Loose(
            fact.source, fact.parent, fact.lot_id, len(keys), fact.location_id,
            fact.aggregation_id,
        ))
    put_into(work, act_of(fact), keys)


def unit_disaggregated(work: Work, envelope: Envelope[UnitDisaggregated]) -> Refusal | None:
    """The partner broke a unit. A fact is posted even where it surprises, with an alarm."""
    fact = envelope.data
    for item in fact.taken_out:
        known = work.find(aggregations, item.unit.key)
        if known is None or known["parent"] != fact.parent:
            work.alarm("NOT_IN_UNIT", f"{fact.disaggregation_id}: {item.unit}")
    keep_disaggregation(work, fact)
    return None


# implements FRS-RET-007
def keep_disaggregation(work: Work, fact: UnitDisaggregated) -> None:
    """What was inside comes out: what left, when, by whom, what for, and where it was put."""
    act = act_of(fact)
    take_out(work, act, [item.unit.key for item in fact.taken_out])
    for item in fact.taken_out:
        work.create(
            custody, disaggregation_id=fact.disaggregation_id, child=item.unit.key,
            parent=fact.parent, left_at=microseconds(fact.disaggregated_at),
            left_by=fact.disaggregated_by, station=fact.station, purpose=fact.purpose.value,
            reason=fact.reason, location_id=fact.location_id, into=item.into,
        )
        if not item.unit.is_item:
            _bring(work, fact, Sscc(item.unit))
    for (into, lot_id), keys in _by_container(fact).items():
        move_loose(work, Loose(
            fact.parent, into, lot_id, len(keys), fact.location_id,
            f"{fact.disaggregation_id}/{into}",
        ))
        put_into(work, Act(into, *_who(act)), keys)


def move_loose(work: Work, loose: Loose) -> None:
    """Pieces go from one container to another; one that is not known yet begins below zero."""
    source, target = work.find(containers, loose.source), work.find(containers, loose.target)
    if _is_weighed(work, loose, source) or _is_weighed(work, loose, target):
        return
    at = source["location_id"] if source else loose.location_id
    to = target["location_id"] if target else loose.location_id
    _change_content(work, loose, loose.source, -loose.count)
    _change_content(work, loose, loose.target, loose.count)
    if work.settings.role is Role.WMS:
        post_movement(work, Movement(
            loose.cause, loose.lot_id, loose.quantity, Spot(loose.source, at),
            Spot(loose.target, to),
        ))


def change_content(
    work: Work, item: KitComponent, difference: int, cause: tuple[str, str, str]
) -> None:
    """A piece goes out of a container into a kit, or comes back (``difference`` 1).

    ``cause``: the act, the kit, and the place of a container that is new.
    """
    act, kit, location_id = cause
    held = work.find(containers, item.container)
    loose = Loose(
        item.container, item.container, item.lot_id, 1,
        held["location_id"] if held else location_id, f"{act}/{item.unit}",
    )
    if _is_weighed(work, loose, held):
        return
    _change_content(work, loose, item.container, difference)
    if work.settings.role is Role.WMS:
        there, inside = Spot(item.container, loose.location_id), Spot(kit, f"kit/{kit}")
        post_movement(work, Movement(
            loose.cause, loose.lot_id, loose.quantity,
            *((there, inside) if difference < 0 else (inside, there)),
        ))


def _enter(work: Work, act: Act, child: str, kind: MoveKind) -> None:
    follows = json.dumps(act.follows) if act.follows and kind is MoveKind.IN else None
    work.create(
        aggregation_moves, child=child, cause=act.cause, kind=kind.value, parent=act.parent,
        at=microseconds(act.at), by=act.by, follows=follows,
    )
    _settle(work, act, child)


def _settle(work: Work, act: Act, child: str) -> None:
    """Let the tree follow the acts. A child in two units stays where it was, with an alarm."""
    known = work.find(aggregations, child)
    now = {period.begin.parent: period.begin for period in standing(moves_of(work, child))}
    if len(now) > 1:
        others = ", ".join(sorted(now))
        work.alarm("CHILD_IN_TWO_PARENTS", f"{act.cause}: {child} is in {others}")
    stays = known is not None and known["parent"] in now
    if known is not None and not now:
        work.remove(aggregations, child)
    elif now:
        move = now[known["parent"]] if known and stays else next(iter(now.values()))
        if known is None:
            work.create(aggregations, child=child, parent=move.parent, cause=move.cause)
        else:
            work.change(aggregations, child, parent=move.parent, cause=move.cause)


def _bring(work: Work, fact: UnitDisaggregated, unit: Sscc) -> None:
    """A logistic unit is at the place that the fact names, with all that it holds."""
    for held in content_of(work, unit):
        if held["location_id"] == fact.location_id:
            continue
        work.change(containers, held["sscc"], location_id=fact.location_id)
        if work.settings.role is Role.WMS:
            post_movement(work, Movement(
                f"{fact.disaggregation_id}/{held['sscc']}", held["lot_id"], quantity(held),
                Spot(held["sscc"], held["location_id"]), Spot(held["sscc"], fact.location_id),
            ))


def _by_container(fact: UnitDisaggregated) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for item in fact.taken_out:
        if item.into is not None and item.lot_id is not None:
            found.setdefault((item.into, item.lot_id), []).append(item.unit.key)
    return found


def _is_weighed(work: Work, loose: Loose, held: Row | None) -> bool:
    """Whether a container holds no pieces at all: a person has to look, and the book stays."""
    if held is None or held["unit"] == Unit.EACH.value:
        return False
    work.alarm("CONTENT_DIFFERS", f"{loose.cause}: {held['sscc']} holds {held['unit']}, no pieces")
    return True


def _change_content(work: Work, loose: Loose, sscc: str, difference: int) -> None:
    held = work.find(containers, sscc)
    if held is None:
        work.create(
            containers, sscc=sscc, lot_id=loose.lot_id, location_id=loose.location_id,
            quantity=str(difference), unit=Unit.EACH.value,
        )
        if difference < 0:
            work.alarm("BELOW_ZERO", f"{loose.cause}: {sscc} holds {difference}")
        return
    left = quantity(held) + Quantity(value=Decimal(difference), unit=Unit.EACH)
    work.change(containers, sscc, quantity=text(left))


def _who(act: Act) -> tuple[str, datetime, str]:
    return act.cause, act.at, act.by
