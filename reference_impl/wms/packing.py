"""What was packed comes into stock, units are palletized, and closed units leave for a customer.

Sources: URS-PAK-003, URS-PAK-004, URS-AGG-001, URS-STA-004, URS-STA-006.
"""

from __future__ import annotations

from datetime import date

from contracts.model.codes import Code, Refusal
from contracts.model.commands import AggregateUnits, ShipUnits
from contracts.model.envelope import Envelope
from contracts.model.identifiers import Sscc, UnitName
from contracts.model.messages import MESSAGES
from contracts.model.messages.packing import PackCompleted, UnitAggregated
from contracts.model.messages.shipping import ShipmentConfirmed, ShippedContent
from contracts.model.quantities import PositiveQuantity
from contracts.model.questions import Use
from contracts.model.stimulus import Load
from reference_impl.custody import act_of, put_into
from reference_impl.disaggregation import followed_by
from reference_impl.domain import packing as rules
from reference_impl.domain.shipping import check_shippable, check_unlocked
from reference_impl.link.outbox import About, put
from reference_impl.master_data import check_equal
from reference_impl.products import keep_product_lot
from reference_impl.records.asking import Question
from reference_impl.records.work import Work
from reference_impl.stock import quantity, text
from reference_impl.store.database import Row
from reference_impl.store.tables import containers, customers, lots
from reference_impl.units import (
    check_children,
    content_of,
    keep_shipment,
    lots_in,
    parent_of,
)
from reference_impl.validation import ask_partner
from reference_impl.wms.allocation import free_of
from reference_impl.wms.movements import Movement, Spot, post_movement


def load_customers(work: Work, body: Load) -> int:
    """Take over the customers. Returns: how many were new."""
    new = [one for one in body.customers if not work.find(customers, one.customer_id)]
    for one in new:
        work.create(
            customers, customer_id=one.customer_id, name=one.name,
            minimum_shelf_life_days=one.minimum_shelf_life_days,
        )
    return len(new)


def pack_completed(work: Work, envelope: Envelope[PackCompleted]) -> Refusal | None:
    """A packed unit is in stock from now on, its lot in quarantine where nobody knew it.

    A fact is posted even where it surprises; what surprises raises an alarm.
    """
    fact = envelope.data
    keep_product_lot(work, fact)
    lot = work.find(lots, fact.lot_id)
    if lot is None or (lot["lot"], lot["expires_on"]) != (fact.lot, fact.expires_on.isoformat()):
        work.alarm("LOT_DIFFERS", f"pack {fact.pack_id}: {fact.lot_id}")
    held = work.find(containers, fact.sscc)
    if held is not None and not _is_awaited(held, fact):
        work.alarm("CONTAINER_IN_USE", f"pack {fact.pack_id}: {fact.sscc}")
        return None
    if held is None:
        work.create(
            containers, sscc=fact.sscc, lot_id=fact.lot_id, location_id=fact.location_id,
            quantity=text(fact.quantity), unit=fact.quantity.unit.value,
        )
    else:
        work.change(
            containers, fact.sscc, location_id=fact.location_id,
            quantity=text(quantity(held) + fact.quantity),
        )
    post_movement(work, Movement(
        fact.pack_id, fact.lot_id, fact.quantity,
        Spot(fact.sscc, f"order/{fact.order_id}"), Spot(fact.sscc, fact.location_id),
    ))
    units = [rules.unit_of_sale(fact.gtin, serial) for serial in fact.serials]
    put_into(work, act_of(fact), units)
    return None


def _is_awaited(held: Row, fact: PackCompleted) -> bool:
    """Whether a container is there only because news of what left it overtook its packing."""
    left = quantity(held)
    return left.value < 0 and (held["lot_id"], left.unit) == (fact.lot_id, fact.quantity.unit)


# implements FRS-AGG-003
def aggregate_units(work: Work, command: AggregateUnits) -> Refusal | None:
    """Units in stock go onto a pallet, and MES is told."""
    container = work.find(containers, command.parent)
    if container is not None:
        return Refusal(Code.CONTAINER_IN_USE, "parent", f"{command.parent} is a container")
    refusal = check_children(work, command.parent, command.children)
    if refusal:
        return refusal
    fact = UnitAggregated(
        aggregation_id=command.aggregation_id, parent=command.parent,
        children=tuple(UnitName(child) for child in command.children),
        follows=followed_by(work, command.children), aggregated_at=work.now,
        aggregated_by=work.actor.account, station=work.actor.station,
    )
    put_into(work, act_of(fact), [child.key for child in fact.children])
    about = About(f"container/{fact.parent}", fact.parent)
    put(work, MESSAGES["unit-aggregated"], fact, about)
    return None


