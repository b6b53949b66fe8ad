"""What a system shows of itself, read-only: to the harness, an auditor, the reconciling partner.

Rows come in the order of their keys, so that two equal states export equal bytes.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StringConstraints

from contracts.model.answers import Sha256
from contracts.model.identifiers import (
    Gtin14,
    Id,
    LotNumber,
    MessageId,
    SiteLotCode,
    Sscc,
    SystemUri,
)
from contracts.model.instants import Day, Timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import ExactDecimal, Quantity
from contracts.model.roles import Role
from contracts.model.units import RoundingRule
from contracts.model.wire_model import WireModel

# Numbers of things and places of rows stay below what a JSON reader with binary floats holds whole.
Count = Annotated[int, Field(strict=True, ge=0, lt=10**15)]
Position = Annotated[int, Field(strict=True, ge=1, lt=10**15)]


class InventoryRow(WireModel):
    """Stock of one lot at one location, as this system believes it."""

    material_id: Id
    lot_id: Id
    location_id: Id
    status: LotStatus
    quantity: Quantity


class Inventory(WireModel):
    """Stock per material, lot, location and status."""

    rows: tuple[InventoryRow, ...]


class LotRow(WireModel):
    """A lot and its status. ``expires_at`` is the first instant at which it is expired."""

    lot_id: Id
    material_id: Id
    lot: LotNumber
    lot_code: SiteLotCode | None = None
    """The site's own code of a lot that it received."""
    gtin: Gtin14 | None = None
    status: LotStatus
    expires_on: Day
    expires_at: Timestamp
    released_at: Timestamp | None = None
    retest_on: Day | None = None
    """The last day on which it is used without another test; absent: it has none."""
    retest_at: Timestamp | None = None
    """The first instant at which it has to be tested again."""


class Lots(WireModel):
    """All lots."""

    rows: tuple[LotRow, ...]


class ContainerRow(WireModel):
    """A handling unit with its content.

    ``status`` is there where the sublot is stricter than its lot, never laxer.
    """

    sscc: Sscc
    lot_id: Id
    location_id: Id
    quantity: Quantity
    status: LotStatus | None = None


class Containers(WireModel):
    """All handling units, the emptied ones included with quantity zero."""

    rows: tuple[ContainerRow, ...]


class GenealogyRow(WireModel):
    """``child`` came out of ``parent``: a part container out of a container."""

    child: Id
    parent: Id
    quantity: Quantity
    cause: Id


class Genealogy(WireModel):
    """All links from parent to child."""

    rows: tuple[GenealogyRow, ...]


class PickState(StrEnum):
    """Where a line of a pick request stands."""

    REQUESTED = "REQUESTED"
    ALLOCATED = "ALLOCATED"
    SHORT = "SHORT"
    PICKED = "PICKED"
    CANCELLED = "CANCELLED"
    REFUSED = "REFUSED"


class AllocationRow(WireModel):
    """Stock that is set aside for a line and not yet picked."""

    container: Sscc
    lot_id: Id
    quantity: Quantity


class PickRow(WireModel):
    """One line of a pick request, as this system sees it. Only the warehouse shows allocations."""

    request_id: Id
    line_id: Id
    order_id: Id
    material_id: Id
    requested: Quantity
    picked: Quantity
    state: PickState
    allocations: tuple[AllocationRow, ...] = ()


class Picks(WireModel):
    """All pick request lines."""

    rows: tuple[PickRow, ...]


class DeliveryState(StrEnum):
    """Where a message without final answer stands at its sender."""

    PENDING = "PENDING"
    DEFERRED = "DEFERRED"


class OutboxRow(WireModel):
    """A message that its receiver has not yet answered for good."""

    message_id: MessageId
    state: DeliveryState
    type: str
    subject: str
    attempts: Count
    due_at: Timestamp


class Outbox(WireModel):
    """Messages still to be delivered.

    ``settled`` counts those that have a final answer, ``dead`` those that are among the dead
    letters. The three together are all messages that were ever sent. Source: URS-DLQ-001.
    """

    pending: tuple[OutboxRow, ...]
    settled: Count
    dead: Count


class InboxCounts(WireModel):
    """Messages received: taken over, refused, waiting for a predecessor."""

    accepted: Count
    refused: Count
    deferred: Count


class Direction(StrEnum):
    """Which way a journalled document went; OWN: nowhere, it is a note of the system itself."""

    RECEIVED = "received"
    SENT = "sent"
    OWN = "own"


class JournalRow(WireModel):
    """One document exactly as it was received or sent, chained to the row before it.

    ``hash`` is SHA-256 over the canonical JSON of the row as it is shown, without ``hash`` and
    ``body``; ``bodySha256`` binds the body. ``body`` is base64. The first row's ``previousHash``
    is 64 zeros.
    Source: URS-JRN-001, URS-JRN-005.
    """

    position: Position
    at: Timestamp
    direction: Direction
    kind: Literal["message", "answer", "question", "reply", "denied", "breaker"]
    """``breaker``: the way to the partner was shut or opened; the body is a BreakerChange."""
    operation: str
    partner: SystemUri
    key: str
    status: Annotated[int, Field(strict=True, ge=100, le=599)] | None = None
    body_sha256: Sha256
    previous_hash: Sha256
    hash: Sha256
    body: str


