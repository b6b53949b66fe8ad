"""What people and devices do at a system: the operator group, with sessions and e-signatures.

Every command that changes something carries a key of its own (a scan id, a request number), so
that a second press of the button does nothing. Source: URS-IDM-001, URS-IDM-008.
"""

from __future__ import annotations

from contracts.model.commands.command import Command, Reason, Scan, Secret, SignatureComponents
from contracts.model.commands.dispensing import (
    CompleteOrder,
    ContainerLabel,
    Dispense,
    Dispensed,
    Override,
    ReturnMaterial,
)
from contracts.model.commands.lot_status import ChangeLotStatus
from contracts.model.commands.packing import (
    AggregateUnits,
    LabelPrinted,
    PackUnit,
    PalletizeUnits,
    PrintLabel,
    ShipUnits,
    SpoilLabel,
    VerifyLabel,
)
from contracts.model.commands.picks import (
    ConfirmPick,
    PickTask,
    PickTasks,
    RequestedLine,
    RequestPick,
    StartOrder,
)
from contracts.model.commands.receipts import (
    CloseAsn,
    ConfirmReceipt,
    PutAway,
    ReceiptAnswer,
    RelocationTask,
    RelocationTasks,
)
from contracts.model.commands.sessions import OpenSession, Session

__all__ = [
    "AggregateUnits",
    "ChangeLotStatus",
    "CloseAsn",
    "Command",
    "CompleteOrder",
    "ConfirmPick",
    "ConfirmReceipt",
    "ContainerLabel",
    "Dispense",
    "Dispensed",
    "LabelPrinted",
    "OpenSession",
    "Override",
    "PackUnit",
    "PalletizeUnits",
    "PickTask",
    "PickTasks",
    "PrintLabel",
    "PutAway",
    "Reason",
    "ReceiptAnswer",
    "RelocationTask",
    "RelocationTasks",
    "RequestPick",
    "RequestedLine",
    "ReturnMaterial",
    "Scan",
    "Secret",
    "Session",
    "ShipUnits",
    "SignatureComponents",
    "SpoilLabel",
    "StartOrder",
    "VerifyLabel",
]
