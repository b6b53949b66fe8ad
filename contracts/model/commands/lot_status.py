"""Lot status: the quality unit decides; the warehouse may place a hold."""

from __future__ import annotations

from contracts.model.commands.command import Command, Reason, SignatureComponents
from contracts.model.identifiers import Id
from contracts.model.lot_status import LotStatus, StatusReason


class ChangeLotStatus(Command):
    """MES. The quality unit decides on a lot: release, hold, reject, recall, close."""

    change_id: Id
    lot_id: Id
    to_status: LotStatus
    reason_code: StatusReason
    reason: Reason
    signature: SignatureComponents | None = None
    second_signature: SignatureComponents | None = None
    """Of another person of the quality unit: the release of a downgraded lot needs both."""

    @property
    def key(self) -> str:
        return self.change_id


class HoldLot(Command):
    """WMS. The warehouse puts a lot on hold, until the quality unit decides in MES."""

    hold_id: Id
    lot_id: Id
    to_status: LotStatus
    reason_code: StatusReason
    reason: Reason

    @property
    def key(self) -> str:
        return self.hold_id
