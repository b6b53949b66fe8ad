"""Reconciling: MES compares its stock with that of WMS; quality closes what differs.

Sources: URS-REC-001, URS-REC-003.
"""

from __future__ import annotations

from contracts.model.answers import CommandAnswer
from contracts.model.commands.command import Command, Reason, SignatureComponents
from contracts.model.identifiers import Id
from contracts.model.inspection import Count


class ReconcileStock(Command):
    """MES. Compare stock with WMS now. From the first time on it is also done every day."""

    reconciliation_id: Id

    @property
    def key(self) -> str:
        return self.reconciliation_id


class Reconciled(CommandAnswer):
    """How many places were compared, containers set apart, and which differences stand open."""

    places: Count
    set_apart: Count
    differences: tuple[Id, ...]


class CloseDifference(Command):
    """MES. Quality closes a difference by a signed adjustment: MES takes over what WMS counts.

    ``deviation_id`` is the deviation that the difference has opened.
    """

    adjustment_id: Id
    difference_id: Id
    deviation_id: Id
    reason: Reason
    signature: SignatureComponents

    @property
    def key(self) -> str:
        return self.adjustment_id
