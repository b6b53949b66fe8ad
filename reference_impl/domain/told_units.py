"""Which events tell of units that are put together, broken and made into kits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from contracts.formats.epcis_site import Site, item_uri, unit_uri
from contracts.model.identifiers import ItemName, Sscc, UnitName
from reference_impl.domain.told import Told


def aggregation(fact: Any, _: Site) -> list[Told]:
    """What lay in a container leaves it before it goes into the unit."""
    inside = [*map(_uri, fact.children)]
    told = [] if fact.source is None else [_left(unit_uri(fact.source), inside)]
    return [*told, _entered(unit_uri(fact.parent), inside)]


def disaggregation(fact: Any, _: Site) -> list[Told]:
    """All that left is named; what is loose goes into a container in the same act."""
    told = [_left(unit_uri(fact.parent), [_uri(item.unit) for item in fact.taken_out])]
    by_container: dict[Sscc, list[str]] = {}
    for item in fact.taken_out:
        if item.into is not None:
            by_container.setdefault(item.into, []).append(_uri(item.unit))
    return told + [
        _entered(unit_uri(into), inside, fact.location_id) for into, inside in by_container.items()
    ]


def kit_born(fact: Any, _: Site) -> list[Told]:
    """The components leave their containers, and the kit holds them from then on."""
    kit = {"parentID": item_uri(fact.kit.gtin, fact.kit.serial),
           "childEPCs": [_uri(UnitName(part.unit)) for part in fact.components]}
    return [
        *(_left(unit_uri(one), inside) for one, inside in _by_container(fact.components).items()),
        Told("AggregationEvent", "assembling", "in_progress", "ADD", kit,
             papers=(("prodorder", fact.order_id),)),
    ]


def kit_ended(fact: Any, _: Site) -> list[Told]:
    """The kit leaves its container, gives up what it held, and is no more."""
    kit = item_uri(fact.kit.gtin, fact.kit.serial)
    held = {"parentID": kit, "childEPCs": [_uri(UnitName(part.unit)) for part in fact.components]}
    return [
        _left(unit_uri(fact.container), [kit]),
        Told("AggregationEvent", "disassembling", "in_progress", "DELETE", held),
        Told("ObjectEvent", "decommissioning", "inactive", "DELETE", {"epcList": [kit]}),
        *(_entered(unit_uri(one), inside, fact.location_id)
          for one, inside in _by_container(fact.components).items()),
    ]


def _by_container(components: Iterable[Any]) -> dict[Sscc, list[str]]:
    found: dict[Sscc, list[str]] = {}
    for part in components:
        found.setdefault(part.container, []).append(_uri(UnitName(part.unit)))
    return found


def _left(parent: str, children: list[str]) -> Told:
    return Told("AggregationEvent", "unpacking", "in_progress", "DELETE",
                {"parentID": parent, "childEPCs": children})


def _entered(parent: str, children: list[str], place: str | None = None) -> Told:
    return Told("AggregationEvent", "packing", "in_progress", "ADD",
                {"parentID": parent, "childEPCs": children}, place)


def _uri(unit: UnitName) -> str:
    """The name of a logistic unit, or of one unit of sale."""
    if not unit.is_item:
        return unit_uri(Sscc(unit))
    item = ItemName(unit)
    return item_uri(item.gtin, item.serial)
