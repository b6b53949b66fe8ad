"""Rules about alarms, clocks, certificates and what a stolen credential may reach."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.commands import may_be_signed
from contracts.model.operations import OPERATIONS, Group, Operation
from contracts.model.rules.rule import BusinessRule

_ACKNOWLEDGE = ("mes/acknowledge-alarm", "wms/acknowledge-alarm")
# What the clock decides by itself: an expiry, a shelf life, what expires first.
_BY_THE_CLOCK = (
    "mes/dispense", "mes/pack-unit", "wms/confirm-receipt", "wms/confirm-pick", "wms/ship",
    "wms/pick-requested",
)


def _is_signed(operation: Operation) -> bool:
    """Whether a body of the operation may carry what a person signs with."""
    body = operation.body
    return operation.group is Group.OPERATOR and body is not None and may_be_signed(body)


_TIME_CRITICAL = tuple(
    operation.id for operation in OPERATIONS.values()
    if operation.id in _BY_THE_CLOCK or _is_signed(operation)
)
_EVIDENCE = tuple(
    operation.id for operation in OPERATIONS.values()
    if operation.group is Group.INSPECTION and operation.is_evidence
)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-ALM-001", "URS-ALM-001",
                 "Every 30 s a system looks at its latency, its queue, its clock, its certificates "
                 "and what it reconciles; what is beyond its limit raises one alarm until it is "
                 "within again.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-ALM-002", "URS-ALM-002",
                 "An alarm that stands in the log is acknowledged.",
                 Code.UNKNOWN_ALARM, _ACKNOWLEDGE),
    BusinessRule("FRS-ALM-003", "URS-ALM-002",
                 "An alarm is acknowledged once, with time, user, role and comment; neither is "
                 "changed or deleted afterwards.",
                 Code.ALARM_ACKNOWLEDGED, _ACKNOWLEDGE),
    BusinessRule("FRS-ALM-004", "URS-ALM-003",
                 "Five wrong passwords of one account within five minutes, and any signed request "
                 "whose signature, nonce or sender is not its certificate's, raise an alarm that "
                 "is sent to the security contact until the contact has taken it over.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-TIM-004", "URS-TIM-002",
                 "The clock is measured against the reference every 60 s. While it is more than "
                 "5 s off, nothing is signed and no time-critical transaction is posted.",
                 Code.CLOCK_UNTRUSTED, _TIME_CRITICAL),
    BusinessRule("FRS-TIM-005", "URS-TIM-004",
                 "A clock that is set writes an audit entry with what it read before and after; "
                 "the order of records is that of their numbers.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-SEC-002", "URS-SEC-001",
                 "A connection is TLS 1.3 or none.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-SEC-003", "URS-SEC-002",
                 "A connection has a client certificate of the trusted authority that is in date, "
                 "not revoked, and made for the name of an account; else no request of it is read.",
                 Code.UNAUTHENTICATED, ()),
    BusinessRule("FRS-SEC-004", "URS-SEC-003",
                 "Certificates, keys and revocations are read again when their files change; the "
                 "old and the new key of a partner count side by side.",
                 Code.UNAUTHENTICATED, ()),
    BusinessRule("FRS-SEC-005", "URS-SEC-006",
                 "Journal, audit trail, dead letters and alarms are shown to inspectors and "
                 "never to the partner.",
                 Code.NOT_PERMITTED, _EVIDENCE),
    BusinessRule("FRS-SEC-006", "URS-SEC-005",
                 "Between zones passes what a declared conduit names by source, target and port; "
                 "everything else is turned away.",
                 Code.UNAUTHENTICATED, ()),
)
