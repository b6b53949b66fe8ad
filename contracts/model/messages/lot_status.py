"""Lot status: the quality unit decides in MES, the warehouse follows, and may place a hold.

ISA-95: MaterialLot Status and Disposition. EPCIS: ObjectEvent OBSERVE inspecting or holding, with
the lot as class and no quantity, which means the whole lot.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from contracts.model.envelope import Payload
from contracts.model.identifiers import Id, Sscc
from contracts.model.instants import Day, Timestamp
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.wire_model import WireModel

Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class SignatureManifest(WireModel):
    """What a signed record shows of its signature. Source: 21 CFR 11.50(a); URS-STA-003."""

    signature_id: Id
    person_id: Id
    printed_name: Text
    role: Id
    meaning: Text
    signed_at: Timestamp


class LotStatusChanged(Payload):
    """MES → WMS. The lot has a new status. Release carries the signature that decided it.

    With ``container`` it is about that container alone, which was stricter than its lot: released,
    it is as its lot again; otherwise it takes the new status.
    """

    change_id: Id
    lot_id: Id
    material_id: Id
    container: Sscc | None = None
    from_status: LotStatus
    to_status: LotStatus
    reason_code: StatusReason
    reason: Text
    decided_by: Id
    """The person, or the service account where the system decided by itself (expiry, retest)."""
    decided_at: Timestamp
    effective_at: Timestamp
    station: Id
    retest_on: Day | None = None
    """The last day on which the lot is used without another test; absent: nothing changes."""
    signature: SignatureManifest | None = None
    second_signature: SignatureManifest | None = None
    """Of another person, where a downgraded lot is released. Source: URS-STA-008."""

    @property
    def business_key(self) -> str:
        return self.change_id


class WarehouseHoldPlaced(Payload):
    """WMS → MES. The warehouse put a lot on hold; only the quality unit takes it out of it."""

    hold_id: Id
    lot_id: Id
    material_id: Id
    from_status: LotStatus
    to_status: LotStatus
    reason_code: StatusReason
    reason: Text
    placed_by: Id
    placed_at: Timestamp
    station: Id

    @property
    def business_key(self) -> str:
        return self.hold_id
