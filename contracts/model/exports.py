"""What a system shows to whoever inspects it: the tables of exports, by name and model."""

from __future__ import annotations

from contracts.model import (
    epcis,
    inspection,
    inspection_adjustments,
    inspection_batch,
    inspection_delivery,
    inspection_dispensing,
    inspection_flows,
    inspection_migration,
    inspection_packing,
    inspection_quality,
    inspection_receipts,
    inspection_reconciling,
    inspection_state,
    inspection_tracing,
    inspection_units,
    places,
)
from contracts.model.roles import Role
from contracts.model.wire_model import WireModel

SHOWN: tuple[tuple[str, str, type[WireModel], bool], ...] = (
    ("inventory", "Stock per material, lot, location and status", inspection.Inventory, False),
    ("lots", "Lots with status and expiry", inspection.Lots, False),
    ("containers", "Handling units with content and place", inspection.Containers, False),
    ("genealogy", "What came out of what", inspection.Genealogy, False),
    ("picks", "Pick requests line by line", inspection.Picks, False),
    ("counts", "What was counted, and how far the book was off", inspection_adjustments.Counts,
     False),
    ("adjustments", "Adjustments of the book", inspection_adjustments.Adjustments, False),
    ("investigations", "Why the book was wrong", inspection_adjustments.Investigations, False),
    ("deviations", "Deviations with the lots and batches they affect",
     inspection_adjustments.Deviations, False),
    ("samples", "Samples taken", inspection_adjustments.Samples, False),
    ("holds", "Holds that the warehouse placed, and what was issued before MES knew",
     inspection_quality.Holds, False),
    ("master-data", "Master data with its digest and the comparison with the partner's",
     inspection_reconciling.MasterData, False),
    ("cutoff", "How far the exchange has come, in both directions",
     inspection_reconciling.Cutoff, False),
    ("outbox", "Messages still to be delivered", inspection.Outbox, False),
    ("inbox", "Messages received, counted", inspection.InboxCounts, False),
    ("journal", "Documents received and sent, hash-chained", inspection.Journal, True),
    ("audit", "The audit trail", inspection.Audit, True),
    ("alarms", "Alarms", inspection.Alarms, False),
    ("link", "When the partner was last heard", inspection_delivery.Link, False),
    ("dead-letters", "Messages that their receiver broke on", inspection_delivery.DeadLetters,
     False),
    ("clock", "The site clock and the next due work", inspection.ClockState, False),
    ("configuration", "The settings that validation depends on", inspection.Configuration, False),
    ("asns", "Deliveries announced, and what arrived for them", inspection_receipts.Asns, False),
    ("aggregations", "What is inside what, and what is locked", inspection_packing.Aggregations,
     False),
    ("labels", "Logistic labels and their balance", inspection_packing.Labels, False),
    ("shipments", "What left the site, for whom", inspection_packing.Shipments, False),
    ("roundings", "What was rounded when it was posted, with the residue",
     inspection_units.Roundings, False),
    ("columns", "The columns of the database", inspection_units.Columns, False),
    ("locations", "The map of the site", places.Locations, False),
    ("customer-returns", "What customers sent back", inspection_flows.CustomerReturns, False),
    ("wip-transfers", "What went to another place in process", inspection_flows.WipTransfers,
     False),
    ("migrations", "Migrations of master data", inspection_migration.Migrations, False),
    ("scraps", "What was given up, and serial numbers out of use", inspection_flows.Scraps, False),
    ("event-repository", "How events are named, and how many there are", epcis.EventRepository,
     False),
    ("state", "All that a refusal leaves as it was, at one moment", inspection_state.State, False),
)
# What one role alone has to show; everything else both do.
SHOWN_BY: dict[str, Role] = {"asns": Role.WMS, "labels": Role.MES}

# What only the owner of a thing can show.
SHOWN_BY_ONE: tuple[tuple[Role, str, str, type[WireModel]], ...] = (
    (Role.MES, "wip", "Work in process per order, line and lot", inspection_dispensing.Wip),
    (Role.MES, "assays", "Assays of lots and quantities adjusted by them, all versions",
     inspection_units.Assays),
    (Role.MES, "weighings", "Dispensed containers with their weights",
     inspection_dispensing.Weighings),
    (Role.MES, "lab-results", "Results of the laboratory", inspection_quality.LabResults),
    (Role.MES, "equipment", "Devices, whether they may be used, and their history",
     inspection_quality.EquipmentRegister),
    (Role.MES, "capas", "Corrective and preventive actions", inspection_quality.Capas),
    (Role.MES, "recalls", "Recalls with the time that each took to reach everything",
     inspection_tracing.Recalls),
    (Role.WMS, "movements", "The stock ledger, movement by movement",
     inspection_batch.Movements),
)

# What is shown of one thing, named in the query.
SELECTED: tuple[tuple[tuple[Role, ...], str, str, type[WireModel], str], ...] = (
    ((Role.MES, Role.WMS), "trace-forward", "Where a lot went", inspection_tracing.ForwardTrace,
     "lotId"),
    ((Role.MES, Role.WMS), "trace-backward", "What is in a unit",
     inspection_tracing.BackwardTrace, "unit"),
    ((Role.MES,), "batch-record", "The batch record of an order", inspection_batch.BatchRecord,
     "orderId"),
)
