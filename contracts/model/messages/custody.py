"""A unit is broken: what was inside comes out, for rework, for a return, or to be packed anew.

EPCIS: AggregationEvent DELETE unpacking; ISA-95: AssemblyActual removal. Source: URS-AGG-002,
URS-RET-001.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StrictBool, StringConstraints, model_validator

from contracts.model.envelope import Payload
from contracts.model.identifiers import Id, Sscc, UnitName
from contracts.model.instants import Timestamp
from contracts.model.wire_model import WireModel


class Breaking(StrEnum):
    """What a unit is broken for."""

    REWORK = "REWORK"
    RETURN = "RETURN"
    REPACKING = "REPACKING"


class TakenOut(WireModel):
    """What left. A unit of sale never lies about: ``into`` is the labelled container that holds it
    from then on, and ``lot_id`` the lot it is of; a logistic unit needs neither.
    """

    unit: UnitName
    into: Sscc | None = None
    lot_id: Id | None = None

    @model_validator(mode="after")
    def _items_lie_in_a_container(self) -> Self:
        wanted = self.unit.is_item
        if (self.into is not None, self.lot_id is not None) != (wanted, wanted):
            raise ValueError("into and lotId belong to units of sale alone")
        return self


class UnitDisaggregated(Payload):
    """Both ways. Units left the one that they stood in; by whoever took them out.

    All that left is named, also where nothing remains (``whole``). It is at ``location_id`` now.
    """

    disaggregation_id: Id
    parent: Sscc
    taken_out: Annotated[tuple[TakenOut, ...], Field(min_length=1, max_length=1000)]
    whole: StrictBool
    purpose: Breaking
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    location_id: Id
    disaggregated_at: Timestamp
    disaggregated_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.disaggregation_id

    @model_validator(mode="after")
    def _units_are_distinct_and_others(self) -> Self:
        units = [str(item.unit) for item in self.taken_out]
        if len({*units, str(self.parent)}) != len(units) + 1:
            raise ValueError("a unit stands twice, or is its own child")
        return self
