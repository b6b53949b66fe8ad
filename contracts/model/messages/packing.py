"""Messages about packing: units go into a case, cases onto a pallet.

Identities are GS1 keys: a logistic unit by SSCC, a unit of sale by GTIN and serial number. EPCIS
would say commissioning and AggregationEvent ADD packing. Source: URS-PAK-002, URS-PAK-003.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from contracts.model.envelope import Payload
from contracts.model.identifiers import Gtin14, Id, LotNumber, SerialNumber, Sscc
from contracts.model.instants import Day, Timestamp
from contracts.model.packing import UnitKind
from contracts.model.quantities import Pieces

Serials = Annotated[tuple[SerialNumber, ...], Field(min_length=1, max_length=1000)]
Children = Annotated[tuple[Sscc, ...], Field(min_length=1, max_length=150)]


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
    """Both ways. Logistic units were put into another one, by whoever did it.

    The children stay where and what they are; from now on they travel in ``parent``.
    """

    aggregation_id: Id
    parent: Sscc
    children: Children
    aggregated_at: Timestamp
    aggregated_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.aggregation_id

    @model_validator(mode="after")
    def _children_are_distinct_and_others(self) -> Self:
        if len({*self.children, self.parent}) != len(self.children) + 1:
            raise ValueError("a unit stands twice, or is its own child")
        return self
