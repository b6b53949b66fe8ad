"""What comes back, goes on and is given up: customer returns, transfers in process, scrap."""

from __future__ import annotations

from contracts.model.commands.command import Command, Reason, Scan, SignatureComponents
from contracts.model.identifiers import Id, Sscc
from contracts.model.lot_status import ContainerDecision
from contracts.model.messages.customer_returns import Serials
from contracts.model.quantities import PositiveQuantity
from contracts.model.scrap import Disposal, ScrapReason


class ReceiveReturn(Command):
    """WMS. A container that a customer sent back stands at the dock; its label was scanned.

    ``serials`` are those scanned inside; it may be fewer than were shipped, never others.
    """

    return_id: Id
    shipment_id: Id
    rma_id: Id | None = None
    scan: Scan
    quantity: PositiveQuantity
    serials: Serials = ()
    location_id: Id
    reason: Reason

    @property
    def key(self) -> str:
        return self.return_id


class TransferWip(Command):
    """MES. A dispensed container is brought to another production location, whole."""

    transfer_id: Id
    order_id: Id
    scan: Scan
    to_location: Id

    @property
    def key(self) -> str:
        return self.transfer_id


class DecideContainer(Command):
    """MES. Quality decides about one container that is blocked, or in quarantine by itself.

    ``second_signature`` is of another person of quality, for a release.
    """

    decision_id: Id
    container: Sscc
    decision: ContainerDecision
    reason: Reason
    signature: SignatureComponents
    second_signature: SignatureComponents | None = None

    @property
    def key(self) -> str:
        return self.decision_id


class ScrapMaterial(Command):
    """WMS: out of a container in stock. MES: out of a dispensed container of an order.

    ``serials`` are the units that are given up, where the container holds serialised ones.
    ``verification`` is of a second person, above the site's threshold.
    """

    scrap_id: Id
    scan: Scan
    quantity: PositiveQuantity
    serials: Serials = ()
    disposal: Disposal
    reason_code: ScrapReason
    reason: Reason
    verification: SignatureComponents | None = None

    @property
    def key(self) -> str:
        return self.scrap_id
