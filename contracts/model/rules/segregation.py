"""Rules about stock that must not stand where it is, or must not be brought there."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_REQUEST = ("wms/pick-requested",)
_EXECUTION = ("mes/dispense", "mes/return-material", "mes/pack-unit")

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-STA-021", "URS-STA-009",
                 "Stock whose place does not allow its status is not set aside for anybody.",
                 Code.NO_ELIGIBLE_STOCK, _REQUEST),
    BusinessRule("FRS-STA-022", "URS-STA-009",
                 "Such stock is named by a relocation task until it stands where its status is "
                 "allowed; it may be put away from any place.",
                 Code.STATUS_NOT_ALLOWED_HERE, ("wms/put-away",)),
    BusinessRule("FRS-STA-023", "URS-STA-009",
                 "Stock is weighed out, on a scale too, brought back to and packed only where its "
                 "status is allowed; backflush takes none that stands elsewhere.",
                 Code.STATUS_NOT_ALLOWED_HERE, _EXECUTION),
    BusinessRule("FRS-PCK-061", "URS-PCK-006",
                 "The supply area has the temperature class of the material.",
                 Code.TEMPERATURE_MISMATCH, _REQUEST),
    BusinessRule("FRS-PCK-062", "URS-PCK-006",
                 "The supply area may hold every hazard class of the material.",
                 Code.HAZARD_MISMATCH, _REQUEST),
    BusinessRule("FRS-PCK-063", "URS-PCK-006",
                 "The supply area may hold every allergen of the material.",
                 Code.ALLERGEN_MISMATCH, _REQUEST),
    BusinessRule("FRS-PCK-064", "URS-PCK-006",
                 "Where material is weighed out, brought back to or packed, and where the scale "
                 "stands, it is kept at the temperature class of the material.",
                 Code.TEMPERATURE_MISMATCH, _EXECUTION),
    BusinessRule("FRS-PCK-065", "URS-PCK-006",
                 "Where material is weighed out, brought back to or packed, and where the scale "
                 "stands, each of its hazard classes may be.",
                 Code.HAZARD_MISMATCH, _EXECUTION),
    BusinessRule("FRS-PCK-066", "URS-PCK-006",
                 "Where material is weighed out, brought back to or packed, and where the scale "
                 "stands, each of its allergens may be.",
                 Code.ALLERGEN_MISMATCH, _EXECUTION),
)
