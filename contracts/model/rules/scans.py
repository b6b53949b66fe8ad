"""Rules about guided scanning: what a label says, in which order, read by which device."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_BEGIN = ("mes/begin-scan-step", "wms/begin-scan-step")
_SCAN = ("mes/scan-unit", "wms/scan-unit")
_GUARDED = ("mes/pack-unit", "mes/disaggregate", "wms/disaggregate")

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-LBL-005", "URS-LBL-001",
                 "Item, lot, expiry and serial number, and each other field that a scanned label "
                 "holds, equal the record of the unit that is expected.",
                 Code.LABEL_MISMATCH, _SCAN),
    BusinessRule("FRS-LBL-020", "URS-LBL-001",
                 "The words of a label are written by the customs of the language that was asked "
                 "for; what its symbols hold is alike in all languages.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-LBL-021", "URS-LBL-001",
                 "Each letter of a label is one of the character set that it is printed in.",
                 Code.TEXT_NOT_PRINTABLE, ("mes/print-label",)),
    BusinessRule("FRS-LBL-006", "URS-LBL-001",
                 "A scanned label holds the identifiers that its place in the step declares: none "
                 "is missing, none is added.",
                 Code.LABEL_FIELDS_DIFFER, _SCAN),
    BusinessRule("FRS-LBL-007", "URS-LBL-001",
                 "What is scanned is a GS1 element string in a GS1 symbology.",
                 Code.SCAN_UNREADABLE, _SCAN),
    BusinessRule("FRS-LBL-008", "URS-LBL-001",
                 "A step is begun for units that the record knows; for those that are not packed "
                 "yet it names the order that makes them.",
                 Code.UNKNOWN_UNIT, _BEGIN),
    BusinessRule("FRS-LBL-009", "URS-LBL-001",
                 "What a scan step guards is done on the strength of a complete run for exactly "
                 "these units, and each run serves once.",
                 Code.SCAN_STEP_OPEN, _GUARDED),
    BusinessRule("FRS-LBL-010", "URS-LBL-002",
                 "A scan names a scanner of the site.",
                 Code.UNKNOWN_EQUIPMENT, _SCAN),
    BusinessRule("FRS-LBL-011", "URS-LBL-002",
                 "A scanner is used up to the end of the day on which its calibration ends, in the "
                 "site's zone.",
                 Code.SCANNER_NOT_CALIBRATED, _SCAN),
    BusinessRule("FRS-LBL-012", "URS-LBL-002",
                 "Each scan, accepted or refused, is kept with its device and how that stood.",
                 Code.ALREADY_EXISTS, ()),
    BusinessRule("FRS-LBL-013", "URS-LBL-004",
                 "A step is declared, for this system, with the order of its scans.",
                 Code.UNKNOWN_SCAN_STEP, _BEGIN),
    BusinessRule("FRS-LBL-014", "URS-LBL-004",
                 "A step is begun and scanned at its own station.",
                 Code.SCAN_AT_WRONG_STEP, (*_BEGIN, *_SCAN)),
    BusinessRule("FRS-LBL-015", "URS-LBL-004",
                 "As many units are named as the step declares scans.",
                 Code.SCANS_NOT_DECLARED, _BEGIN),
    BusinessRule("FRS-LBL-016", "URS-LBL-004",
                 "Units are scanned in the order in which the step was begun.",
                 Code.SCAN_OUT_OF_ORDER, _SCAN),
    BusinessRule("FRS-LBL-017", "URS-LBL-004",
                 "A scan belongs to a step that was begun.",
                 Code.UNKNOWN_SCAN_RUN, _SCAN),
    BusinessRule("FRS-LBL-018", "URS-LBL-004",
                 "After the last scan of a step there is no other.",
                 Code.SCAN_STEP_DONE, _SCAN),
    BusinessRule("FRS-LBL-019", "URS-LBL-004",
                 "Each scan, accepted or refused, is told to the partner and stands in both audit "
                 "trails.",
                 Code.ALREADY_EXISTS, ()),
)
