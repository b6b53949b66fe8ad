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
    BusinessRule("FRS-STA-006", "URS-STA-004",
                 "The warehouse neither allocates nor picks a lot whose status MES does not "
                 "confirm.",
                 Code.STATUS_UNCONFIRMED, ("wms/pick-requested", "wms/confirm-pick")),
)
