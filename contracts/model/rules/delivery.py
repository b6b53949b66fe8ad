"""Rules about what one system has to know of the other before it goes on."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_CANCEL = ("mes/cancel-pick", "wms/pick-cancelled")

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
    BusinessRule("FRS-REL-001", "URS-REL-006",
                 "A message that comes before its predecessor is kept and acknowledged as "
                 "DEFERRED; it is applied in the transaction that applies its predecessor. At most "
                 "1,000 messages about one subject are kept.",
                 Code.PREDECESSOR_MISSING, ()),
    BusinessRule("FRS-REL-002", "URS-REL-009",
                 "The final outcome of a deferred message goes back to its sender as "
                 "message-settled; the sender tries it no more and takes the outcome over.",
                 Code.PREDECESSOR_MISSING, ()),
    BusinessRule("FRS-STA-006", "URS-STA-004",
                 "The warehouse neither allocates nor picks a lot whose status MES does not "
                 "confirm.",
                 Code.STATUS_UNCONFIRMED, ("wms/pick-requested", "wms/confirm-pick")),
    BusinessRule("FRS-STA-007", "URS-STA-004",
                 "Both systems tell each other regularly that they are alive, how far their "
                 "journals are and what their clocks read. Stock is set aside anew by what MES "
                 "told last only while it was heard lately.",
                 Code.STATUS_UNCONFIRMED, ()),
)
