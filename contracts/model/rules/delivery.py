"""Rules about what one system has to know of the other before it goes on."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_CANCEL = ("mes/cancel-pick", "wms/pick-cancelled")
_REPLAY = ("mes/replay-dead-letter", "wms/replay-dead-letter")

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-PCK-014", "URS-PCK-005",
                 "At allocation and at pick confirmation MES is asked for the lot; what it does "
                 "not allow is neither allocated nor picked.",
                 Code.LOT_NOT_RELEASED, ("wms/confirm-pick",)),
    BusinessRule("FRS-PCK-015", "URS-PCK-004",
                 "A pick request is cancelled that is known.",
                 Code.UNKNOWN_REQUEST, _CANCEL),
    BusinessRule("FRS-PCK-016", "URS-PCK-004",
                 "What is open of a request is cancelled once, and its stock is free again.",
                 Code.NOTHING_TO_CANCEL, _CANCEL),
    BusinessRule("FRS-REL-011", "URS-REL-006",
                 "A message that comes before its predecessor is kept and acknowledged as "
                 "DEFERRED; it is applied in the transaction that applies its predecessor. At most "
                 "1,000 messages about one subject are kept.",
                 Code.PREDECESSOR_MISSING, ()),
    BusinessRule("FRS-REL-012", "URS-REL-009",
                 "The final outcome of a deferred message goes back to its sender as "
                 "message-settled; the sender tries it no more and takes the outcome over.",
                 Code.PREDECESSOR_MISSING, ()),
    BusinessRule("FRS-DLQ-001", "URS-DLQ-001",
                 "A message that its receiver answers ten times with a server error other than "
                 "502, 503 and 504, or with what cannot be read, becomes a dead letter; what is "
                 "about the same subject waits behind it. Timeouts, resets and 429 never count.",
                 Code.UNKNOWN_DEAD_LETTER, ()),
    BusinessRule("FRS-DLQ-002", "URS-DLQ-003",
                 "A dead letter is replayed while it is open, with its own bytes under its own "
                 "key.",
                 Code.UNKNOWN_DEAD_LETTER, _REPLAY),
    BusinessRule("FRS-DLQ-003", "URS-DLQ-003",
                 "A dead letter is replayed by another person than the one who caused it.",
                 Code.OWN_DEAD_LETTER, _REPLAY),
    BusinessRule("FRS-STA-041", "URS-STA-004",
                 "The warehouse neither allocates nor picks nor ships a lot whose status MES does "
                 "not confirm.",
                 Code.STATUS_UNCONFIRMED, ("wms/pick-requested", "wms/confirm-pick", "wms/ship")),
    BusinessRule("FRS-STA-043", "URS-STA-004",
                 "Before a unit leaves MES is asked for every lot in it; what MES does not know "
                 "or does not allow stays.",
                 Code.UNKNOWN_LOT, ("wms/ship",)),
    BusinessRule("FRS-STA-044", "URS-STA-004",
                 "A hold of the warehouse that comes when material of its lot is in batches opens "
                 "a deviation that names them and what was made of them; until it is closed none "
                 "is released. What was released of batches that took material after the hold was "
                 "placed goes back to quarantine.",
                 Code.RELEASE_BLOCKED, ("mes/change-lot-status",)),
    BusinessRule("FRS-STA-042", "URS-STA-004",
                 "Both systems tell each other regularly that they are alive, how far their "
                 "journals are and what their clocks read. Stock is set aside anew by what MES "
                 "told last only while it was heard lately.",
                 Code.STATUS_UNCONFIRMED, ()),
)
