"""What people and devices do at a system: the operator group, with sessions and e-signatures.

Every command that changes something carries a key of its own (a scan id, a request number), so
that a second press of the button does nothing. Source: URS-IDM-001, URS-IDM-008.
"""

from __future__ import annotations

from contracts.model.commands.command import Command, Reason, Scan, Secret, SignatureComponents
from contracts.model.commands.delivery import ReplayDeadLetter
from contracts.model.commands.lot_status import ChangeLotStatus
from contracts.model.commands.picks import (
    CancelPick,
    ConfirmPick,
    PickTask,
    PickTasks,
    RequestedLine,
    RequestPick,
    StartOrder,
)
from contracts.model.commands.sessions import OpenSession, Session

__all__ = [
    "CancelPick",
    "ChangeLotStatus",
    "Command",
    "ConfirmPick",
    "OpenSession",
    "PickTask",
    "PickTasks",
    "Reason",
    "ReplayDeadLetter",
    "RequestPick",
    "RequestedLine",
    "Scan",
    "Secret",
    "Session",
    "SignatureComponents",
    "StartOrder",
]
