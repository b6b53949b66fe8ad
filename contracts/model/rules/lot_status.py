"""Rules about lot status and expiry."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_CONFIRM = ("wms/confirm-pick",)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-STA-005", "URS-STA-002",
                 "A status is changed of a lot that is known.",
                 Code.UNKNOWN_LOT, ("mes/change-lot-status", "wms/lot-status-changed", *_CONFIRM)),
    BusinessRule("FRS-STA-001", "URS-STA-002",
                 "A lot changes its status only along the transitions of the status model.",
                 Code.TRANSITION_NOT_ALLOWED, ("mes/change-lot-status", "wms/lot-status-changed")),
    BusinessRule("FRS-STA-002", "URS-STA-003",
                 "Release needs the signature of a person with the quality role.",
                 Code.SIGNATURE_REQUIRED, ("mes/change-lot-status", "wms/lot-status-changed")),
    BusinessRule("FRS-STA-003", "URS-STA-003",
                 "A signature counts when user id and password belong to the signed-in person, and "
                 "that person has the quality role.",
                 Code.SIGNATURE_REFUSED, ("mes/change-lot-status", "wms/lot-status-changed")),
    BusinessRule("FRS-STA-008", "URS-STA-008",
                 "The release of a lot that was taken from use or blocked since its last release "
                 "needs the signatures of two different persons with the quality role.",
                 Code.SECOND_SIGNATURE_REQUIRED,
                 ("mes/change-lot-status", "wms/lot-status-changed")),
    BusinessRule("FRS-STA-007", "URS-STA-001",
                 "What left the rack between a hold's decision and its arrival is listed.",
                 Code.LOT_NOT_RELEASED, ()),
    BusinessRule("FRS-STA-004", "URS-PCK-001",
                 "Only a lot whose status is released may be picked.",
                 Code.LOT_NOT_RELEASED, _CONFIRM),
    BusinessRule("FRS-EXP-001", "URS-EXP-001",
                 "A lot may be used before the end of its expiry day in the site's zone; at that "
                 "instant and later it is expired.",
                 Code.LOT_EXPIRED, _CONFIRM),
    BusinessRule("FRS-EXP-002", "URS-EXP-002",
                 "Lots are proposed in the order of their expiry, those of one day in the order of "
                 "their release; another lot is set aside only by a supervisor with a reason.",
                 Code.NO_ELIGIBLE_STOCK, ("wms/override-allocation",)),
    BusinessRule("FRS-EXP-003", "URS-EXP-003",
                 "The minimum remaining shelf life holds at allocation, again at the pick and "
                 "again at the weighing; backflush takes no lot that has less.",
                 Code.SHELF_LIFE_TOO_SHORT, (*_CONFIRM, "mes/dispense")),
    BusinessRule("FRS-EXP-004", "URS-EXP-002",
                 "An override names an open line.",
                 Code.UNKNOWN_REQUEST, ("wms/override-allocation",)),
    BusinessRule("FRS-EXP-005", "URS-EXP-001",
                 "A lot whose label names a time of day expires at that minute at the site, of two "
                 "readings at the earlier one, and never after its expiry day.",
                 Code.LOT_EXPIRED, _CONFIRM),
    BusinessRule("FRS-EXP-006", "URS-EXP-001",
                 "A lot may be used before the end of its retest day in the site's zone; at that "
                 "instant and later it has to be tested again.",
                 Code.RETEST_DUE, (*_CONFIRM, "mes/dispense", "wms/ship")),
    BusinessRule("FRS-EXP-007", "URS-EXP-001",
                 "A released lot that has to be tested again goes back into quarantine by itself, "
                 "in both systems.",
                 Code.RETEST_DUE, ()),
    BusinessRule("FRS-EXP-008", "URS-EXP-001",
                 "A lot that has to be tested again is released after a result has set a later "
                 "retest date, which goes along with the release.",
                 Code.RETEST_DUE, ("mes/change-lot-status",)),
)
