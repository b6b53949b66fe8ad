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
    epcis,
    inspection,
    inspection_evidence,
    inspection_people,
    inspection_signatures,
    questions,
    recovery,
    stimulus,
    stimulus_faults,
)
from contracts.model.envelope import MEDIA_TYPE
from contracts.model.exports import NARROWED, SELECTED, SHOWN, SHOWN_BY, SHOWN_BY_ONE
from contracts.model.messages import MESSAGES
from contracts.model.roles import Duty, Role
from contracts.model.wire_model import WireModel

JSON = "application/json"
# What evidence is made of: a credential of the partner reads none of it (URS-SEC-006).
EVIDENCE = frozenset({"journal", "audit", "alarms", "alarm-search", "dead-letters"})


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
    ``selected_by`` is the query member, an id, that an export about one thing needs;
    ``narrowed_by`` the one that may limit an export to the rows which mention it;
    ``signs_answer`` says that the response bears a signature as the request does.
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
    selected_by: str = ""
    narrowed_by: str = ""
    signs_answer: bool = False
    media_type: str = field(default=JSON)

    @property
    def is_evidence(self) -> bool:
        """Whether it shows what evidence is made of; the partner's account may not read that."""
        return self.group is Group.INSPECTION and self.name in EVIDENCE

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


# What the partner asks and is answered at once; a question changes nothing but the journal.
_ASKED: tuple[tuple[str, str, type[WireModel], type[WireModel]], ...] = (
    ("validate", "May this lot be used now", questions.Validate, questions.Validation),
    ("message-status", "How a message of the asker stands", questions.AskStatus,
     questions.MessageStatus),
    ("exchanged-since", "What a restored asker has lost of the exchange",
     recovery.ExchangedSince, recovery.Exchanged),
)
# What a reply brings is posted, so it is signed as the messages in it were.
_SIGNED_ANSWERS = frozenset({"exchanged-since"})
# What the partner has captured, all of it or nothing, and what anybody may look for.
_CAPTURED = ("capture-events", "Take over an EPCIS document, all of it or nothing")
_VERIFIED = ("verify-signature", "Whether a signature belongs to this version of this record")
_SOUGHT = ("query-events", "Look for events with the parameters of the SimpleEventQuery")


def _exchange(role: Role) -> list[Operation]:
    return [
        Operation(
            role, Group.EXCHANGE, message.name, (message.payload.__doc__ or "").splitlines()[0],
            answers.Acknowledgement, body=message.envelope, keyed=True, media_type=MEDIA_TYPE,
        )
        for message in MESSAGES.values()
        if role in message.receivers
    ] + [
        Operation(role, Group.EXCHANGE, name, summary, answer, body=body,
                  signs_answer=name in _SIGNED_ANSWERS)
        for name, summary, body, answer in _ASKED
    ] + [
        Operation(role, Group.EXCHANGE, *_CAPTURED, epcis.Captured, body=epcis.CaptureDocument)
    ]


