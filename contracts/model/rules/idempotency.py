"""Rules about keys: they guard every operation that changes something."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.operations import OPERATIONS
from contracts.model.rules.rule import BusinessRule

_KEYED = tuple(operation.id for operation in OPERATIONS.values() if operation.keyed)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-IDM-001", "URS-IDM-001",
                 "A state-changing request carries its key.",
                 Code.KEY_MISSING, _KEYED),
    BusinessRule("FRS-IDM-002", "URS-IDM-002",
                 "The same key with the same bytes gets the stored first answer; nothing is posted "
                 "a second time.",
                 Code.IN_PROGRESS, _KEYED),
    BusinessRule("FRS-IDM-003", "URS-IDM-003",
                 "The same key with other bytes is refused, journalled and alarmed.",
                 Code.IDEMPOTENCY_CONFLICT, _KEYED),
    BusinessRule("FRS-IDM-007", "URS-IDM-004",
                 "A repeat that comes while the first is worked on waits for it, or is told to "
                 "come again; what it gets in the end is the first one's answer.",
                 Code.IN_PROGRESS, _KEYED),
    BusinessRule("FRS-IDM-008", "URS-IDM-005",
                 "What is remembered of a key, the posting and the answer are committed in one "
                 "transaction.",
                 Code.IN_PROGRESS, ()),
    BusinessRule("FRS-IDM-009", "URS-IDM-007",
                 "What is known of a key is looked up among the records alone, so that a process "
                 "that has just started answers a repeat as the one before it.",
                 Code.IN_PROGRESS, ()),
    BusinessRule("FRS-IDM-004", "URS-IDM-008",
                 "The same business event under another key is a duplicate; with other content it "
                 "is a conflict.",
                 Code.BUSINESS_KEY_CONFLICT, _KEYED),
)
