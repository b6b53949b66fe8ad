"""A kit is put together of components, and opened again; every component keeps its identity.

EPCIS: AggregationEvent ADD assembling, DELETE disassembling. Source: URS-AGG-003.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from contracts.model.envelope import Payload
from contracts.model.identifiers import Id, ItemName, LotNumber, Sscc
from contracts.model.instants import Timestamp
from contracts.model.messages.custody import Breaking
from contracts.model.wire_model import WireModel


class KitComponent(WireModel):
    """One component: item and serial number, its lot, and the container that it came out of when
    the kit was put together, or went into when it was opened.
    """

    unit: ItemName
    lot_id: Id
    lot: LotNumber
    container: Sscc


Components = Annotated[tuple[KitComponent, ...], Field(min_length=1, max_length=100)]


class KitAssembled(Payload):
    """MES → WMS. A kit was put together: its components left their containers for good."""

    assembly_id: Id
    order_id: Id
    kit: ItemName
    components: Components
    assembled_at: Timestamp
    assembled_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.assembly_id

    @model_validator(mode="after")
    def _components_are_distinct(self) -> Self:
        _check_distinct(self.kit, self.components)
        return self


class KitOpened(Payload):
    """Both ways. A kit was opened: it is no more, and each component lies in a container.

    ``container`` and ``lot_id`` are where the kit lay and the lot it was of.
    """

    opening_id: Id
    kit: ItemName
    container: Sscc
    lot_id: Id
    components: Components
    purpose: Breaking
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    location_id: Id
    opened_at: Timestamp
    opened_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.opening_id

    @model_validator(mode="after")
    def _components_are_distinct(self) -> Self:
        _check_distinct(self.kit, self.components)
        return self



def _check_distinct(kit: ItemName, components: Components) -> None:
    named = [str(component.unit) for component in components]
    if len({*named, str(kit)}) != len(named) + 1:
        raise ValueError("a component stands twice, or is the kit itself")