# implements FRS-SHP-001
def ship_units(work: Work, command: ShipUnits) -> Refusal | None:
    """Closed units leave the site for a customer; all of them or none."""
    customer = work.find(customers, command.customer_id)
    if customer is None:
        return Refusal(Code.UNKNOWN_CUSTOMER, "customerId", command.customer_id)
    refusal = rules.check_distinct(command.ssccs, "ssccs")
    if refusal:
        return refusal
    loaded: list[tuple[Sscc, list[Row]]] = []
    for index, sscc in enumerate(command.ssccs):
        content = content_of(work, sscc)
        refusal = _check_unit(work, sscc, content, f"ssccs[{index}]") or check_shippable(
            lots_in(content), work.now, customer["minimum_shelf_life_days"], f"ssccs[{index}]"
        )
        if refusal:
            return refusal
        loaded.append((sscc, content))
    refusal = _ask_owner(work, [content for _, content in loaded])
    if refusal:
        return refusal
    fact = _shipment(work, command, customer, loaded)
    _leave(work, fact)
    keep_shipment(work, fact)
    about = About(f"shipment/{fact.shipment_id}", fact.shipment_id)
    put(work, MESSAGES["shipment-confirmed"], fact, about)
    return None


# implements FRS-AGG-001
# implements FRS-SHP-002
def _check_unit(work: Work, sscc: Sscc, content: list[Row], path: str) -> Refusal | None:
    if not content:
        return Refusal(Code.UNKNOWN_UNIT, path, f"{sscc} holds nothing")
    parent = parent_of(work, rules.logistic_unit(sscc))
    if parent is not None:
        return Refusal(Code.UNIT_NOT_CLOSED, path, f"it stands in {parent}")
    for row in content:
        if free_of(work.connection, row["sscc"], quantity(row)) != quantity(row):
            return Refusal(Code.UNIT_NOT_CLOSED, path, f"{row['sscc']} is set aside for a pick")
    differing = (check_equal(work, row["material_id"], path) for row in content)
    return check_unlocked(lots_in(content), path) or next(filter(None, differing), None)


# implements FRS-STA-041
# implements FRS-STA-043
def _ask_owner(work: Work, loaded: list[list[Row]]) -> Refusal | None:
    """Refuse what MES does not allow to leave, or does not confirm; each lot is asked for once."""
    paths: dict[str, str] = {}
    for index, content in enumerate(loaded):
        for row in content:
            paths.setdefault(row["lot_id"], f"ssccs[{index}]")
    work.ask_first(Question(lot_id, None, Use.SHIP) for lot_id in paths)
    for lot_id, path in paths.items():
        refusal = ask_partner(work, Use.SHIP, path, lot_id=lot_id)
        if refusal and refusal.code is Code.UNKNOWN_LOT:
            return Refusal(Code.UNKNOWN_LOT, path, f"MES does not know lot {lot_id}")
        if refusal:
            return refusal
    return None


def _shipment(
    work: Work, command: ShipUnits, customer: Row, loaded: list[tuple[Sscc, list[Row]]]
) -> ShipmentConfirmed:
    return ShipmentConfirmed(
        shipment_id=command.shipment_id, customer_id=command.customer_id,
        consignee=customer["name"],
        content=tuple(_content(unit, row) for unit, content in loaded for row in content),
        shipped_at=work.now, shipped_by=work.actor.account, station=work.actor.station,
    )


def _content(unit: Sscc, row: Row) -> ShippedContent:
    held = quantity(row)
    return ShippedContent(
        unit=unit, sscc=row["sscc"], material_id=row["material_id"], lot_id=row["lot_id"],
        lot=row["lot"],
        expires_on=date.fromisoformat(row["expires_on"]),
        quantity=PositiveQuantity(value=held.value, unit=held.unit),
    )


def _leave(work: Work, fact: ShipmentConfirmed) -> None:
    """The content leaves stock."""
    for item in fact.content:
        held = work.find(containers, item.sscc)
        assert held is not None
        work.change(containers, item.sscc, quantity="0")
        post_movement(work, Movement(
            f"{fact.shipment_id}/{item.sscc}", item.lot_id, item.quantity,
            Spot(item.sscc, held["location_id"]),
            Spot(item.sscc, f"customer/{fact.customer_id}"),
        ))
