"""Rules about units, density, potency and rounding, and about the codes of lots and places."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_CONVERT = ("mes/convert-quantity", "wms/convert-quantity")
_ASSAY = ("mes/record-assay",)
_DISPENSE = ("mes/dispense",)
_LOAD = ("mes/stimulus/load", "wms/stimulus/load")

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-UOM-001", "URS-UOM-001",
                 "No member of a message or export and no column is a binary float; quantities "
                 "are decimal strings.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-UOM-002", "URS-UOM-002",
                 "A conversion uses the one ratio of whole numbers that the material's master "
                 "data states, in either direction; without one there is no conversion.",
                 Code.CONVERSION_MISSING, _CONVERT),
    BusinessRule("FRS-UOM-003", "URS-UOM-002",
                 "What is converted is a known material.",
                 Code.UNKNOWN_MATERIAL, _CONVERT),
    BusinessRule("FRS-UOM-004", "URS-UOM-003",
                 "An amount is rounded once, by the rule of its type; what rounding takes is kept "
                 "beside it as an exact residue.",
                 Code.QUANTITY_OUT_OF_RANGE, (*_CONVERT, *_DISPENSE)),
    BusinessRule("FRS-UOM-005", "URS-UOM-004",
                 "An assay is a new version of its lot's, signed by the quality unit.",
                 Code.SIGNATURE_REFUSED, _ASSAY),
    BusinessRule("FRS-UOM-006", "URS-UOM-004",
                 "An assay is of a known lot.",
                 Code.UNKNOWN_LOT, (*_ASSAY, *_CONVERT)),
    BusinessRule("FRS-UOM-007", "URS-UOM-004",
                 "A new assay states a reason of at least five characters that are not blank.",
                 Code.REASON_TOO_SHORT, _ASSAY),
    BusinessRule("FRS-UOM-008", "URS-UOM-004",
                 "The active quantity of a dispensed container is net times the potency of the "
                 "newest assay; a new assay adds a signed version and changes none.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-UOM-009", "URS-UOM-005",
                 "Between mass and volume stands the density of the lot at the temperature of the "
                 "material.",
                 Code.DENSITY_UNKNOWN, (*_CONVERT, *_DISPENSE)),
    BusinessRule("FRS-UOM-010", "URS-UOM-005",
                 "A potency counts on the basis that its material states.",
                 Code.POTENCY_BASIS_MISMATCH, (*_ASSAY, "mes/record-result", *_DISPENSE)),
    BusinessRule("FRS-UOM-011", "URS-UOM-005",
                 "The lot whose density is used is one of the material.",
                 Code.WRONG_MATERIAL, _CONVERT),
    BusinessRule("FRS-MDM-006", "URS-MDM-003",
                 "A lot of a delivery gets a code of the site with its check character; the "
                 "supplier's lot is kept as it came.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-MDM-007", "URS-MDM-004",
                 "A place stands in a known place of a wider kind; its equipment level is one of "
                 "its kind, and a place of quarantine allows nothing released.",
                 Code.LOCATION_MAP_BROKEN, _LOAD),
    BusinessRule("FRS-MDM-008", "URS-MDM-004",
                 "The digest of the map of locations is part of the configuration.",
                 Code.SCHEMA_VIOLATION, ()),
)
