"""Kits are put together and opened: every component keeps item, lot and serial number.

A component is no stock while it is in a kit; the kit is, once it is packed. Source: URS-AGG-003.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, select

from contracts.model.codes import Code, Refusal
from contracts.model.commands import AssembleKit, ComponentPlace, OpenKit
from contracts.model.envelope import Envelope
from contracts.model.identifiers import Id, ItemName, LotNumber
from contracts.model.inspection_kits import KitRow, Kits
from contracts.model.instants import from_microseconds, microseconds
from contracts.model.messages import MESSAGES
from contracts.model.messages.kits import KitAssembled, KitComponent, KitOpened
from contracts.model.quantities import Quantity, Unit
from reference_impl.batch_inputs import note_issue, note_return
from reference_impl.custody import Act, change_content, put_into, take_out
from reference_impl.disaggregation import has_left
from reference_impl.domain import packing as rules
from reference_impl.domain.custody import check_set_aside
from reference_impl.domain.kits import check_complete, check_container
from reference_impl.domain.reasons import check_reason
from reference_impl.domain.shipping import check_unlocked
from reference_impl.link.outbox import About, put
from reference_impl.records.work import Work
from reference_impl.settings import Settings
from reference_impl.stock import quantity
from reference_impl.store.custody_tables import kit_components
from reference_impl.store.database import Connection, Row, Statement
from reference_impl.store.tables import containers, locations, lots, order_products, orders
from reference_impl.units import content_of, lots_in, parent_of
from reference_impl.units_set_aside import set_aside_of

_ONE = Quantity(value=Decimal(1), unit=Unit.EACH)
_OF_KIT = Statement(
    select(kit_components).where(kit_components.c.kit == bindparam("kit"))
    .order_by(kit_components.c.component)
)
_HELD_IN = Statement(
    select(kit_components.c.kit).where(
        kit_components.c.component == bindparam("component"),
        kit_components.c.opened_by.is_(None),
    )
)
_MAKES = Statement(
    select(order_products.c.order_id).where(order_products.c.lot_id == bindparam("lot_id"))
    .order_by(order_products.c.order_id)
)
_ALL = Statement(
    select(kit_components).order_by(kit_components.c.kit, kit_components.c.component)
)


# implements FRS-KIT-001
# implements FRS-KIT-002
# implements FRS-KIT-003
# implements FRS-KIT-004
def assemble_kit(work: Work, command: AssembleKit) -> Refusal | None:
    """A kit is put together of components in stock, and the warehouse is told."""
    order = work.find(orders, command.order_id)
    if order is None:
        return Refusal(Code.UNKNOWN_ORDER, "orderId", command.order_id)
    if order["state"] != "STARTED":
        return Refusal(Code.ORDER_NOT_STARTED, "orderId", f"it is {order['state']}")
    product = work.find(order_products, command.order_id)
    if product is None or product["gtin"] != command.kit.gtin:
        return Refusal(Code.UNKNOWN_ITEM, "kit", f"the order does not make {command.kit.gtin}")
    if parent_of(work, command.kit) or work.connection.rows(_OF_KIT, kit=command.kit):
        return Refusal(Code.ALREADY_PACKED, "kit", f"{command.kit} is there already")
    components = _taken(work, command.components)
    if isinstance(components, Refusal):
        return components
    fact = KitAssembled(
        assembly_id=command.assembly_id, order_id=command.order_id, kit=command.kit,
        components=components, assembled_at=work.now, assembled_by=Id(work.actor.account),
        station=Id(work.actor.station),
    )
    _keep_assembly(work, fact)
    put(work, MESSAGES["kit-assembled"], fact, About(f"container/{fact.kit}", fact.order_id))
    return None


# implements FRS-KIT-008
# implements FRS-KIT-010
# implements FRS-KIT-011
# implements FRS-KIT-012
def open_kit(work: Work, command: OpenKit) -> Refusal | None:
    """A kit is opened: every component comes out, and the partner is told."""
    inside = [r for r in work.connection.rows(_OF_KIT, kit=command.kit) if not r["opened_by"]]
    parent = parent_of(work, command.kit)
    held = work.find(containers, parent) if parent else None
    if not inside or held is None or has_left(work, held["sscc"]):
        return Refusal(Code.UNKNOWN_UNIT, "kit", f"{command.kit} lies in no container")
    if work.find(locations, command.location_id) is None:
        return Refusal(Code.UNKNOWN_LOCATION, "locationId", command.location_id)
    refusal = (
        rules.check_distinct([item.unit for item in command.components], "components")
        or check_complete([c.unit for c in command.components], [r["component"] for r in inside])
        or check_reason(command.reason)
        or check_unlocked(lots_in(content_of(work, held["sscc"])), "kit")
        or check_set_aside(1, quantity(held).value - set_aside_of(work, held["sscc"]), "kit")
    )
    components = refusal or _placed(work, command, {row["component"]: row for row in inside})
    if isinstance(components, Refusal):
        return components
    fact = KitOpened(
        opening_id=command.opening_id, kit=command.kit, container=held["sscc"],
        lot_id=held["lot_id"], components=components, purpose=command.purpose,
        reason=command.reason, location_id=command.location_id, opened_at=work.now,
        opened_by=Id(work.actor.account), station=Id(work.actor.station),
    )
    _keep_opening(work, fact)
    put(work, MESSAGES["kit-opened"], fact, About(f"container/{fact.kit}", fact.container))
    return None


def kit_assembled(work: Work, envelope: Envelope[KitAssembled]) -> Refusal | None:
    """Production put a kit together: its components are stock no longer."""
    fact = envelope.data
    for item in fact.components:
        if kit_of(work, item.unit) is not None or work.find(
            kit_components, fact.kit, item.unit
        ):
            work.alarm("CHILD_IN_TWO_PARENTS", f"{fact.assembly_id}: {item.unit}")
            return None
    _keep_assembly(work, fact)
    return None


def kit_opened(work: Work, envelope: Envelope[KitOpened]) -> Refusal | None:
    """The partner opened a kit: its components are stock again."""
    fact = envelope.data
    for item in fact.components:
        if work.find(kit_components, fact.kit, item.unit) is None:
            work.alarm("NOT_IN_UNIT", f"{fact.opening_id}: {item.unit}")
    _keep_opening(work, fact)
    return None


def kit_of(work: Work, component: str) -> str | None:
    """The kit that a component is in; None where it is in none."""
    row = work.connection.row(_HELD_IN, component=component)
    return row["kit"] if row else None


def show_kits(connection: Connection, settings: Settings, _: int) -> Kits:
    """Every component of every kit."""
    return Kits(rows=tuple(_kit_row(row, settings) for row in connection.rows(_ALL)))


# implements FRS-KIT-005
# implements FRS-KIT-006
# implements FRS-KIT-007
# implements FRS-PAK-016
def _taken(
    work: Work, places: Sequence[ComponentPlace]
) -> tuple[KitComponent, ...] | Refusal:
    """The components with their lots, each out of the container where it stands."""
    refusal = rules.check_distinct([item.unit for item in places], "components")
    if refusal:
        return refusal
    found = []
    wanted = Counter(item.container for item in places)
    for index, item in enumerate(places):
        path = f"components[{index}]"
        held = work.find(containers, item.container)
        if held is None or parent_of(work, item.unit) != item.container:
            return Refusal(Code.NOT_IN_UNIT, path, f"{item.unit} is not in {item.container}")
        content = lots_in(content_of(work, item.container))
        refusal = check_unlocked(content, path) or rules.check_in_date(content, work.now, path)
        if refusal or wanted[item.container] > quantity(held).value:
            return refusal or Refusal(Code.NOT_IN_UNIT, path, f"{item.container} holds less")
        found.append(_component(work, item, held["lot_id"]))
    return tuple(found)


# implements FRS-KIT-009
def _placed(
    work: Work, command: OpenKit, inside: dict[str, Row]
) -> tuple[KitComponent, ...] | Refusal:
    """The components, each with the container that it goes into."""
    chosen: dict[str, str] = {}
    for index, item in enumerate(command.components):
        lot_id = inside[item.unit]["lot_id"]
        known = work.find(containers, item.container)
        alone = parent_of(work, rules.logistic_unit(item.container)) is None
        fits = chosen.setdefault(item.container, lot_id) == lot_id and not has_left(
            work, item.container
        ) and (known is None or (
            alone and (known["lot_id"], known["location_id"]) == (lot_id, command.location_id)
        ))
        refusal = check_container(fits, item.container, index)
        if refusal:
            return refusal
    return tuple(
        _component(work, item, inside[item.unit]["lot_id"]) for item in command.components
    )


def _component(work: Work, item: ComponentPlace, lot_id: str) -> KitComponent:
    lot = work.find(lots, lot_id)
    assert lot is not None
    return KitComponent(
        unit=item.unit, lot_id=Id(lot_id), lot=LotNumber(lot["lot"]), container=item.container
    )


# implements FRS-GEN-001
def _keep_assembly(work: Work, fact: KitAssembled) -> None:
    """Components leave their containers; their lots are in the batch of the kit from now on."""
    for item in fact.components:
        note_issue(work, item.lot_id, fact.order_id, _ONE)
        act = _act(item, fact.assembly_id, fact.assembled_at, fact.assembled_by)
        take_out(work, act, [item.unit])
        change_content(work, item, -1, (fact.assembly_id, fact.kit, fact.station))
        work.create(
            kit_components, kit=fact.kit, component=item.unit, lot_id=item.lot_id, lot=item.lot,
            assembly_id=fact.assembly_id, assembled_at=microseconds(fact.assembled_at),
            assembled_by=fact.assembled_by,
        )


def _keep_opening(work: Work, fact: KitOpened) -> None:
    """The kit leaves its container and is no more; what was in it lies in containers again, and is
    not in the batch of the kit any more.
    """
    made = work.connection.row(_MAKES, lot_id=fact.lot_id)
    opened = Act(fact.container, fact.opening_id, fact.opened_at, fact.opened_by)
    take_out(work, opened, [fact.kit])
    lot = work.find(lots, fact.lot_id)
    itself = KitComponent(
        unit=fact.kit, lot_id=fact.lot_id, lot=LotNumber(lot["lot"] if lot else "0"),
        container=fact.container,
    )
    change_content(work, itself, -1, (fact.opening_id, fact.kit, fact.location_id))
    for item in fact.components:
        change_content(work, item, 1, (fact.opening_id, fact.kit, fact.location_id))
        if made is not None:
            note_return(work, item.lot_id, made["order_id"], _ONE)
        put_into(
            work, _act(item, fact.opening_id, fact.opened_at, fact.opened_by), [item.unit]
        )
        if work.find(kit_components, fact.kit, item.unit):
            work.change(
                kit_components, fact.kit, item.unit, opened_by=fact.opening_id,
                opened_at=microseconds(fact.opened_at), into=item.container,
            )


def _act(item: KitComponent, cause: str, at: datetime, by: str) -> Act:
    return Act(item.container, cause, at, by)


def _kit_row(row: Row, settings: Settings) -> KitRow:
    component, opened_at = ItemName(row["component"]), row["opened_at"]
    return KitRow(
        kit=row["kit"], component=component, gtin=component.gtin, lot_id=row["lot_id"],
        lot=row["lot"], serial=component.serial, assembly_id=row["assembly_id"],
        assembled_at=from_microseconds(row["assembled_at"], settings.site_zone),
        assembled_by=row["assembled_by"], opened_by=row["opened_by"],
        opened_at=from_microseconds(opened_at, settings.site_zone) if opened_at else None,
        into=row["into"],
    )
