"""What a system holds, as one export: all of it at one moment."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from contracts.model.epcis import EventRepository
from contracts.model.inspection import Containers, Genealogy, Inventory, Lots, Outbox, Picks
from contracts.model.inspection_adjustments import Adjustments, Counts, Deviations, Samples
from contracts.model.inspection_batch import BatchEntries
from contracts.model.inspection_custody import AggregationHistory, Custody
from contracts.model.inspection_differences import Reconciliations
from contracts.model.inspection_dispensing import Weighings, Wip
from contracts.model.inspection_flows import CustomerReturns, Scraps, WipTransfers
from contracts.model.inspection_kits import Kits
from contracts.model.inspection_migration import Migrations
from contracts.model.inspection_packing import Aggregations, Labels, Shipments
from contracts.model.inspection_quality import Capas, EquipmentRegister, Holds, LabResults
from contracts.model.inspection_receipts import Asns
from contracts.model.inspection_reconciling import MasterData
from contracts.model.inspection_scans import Scans
from contracts.model.inspection_tracing import Recalls
from contracts.model.inspection_units import Assays, Roundings
from contracts.model.wire_model import WireModel


class OtherRows(WireModel):
    """The rows of one export that were not asked for: how many there are, and what they come to.

    ``digest`` is another one as soon as any of these rows is, comes or goes; over what it is made
    is the system's affair, 8 to 64 hexadecimal digits.
    """

    export: str
    rows: int = Field(ge=0)
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,64}$")]


class State(WireModel):
    """The exports that a refusal leaves as they were, read in one transaction.

    Each member is what the export of its name shows; a role without that export leaves it out.
    Asked ``about`` something, the members hold the rows alone that mention it anywhere, and
    ``others`` says of each export with further rows what those come to.
    ``journalPosition`` and ``auditSequence`` say where journal and audit trail end, 0 where empty.
    """

    inventory: Inventory
    lots: Lots
    containers: Containers
    genealogy: Genealogy
    counts: Counts
    adjustments: Adjustments
    samples: Samples
    deviations: Deviations
    holds: Holds
    master_data: MasterData
    outbox: Outbox
    picks: Picks
    aggregations: Aggregations
    aggregation_history: AggregationHistory
    custody: Custody
    kits: Kits
    scans: Scans
    shipments: Shipments
    roundings: Roundings
    assays: Assays | None = None
    customer_returns: CustomerReturns
    wip_transfers: WipTransfers
    scraps: Scraps
    migrations: Migrations
    event_repository: EventRepository
    labels: Labels | None = None
    asns: Asns | None = None
    wip: Wip | None = None
    weighings: Weighings | None = None
    lab_results: LabResults | None = None
    equipment: EquipmentRegister | None = None
    capas: Capas | None = None
    recalls: Recalls | None = None
    batch_entries: BatchEntries | None = None
    reconciliations: Reconciliations | None = None
    others: tuple[OtherRows, ...] = ()
    journal_position: int = Field(ge=0)
    audit_sequence: int = Field(ge=0)


# The exports of a state by their members: each stands alone under its name as well.
EXPORTS: dict[str, str] = {
    name: name.replace("_", "-") for name in State.model_fields
    if name not in {"others", "journal_position", "audit_sequence"}
}
