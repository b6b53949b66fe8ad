"""Rules about what may come in at all, who may do what, and what is kept of it."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.operations import OPERATIONS, Access, Group, Operation
from contracts.model.rules.rule import BusinessRule


def _ids(*operations: Operation) -> tuple[str, ...]:
    return tuple(operation.id for operation in operations)


_ALL = tuple(OPERATIONS.values())
# Questions and documents have no envelope that could name a schema or a sender.
_MESSAGES = _ids(*(o for o in _ALL if o.group is Group.EXCHANGE and o.keyed))
_BODIES = _ids(*(o for o in _ALL if o.body is not None))
_SIGNED = _ids(*(o for o in _ALL if o.access is Access.SIGNATURE))
_KNOWN = _ids(*(o for o in _ALL if o.access in (Access.SIGNATURE, Access.SESSION)))

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-INP-001", "URS-INP-001",
                 "Each member is checked for type, length, characters, range and code list; the "
                 "refusal names the first that is wrong.",
                 Code.SCHEMA_VIOLATION, _BODIES),
    BusinessRule("FRS-INP-002", "URS-INP-002",
                 "A signature covers the required components, fits the bytes, is at most five "
                 "minutes old, and its nonce is new.",
                 Code.UNAUTHENTICATED, _SIGNED),
    BusinessRule("FRS-INP-003", "URS-INP-003",
                 "A member that the contract does not know is refused, wherever it stands.",
                 Code.SCHEMA_VIOLATION, _BODIES),
    BusinessRule("FRS-INP-004", "URS-INP-004",
                 "A body is one JSON document in UTF-8 of at most one mebibyte, nested at most 32 "
                 "deep, with each member once and no number that is none.",
                 Code.UNREADABLE, _BODIES),
    BusinessRule("FRS-INP-005", "URS-INP-005",
                 "A message with one line that is refused changes nothing.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-SCH-001", "URS-SCH-001",
                 "A message names the schema of its payload with the full version; another one is "
                 "refused with those that are supported.",
                 Code.UNKNOWN_SCHEMA_VERSION, _MESSAGES),
    BusinessRule("FRS-SCH-002", "URS-SCH-002",
                 "A system says that it keeps the versions of the contract that are published, "
                 "and in a trial the drafts it was given; no other one.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-SCH-003", "URS-SCH-003",
                 "While a new major version is rolled out, a message is taken in it and in the one "
                 "before; one event told in both is one event, and a refusal names the member as "
                 "the sender wrote it.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-CHG-001", "URS-CHG-006",
                 "Every limit that a system runs with is shown, with the value that was approved, "
                 "its rationale, risk item, owner and approval.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-CHG-002", "URS-CHG-001",
                 "What a system shows of its configuration is what it runs with, never what it "
                 "was meant to run with.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-CHG-003", "URS-CHG-007",
                 "Outside test mode the stimulus interface is not there.",
                 Code.NOT_FOUND, ()),
    BusinessRule("FRS-CHG-004", "URS-CHG-005",
                 "What runs stands beside what was approved, so that a release can be held against "
                 "the systems of production.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-SEC-001", "URS-SEC-004",
                 "Who sent a message is what certificate and key say, never a field or a header.",
                 Code.IDENTITY_MISMATCH, _MESSAGES),
    BusinessRule("FRS-IAM-001", "URS-IAM-001",
                 "Without signature or session nothing but health and version is answered.",
                 Code.UNAUTHENTICATED, _KNOWN),
    BusinessRule("FRS-IAM-002", "URS-IAM-002",
                 "An account or person may call what the permission matrix names, and nothing "
                 "else.",
                 Code.NOT_PERMITTED, _KNOWN),
    BusinessRule("FRS-AUD-003", "URS-AUD-006",
                 "The audit trail keeps every earlier value; entries are added and never changed.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-AUD-004", "URS-AUD-005",
                 "Nothing switches the audit trail off; a signed attempt at an address or method "
                 "that is not published is refused and entered.",
                 Code.METHOD_NOT_ALLOWED, ()),
    BusinessRule("FRS-AUD-012", "URS-AUD-009",
                 "Every entry of the audit trail names its record and the correlation id of the "
                 "message or command that caused it, so that one trail can link both systems.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-AUD-010", "URS-AUD-004",
                 "The application's account may read evidence and add to it; it has no right to "
                 "change, delete or empty it, and each system shows which rights its account has.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-AUD-011", "URS-AUD-004",
                 "Where the database has no accounts, triggers refuse a change of evidence, and "
                 "the limit is told with the rights.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-JRN-001", "URS-JRN-001",
                 "Each row of the journal holds the hash of the row before it.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-JRN-002", "URS-JRN-005",
                 "The journal keeps each document byte for byte, with its digest, before it is "
                 "read.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-TIM-001", "URS-TIM-001",
                 "A stored time is an instant with the offset that was in force at the site.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-TIM-003", "URS-TIM-003",
                 "Audit trail and signatures carry the time of the system that writes them.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-REL-001", "URS-REL-001",
                 "An acknowledgement names the place in the journal where the message is kept.",
                 Code.SCHEMA_VIOLATION, ()),
)
