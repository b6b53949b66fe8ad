"""Rules about labels, packs and what travels in what."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_PRINT, _VERIFY, _SPOIL = ("mes/print-label",), ("mes/verify-label",), ("mes/spoil-label",)
_COUNT = ("mes/reconcile-labels",)
_PACK, _PALLET = ("mes/pack-unit",), ("mes/aggregate",)
_AGGREGATE = ("mes/aggregate", "wms/aggregate")

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-PAK-001", "URS-PAK-001",
                 "A label carries an SSCC from the range of its packaging line; past the end of "
                 "the range none is issued.",
                 Code.RANGE_EXHAUSTED, _PRINT),
    BusinessRule("FRS-PAK-002", "URS-PAK-001",
                 "A number that was issued once, or that a container carries, is never issued "
                 "again: the range only counts up, in the transaction that prints the label.",
                 Code.ALREADY_EXISTS, ()),
    BusinessRule("FRS-PAK-003", "URS-PAK-001",
                 "A label is printed on a packaging line of the site.",
                 Code.UNKNOWN_PACKAGING_LINE, _PRINT),
    BusinessRule("FRS-PAK-004", "URS-PAK-002",
                 "A label is printed, and labels are counted, for an order that is known.",
                 Code.UNKNOWN_ORDER, (*_PRINT, *_COUNT)),
    BusinessRule("FRS-PAK-005", "URS-PAK-002",
                 "A label is printed for an order that is started.",
                 Code.ORDER_NOT_STARTED, _PRINT),
    BusinessRule("FRS-PAK-006", "URS-PAK-002",
                 "A label names the lot that its order makes; only the label of a pallet may name "
                 "none, and then it says nothing but the SSCC.",
                 Code.UNKNOWN_LOT, (*_PRINT, *_PACK)),
    BusinessRule("FRS-PAK-007", "URS-PAK-002",
                 "A label is printed on a printer of the site.",
                 Code.UNKNOWN_PRINTER, _PRINT),
    BusinessRule("FRS-PAK-008", "URS-PAK-002",
                 "Every field that is read back from a label equals the record, and none is "
                 "missing; a reprint says the same as the label that it replaces, and what goes "
                 "onto a pallet is of the lot that its label names.",
                 Code.LABEL_MISMATCH, (*_PRINT, *_VERIFY, *_PALLET)),
    BusinessRule("FRS-PAK-009", "URS-PAK-002",
                 "What is done with a label is done with one that was printed.",
                 Code.UNKNOWN_LABEL, (*_PRINT, *_VERIFY, *_SPOIL, *_PACK, *_PALLET)),
    BusinessRule("FRS-PAK-010", "URS-PAK-002",
                 "A label that was applied, spoiled or replaced is used no more, and its SSCC for "
                 "nothing else.",
                 Code.LABEL_NOT_OPEN, (*_PRINT, *_VERIFY, *_SPOIL, *_PACK, *_PALLET)),
    BusinessRule("FRS-PAK-011", "URS-PAK-002",
                 "A unit is closed only under a label that was read back.",
                 Code.LABEL_NOT_VERIFIED, (*_PACK, *_PALLET)),
    BusinessRule("FRS-PAK-012", "URS-PAK-002",
                 "What is read back from a label is a GS1 element string in a GS1 symbology.",
                 Code.SCAN_UNREADABLE, _VERIFY),
    BusinessRule("FRS-PAK-013", "URS-PAK-003",
                 "A unit holds exactly as many as its label declares.",
                 Code.COUNT_NOT_DECLARED, (*_PACK, *_PALLET)),
    BusinessRule("FRS-PAK-014", "URS-PAK-003",
                 "What goes into a unit is named once.",
                 Code.CHILD_DOUBLED, (*_PACK, *_AGGREGATE, "wms/ship")),
    BusinessRule("FRS-PAK-015", "URS-PAK-003",
                 "A serial number is packed once, and a unit stands in one other unit at most.",
                 Code.ALREADY_PACKED, (*_PACK, *_AGGREGATE)),
    BusinessRule("FRS-PAK-016", "URS-EXP-001",
                 "An expired lot is neither labelled nor packed, and nothing that holds any of it, "
                 "at any level, is put into another unit or a kit.",
                 Code.LOT_EXPIRED, (*_PRINT, *_PACK, *_AGGREGATE, "mes/assemble-kit")),
    BusinessRule("FRS-PAK-017", "URS-STA-006",
                 "A lot is labelled and packed while it is in quarantine or released, and not "
                 "after another decision about it.",
                 Code.CONTAINER_LOCKED, (*_PRINT, *_PACK)),
    BusinessRule("FRS-AGG-001", "URS-AGG-001",
                 "What is put into another unit, or shipped, was packed and is in stock.",
                 Code.UNKNOWN_UNIT, (*_AGGREGATE, "wms/ship")),
    BusinessRule("FRS-AGG-002", "URS-AGG-001",
                 "A unit is never put into itself or into what it holds.",
                 Code.AGGREGATION_CYCLE, _AGGREGATE),
    BusinessRule("FRS-AGG-003", "URS-AGG-001",
                 "A pallet has a label of its own: never that of a container with content.",
                 Code.CONTAINER_IN_USE, ("wms/aggregate",)),
    BusinessRule("FRS-STA-006", "URS-STA-006",
                 "A unit that holds anything of a lot on hold (blocked, rejected or recalled), at "
                 "any level, is not moved into another unit and not shipped.",
                 Code.CONTAINER_LOCKED, (*_AGGREGATE, "wms/ship")),
    BusinessRule("FRS-LBL-001", "URS-LBL-003",
                 "A label is spoiled, and a difference of labels accepted, for a reason of at "
                 "least five characters.",
                 Code.REASON_TOO_SHORT, (*_SPOIL, *_COUNT)),
    BusinessRule("FRS-LBL-002", "URS-LBL-003",
                 "The labels of an order are counted when none of them is open: what is left over "
                 "was destroyed and accounted for.",
                 Code.LABELS_OPEN, _COUNT),
    BusinessRule("FRS-LBL-003", "URS-LBL-003",
                 "Labels that are not found where the record has them are no more than the order "
                 "allows.",
                 Code.LABELS_NOT_BALANCED, _COUNT),
    BusinessRule("FRS-LBL-004", "URS-LBL-003",
                 "The labels of an order are counted once, and none is printed afterwards.",
                 Code.LABELS_RECONCILED, (*_COUNT, *_PRINT)),
)
