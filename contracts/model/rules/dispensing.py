"""Rules about dispensing, returns from production and the end of an order."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_DISPENSE = ("mes/dispense",)
_RETURN = ("mes/return-material",)
_COMPLETE = ("mes/complete-order",)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-DSP-001", "URS-DSP-001",
                 "What was dispensed for a line never exceeds its quantity plus the upper "
                 "tolerance, and the final part brings it up to its quantity minus the lower one; "
                 "returns are taken off, and potency corrects it where the line has a basis.",
                 Code.WEIGHT_OUT_OF_TOLERANCE, _DISPENSE),
    BusinessRule("FRS-DSP-002", "URS-DSP-001",
                 "An override of the tolerance is signed by two different persons, one of them "
                 "with the quality role.",
                 Code.SIGNERS_NOT_DIFFERENT, _DISPENSE),
    BusinessRule("FRS-DSP-003", "URS-DSP-001",
                 "An override states a reason of at least five characters that are not blank.",
                 Code.REASON_TOO_SHORT, _DISPENSE),
    BusinessRule("FRS-DSP-004", "URS-DSP-001",
                 "A weight within tolerance is booked without an override.",
                 Code.OVERRIDE_NOT_NEEDED, _DISPENSE),
    BusinessRule("FRS-DSP-005", "URS-DSP-001",
                 "An order ends when each weighed line is dispensed down to its lower tolerance, "
                 "or its last weight was overridden.",
                 Code.LINE_NOT_DISPENSED, _COMPLETE),
    BusinessRule("FRS-DSP-006", "URS-DSP-002",
                 "An issue takes its net quantity out of its source container once, in both "
                 "systems, in the base unit.",
                 Code.UNIT_NOT_BASE_UNIT, (*_DISPENSE, *_RETURN, *_COMPLETE)),
    BusinessRule("FRS-DSP-007", "URS-DSP-002",
                 "No container gives more than it holds.",
                 Code.QUANTITY_ABOVE_CONTENT, (*_DISPENSE, *_COMPLETE)),
    BusinessRule("FRS-DSP-008", "URS-DSP-004",
                 "Net is gross minus tare, exactly, and above zero.",
                 Code.NET_NOT_GROSS_MINUS_TARE, _DISPENSE),
    BusinessRule("FRS-DSP-009", "URS-DSP-004",
                 "The scale is known as a scale.",
                 Code.UNKNOWN_EQUIPMENT, _DISPENSE),
    BusinessRule("FRS-DSP-010", "URS-DSP-004",
                 "A scale is used up to the end of its calibration day in the site's zone.",
                 Code.SCALE_NOT_CALIBRATED, _DISPENSE),
    BusinessRule("FRS-DSP-011", "URS-DSP-004",
                 "Who weighs and who verifies is a dispenser whose qualification has not ended.",
                 Code.NOT_QUALIFIED, _DISPENSE),
    BusinessRule("FRS-DSP-012", "URS-DSP-006",
                 "Material is dispensed for, returned from and completed for a known order.",
                 Code.UNKNOWN_ORDER, (*_DISPENSE, *_RETURN, *_COMPLETE)),
    BusinessRule("FRS-DSP-013", "URS-DSP-006",
                 "Material is dispensed for a started order; only a started order is completed.",
                 Code.ORDER_NOT_STARTED, (*_DISPENSE, *_COMPLETE)),
    BusinessRule("FRS-DSP-014", "URS-DSP-006",
                 "What is dispensed or comes back stands on a line of the order's bill of "
                 "materials.",
                 Code.NOT_ON_BOM, (*_DISPENSE, *_RETURN)),
    BusinessRule("FRS-DSP-015", "URS-DSP-006",
                 "The scan is a GS1 element string in a GS1 symbology and holds an SSCC.",
                 Code.SCAN_UNREADABLE, (*_DISPENSE, *_RETURN)),
    BusinessRule("FRS-DSP-016", "URS-DSP-006",
                 "The scanned container is known.",
                 Code.UNKNOWN_CONTAINER, (*_DISPENSE, *_RETURN)),
    BusinessRule("FRS-DSP-017", "URS-DSP-006",
                 "What the label says of container, lot and item is what is on record.",
                 Code.SCAN_NOT_ALLOCATED, (*_DISPENSE, *_RETURN)),
    BusinessRule("FRS-DSP-018", "URS-DSP-006",
                 "The scanned container holds the material of the order line.",
                 Code.WRONG_MATERIAL, _DISPENSE),
    BusinessRule("FRS-DSP-019", "URS-DSP-006",
                 "The scanned container stands in a staging or dispensing location.",
                 Code.CONTAINER_NOT_STAGED, (*_DISPENSE, *_RETURN)),
    BusinessRule("FRS-DSP-020", "URS-DSP-006",
                 "At the moment of weighing, lot and container are released.",
                 Code.LOT_NOT_RELEASED, _DISPENSE),
    BusinessRule("FRS-DSP-021", "URS-DSP-006",
                 "At the moment of weighing, the lot is in date.",
                 Code.LOT_EXPIRED, _DISPENSE),
    BusinessRule("FRS-DSP-022", "URS-DSP-006",
                 "Where the line has a potency basis, the lot has a potency.",
                 Code.POTENCY_UNKNOWN, _DISPENSE),
    BusinessRule("FRS-DSP-023", "URS-DSP-007",
                 "The second person is another than the one who weighed.",
                 Code.VERIFIER_IS_PERFORMER, _DISPENSE),
    BusinessRule("FRS-DSP-024", "URS-DSP-007",
                 "The second person signs with the own user id and password.",
                 Code.SIGNATURE_REFUSED, _DISPENSE),
    BusinessRule("FRS-DSP-025", "URS-DSP-007",
                 "The label of a dispensed container carries item, receiving number, weight, "
                 "product, strength and batch.",
                 Code.LABEL_DATA_MISSING, _DISPENSE),
    BusinessRule("FRS-DSP-026", "URS-DSP-007",
                 "What is dispensed or returned in part goes into a container whose label was "
                 "never used.",
                 Code.CONTAINER_IN_USE, (*_DISPENSE, *_RETURN)),
    BusinessRule("FRS-DSP-027", "URS-DSP-005",
                 "No more comes back of a container than was issued and not consumed, or than it "
                 "holds where it was not issued.",
                 Code.RETURN_ABOVE_ISSUED, _RETURN),
    BusinessRule("FRS-DSP-028", "URS-DSP-005",
                 "Returned material goes to a known location.",
                 Code.UNKNOWN_LOCATION, _RETURN),
    BusinessRule("FRS-DSP-029", "URS-DSP-005",
                 "What comes back is a container of its own in quarantine, linked to the container "
                 "that it came out of.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-DSP-030", "URS-DSP-003",
                 "Backflush consumes the quantity per unit of the bill of materials times the good "
                 "and scrap quantity, first expired first out, exact to six decimals.",
                 Code.QUANTITY_NOT_EXACT, _COMPLETE),
    BusinessRule("FRS-DSP-031", "URS-DSP-008",
                 "A material is issued by the mode of its risk record.",
                 Code.WRONG_ISSUE_MODE, _DISPENSE),
    BusinessRule("FRS-DSP-032", "URS-DSP-008",
                 "Backflush is decided in a signed risk record, and never for an active or "
                 "high-risk material.",
                 Code.BACKFLUSH_NOT_ALLOWED, ("mes/start-order", *_COMPLETE)),
)
