"""What the messages of the contract are in EPCIS: each message as the events that it tells of.

Each event names the business key of its message, so that two acts of equal content have two ids,
and bears its hash as ``eventID``: the same fact sent again has the same id.
Source: the table "The transactions mapped" of the contract; CBV 2.0, 7 (vocabulary), 8.9 (id).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from contracts.formats.epcis_event import Event, Members
from contracts.formats.epcis_hash import event_hash
from contracts.formats.epcis_site import Site, item_uri, unit_uri
from contracts.formats.epcis_teller import Teller
from contracts.formats.epcis_units import aggregated, disaggregated, kit_assembled, kit_opened
from contracts.formats.epcis_writing import MASTER_DATA
from contracts.model.envelope import Envelope
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages import (
    MESSAGES,
    CountCompleted,
    InventoryAdjusted,
    LotStatusChanged,
    MaterialIssued,
    MaterialReturned,
    MaterialScrapped,
    PackCompleted,
    PickConfirmed,
    PutawayCompleted,
    ReceiptConfirmed,
    ReturnReceived,
    SampleTaken,
    ShipmentConfirmed,
    WarehouseHoldPlaced,
    WipTransferred,
)
from contracts.model.quantities import Quantity, Unit
from contracts.model.receipts import Condition
from contracts.model.scrap import Disposal


def events_of(message: Envelope[Any], site: Site) -> list[Event]:
    """The events that a message tells of, in the order in which they happened; none for a request.

    Raises: KeyError for a message type that is not in the table of the contract.
    """
    name = _NAMES[message.type]
    tell = _TOLD[name]
    if tell is None:
        return []
    told = tell(message.data, Teller(site, message.data.business_key))
    return [_identified(event) for event in told]


def _identified(event: Event) -> Event:
    return replace(event, members={"eventID": event_hash(event), **event.members})


def _amount(lot: str, quantity: Quantity) -> list[Members]:
    """An amount of a lot. Whole pieces have no unit. Source: EPCIS 2.0, 7.3.3.3."""
    whole = quantity.value == quantity.value.to_integral_value()
    unit = {} if quantity.unit is Unit.EACH and whole else {"uom": quantity.unit.value}
    return [{"epcClass": lot, "quantity": quantity.value, **unit}]


def _received(data: ReceiptConfirmed, tell: Teller) -> Iterator[Event]:
    """The container and its content are told apart, so that nothing counts twice."""
    lot = tell.site.lot_class(data.material_id, data.lot_id, data.supplier_lot, data.gtin)
    papers = (("desadv", data.asn_id), ("recadv", data.receipt_id))
    at, unit, here = data.received_at, unit_uri(data.container), tell.place(data.location_id)
    state = "damaged" if data.condition is Condition.DAMAGED else "in_progress"
    to = [{"type": "possessing_party", "destination": tell.site.party}]
    yield tell.seen(at, "receiving", state, *papers, epcList=[unit], readPoint=here,
                    bizLocation=here, destinationList=to)
    yield tell.event("AggregationEvent", at, *papers, parentID=unit, action="OBSERVE",
                     bizStep="receiving", disposition=state,
                     childQuantityList=_amount(lot, data.quantity), readPoint=here)
    yield tell.seen(at, "holding", "non_sellable_other", quantityList=[{"epcClass": lot}],
                    bizLocation=here)
    if data.discrepancy is not None:
        yield tell.seen(at, "holding", "unavailable", epcList=[unit], bizLocation=here)


def _put_away(data: PutawayCompleted, tell: Teller) -> Iterator[Event]:
    there = tell.place(data.to_location)
    yield tell.seen(data.put_away_at, "storing", "in_progress", epcList=[unit_uri(data.container)],
                    readPoint=there, bizLocation=there)


def _picked(data: PickConfirmed, tell: Teller) -> Iterator[Event]:
    """A part of a container first gets a container of its own."""
    order = ("prodorder", data.order_id)
    at, unit = data.scanned_at, unit_uri(data.container)
    if data.container != data.source_container:
        lot = tell.site.lot_class(data.material_id, data.lot_id, data.lot)
        yield tell.begun(at, [unit], data.from_location)
        yield tell.packed(at, unit, data.from_location, order,
                          childQuantityList=_amount(lot, data.quantity))
    yield tell.seen(at, "picking", "in_progress", order, epcList=[unit],
                    readPoint=tell.place(data.from_location))
    yield tell.seen(at, "storing", "in_progress", order, epcList=[unit],
                    bizLocation=tell.place(data.to_location))


def _issued(data: MaterialIssued, tell: Teller) -> Iterator[Event]:
    """``dispensing`` of CBV is to a consumer; what production consumes is a transformation."""
    order = ("prodorder", data.order_id)
    amount = _amount(tell.site.lot_class(data.material_id, data.lot_id, data.lot), data.quantity)
    if data.to_container is not None:
        unit = unit_uri(data.to_container)
        yield tell.begun(data.issued_at, [unit])
        yield tell.packed(data.issued_at, unit, None, order, childQuantityList=amount)
    yield tell.event("TransformationEvent", data.issued_at, order, inputQuantityList=amount,
                     transformationID=tell.site.transformation(data.order_id),
                     bizStep="commissioning", disposition="in_progress")


def _returned(data: MaterialReturned, tell: Teller) -> Iterator[Event]:
    order, at = ("prodorder", data.order_id), data.returned_at
    amount = _amount(tell.site.lot_class(data.material_id, data.lot_id, data.lot), data.quantity)
    unit, there = unit_uri(data.container), tell.place(data.to_location)
    if data.container != data.from_container:
        yield tell.begun(at, [unit])
        yield tell.packed(at, unit, None, order, childQuantityList=amount)
    yield tell.seen(at, "storing", "returned", order, quantityList=amount, bizLocation=there)
    if data.status in _STEP_OF_STATUS:
        yield tell.seen(at, *_STEP_OF_STATUS[data.status], epcList=[unit], bizLocation=there)


# Source: the table "Lot status: one table for three worlds" of the contract.
_STEP_OF_STATUS = {
    LotStatus.QUARANTINE: ("holding", "non_sellable_other"),
    LotStatus.RELEASED: ("inspecting", "conformant"),
    LotStatus.REJECTED: ("inspecting", "non_conformant"),
    LotStatus.BLOCKED: ("holding", "unavailable"),
    LotStatus.EXPIRED: ("holding", "expired"),
    LotStatus.RECALLED: ("holding", "recalled"),
}


def _status_changed(data: LotStatusChanged, tell: Teller) -> Iterator[Event]:
    """A class without quantity is the whole lot. A closed lot is told of where it was destroyed."""
    whole = [{"epcClass": tell.site.lot_class(data.material_id, data.lot_id)}]
    if data.to_status is LotStatus.CLOSED:
        if data.reason_code is StatusReason.DESTROYED:
            yield tell.event("ObjectEvent", data.effective_at, quantityList=whole,
                             action="DELETE", bizStep="destroying", disposition="destroyed")
        return
    about: Members = {"quantityList": whole} if data.container is None else {
        "epcList": [unit_uri(data.container)]
    }
    yield tell.seen(data.effective_at, *_STEP_OF_STATUS[data.to_status], **about,
                    persistentDisposition=_recall(data))


def _held(data: WarehouseHoldPlaced, tell: Teller) -> Iterator[Event]:
    """The whole lot is on hold from the moment at which the warehouse placed it."""
    whole = [{"epcClass": tell.site.lot_class(data.material_id, data.lot_id)}]
    yield tell.seen(data.placed_at, *_STEP_OF_STATUS[data.to_status], quantityList=whole)


def _recall(data: LotStatusChanged) -> Members | None:
    """A recall lasts until it is taken away."""
    if data.to_status is LotStatus.RECALLED:
        return {"set": ["recalled"]}
    return {"unset": ["recalled"]} if data.from_status is LotStatus.RECALLED else None


def _packed(data: PackCompleted, tell: Teller) -> Iterator[Event]:
    """The lot comes into being, its items get their serials, and go into the unit."""
    order, at = ("prodorder", data.order_id), data.packed_at
    lot = tell.site.lot_class(data.material_id, data.lot_id, data.lot, data.gtin)
    items = [item_uri(data.gtin, serial) for serial in data.serials]
    yield tell.event("TransformationEvent", at, order,
                     outputQuantityList=_amount(lot, data.quantity),
                     transformationID=tell.site.transformation(data.order_id),
                     bizStep="creating_class_instance", disposition="in_progress",
                     readPoint=tell.place(data.location_id))
    yield tell.begun(at, items, data.location_id, ilmd={
        f"{{{MASTER_DATA}}}lotNumber": data.lot,
        f"{{{MASTER_DATA}}}itemExpirationDate": data.expires_on.isoformat(),
    })
    yield tell.begun(at, [unit_uri(data.sscc)], data.location_id)
    yield tell.packed(at, unit_uri(data.sscc), data.location_id, order, childEPCs=items)


def _shipped(data: ShipmentConfirmed, tell: Teller) -> Iterator[Event]:
    """Only the outermost units: what they hold was told when it went in."""
    units = list(dict.fromkeys(unit_uri(item.unit) for item in data.content))
    yield tell.seen(
        data.shipped_at, "shipping", "in_transit", ("desadv", data.shipment_id), epcList=units,
        sourceList=[{"type": "possessing_party", "source": tell.site.party}],
        destinationList=[{"type": "possessing_party",
                          "destination": tell.site.partner(data.customer_id)}],
    )


def _counted(data: CountCompleted, tell: Teller) -> Iterator[Event]:
    """What was counted, absolute. Source: CBV 2.0, 7.1.2 (cycle_counting is not for accounts)."""
    lot = tell.site.lot_class(data.material_id, data.lot_id)
    here = tell.place(data.location_id)
    state = "mismatch_quantity" if data.difference.value else None
    yield tell.seen(data.counted_at, "cycle_counting", state, readPoint=here, bizLocation=here,
                    quantityList=_amount(lot, data.counted))


def _adjusted(data: InventoryAdjusted, tell: Teller) -> Iterator[Event]:
    """The book follows the recount: for the accounts, so this is stock taking."""
    lot = tell.site.lot_class(data.material_id, data.lot_id)
    here = tell.place(data.location_id)
    state = "mismatch_quantity" if data.delta.value else None
    yield tell.seen(data.adjusted_at, "stock_taking", state, readPoint=here, bizLocation=here,
                    quantityList=_amount(lot, data.after))


def _sampled(data: SampleTaken, tell: Teller) -> Iterator[Event]:
    """The sample gets a container of its own; ``sampling`` says that it will not come back."""
    amount = _amount(tell.site.lot_class(data.material_id, data.lot_id), data.quantity)
    unit = unit_uri(data.sample_container)
    yield tell.seen(data.sampled_at, "sampling", "in_progress", quantityList=amount,
                    readPoint=tell.place(data.location_id))
    yield tell.begun(data.sampled_at, [unit], data.location_id)
    yield tell.packed(data.sampled_at, unit, data.location_id, childQuantityList=amount)


def _came_back(data: ReturnReceived, tell: Teller) -> Iterator[Event]:
    """The container came back with this in it, and is held until quality has decided."""
    papers = (("desadv", data.shipment_id), *((("rma", data.rma_id),) if data.rma_id else ()))
    at, unit, here = data.received_at, unit_uri(data.container), tell.place(data.location_id)
    lot = tell.site.lot_class(data.material_id, data.lot_id, data.lot, data.gtin)
    inside = (
        {"childEPCs": [item_uri(data.gtin, serial) for serial in data.serials]}
        if data.gtin and data.serials else {"childQuantityList": _amount(lot, data.quantity)}
    )
    sender = [{"type": "possessing_party", "source": tell.site.partner(data.customer_id)}]
    yield tell.seen(at, "receiving", "returned", *papers, epcList=[unit], readPoint=here,
                    bizLocation=here, sourceList=sender)
    yield tell.event("AggregationEvent", at, *papers, parentID=unit, action="OBSERVE",
                     bizStep="receiving", disposition="returned", readPoint=here, **inside)
    yield tell.seen(at, *_STEP_OF_STATUS[LotStatus.QUARANTINE], *papers, epcList=[unit],
                    bizLocation=here)


def _went_on(data: WipTransferred, tell: Teller) -> Iterator[Event]:
    """It left one place of production and came to another."""
    order, at, unit = ("prodorder", data.order_id), data.transferred_at, unit_uri(data.container)
    there = tell.place(data.to_location)
    yield tell.seen(at, "departing", "in_transit", order, epcList=[unit],
                    readPoint=tell.place(data.from_location))
    yield tell.seen(at, "arriving", "in_progress", order, epcList=[unit], readPoint=there,
                    bizLocation=there)


_END = {
    Disposal.DESTROYED: ("destroying", "destroyed"),
    Disposal.DECOMMISSIONED: ("decommissioning", "inactive"),
}


def _scrapped(data: MaterialScrapped, tell: Teller) -> Iterator[Event]:
    """Serialised units end one by one, anything else as an amount of its lot."""
    step, state = _END[data.disposal]
    papers = (("prodorder", data.order_id),) if data.order_id else ()
    ended: Members = {}
    if data.gtin and data.serials:
        ended["epcList"] = [item_uri(data.gtin, serial) for serial in data.serials]
    else:
        lot = tell.site.lot_class(data.material_id, data.lot_id, data.lot, data.gtin)
        ended["quantityList"] = _amount(lot, data.quantity)
    yield tell.event("ObjectEvent", data.scrapped_at, *papers, action="DELETE", bizStep=step,
                     disposition=state, readPoint=tell.place(data.location_id), **ended)


# None: a request or a word about messages, not about matter: no event.
_Tell = Callable[[Any, Teller], Iterator[Event]]
_TOLD: dict[str, _Tell | None] = {
    "pick-requested": None,
    "pick-cancelled": None,
    "message-settled": None,
    "message-discarded": None,
    "link-heartbeat": None,
    "master-data-published": None,
    "scan-recorded": None,
    "receipt-confirmed": _received,
    "putaway-completed": _put_away,
    "pick-confirmed": _picked,
    "material-issued": _issued,
    "material-returned": _returned,
    "lot-status-changed": _status_changed,
    "warehouse-hold-placed": _held,
    "pack-completed": _packed,
    "unit-aggregated": aggregated,
    "unit-disaggregated": disaggregated,
    "kit-assembled": kit_assembled,
    "kit-opened": kit_opened,
    "shipment-confirmed": _shipped,
    "count-completed": _counted,
    "inventory-adjusted": _adjusted,
    "sample-taken": _sampled,
    "return-received": _came_back,
    "wip-transferred": _went_on,
    "material-scrapped": _scrapped,
}
_NAMES = {message.type: message.name for message in MESSAGES.values()}
MAPPED = frozenset(_TOLD)
"""The messages whose events are known."""
