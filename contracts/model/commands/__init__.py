"""What people and devices do at a system: the operator group, with sessions and e-signatures.

Every command that changes something carries a key of its own (a scan id, a request number), so
that a second press of the button does nothing. Source: URS-IDM-001, URS-IDM-008.
"""

from __future__ import annotations

from contracts.model.commands.adjustments import (
    ApproveAdjustment,
    CountDifference,
    CountDifferences,
    RecordCount,
)
from contracts.model.commands.alarms import AcknowledgeAlarm
from contracts.model.commands.batch_records import (
    CompleteBatchRecord,
    RecallLot,
    RecordBatchEntry,
)
from contracts.model.commands.command import (
    Command,
    Reason,
    Scan,
    Secret,
    SignatureComponents,
    may_be_signed,
)
from contracts.model.commands.custody import DisaggregateUnit, ReaggregateItems
from contracts.model.commands.delivery import DiscardDeadLetter, ReplayDeadLetter
from contracts.model.commands.dispensing import (
    CompleteOrder,
    ContainerLabel,
    Dispense,
    Dispensed,
    Override,
    ReturnMaterial,
)
from contracts.model.commands.epcis import CorrectEvent
from contracts.model.commands.equipment import MaintainEquipment, RecordCalibration
from contracts.model.commands.flows import (
    DecideContainer,
    ReceiveReturn,
    ScrapMaterial,
    TransferWip,
)
from contracts.model.commands.kits import AssembleKit, ComponentPlace, OpenKit
from contracts.model.commands.laboratory import RecordResult
from contracts.model.commands.lot_status import ChangeLotStatus, HoldLot
from contracts.model.commands.master_data import (
    AdoptMasterData,
    MaterialChange,
    PublishMasterData,
    PublishMasterRecord,
)
from contracts.model.commands.migration import Migrated, MigrateMasterData
from contracts.model.commands.packing import (
    AggregateUnits,
    LabelPrinted,
    PackUnit,
    PalletizeUnits,
    PrintLabel,
    ReconcileLabels,
    ShipUnits,
    SpoilLabel,
    VerifyLabel,
)
from contracts.model.commands.people import (
    AssignDuties,
    ChangeAccount,
    ChangeServiceAccount,
    CreateAccount,
    KeepSigningRecords,
    ResetCredentials,
)
from contracts.model.commands.picks import (
    CancelPick,
    ConfirmPick,
    OverrideAllocation,
    PickTask,
    PickTasks,
    RequestedLine,
    RequestPick,
    StartOrder,
)
from contracts.model.commands.quality import (
    CloseCapa,
    CloseDeviation,
    InvestigateDeviation,
    OpenCapa,
    OpenDeviation,
)
from contracts.model.commands.receipts import (
    CloseAsn,
    ConfirmReceipt,
    KeyedByHand,
    PutAway,
    ReceiptAnswer,
    RelocationTask,
    RelocationTasks,
)
from contracts.model.commands.reconciling import CloseDifference, Reconciled, ReconcileStock
from contracts.model.commands.samples import TakeSample
from contracts.model.commands.scans import BeginScanStep, ScanUnit
from contracts.model.commands.sessions import OpenSession, Session
from contracts.model.commands.units import ConvertQuantity, QuantityConverted, RecordAssay

__all__ = [
    "AcknowledgeAlarm",
    "AdoptMasterData",
    "AggregateUnits",
    "ApproveAdjustment",
    "AssembleKit",
    "AssignDuties",
    "BeginScanStep",
    "CancelPick",
    "ChangeAccount",
    "ChangeLotStatus",
    "ChangeServiceAccount",
    "CloseAsn",
    "CloseCapa",
    "CloseDeviation",
    "CloseDifference",
    "Command",
    "CompleteBatchRecord",
    "CompleteOrder",
    "ComponentPlace",
    "ConfirmPick",
    "ConfirmReceipt",
    "ContainerLabel",
    "ConvertQuantity",
    "CorrectEvent",
    "CountDifference",
    "CountDifferences",
    "CreateAccount",
    "DecideContainer",
    "DisaggregateUnit",
    "DiscardDeadLetter",
    "Dispense",
    "Dispensed",
    "HoldLot",
    "InvestigateDeviation",
    "KeepSigningRecords",
    "KeyedByHand",
    "LabelPrinted",
    "MaintainEquipment",
    "MaterialChange",
    "MigrateMasterData",
    "Migrated",
    "OpenCapa",
    "OpenDeviation",
    "OpenKit",
    "OpenSession",
    "Override",
    "OverrideAllocation",
    "PackUnit",
    "PalletizeUnits",
    "PickTask",
    "PickTasks",
    "PrintLabel",
    "PublishMasterData",
    "PublishMasterRecord",
    "PutAway",
    "QuantityConverted",
    "ReaggregateItems",
    "Reason",
    "RecallLot",
    "ReceiptAnswer",
    "ReceiveReturn",
    "ReconcileLabels",
    "ReconcileStock",
    "Reconciled",
    "RecordAssay",
    "RecordBatchEntry",
    "RecordCalibration",
    "RecordCount",
    "RecordResult",
    "RelocationTask",
    "RelocationTasks",
    "ReplayDeadLetter",
    "RequestPick",
    "RequestedLine",
    "ResetCredentials",
    "ReturnMaterial",
    "Scan",
    "ScanUnit",
    "ScrapMaterial",
    "Secret",
    "Session",
    "ShipUnits",
    "SignatureComponents",
    "SpoilLabel",
    "StartOrder",
    "TakeSample",
    "TransferWip",
    "VerifyLabel",
    "may_be_signed",
]