def _inspection(role: Role) -> list[Operation]:
    public = [
        Operation(role, Group.INSPECTION, "health", "Is the system up", inspection.Health,
                  access=Access.PUBLIC),
        Operation(role, Group.INSPECTION, "version", "Which system this is", inspection.Version,
                  access=Access.PUBLIC),
    ]
    shared = [
        Operation(
            role, Group.INSPECTION, name, summary, model, paged=paged,
            narrowed_by=NARROWED.get(name, ""),
        )
        for name, summary, model, paged in SHOWN
        if SHOWN_BY.get(name, role) is role
    ]
    own = [
        Operation(role, Group.INSPECTION, name, summary, model)
        for owner, name, summary, model in SHOWN_BY_ONE
        if owner is role
    ]
    selected = [
        Operation(role, Group.INSPECTION, name, summary, model, selected_by=member)
        for roles, name, summary, model, member in SELECTED
        if role in roles
    ]
    sought = Operation(role, Group.INSPECTION, *_SOUGHT, epcis.EventsFound,
                       body=epcis.SimpleEventQuery, paged=True)
    verified = Operation(
        role, Group.INSPECTION, *_VERIFIED, inspection_signatures.SignatureVerdict,
        body=inspection_signatures.VerifySignature,
    )
    return [*public, *shared, *own, *selected, sought, verified]


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
    _command(Role.WMS, "hold-lot", "Put a lot on hold until quality decides", commands.HoldLot,
             Duty.SUPERVISOR),
    # batch records and recalls
    _command(Role.MES, "record-batch-entry", "Enter what was done into the batch record",
             commands.RecordBatchEntry, Duty.PRODUCTION, Duty.PACKER),
    _command(Role.MES, "complete-batch-record", "Complete a batch record after its review",
             commands.CompleteBatchRecord, Duty.QUALITY),
    _command(Role.MES, "recall-lot", "Recall a lot and all that was made of it",
             commands.RecallLot, Duty.QUALITY),
    # delivery
    *(_command(role, "replay-dead-letter", "Send a dead letter again",
               commands.ReplayDeadLetter, Duty.SUPPORT) for role in Role),
    # alarms
    *(_command(role, "acknowledge-alarm", "Say what came of an alarm", commands.AcknowledgeAlarm,
               Duty.SUPPORT, Duty.QUALITY, Duty.SUPERVISOR) for role in Role),
    *(_command(role, "discard-dead-letter", "Discard a dead letter, and tell its receiver",
               commands.DiscardDeadLetter, Duty.SUPPORT) for role in Role),
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
    # customer returns, transfers in process, scrap
    _command(Role.MES, "decide-container", "Decide about a container that waits for it",
             commands.DecideContainer, Duty.QUALITY),
    _command(Role.WMS, "receive-return", "Receive what a customer sent back",
             commands.ReceiveReturn, Duty.RECEIVER),
    _command(Role.MES, "transfer-wip", "Bring a dispensed container to another place",
             commands.TransferWip, Duty.PRODUCTION, Duty.DISPENSER),
    _command(Role.MES, "scrap", "Give up what is in process", commands.ScrapMaterial,
             Duty.PRODUCTION, Duty.DISPENSER),
    _command(Role.WMS, "scrap", "Give up what is in stock", commands.ScrapMaterial,
             Duty.SUPERVISOR),
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
    # units and potency
    *(_command(role, "convert-quantity", "What a quantity comes to in another unit",
               commands.ConvertQuantity, *duties, answer=commands.QuantityConverted)
      for role, duties in (
          (Role.MES, (Duty.DISPENSER, Duty.PRODUCTION, Duty.QUALITY)),
          (Role.WMS, (Duty.PICKER, Duty.RECEIVER, Duty.SUPERVISOR)),
      )),
    _command(Role.MES, "record-assay", "Release an assay of a lot as a new signed version",
             commands.RecordAssay, Duty.QUALITY),
    # reconciliation
    _command(Role.MES, "reconcile-stock", "Compare stock with the warehouse now",
             commands.ReconcileStock, Duty.QUALITY, Duty.SUPPORT, answer=commands.Reconciled),
    _command(Role.MES, "close-difference", "Close a difference by a signed adjustment",
             commands.CloseDifference, Duty.QUALITY),
    # deviations, laboratory, equipment
    _command(Role.MES, "open-deviation", "Open a deviation that no record opens by itself",
             commands.OpenDeviation, Duty.QUALITY),
    _command(Role.MES, "investigate-deviation", "Add what an investigation found",
             commands.InvestigateDeviation, Duty.QUALITY),
    _command(Role.MES, "close-deviation", "Conclude on an investigated deviation",
             commands.CloseDeviation, Duty.QUALITY),
    _command(Role.MES, "open-capa", "Begin a corrective and preventive action",
             commands.OpenCapa, Duty.QUALITY),
    _command(Role.MES, "close-capa", "Close an action with all of its evidence",
             commands.CloseCapa, Duty.QUALITY),
    _command(Role.MES, "record-result", "Record what a test of a sample found",
             commands.RecordResult, Duty.ANALYST),
    _command(Role.MES, "maintain-equipment", "Take a device out of use or give it back",
             commands.MaintainEquipment, Duty.TECHNICIAN),
    _command(Role.MES, "record-calibration", "Record that a device was calibrated",
             commands.RecordCalibration, Duty.TECHNICIAN),
    # master data
    _command(Role.MES, "publish-master-data", "Tell the warehouse what a material's record holds",
             commands.PublishMasterData, Duty.QUALITY),
    _command(Role.MES, "publish-master-record",
             "Tell the warehouse what a record of any master holds",
             commands.PublishMasterRecord, Duty.QUALITY),
    *(_command(role, "migrate-master-data", "Take over records of another system",
               commands.MigrateMasterData, Duty.SUPPORT, answer=commands.Migrated)
      for role in Role),
    _command(Role.WMS, "adopt-master-data", "Take over what MES published of a material",
             commands.AdoptMasterData, Duty.SUPERVISOR),
    # events
    *(_command(role, "correct-event", "Declare an event an error, and tell what is right",
               commands.CorrectEvent, Duty.QUALITY, Duty.SUPERVISOR) for role in Role),
    # accounts
    *(_command(role, name, summary, body, Duty.ADMINISTRATOR)
      for role in Role for name, summary, body in (
          ("create-account", "Give a person an account", commands.CreateAccount),
          ("assign-duties", "Say which duties a person has", commands.AssignDuties),
          ("change-account", "Unlock or deactivate an account, or take from it what opens it",
           commands.ChangeAccount),
          ("reset-credentials", "Give a person a new password and authenticator",
           commands.ResetCredentials),
          ("keep-signing-records", "Put on file what lets a person sign, or withdraw it",
           commands.KeepSigningRecords),
          ("change-service-account", "Revoke or restore the account of a system",
           commands.ChangeServiceAccount),
      )),
    *(_query(role, "access-review", "Every account, with what somebody has to look at",
             inspection_people.AccessReview, Duty.ADMINISTRATOR, Duty.AUDITOR) for role in Role),
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
        ("route-contact", "Send notices for the security contact elsewhere",
         stimulus.RouteContact, stimulus.Routed),
        ("instruments", "Let the instruments show something else", stimulus.SetInstruments,
         stimulus.InstrumentsSet),
        ("fail-audit", "Let audit entries fail, or be written again", stimulus_faults.FailAudit,
         stimulus_faults.AuditFault),
        ("try-on-evidence", "Try to change evidence with the system's own account",
         inspection_evidence.TryOnEvidence, inspection_evidence.TriedOnEvidence),
        ("arm", "Let the process die at a named place of its code", stimulus.Arm, stimulus.Armed),
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
