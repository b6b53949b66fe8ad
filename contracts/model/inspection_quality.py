"""What MES shows of the quality unit, the laboratory and maintenance; both systems show holds."""

from __future__ import annotations

from contracts.model.identifiers import Id
from contracts.model.instants import Day, Timestamp
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.quality import (
    CapaState,
    EffectivenessCheck,
    EquipmentState,
    RerunEvidence,
    ResultVerdict,
    RiskItem,
    UnitCode,
)
from contracts.model.quantities import ExactDecimal, Percent
from contracts.model.stimulus import EquipmentKind
from contracts.model.wire_model import WireModel


class LabResultRow(WireModel):
    """A reviewed result with the limits that it was judged by. Source: URS-LIM-001.

    ``potency``: the assay that the result gave its lot; absent where it gave none.
    """

    result_id: Id
    sample_id: Id
    lot_id: Id
    test: Id
    method: Id
    value: ExactDecimal
    unit: UnitCode
    low: ExactDecimal | None = None
    high: ExactDecimal | None = None
    verdict: ResultVerdict
    potency: Percent | None = None
    retest_on: Day | None = None
    """The retest date that the result gave its lot."""
    tested_by: Id
    reviewed_by: Id
    review_signature_id: Id
    recorded_at: Timestamp


class LabResults(WireModel):
    """All results, in the order in which they were recorded."""

    rows: tuple[LabResultRow, ...]


class EquipmentEventRow(WireModel):
    """Something that was signed for about a device.

    ``valid_until`` is there for a calibration that succeeded, ``certificate`` for each.
    """

    event_id: Id
    to_state: EquipmentState
    reason: str | None = None
    certificate: Id | None = None
    valid_until: Day | None = None
    signature_id: Id
    recorded_by: Id
    recorded_at: Timestamp


class EquipmentRow(WireModel):
    """A device of the register with its history, oldest first. Source: URS-MNT-001."""

    equipment_id: Id
    kind: EquipmentKind
    description: str
    state: EquipmentState
    calibration_due: Day | None = None
    history: tuple[EquipmentEventRow, ...]


class EquipmentRegister(WireModel):
    """All devices."""

    rows: tuple[EquipmentRow, ...]


class CapaRow(WireModel):
    """A corrective and preventive action; closed, it shows all four pieces of evidence."""

    capa_id: Id
    deviation_ids: tuple[Id, ...]
    action: str
    risk_item: RiskItem
    state: CapaState
    opened_by: Id
    opened_at: Timestamp
    change_id: Id | None = None
    updated_risk_item: RiskItem | None = None
    rerun: RerunEvidence | None = None
    effectiveness: EffectivenessCheck | None = None
    closed_by: Id | None = None
    closed_at: Timestamp | None = None
    signature_id: Id | None = None


class Capas(WireModel):
    """All corrective and preventive actions."""

    rows: tuple[CapaRow, ...]


class HoldRow(WireModel):
    """A hold that the warehouse placed. Source: URS-STA-005, URS-STA-007.

    ``recorded_at``: when MES entered it; from then on nothing of the lot is issued. The issues of
    ``issued_before`` were made after it was placed and before MES had entered it, in the order of
    the system that shows them.
    """

    hold_id: Id
    lot_id: Id
    from_status: LotStatus
    to_status: LotStatus
    reason_code: StatusReason
    reason: str
    placed_by: Id
    placed_at: Timestamp
    recorded_at: Timestamp | None = None
    issued_before: tuple[Id, ...]


class Holds(WireModel):
    """All holds that the warehouse placed."""

    rows: tuple[HoldRow, ...]
