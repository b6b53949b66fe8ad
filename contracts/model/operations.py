"""Every operation of both roles, in four groups: the one table that all sides are made from.

The published OpenAPI documents, the typed clients and the routes of the reference are read from
it; a test holds that nothing is served that does not stand here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from contracts.model import (
    answers,
    commands,
    inspection,
    inspection_adjustments,
    inspection_custody,
    inspection_delivery,
    inspection_dispensing,
    inspection_kits,
    inspection_packing,
    inspection_receipts,
    inspection_reconciling,
    inspection_scans,
    inspection_state,
    questions,
    stimulus,
)
from contracts.model.envelope import MEDIA_TYPE
from contracts.model.messages import MESSAGES
from contracts.model.roles import Duty, Role
from contracts.model.wire_model import WireModel

JSON = "application/json"


class Group(StrEnum):
    """Who calls an operation."""

    EXCHANGE = "exchange"
    INSPECTION = "inspection"
    OPERATOR = "operator"
    STIMULUS = "stimulus"


class Access(StrEnum):
    """How a caller shows who it is, beside its client certificate."""

    PUBLIC = "nothing more"
    SIGNATURE = "message signature"
    CREDENTIALS = "user id and password"
    SESSION = "session"


@dataclass(frozen=True)
class Operation:
    """One operation.

    ``id`` is ``role/name``, in the stimulus group ``role/stimulus/name`` (both a clock that is
    shown and one that is driven exist); ``path`` holds the contract's major version.
    """

    role: Role
    group: Group
    name: str
    summary: str
    answer: type[WireModel]
    body: type[WireModel] | None = None
    access: Access = Access.SIGNATURE
    duties: frozenset[Duty] = frozenset()
    keyed: bool = False
    paged: bool = False
    media_type: str = field(default=JSON)

    @property
    def id(self) -> str:
        if self.group is Group.STIMULUS:
            return f"{self.role}/{self.group}/{self.name}"
        return f"{self.role}/{self.name}"

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"

    @property
    def path(self) -> str:
        if self.access is Access.PUBLIC:
            return f"/{self.name}"
        return f"/v1/{self.group}/{self.name}"


_SHOWN: tuple[tuple[str, str, type[WireModel], bool], ...] = (
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
    ("aggregation-history", "What was inside what, since when and until when",
     inspection_custody.AggregationHistory, False),
    ("custody", "What was taken out of a unit, by whom, and where it is now",
     inspection_custody.Custody, False),
    ("kits", "Components of kits with item, lot and serial number", inspection_kits.Kits, False),
    ("scans", "Declared scan steps, their runs, and every scan", inspection_scans.Scans, False),
    ("labels", "Logistic labels and their balance", inspection_packing.Labels, False),
    ("shipments", "What left the site, for whom", inspection_packing.Shipments, False),
    ("state", "All that a refusal leaves as it was, at one moment", inspection_state.State, False),
)
# What one role alone has to show; everything else both do.
_SHOWN_BY: dict[str, Role] = {"asns": Role.WMS, "labels": Role.MES}

# What only the owner of a thing can show.
_SHOWN_BY_ONE: tuple[tuple[Role, str, str, type[WireModel]], ...] = (
    (Role.MES, "wip", "Work in process per order, line and lot", inspection_dispensing.Wip),
    (Role.MES, "weighings", "Dispensed containers with their weights",
     inspection_dispensing.Weighings),
)


# What the partner asks and is answered at once; a question changes nothing but the journal.
_ASKED: tuple[tuple[str, str, type[WireModel], type[WireModel]], ...] = (
    ("validate", "May this lot be used now", questions.Validate, questions.Validation),
    ("message-status", "How a message of the asker stands", questions.AskStatus,
     questions.MessageStatus),
)


def _exchange(role: Role) -> list[Operation]:
    return [
        Operation(
            role, Group.EXCHANGE, message.name, (message.payload.__doc__ or "").splitlines()[0],
            answers.Acknowledgement, body=message.envelope, keyed=True, media_type=MEDIA_TYPE,
        )
        for message in MESSAGES.values()
        if role in message.receivers
    ] + [
        Operation(role, Group.EXCHANGE, name, summary, answer, body=body)
        for name, summary, body, answer in _ASKED
    ]


def _inspection(role: Role) -> list[Operation]:
    public = [
        Operation(role, Group.INSPECTION, "health", "Is the system up", inspection.Health,
                  access=Access.PUBLIC),
        Operation(role, Group.INSPECTION, "version", "Which system this is", inspection.Version,
                  access=Access.PUBLIC),
    ]
    shared = [
        Operation(role, Group.INSPECTION, name, summary, model, paged=paged)
        for name, summary, model, paged in _SHOWN
        if _SHOWN_BY.get(name, role) is role
    ]
    own = [
        Operation(role, Group.INSPECTION, name, summary, model)
        for owner, name, summary, model in _SHOWN_BY_ONE
        if owner is role
    ]
    return public + shared + own


def _command(
    role: Role, name: str, summary: str, body: type[commands.Command], *duties: Duty,
    answer: type[answers.CommandAnswer] = answers.CommandAnswer,
) -> Operation:
    return Operation(
        role, Group.OPERATOR, name, summary, answer, body=body,
        access=Access.SESSION, duties=frozenset(duties), keyed=True,
    )


def _query(
    role: Role, name: str, summary: str, answer: type[WireModel], *duties: Duty
) -> Operation:
    return Operation(
        role, Group.OPERATOR, name, summary, answer, access=Access.SESSION,
        duties=frozenset(duties),
    )


_BREAK_UNITS = (
    (Role.MES, (Duty.PACKER,)), (Role.WMS, (Duty.SHIPPER, Duty.SUPERVISOR)),
)

# What people and devices do, by domain word.
_OPERATED: tuple[Operation, ...] = (
    # orders and picks
    _command(Role.MES, "start-order", "Start a planned order", commands.StartOrder,
             Duty.PRODUCTION),
    _command(Role.MES, "request-pick", "Ask the warehouse for material", commands.RequestPick,
             Duty.PRODUCTION),
    _query(Role.WMS, "pick-tasks", "What is to be fetched", commands.PickTasks, Duty.PICKER),
    _command(Role.WMS, "confirm-pick", "Confirm a scanned pick", commands.ConfirmPick,
             Duty.PICKER),
    _command(Role.MES, "cancel-pick", "Cancel what is still open of a pick request",
             commands.CancelPick, Duty.PRODUCTION),
    # lot status
    _command(Role.MES, "change-lot-status", "Release, hold, reject, recall or close a lot",
             commands.ChangeLotStatus, Duty.QUALITY, Duty.PRODUCTION),
    # delivery
    *(_command(role, "replay-dead-letter", "Send a dead letter again",
               commands.ReplayDeadLetter, Duty.SUPPORT) for role in Role),
    # receipts and put-away
    _command(Role.WMS, "confirm-receipt", "Receive a container against its ASN",
             commands.ConfirmReceipt, Duty.RECEIVER, answer=commands.ReceiptAnswer),
    _command(Role.WMS, "put-away", "Bring a container to its place", commands.PutAway,
             Duty.RECEIVER),
    _command(Role.WMS, "close-asn", "Close an ASN that stays short", commands.CloseAsn,
             Duty.SUPERVISOR),
    _query(Role.WMS, "relocation-tasks", "What stands where it may not", commands.RelocationTasks,
           Duty.RECEIVER),
    # packing and shipping
    _command(Role.MES, "print-label", "Print a logistic label with an SSCC of the site",
             commands.PrintLabel, Duty.PACKER, answer=commands.LabelPrinted),
    _command(Role.MES, "verify-label", "Read a printed label back", commands.VerifyLabel,
             Duty.PACKER),
    _command(Role.MES, "spoil-label", "Account for a spoiled label", commands.SpoilLabel,
             Duty.PACKER),
    _command(Role.MES, "reconcile-labels", "Balance the labels of an order",
             commands.ReconcileLabels, Duty.PACKER, Duty.SUPERVISOR),
    _command(Role.MES, "pack-unit", "Close a unit under its verified label", commands.PackUnit,
             Duty.PACKER),
    _command(Role.MES, "aggregate", "Put packed units onto a pallet", commands.PalletizeUnits,
             Duty.PACKER),
    _command(Role.WMS, "aggregate", "Put units in stock onto a pallet", commands.AggregateUnits,
             Duty.SHIPPER, Duty.SUPERVISOR),
    *(_command(role, "disaggregate", "Take units out of the one that they stand in",
               commands.DisaggregateUnit, *duties) for role, duties in _BREAK_UNITS),
    *(_command(role, "reaggregate", "Put units of sale back into a unit",
               commands.ReaggregateItems, *duties) for role, duties in _BREAK_UNITS),
    *(_command(role, "begin-scan-step", "Begin a step whose labels are scanned in order",
               commands.BeginScanStep, *duties) for role, duties in _BREAK_UNITS),
    *(_command(role, "scan-unit", "Scan the next label of a step", commands.ScanUnit, *duties)
      for role, duties in _BREAK_UNITS),
    _command(Role.MES, "assemble-kit", "Put a kit together of its components",
             commands.AssembleKit, Duty.PACKER),
    *(_command(role, "open-kit", "Open a kit and take all its components out",
               commands.OpenKit, *duties) for role, duties in _BREAK_UNITS),
    _command(Role.WMS, "ship", "Send closed units to a customer", commands.ShipUnits,
             Duty.SHIPPER),
    # dispensing
    _command(Role.MES, "dispense", "Weigh material out of a staged container", commands.Dispense,
             Duty.DISPENSER, answer=commands.Dispensed),
    _command(Role.MES, "return-material", "Give material back to the warehouse",
             commands.ReturnMaterial, Duty.DISPENSER, Duty.PRODUCTION),
    _command(Role.MES, "complete-order", "Complete an order with what came out",
             commands.CompleteOrder, Duty.PRODUCTION),
    # counts, adjustments, samples
    _command(Role.WMS, "record-count", "Record what a container really holds",
             commands.RecordCount, Duty.COUNTER, Duty.SUPERVISOR),
    _query(Role.WMS, "count-differences", "Recounted differences that wait for approval",
           commands.CountDifferences, Duty.SUPERVISOR),
    _command(Role.WMS, "approve-adjustment", "Let the book follow a recount",
             commands.ApproveAdjustment, Duty.SUPERVISOR),
    _command(Role.WMS, "take-sample", "Take a sample out of a container", commands.TakeSample,
             Duty.SAMPLER),
    _command(Role.WMS, "override-allocation", "Set another lot aside than the first to expire",
             commands.OverrideAllocation, Duty.SUPERVISOR),
    # master data
    _command(Role.MES, "publish-master-data", "Tell the warehouse what a material's record holds",
             commands.PublishMasterData, Duty.QUALITY),
    _command(Role.WMS, "adopt-master-data", "Take over what MES published of a material",
             commands.AdoptMasterData, Duty.SUPERVISOR),
)


def _operator(role: Role) -> list[Operation]:
    sessions = Operation(
        role, Group.OPERATOR, "sessions", "Sign in at a station", commands.Session,
        body=commands.OpenSession, access=Access.CREDENTIALS,
    )
    return [sessions, *(operation for operation in _OPERATED if operation.role is role)]


def _stimulus(role: Role) -> list[Operation]:
    rows: tuple[tuple[str, str, type[WireModel], type[WireModel]], ...] = (
        ("load", "Load master data, opening stock and orders", stimulus.Load, stimulus.Loaded),
        ("clock", "Drive or free the site clock", stimulus.SetClock, inspection.ClockState),
        ("run-due", "Do the background work that is due", stimulus.RunDue, stimulus.RanDue),
        ("route-partner", "Send messages for the partner elsewhere", stimulus.RoutePartner,
         stimulus.Routed),
    )
    return [
        Operation(role, Group.STIMULUS, name, summary, answer, body=body)
        for name, summary, body, answer in rows
    ]


OPERATIONS: dict[str, Operation] = {
    operation.id: operation
    for role in Role
    for part in (_exchange, _inspection, _operator, _stimulus)
    for operation in part(role)
}


def operations_of(role: Role, *groups: Group) -> tuple[Operation, ...]:
    """The operations of a role, all groups or those named, in the order of the table."""
    chosen = groups or tuple(Group)
    return tuple(o for o in OPERATIONS.values() if o.role is role and o.group in chosen)
