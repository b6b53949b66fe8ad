"""What a system shows of what came back, went on in process and was given up."""

from __future__ import annotations

from contracts.model.identifiers import Id, SerialNumber, Sscc
from contracts.model.inspection_packing import UnitKey
from contracts.model.instants import Timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Quantity
from contracts.model.scrap import Disposal, ScrapOrigin, ScrapReason, SerialState
from contracts.model.wire_model import WireModel


class CustomerReturnRow(WireModel):
    """One container that a customer sent back. ``status`` is the one in which it was entered."""

    return_id: Id
    shipment_id: Id
    customer_id: Id
    rma_id: Id | None = None
    container: Sscc
    lot_id: Id
    quantity: Quantity
    serials: tuple[SerialNumber, ...]
    status: LotStatus
    location_id: Id
    reason: str
    received_at: Timestamp
    received_by: Id


class CustomerReturns(WireModel):
    """All that customers sent back. Source: 21 CFR 211.204."""

    rows: tuple[CustomerReturnRow, ...]


class WipTransferRow(WireModel):
    """One dispensed container that went to another production location."""

    transfer_id: Id
    order_id: Id
    container: Sscc
    lot_id: Id
    quantity: Quantity
    from_location: Id
    to_location: Id
    transferred_at: Timestamp
    transferred_by: Id


class WipPlaceRow(WireModel):
    """Where a container in process stands since its last transfer."""

    container: Sscc
    lot_id: Id
    order_id: Id
    location_id: Id
    quantity: Quantity


class WipTransfers(WireModel):
    """All transfers in their order, and where they left each container. Source: URS-WIP-001."""

    rows: tuple[WipTransferRow, ...]
    places: tuple[WipPlaceRow, ...]


class ScrapRow(WireModel):
    """One amount that was given up. ``verified_by`` is the second person, where one signed."""

    scrap_id: Id
    origin: ScrapOrigin
    order_id: Id | None = None
    container: Sscc
    lot_id: Id
    quantity: Quantity
    serials: tuple[SerialNumber, ...]
    disposal: Disposal
    reason_code: ScrapReason
    reason: str
    scrapped_at: Timestamp
    scrapped_by: Id
    verified_by: Id | None = None


class SerialRow(WireModel):
    """A unit of sale that stands in no unit of the site any more, and why."""

    unit: UnitKey
    state: SerialState
    cause: Id


class Scraps(WireModel):
    """All that was given up, and the serial numbers that are never packed again."""

    rows: tuple[ScrapRow, ...]
    serials: tuple[SerialRow, ...]
