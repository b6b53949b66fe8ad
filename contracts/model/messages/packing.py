"""Messages about packing: units go into a case, cases onto a pallet.

Identities are GS1 keys: a logistic unit by SSCC, a unit of sale by GTIN and serial number. EPCIS
would say commissioning and AggregationEvent ADD packing. Source: URS-PAK-002, URS-PAK-003.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from contracts.model.envelope import Payload
from contracts.model.identifiers import Gtin14, Id, LotNumber, SerialNumber, Sscc, UnitName
from contracts.model.instants import Day, Timestamp
from contracts.model.packing import UnitKind
from contracts.model.quantities import Pieces

Serials = Annotated[tuple[SerialNumber, ...], Field(min_length=1, max_length=1000)]
Children = Annotated[tuple[Sscc, ...], Field(min_length=1, max_length=150)]
Inside = Annotated[tuple[UnitName, ...], Field(min_length=1, max_length=1000)]


class PackCompleted(Payload):
    """MES → WMS. A logistic unit was packed under its verified label (MaterialActual Produced).

    ``lot_id`` is in quarantine until quality releases it; the receiver creates it where it is new.
    ``serials`` are all units that are inside, as many as ``quantity`` says.
    """

    pack_id: Id
    label_id: Id
    sscc: Sscc
    kind: UnitKind
    order_id: Id
    material_id: Id
    gtin: Gtin14
    lot_id: Id
    lot: LotNumber
    expires_on: Day
    quantity: Pieces
    serials: Serials
    location_id: Id
    packed_at: Timestamp
    packed_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.pack_id

    @model_validator(mode="after")
    def _serials_are_as_many_as_declared(self) -> Self:
        if len(set(self.serials)) != len(self.serials):
            raise ValueError("a serial number stands twice")
        if len(self.serials) != self.quantity.value:
            raise ValueError(f"{len(self.serials)} serials of {self.quantity}")
        return self


class UnitAggregated(Payload):
    """Both ways. Units were put into another one, by whoever did it.

    Logistic units stay where and what they are; from now on they travel in ``parent``. Units of
    sale come out of the container ``source``, where they lay since their unit was broken, and go
    to the place of ``parent``. ``follows`` names the disaggregations that this follows on.
    """

    aggregation_id: Id
    parent: Sscc
    children: Inside
    source: Sscc | None = None
    lot_id: Id | None = None
    location_id: Id | None = None
    follows: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()
    aggregated_at: Timestamp
    aggregated_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.aggregation_id

    @model_validator(mode="after")
    def _children_are_distinct_and_others(self) -> Self:
        if len({*map(str, self.children), str(self.parent)}) != len(self.children) + 1:
            raise ValueError("a unit stands twice, or is its own child")
        return self

    @model_validator(mode="after")
    def _items_come_from_a_container(self) -> Self:
        items = {child.is_item for child in self.children}
        given = {m is not None for m in (self.source, self.lot_id, self.location_id)}
        if len(items) > 1 or items != given:
            raise ValueError("source, lotId and locationId belong to units of sale alone")
        return self
