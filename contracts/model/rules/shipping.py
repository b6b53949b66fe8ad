"""Rules about what may leave the site."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_SHIP = ("wms/ship",)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-SHP-001", "URS-PAK-004",
                 "Goods leave for a customer that is known.",
                 Code.UNKNOWN_CUSTOMER, _SHIP),
    BusinessRule("FRS-SHP-002", "URS-PAK-004",
                 "A closed unit is shipped as a whole: nothing is taken out of a unit by shipping.",
                 Code.UNIT_NOT_CLOSED, _SHIP),
    BusinessRule("FRS-SHP-003", "URS-PAK-004",
                 "Everything in a shipped unit, at every level, is of released lots.",
                 Code.LOT_NOT_RELEASED, _SHIP),
    BusinessRule("FRS-SHP-004", "URS-PAK-004",
                 "Everything in a shipped unit, at every level, is in date.",
                 Code.LOT_EXPIRED, _SHIP),
    BusinessRule("FRS-SHP-005", "URS-PAK-004",
                 "Everything in a shipped unit has the full days of shelf life left that its "
                 "customer demands.",
                 Code.SHELF_LIFE_TOO_SHORT, _SHIP),
)
