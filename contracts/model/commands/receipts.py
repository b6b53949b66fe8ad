"""Receipts: the receiver scans what arrives and puts it away; a supervisor closes what is short."""

from __future__ import annotations

from contracts.model.answers import CommandAnswer
from contracts.model.commands.command import Command, Reason, Scan, SignatureComponents
from contracts.model.identifiers import Gtin14, Id, LotNumber, Sscc
from contracts.model.instants import Day
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import PositiveQuantity, Quantity
from contracts.model.receipts import AsnId, AsnState, Condition, Discrepancy
from contracts.model.wire_model import WireModel


class KeyedByHand(WireModel):
    """What the label leaves open, keyed by hand. Source: EU GMP Annex 11 §6."""

    gtin: Gtin14 | None = None
    lot: LotNumber | None = None
    expires_on: Day | None = None


class ConfirmReceipt(Command):
    """WMS. A container of an ASN stands at the dock.

    ``scan`` is what the scanner sent, symbology identifier first: the receipt is filled from it.
    ``quantity`` is what was counted; it may be left out where the label carries it. What is keyed
    although a label could tell it, is signed by a second person in ``verification``. ``line_id`` is
    given where the label alone does not lead to the line.
    """

    receipt_id: Id
    asn_id: AsnId
    scan: Scan
    quantity: PositiveQuantity | None = None
    condition: Condition
    location: Id
    line_id: Id | None = None
    keyed: KeyedByHand | None = None
    verification: SignatureComponents | None = None

    @property
    def key(self) -> str:
        return self.receipt_id


class ReceiptAnswer(CommandAnswer):
    """The site lot of a container that was received, and where it has to stand."""

    lot_id: Id
    location_id: Id
    discrepancy: Discrepancy | None = None
    asn_state: AsnState


class PutAway(Command):
    """WMS. A container was brought from the dock, or from another place, to its place."""

    putaway_id: Id
    scan: Scan
    to_location: Id

    @property
    def key(self) -> str:
        return self.putaway_id


class CloseAsn(Command):
    """WMS. What is still missing of an ASN will not come. Source: 21 CFR 211.184(a)."""

    close_id: Id
    asn_id: AsnId
    reason: Reason
    signature: SignatureComponents | None = None

    @property
    def key(self) -> str:
        return self.close_id


class RelocationTask(WireModel):
    """A container whose status its place does not allow: it is locked until it is moved."""

    container: Sscc
    lot_id: Id
    material_id: Id
    location_id: Id
    status: LotStatus
    quantity: Quantity


class RelocationTasks(WireModel):
    """What has to be moved, in the order of the containers."""

    tasks: tuple[RelocationTask, ...]
