"""Rules about genealogy, recalls and batch records."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_FORWARD = ("mes/trace-forward", "wms/trace-forward")
_BACKWARD = ("mes/trace-backward", "wms/trace-backward")
_RECALL = ("mes/recall-lot",)
_ENTRY = ("mes/record-batch-entry",)
_COMPLETE = ("mes/complete-batch-record",)
_RELEASE = ("mes/change-lot-status",)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-GEN-001", "URS-GEN-001",
                 "A forward trace names every batch, handling unit and consignee that material of "
                 "a known lot went into; what was wholly given back is not in the batch.",
                 Code.UNKNOWN_LOT, (*_FORWARD, *_RECALL)),
    BusinessRule("FRS-GEN-002", "URS-GEN-001",
                 "A backward trace names every lot that went into a known unit.",
                 Code.UNKNOWN_UNIT, _BACKWARD),
    BusinessRule("FRS-GEN-003", "URS-GEN-002",
                 "A trace follows lots through any number of batches, splits and pallets, and ends "
                 "where rework leads in a circle.",
                 Code.UNKNOWN_LOT, _FORWARD),
    BusinessRule("FRS-GEN-004", "URS-GEN-003",
                 "A recall is decided by the signature of a person with the quality role.",
                 Code.SIGNATURE_REFUSED, _RECALL),
    BusinessRule("FRS-GEN-005", "URS-GEN-003",
                 "A recall states a reason of at least five characters that are not blank.",
                 Code.REASON_TOO_SHORT, _RECALL),
    BusinessRule("FRS-GEN-006", "URS-GEN-003",
                 "A recall takes the lot, and every lot made of it, to recalled where the status "
                 "model allows it; at least one of them.",
                 Code.TRANSITION_NOT_ALLOWED, _RECALL),
    BusinessRule("FRS-GEN-007", "URS-GEN-003",
                 "A recall that the partner has not confirmed in full within its time raises an "
                 "alarm.",
                 Code.LOT_NOT_RELEASED, ()),
    BusinessRule("FRS-BPR-001", "URS-BPR-001",
                 "A batch record is completed when every element of 21 CFR 211.188 is in it; what "
                 "is missing is named.",
                 Code.BATCH_RECORD_INCOMPLETE, _COMPLETE),
    BusinessRule("FRS-BPR-002", "URS-BPR-001",
                 "Entries are made for a known order.",
                 Code.UNKNOWN_ORDER, (*_ENTRY, *_COMPLETE, "mes/batch-record")),
    BusinessRule("FRS-BPR-003", "URS-BPR-001",
                 "Entries are made for an order that has a master record.",
                 Code.NO_MASTER_RECORD, (*_ENTRY, *_COMPLETE)),
    BusinessRule("FRS-BPR-004", "URS-BPR-001",
                 "Entries are made once an order is started.",
                 Code.ORDER_NOT_STARTED, _ENTRY),
    BusinessRule("FRS-BPR-005", "URS-BPR-001",
                 "A step or test that is entered stands in the master record.",
                 Code.NOT_ON_MASTER_RECORD, _ENTRY),
    BusinessRule("FRS-BPR-006", "URS-BPR-001",
                 "A step names its equipment, a test its result in the unit of its limits, "
                 "containers and closures their lot and quantity; nothing ends before it begins.",
                 Code.ENTRY_INCOMPLETE, _ENTRY),
    BusinessRule("FRS-BPR-007", "URS-BPR-001",
                 "Equipment that is named is known.",
                 Code.UNKNOWN_EQUIPMENT, _ENTRY),
    BusinessRule("FRS-BPR-008", "URS-BPR-001",
                 "A step or test is entered once.",
                 Code.ALREADY_EXISTS, _ENTRY),
    BusinessRule("FRS-BPR-009", "URS-BPR-001",
                 "Nobody checks an entry of one's own.",
                 Code.VERIFIER_IS_PERFORMER, _ENTRY),
    BusinessRule("FRS-BPR-010", "URS-BPR-001",
                 "An entry is signed by who checked it, a completion by quality.",
                 Code.SIGNATURE_REFUSED, (*_ENTRY, *_COMPLETE)),
    BusinessRule("FRS-BPR-011", "URS-BPR-001",
                 "A completed batch record takes no entry and is not completed again.",
                 Code.BATCH_RECORD_COMPLETED, (*_ENTRY, *_COMPLETE)),
    BusinessRule("FRS-BPR-012", "URS-BPR-001",
                 "The lot of containers or closures is known.",
                 Code.UNKNOWN_LOT, _ENTRY),
    BusinessRule("FRS-BPR-013", "URS-BPR-002",
                 "Issues, returns and packed units stand in the batch record with the identifiers, "
                 "lots and exact quantities of their movements.",
                 Code.NOT_ON_BOM, ()),
    BusinessRule("FRS-BPR-014", "URS-BPR-003",
                 "A lot with an electronic batch record is released when that is completed, no "
                 "deviation of lot or batch is open, every result is within its limits, and the "
                 "warehouse has acknowledged every packed unit.",
                 Code.RELEASE_BLOCKED, _RELEASE),
    BusinessRule("FRS-BPR-015", "URS-BPR-004",
                 "The record of a device also holds its UDI, quantities made and released, "
                 "acceptance and primary label.",
                 Code.BATCH_RECORD_INCOMPLETE, _COMPLETE),
    BusinessRule("FRS-BPR-016", "URS-BPR-003",
                 "A lot whose batch record is kept on paper is released when no deviation of lot "
                 "or batch is open and the warehouse has acknowledged every packed unit.",
                 Code.RELEASE_BLOCKED, _RELEASE),
)
