"""Scrap: material that is given up leaves the books of both systems, with its serial numbers.

ISA-95: OperationsPerformance, MaterialActual Consumed with the reason. EPCIS: ObjectEvent DELETE
destroying destroyed, or decommissioning inactive. Source: URS-ADJ-003; 21 CFR 211.184(c).
"""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from contracts.model.envelope import Payload
from contracts.model.identifiers import Gtin14, Id, LotNumber, Sscc
from contracts.model.instants import Timestamp
from contracts.model.messages.customer_returns import Serials
from contracts.model.messages.lot_status import SignatureManifest, Text
from contracts.model.quantities import PositiveQuantity
from contracts.model.scrap import Disposal, ScrapOrigin, ScrapReason
from contracts.model.serials import must_be_counted


class MaterialScrapped(Payload):
    """Both ways. An amount was given up: out of stock, or out of what an order was issued.

    What is scrapped out of stock leaves the stock of both systems. What is scrapped in process left
    it when it was issued, and is booked against the order. ``verification`` is the signature of a
    second person, which the site wants above a threshold.
    """

    scrap_id: Id
    origin: ScrapOrigin
    order_id: Id | None = None
    """The order that it was issued to; given exactly where the origin is IN_PROCESS."""
    container: Sscc
    material_id: Id
    gtin: Gtin14 | None = None
    lot_id: Id
    lot: LotNumber
    quantity: PositiveQuantity
    serials: Serials = ()
    disposal: Disposal
    reason_code: ScrapReason
    reason: Text
    location_id: Id
    scrapped_at: Timestamp
    scrapped_by: Id
    station: Id
    verification: SignatureManifest | None = None

    @property
    def business_key(self) -> str:
        return self.scrap_id

    @model_validator(mode="after")
    def _serials_and_origin_agree(self) -> Self:
        must_be_counted(self.serials, self.quantity, self.gtin)
        if (self.order_id is None) is (self.origin is ScrapOrigin.IN_PROCESS):
            raise ValueError("orderId is given exactly where the origin is IN_PROCESS")
        return self
