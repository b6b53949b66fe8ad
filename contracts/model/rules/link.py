"""Rules about the way to the partner, and about what two people give up on it."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_DISCARD = ("mes/discard-dead-letter", "wms/discard-dead-letter")
_SHUT = Code.STATUS_UNCONFIRMED

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-CBR-001", "URS-CBR-001",
                 "After five calls within 30 s without an answer of the partner (no answer, or "
                 "502, 503, 504) no call is made any more: messages wait, questions have no reply.",
                 _SHUT, ()),
    BusinessRule("FRS-CBR-002", "URS-CBR-001",
                 "After 30 s one call goes, however many want to; its answer opens the way again, "
                 "none shuts it for another 30 s.",
                 _SHUT, ()),
    BusinessRule("FRS-CBR-003", "URS-CBR-002",
                 "The breaker stands in the database, alike for all processes and after a restart; "
                 "each change of it stands in the journal, and an alarm tells that it opened.",
                 _SHUT, ()),
    BusinessRule("FRS-REL-002", "URS-REL-002",
                 "A message is written in the transaction of the change that it tells of.",
                 Code.NO_HOST_CONTROL, ()),
    BusinessRule("FRS-REL-003", "URS-REL-003",
                 "The pause before a retry doubles from two seconds to five minutes, with a jitter "
                 "of half of it to either side; a longer one that the partner asks for is kept.",
                 Code.NO_HOST_CONTROL, ()),
    BusinessRule("FRS-REL-004", "URS-REL-005",
                 "A message that was refused for good is not sent again; one whose outcome is open "
                 "is.",
                 Code.NO_HOST_CONTROL, ()),
    BusinessRule("FRS-REL-005", "URS-REL-008",
                 "However long the partner is away, pauses stay on that curve, and nothing that "
                 "waits is given up for its age.",
                 Code.NO_HOST_CONTROL, ()),
    BusinessRule("FRS-REL-006", "URS-REL-010",
                 "A message without an answer counts neither as delivered nor as refused.",
                 Code.NO_HOST_CONTROL, ()),
    BusinessRule("FRS-REL-021", "URS-REL-004",
                 "In the minute that ends with a retry, retries are at most a tenth of the first "
                 "attempts, or six where that is more; the probe of a breaker is exempt.",
                 _SHUT, ()),
    BusinessRule("FRS-REL-022", "URS-REL-007",
                 "Before a message is sent again that may have arrived, its receiver is asked how "
                 "it stands; what it has posted or refused is not sent again.",
                 _SHUT, ()),
    BusinessRule("FRS-DLQ-004", "URS-DLQ-003",
                 "A dead letter is discarded while it is open.",
                 Code.UNKNOWN_DEAD_LETTER, _DISCARD),
    BusinessRule("FRS-DLQ-005", "URS-DLQ-003",
                 "Neither who discards a dead letter nor who approves it caused the message.",
                 Code.OWN_DEAD_LETTER, _DISCARD),
    BusinessRule("FRS-DLQ-006", "URS-DLQ-003",
                 "Another person than who discards approves it.",
                 Code.VERIFIER_IS_PERFORMER, _DISCARD),
    BusinessRule("FRS-DLQ-007", "URS-DLQ-003",
                 "The second person signs with user id and password, and is a supervisor or of "
                 "quality.",
                 Code.SIGNATURE_REFUSED, _DISCARD),
    BusinessRule("FRS-DLQ-008", "URS-DLQ-003",
                 "In the place of a discarded message, with its key and its numbers, goes the word "
                 "that it was discarded; where its receiver has the message already, it is not.",
                 Code.IDEMPOTENCY_CONFLICT, ()),
    BusinessRule("FRS-DLQ-009", "URS-DLQ-004",
                 "A dead letter that is open for more than 30 minutes raises an alarm.",
                 Code.UNKNOWN_DEAD_LETTER, ()),
    BusinessRule("FRS-DLQ-010", "URS-DLQ-002",
                 "A message whose answer takes its time holds no message about another subject up "
                 "for longer than half a second.",
                 _SHUT, ()),
    BusinessRule("FRS-IDM-006", "URS-IDM-006",
                 "A received key is never removed, and nothing else decides what is a duplicate.",
                 Code.IDEMPOTENCY_CONFLICT, ()),
)
