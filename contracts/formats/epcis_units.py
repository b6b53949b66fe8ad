"""What units that are put together, broken and made into kits are in EPCIS."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.formats.epcis_event import Event
from contracts.formats.epcis_site import item_uri, unit_uri
from contracts.formats.epcis_teller import Teller
from contracts.model.identifiers import ItemName, Sscc, UnitName
from contracts.model.messages import (
    KitAssembled,
    KitOpened,
    UnitAggregated,
    UnitDisaggregated,
)


def aggregated(data: UnitAggregated, tell: Teller) -> Iterator[Event]:
    """What lay in a container leaves it first."""
    children = [_named(child) for child in data.children]
    if data.source is not None:
        yield tell.unpacked(data.aggregated_at, unit_uri(data.source), children)
    yield tell.packed(data.aggregated_at, unit_uri(data.parent), childEPCs=children)


def disaggregated(data: UnitDisaggregated, tell: Teller) -> Iterator[Event]:
    """What came out is named, also where it is all; loose items go into a container at once."""
    at, there = data.disaggregated_at, data.location_id
    children = [_named(item.unit) for item in data.taken_out]
    yield tell.unpacked(at, unit_uri(data.parent), children)
    for into in dict.fromkeys(item.into for item in data.taken_out):
        if into is not None:
            inside = [_named(item.unit) for item in data.taken_out if item.into == into]
            yield tell.packed(at, unit_uri(into), there, childEPCs=inside)


def kit_assembled(data: KitAssembled, tell: Teller) -> Iterator[Event]:
    """Components leave their containers and become part of the kit."""
    at, order = data.assembled_at, ("prodorder", data.order_id)
    for container in dict.fromkeys(item.container for item in data.components):
        inside = [_named(UnitName(c.unit)) for c in data.components if c.container == container]
        yield tell.unpacked(at, unit_uri(container), inside)
    yield tell.event("AggregationEvent", at, order, parentID=item_uri(data.kit.gtin,
                     data.kit.serial), action="ADD", bizStep="assembling",
                     disposition="in_progress",
                     childEPCs=[_named(UnitName(c.unit)) for c in data.components])


def kit_opened(data: KitOpened, tell: Teller) -> Iterator[Event]:
    """The kit is no more; its components lie in containers again."""
    at, kit = data.opened_at, item_uri(data.kit.gtin, data.kit.serial)
    yield tell.unpacked(at, unit_uri(data.container), [kit])
    yield tell.event("AggregationEvent", at, parentID=kit, action="DELETE",
                     bizStep="disassembling", disposition="in_progress",
                     childEPCs=[_named(UnitName(c.unit)) for c in data.components])
    yield tell.event("ObjectEvent", at, epcList=[kit], action="DELETE",
                     bizStep="decommissioning", disposition="inactive")
    for container in dict.fromkeys(item.container for item in data.components):
        inside = [_named(UnitName(c.unit)) for c in data.components if c.container == container]
        yield tell.packed(at, unit_uri(container), data.location_id, childEPCs=inside)


def _named(unit: UnitName) -> str:
    if not unit.is_item:
        return unit_uri(Sscc(unit))
    item = ItemName(unit)
    return item_uri(item.gtin, item.serial)
