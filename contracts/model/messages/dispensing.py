"""Dispensing: production weighs material out of staged containers, and returns what is left.

ISA-95: an issue is a material actual (Consumed) with the scale as equipment actual and two persons
(performed, verified); a return is a material actual (Produced) to storage. EPCIS: AggregationEvent
ADD packing for the dispensed container; ObjectEvent OBSERVE storing returned for a return.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from contracts.model.envelope import Payload
from contracts.model.identifiers import Id, LotNumber, Sscc
from contracts.model.instants import Day, Timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.quantities import Percent, PositiveQuantity, Quantity
from contracts.model.units import AppliedConversion
from contracts.model.wire_model import WireModel


class IssueMode(StrEnum):
    """How consumption is recorded: container by container on a scale, or computed at the end."""

    REAL_TIME = "REAL_TIME"
    BACKFLUSH = "BACKFLUSH"


class ReturnOrigin(StrEnum):
    """What returned material was: issued to the order, or staged for it and never issued."""

    ISSUED = "ISSUED"
    STAGED = "STAGED"


class Weighing(WireModel):
    """What the scale showed; net is ``gross`` minus ``tare``, exactly (ISA-95 SegmentData)."""

    gross: PositiveQuantity
    tare: Quantity
    scale_id: Id
    calibration_due: Day | None = None
    """The last day on which the scale counted as calibrated; absent: it needs none."""


class ToleranceOverride(WireModel):
    """Why a weight outside the band was used, and who signed. Source: URS-DSP-001, URS-STA-008."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    signatures: Annotated[tuple[SignatureManifest, ...], Field(min_length=2, max_length=2)]


class MaterialIssued(Payload):
    """MES → WMS. Material left a staged container for an order; the warehouse owns it no more.

    In real time it was weighed into ``to_container`` and verified by a second person; in backflush
    it was computed when the order was completed, so there is no container and no weighing.
    """

    issue_id: Id
    mode: IssueMode
    order_id: Id
    line_id: Id
    material_id: Id
    lot_id: Id
    lot: LotNumber
    source_container: Sscc
    to_container: Sscc | None = None
    quantity: PositiveQuantity
    """Net, in the base unit of the material."""
    potency: Percent | None = None
    weighing: Weighing | None = None
    conversion: AppliedConversion | None = None
    """How the net weight became ``quantity``, where the scale has another unit."""
    verification: SignatureManifest | None = None
    """The signature of the second person. Source: 21 CFR 211.101(c)."""
    override: ToleranceOverride | None = None
    issued_at: Timestamp
    issued_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.issue_id

    @model_validator(mode="after")
    def _a_weighing_is_whole(self) -> Self:
        given = (self.to_container, self.weighing, self.verification)
        if self.mode is IssueMode.REAL_TIME and None in given:
            raise ValueError("REAL_TIME carries toContainer, weighing and verification")
        if self.mode is IssueMode.BACKFLUSH and given != (None, None, None):
            raise ValueError("BACKFLUSH carries no toContainer, weighing or verification")
        return self


class MaterialReturned(Payload):
    """MES → WMS. Production gave material back; it is a container of its own from here on.

    ``from_container`` is the one that it came out of; both are the same where a whole container
    came back under its own label. ``origin`` says whether it had been issued.
    """

    return_id: Id
    origin: ReturnOrigin
    order_id: Id
    line_id: Id
    material_id: Id
    lot_id: Id
    lot: LotNumber
    from_container: Sscc
    container: Sscc
    quantity: PositiveQuantity
    status: LotStatus
    """The status of the returned sublot, stricter than its lot: QUARANTINE."""
    to_location: Id
    returned_at: Timestamp
    returned_by: Id
    station: Id

    @property
    def business_key(self) -> str:
        return self.return_id