class DamagedRow(WireModel):
    """A row that is there and cannot be shown as one. Source: URS-JRN-001."""

    position: Position
    what: Annotated[str, Field(min_length=1, max_length=200)]


class Journal(WireModel):
    """Journal rows after a position, in order, and the position of the last row of all.

    A row that was damaged beyond what a row can hold is in ``damaged`` and not among ``rows``.
    """

    rows: tuple[JournalRow, ...]
    last_position: Count
    damaged: tuple[DamagedRow, ...] = ()


class AuditAction(StrEnum):
    """What happened to a record."""

    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    REFUSE = "refuse"
    SIGN_IN = "sign-in"


class AuditRow(WireModel):
    """One entry of the audit trail. Source: 21 CFR 11.10(e); URS-AUD-001, URS-AUD-006.

    The entries in their order, replayed over what the exports showed before, give what they show
    now: a creation adds its content, a change sets one member, a deletion takes the record out.
    """

    sequence: Position
    at: Timestamp
    """When it was written, by the clock of this system."""
    action: AuditAction
    record_type: str
    """The export that shows the record, ``allocations`` for what ``picks`` shows as set aside.

    For a refusal the operation; for a record that no export shows a word of the system's own.
    """
    record_id: str
    """The members that identify the record, with ``/`` between them.

    ``lotId``; ``sscc``; of genealogy ``child/parent/cause``; of picks ``requestId/lineId``; of
    allocations ``requestId/lineId/container``. Of a refusal the key that came with the request.
    """
    field: str
    """The changed member by its name in the export; empty where the whole record is meant."""
    old_value: str | None = None
    """What the member was, as the export shows it; of a quantity the decimal value alone.

    Of a deleted record its content: a JSON object, ``unit`` beside the decimal of a quantity.
    """
    new_value: str | None = None
    """What the member is now, or the content of a created record; of a refusal its code."""
    reason: str
    """Holds the id of the message, or what identifies the command or job, and what was given.

    Where a person gives a reason, it is in here word for word.
    """
    account: str
    """The account that acted: a person, or a service account."""
    originator: str
    """The person at the origin, also where another system carried the command."""
    role: str
    """The duty of the person, or the kind of service account (``mes``, ``wms``), in use."""
    station: str
    """The station or device at the origin."""
    source_system: SystemUri
    """The system that wrote the entry."""
    correlation_id: str
    """The order, lot or other thing, or the business event, that the entry belongs to."""


class Audit(WireModel):
    """Audit entries after a sequence number, in order, and the number of the last one of all."""

    rows: tuple[AuditRow, ...]
    last_sequence: Count


class AlarmAcknowledgement(WireModel):
    """Who has looked at an alarm, and what came of it. Source: URS-ALM-002."""

    at: Timestamp
    user: Id
    role: str
    comment: str


class AlarmRow(WireModel):
    """Something that a person must look at."""

    alarm_id: Id
    at: Timestamp
    name: str
    detail: str
    acknowledgement: AlarmAcknowledgement | None = None
    """Absent: nobody has acknowledged it."""
    notified_at: Timestamp | None = None
    """When the security contact took it over; absent: it is none for the contact, or waits."""


class Alarms(WireModel):
    """All alarms, oldest first."""

    rows: tuple[AlarmRow, ...]


class ClockState(WireModel):
    """The site clock. ``driven`` says that the stimulus interface sets it (test mode only)."""

    now: Timestamp
    driven: StrictBool
    due_at: Timestamp | None = None
    """When background work is next due; absent when none waits."""


class Health(WireModel):
    """The system answers and its database does."""

    status: Literal["ok"]


class Version(WireModel):
    """Which system this is. Process and runner ids prove that the parts are separate."""

    system: SystemUri
    role: Role
    software: str
    contract_versions: tuple[str, ...]
    process_id: str | None = None
    runner_id: str | None = None


class Configuration(WireModel):
    """The settings that validation depends on, as this system runs with them."""

    system: SystemUri
    role: Role
    test_mode: StrictBool
    access: Literal["closed system", "open system"]
    """As what it is declared: whether all who can reach it are controlled by its owners."""
    site_zone: str
    database_engine: str
    database_version: str
    database_journal_mode: str
    database_synchronous: str
    inbox_retention: Annotated[
        str, StringConstraints(pattern=r"^(as long as the journal|[0-9]{1,12} s)$")
    ]
    """How long a received key is remembered. Anything shorter than the journal is a finding."""
    retry_first_delay_s: Count
    retry_delay_max_s: Count
    signature_age_max_s: Count
    heartbeat_s: Count
    status_age_max_s: Count
    """How old what the owner of a status told last may be, where it cannot be asked."""
    recall_max_s: Count
    """Within this time the partner has to hold all of a recall, or an alarm is raised."""
    deviation_above_percent: ExactDecimal
    """An adjustment of more than this share of the book opens a deviation."""
    deviation_above_amount: ExactDecimal
    """So does one of more than this amount, in the material's base unit."""
    scrap_verified_above_amount: ExactDecimal
    """Scrap of more than this amount is signed by a second person."""
    password_hash: str
    """The password scheme with its cost parameters, argon2id in PHC notation without salt."""
    partners: tuple[SystemUri, ...]
    rounding: tuple[RoundingRule, ...]
    """How amounts of each type are rounded."""
    location_map_sha256: Sha256
    """The digest of the export ``locations``. Source: URS-MDM-004."""
