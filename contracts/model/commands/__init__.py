"""What people and devices do at a system: the operator group, with sessions and e-signatures.

Every command that changes something carries a key of its own (a scan id, a request number), so
that a second press of the button does nothing. Source: URS-IDM-001, URS-IDM-008.
"""

from __future__ import annotations

from contracts.model.commands.command import Command, Reason, Scan, Secret, SignatureComponents
from contracts.model.commands.lot_status import ChangeLotStatus
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
from contracts.model.commands.picks import (
    ConfirmPick,
    PickTask,
    PickTasks,
    RequestedLine,
    RequestPick,
    StartOrder,
)
from contracts.model.commands.sessions import OpenSession, Session

__all__ = [
    "AggregateUnits",
    "ChangeLotStatus",
    "Command",
    "ConfirmPick",
    "LabelPrinted",
    "OpenSession",
    "PackUnit",
    "PalletizeUnits",
    "PickTask",
    "PickTasks",
    "PrintLabel",
    "Reason",
    "ReconcileLabels",
    "RequestPick",
    "RequestedLine",
    "Scan",
    "Secret",
    "Session",
    "ShipUnits",
    "SignatureComponents",
    "SpoilLabel",
    "StartOrder",
    "VerifyLabel",
]
