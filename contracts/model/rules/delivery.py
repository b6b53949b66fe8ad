"""Rules about what one system has to know of the other before it goes on."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-PCK-014", "URS-PCK-005",
                 "At allocation and at pick confirmation MES is asked for the lot; what it does "
                 "not allow is neither allocated nor picked.",
                 Code.LOT_NOT_RELEASED, ("wms/confirm-pick",)),
    BusinessRule("FRS-STA-006", "URS-STA-004",
                 "The warehouse neither allocates nor picks a lot whose status MES does not "
                 "confirm.",
                 Code.STATUS_UNCONFIRMED, ("wms/pick-requested", "wms/confirm-pick")),
)
