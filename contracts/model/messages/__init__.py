"""The messages of contract version 1, one module per domain word, and the table that lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.model.envelope import SCHEMA_ROOT, Envelope, Payload
from contracts.model.messages.adjustments import CountCompleted, InventoryAdjusted
from contracts.model.messages.custody import UnitDisaggregated
from contracts.model.messages.customer_returns import ReturnReceived
from contracts.model.messages.delivery import LinkHeartbeat, MessageDiscarded, MessageSettled
from contracts.model.messages.dispensing import MaterialIssued, MaterialReturned
from contracts.model.messages.kits import KitAssembled, KitOpened
from contracts.model.messages.lot_status import LotStatusChanged, WarehouseHoldPlaced
from contracts.model.messages.master_data import MasterDataPublished
from contracts.model.messages.packing import PackCompleted, UnitAggregated
from contracts.model.messages.picks import PickCancelled, PickConfirmed, PickRequested
from contracts.model.messages.receipts import PutawayCompleted, ReceiptConfirmed
from contracts.model.messages.samples import SampleTaken
from contracts.model.messages.scans import ScanRecorded
from contracts.model.messages.scrap import MaterialScrapped
from contracts.model.messages.shipping import ShipmentConfirmed
from contracts.model.messages.wip import WipTransferred
from contracts.model.roles import Role

EnvelopeModel = type[Envelope[Any]]


@dataclass(frozen=True)
class MessageType:
    """One message of the contract: its name, who sends it, its payload, request or fact.

    A *request* may be refused by a business rule. A *fact* describes matter or a decision of its
    owner: it is refused only for form, identity, duplicates and conflicts. A message ``both_ways``
    tells of what either system may have done: each sends it to the other.
    """

    name: str
    sender: Role
    receiver: Role
    payload: type[Payload]
    is_request: bool
    both_ways: bool = False

    @property
    def receivers(self) -> tuple[Role, ...]:
        """Who receives it."""
        return (self.receiver, self.sender) if self.both_ways else (self.receiver,)

    @property
    def operations(self) -> tuple[str, ...]:
        """The ids of the operations that take it."""
        return tuple(f"{receiver}/{self.name}" for receiver in self.receivers)

    @property
    def type(self) -> str:
        """The CloudEvents ``type``."""
        return f"gxproof.{self.name}.v1"

    @property
    def dataschema(self) -> str:
        """The URI of the payload's schema, with the full version."""
        return f"{SCHEMA_ROOT}/{self.name}/1.0.0"

    @property
    def envelope(self) -> EnvelopeModel:
        """The envelope model for this payload."""
        return Envelope[self.payload]  # type: ignore[name-defined]


MESSAGES: dict[str, MessageType] = {
    message.name: message
    for message in (
        MessageType("pick-requested", Role.MES, Role.WMS, PickRequested, is_request=True),
        MessageType("lot-status-changed", Role.MES, Role.WMS, LotStatusChanged, is_request=False),
        MessageType("pick-confirmed", Role.WMS, Role.MES, PickConfirmed, is_request=False),
        MessageType("pick-cancelled", Role.MES, Role.WMS, PickCancelled, is_request=True),
        MessageType(
            "message-settled", Role.MES, Role.WMS, MessageSettled, is_request=False, both_ways=True
        ),
        MessageType(
            "link-heartbeat", Role.MES, Role.WMS, LinkHeartbeat, is_request=False, both_ways=True
        ),
        MessageType(
            "message-discarded", Role.MES, Role.WMS, MessageDiscarded, is_request=False,
            both_ways=True,
        ),
        MessageType("receipt-confirmed", Role.WMS, Role.MES, ReceiptConfirmed, is_request=False),
        MessageType("putaway-completed", Role.WMS, Role.MES, PutawayCompleted, is_request=False),
        MessageType("pack-completed", Role.MES, Role.WMS, PackCompleted, is_request=False),
        MessageType("unit-aggregated", Role.MES, Role.WMS, UnitAggregated, is_request=False,
                    both_ways=True),
        MessageType("unit-disaggregated", Role.MES, Role.WMS, UnitDisaggregated,
                    is_request=False, both_ways=True),
        MessageType("kit-assembled", Role.MES, Role.WMS, KitAssembled, is_request=False),
        MessageType("kit-opened", Role.MES, Role.WMS, KitOpened, is_request=False,
                    both_ways=True),
        MessageType("shipment-confirmed", Role.WMS, Role.MES, ShipmentConfirmed,
                    is_request=False),
        MessageType("material-issued", Role.MES, Role.WMS, MaterialIssued, is_request=False),
        MessageType("material-returned", Role.MES, Role.WMS, MaterialReturned, is_request=False),
        # counts, samples, master data
        MessageType("count-completed", Role.WMS, Role.MES, CountCompleted, is_request=False),
        MessageType("inventory-adjusted", Role.WMS, Role.MES, InventoryAdjusted, is_request=False),
        MessageType("sample-taken", Role.WMS, Role.MES, SampleTaken, is_request=False,
                    both_ways=True),
        MessageType("scan-recorded", Role.MES, Role.WMS, ScanRecorded, is_request=False,
                    both_ways=True),
        MessageType("master-data-published", Role.MES, Role.WMS, MasterDataPublished,
                    is_request=False, both_ways=True),
        MessageType("warehouse-hold-placed", Role.WMS, Role.MES, WarehouseHoldPlaced,
                    is_request=False),
        # what comes back, goes on in process, is given up
        MessageType("return-received", Role.WMS, Role.MES, ReturnReceived, is_request=False),
        MessageType("wip-transferred", Role.MES, Role.WMS, WipTransferred, is_request=False),
        MessageType("material-scrapped", Role.WMS, Role.MES, MaterialScrapped, is_request=False,
                    both_ways=True),
    )
}

__all__ = [
    "MESSAGES",
    "CountCompleted",
    "InventoryAdjusted",
    "KitAssembled",
    "KitOpened",
    "LinkHeartbeat",
    "LotStatusChanged",
    "MasterDataPublished",
    "MaterialIssued",
    "MaterialReturned",
    "MaterialScrapped",
    "MessageDiscarded",
    "MessageSettled",
    "MessageType",
    "PackCompleted",
    "PickCancelled",
    "PickConfirmed",
    "PickRequested",
    "PutawayCompleted",
    "ReceiptConfirmed",
    "ReturnReceived",
    "SampleTaken",
    "ScanRecorded",
    "ShipmentConfirmed",
    "UnitAggregated",
    "UnitDisaggregated",
    "WarehouseHoldPlaced",
    "WipTransferred",
]
