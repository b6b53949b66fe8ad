"""Where each member of our messages stands in B2MML: the mapping of the contract, as a table.

Members go by their published names. What has no place of its own in ISA-95 becomes a property with
the member's path as its id, so that nothing is lost. Messages about the link itself
(``link-heartbeat``, ``message-settled``, ``message-discarded``) and about what a scanner read
(``scan-recorded``, whose separators no XML can carry) are no transactions of ISA-95 and have no
row.
Source: the mapping of the contract; ISA-95.00.02 (material use), ISA-95.00.05 (verbs).
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.model.lot_status import LotStatus


@dataclass(frozen=True)
class Material:
    """One material of a message, or one per item of the list ``each`` (names are then its own).

    ``parts`` is a list of container numbers or serials that the material was put together of.
    """

    use: str | None = None
    id: str | None = None
    definition: str | None = "materialId"
    lot: str | None = "lotId"
    sublot: str | None = None
    place: str | None = None
    quantity: str | None = "quantity"
    each: str | None = None
    parts: str | None = None


@dataclass(frozen=True)
class Performance:
    """A fact: one response with one segment. ``people`` and ``equipment`` are (use, member).

    ``rest_with_material`` says that what has no place belongs to the first material, as book and
    difference belong to what was counted; otherwise it is data of the segment.
    """

    operations_type: str
    segment: str
    key: str
    at: str
    people: tuple[tuple[str, str], ...]
    materials: tuple[Material, ...]
    request: str | None = None
    requirement: str | None = None
    equipment: tuple[tuple[str, str], ...] = (("station", "station"),)
    rest_with_material: bool = False


@dataclass(frozen=True)
class Schedule:
    """A request: one operations request with one segment; ``cancels`` takes it back."""

    operations_type: str
    segment: str
    key: str
    cancels: bool = False
    definition: str | None = None
    needed_by: str | None = None
    material: Material | None = None


@dataclass(frozen=True)
class Lot:
    """A new status of a lot."""

    lot: str
    material: str
    status: str
    effective_at: str


@dataclass(frozen=True)
class Definition:
    """A record of master data."""

    record: str
    version: str


Places = Performance | Schedule | Lot | Definition

PLACES: dict[str, Places] = {
    "receipt-confirmed": Performance(
        "Inventory", "receiving", "receiptId", "receivedAt",
        (("performed", "receivedBy"), ("verified", "verifiedBy")),
        (Material("Material Produced", sublot="container", place="locationId"),),
        request="asnId", requirement="lineId",
    ),
    "putaway-completed": Performance(
        "Inventory", "putaway", "putawayId", "putAwayAt", (("performed", "putAwayBy"),),
        (
            Material("Material Consumed", definition=None, sublot="container",
                     place="fromLocation", quantity=None),
            Material("Material Produced", definition=None, sublot="container",
                     place="toLocation", quantity=None),
        ),
    ),
    "pick-requested": Schedule(
        "Inventory", "picking", "requestId", definition="bomId", needed_by="neededBy",
        material=Material("Consumed", id="lineId", lot=None, place="/toLocation", each="lines"),
    ),
    "pick-cancelled": Schedule("Inventory", "picking", "requestId", cancels=True),
    "pick-confirmed": Performance(
        "Inventory", "picking", "confirmationId", "scannedAt", (("performed", "pickedBy"),),
        (
            Material("Material Consumed", sublot="sourceContainer", place="fromLocation"),
            Material("Material Produced", sublot="container", place="toLocation"),
        ),
        request="requestId", requirement="lineId",
    ),
    "material-issued": Performance(
        "Production", "dispensing", "issueId", "issuedAt",
        (("performed", "issuedBy"), ("verified", "verification/personId")),
        (Material("Consumed", sublot="sourceContainer"),),
        request="orderId", requirement="lineId",
        equipment=(("station", "station"), ("scale", "weighing/scaleId")),
    ),
    "material-returned": Performance(
        "Production", "returning", "returnId", "returnedAt", (("performed", "returnedBy"),),
        (Material("Produced", sublot="container", place="toLocation"),),
        request="orderId", requirement="lineId",
    ),
    "lot-status-changed": Lot("lotId", "materialId", "toStatus", "effectiveAt"),
    "warehouse-hold-placed": Lot("lotId", "materialId", "toStatus", "placedAt"),
    "pack-completed": Performance(
        "Production", "packing", "packId", "packedAt", (("performed", "packedBy"),),
        (Material("Produced", sublot="sscc", place="locationId", parts="serials"),),
        request="orderId",
    ),
    "unit-aggregated": Performance(
        "Inventory", "aggregating", "aggregationId", "aggregatedAt",
        (("performed", "aggregatedBy"),),
        (Material("Produced", definition=None, lot=None, sublot="parent", quantity=None,
                  parts="children"),),
    ),
    "unit-disaggregated": Performance(
        "Inventory", "disaggregating", "disaggregationId", "disaggregatedAt",
        (("performed", "disaggregatedBy"),),
        (
            Material("Material Consumed", definition=None, lot=None, sublot="parent",
                     quantity=None),
            Material("Material Produced", definition=None, sublot="unit", place="/locationId",
                     quantity=None, each="takenOut"),
        ),
    ),
    "kit-assembled": Performance(
        "Production", "assembling", "assemblyId", "assembledAt",
        (("performed", "assembledBy"),),
        (
            Material("Produced", definition=None, lot=None, sublot="kit", quantity=None),
            Material("Consumed", definition=None, sublot="unit", quantity=None,
                     each="components"),
        ),
        request="orderId",
    ),
    "kit-opened": Performance(
        "Inventory", "disassembling", "openingId", "openedAt", (("performed", "openedBy"),),
        (
            Material("Material Consumed", definition=None, sublot="kit", quantity=None),
            Material("Material Produced", definition=None, sublot="unit", quantity=None,
                     each="components"),
        ),
    ),
    "shipment-confirmed": Performance(
        "Inventory", "shipping", "shipmentId", "shippedAt", (("performed", "shippedBy"),),
        (Material("Material Consumed", sublot="sscc", each="content"),),
    ),
    "count-completed": Performance(
        "Inventory", "counting", "countId", "countedAt", (("performed", "countedBy"),),
        (Material("Inventoried", sublot="container", place="locationId", quantity="counted"),),
        rest_with_material=True,
    ),
    "inventory-adjusted": Performance(
        "Inventory", "adjusting", "adjustmentId", "adjustedAt",
        (("counted", "countedBy"), ("recounted", "recountedBy"), ("approved", "approvedBy")),
        (Material("Inventoried", sublot="container", place="locationId", quantity="after"),),
        rest_with_material=True,
    ),
    "sample-taken": Performance(
        "Inventory", "sampling", "sampleId", "sampledAt", (("performed", "sampledBy"),),
        (
            Material("Material Consumed", sublot="sourceContainer", place="locationId"),
            Material("Destructive Sample", sublot="sampleContainer"),
        ),
    ),
    "master-data-published": Definition("recordId", "version"),
    "return-received": Performance(
        "Inventory", "returning", "returnId", "receivedAt", (("performed", "receivedBy"),),
        (Material("Material Produced", sublot="container", place="locationId", parts="serials"),),
        request="shipmentId",
    ),
    "wip-transferred": Performance(
        "Production", "transferring", "transferId", "transferredAt",
        (("performed", "transferredBy"),),
        (
            Material("Material Consumed", sublot="container", place="fromLocation"),
            Material("Material Produced", sublot="container", place="toLocation"),
        ),
        request="orderId", requirement="lineId",
    ),
    "material-scrapped": Performance(
        "Inventory", "scrapping", "scrapId", "scrappedAt",
        (("performed", "scrappedBy"), ("verified", "verification/personId")),
        (Material("Material Consumed", sublot="container", place="locationId", parts="serials"),),
        request="orderId",
    ),
}

# Source: the table "Lot status: one table for three worlds" of the contract.
LOT_STATUS: dict[LotStatus, tuple[str, str]] = {
    LotStatus.QUARANTINE: ("Quarantine", "Restricted"),
    LotStatus.RELEASED: ("Released", "UnRestricted"),
    LotStatus.REJECTED: ("Rejected", "Restricted"),
    LotStatus.BLOCKED: ("Blocked", "Restricted"),
    LotStatus.EXPIRED: ("Expired", "Restricted"),
    LotStatus.RECALLED: ("Recalled", "Restricted"),
    LotStatus.CLOSED: ("Closed", "Closed"),
}
