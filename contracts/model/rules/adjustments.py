"""Rules about counts, adjustments and samples."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_COUNT = ("wms/record-count",)
_APPROVE = ("wms/approve-adjustment",)
_SAMPLE = ("wms/take-sample",)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-ADJ-001", "URS-ADJ-001",
                 "Every count is recorded and told, a difference of zero included; stock does not "
                 "change by a count.",
                 Code.NO_DIFFERENCE, ()),
    BusinessRule("FRS-ADJ-002", "URS-ADJ-001",
                 "What is counted or sampled is the container whose GS1 label was scanned.",
                 Code.SCAN_UNREADABLE, (*_COUNT, *_SAMPLE)),
    BusinessRule("FRS-ADJ-003", "URS-ADJ-001",
                 "A count or sample is of a container that is known.",
                 Code.UNKNOWN_CONTAINER, (*_COUNT, *_SAMPLE)),
    BusinessRule("FRS-ADJ-004", "URS-ADJ-001",
                 "A container is counted where the book has it.",
                 Code.CONTAINER_ELSEWHERE, _COUNT),
    BusinessRule("FRS-ADJ-005", "URS-ADJ-001",
                 "A recount names a first count of the same container; an approval names a count.",
                 Code.UNKNOWN_COUNT, (*_COUNT, *_APPROVE)),
    BusinessRule("FRS-ADJ-006", "URS-ADJ-001",
                 "A recount is made by another person than the first count.",
                 Code.RECOUNT_BY_COUNTER, _COUNT),
    BusinessRule("FRS-ADJ-007", "URS-ADJ-001",
                 "A difference is adjusted only after a recount.",
                 Code.RECOUNT_MISSING, _APPROVE),
    BusinessRule("FRS-ADJ-008", "URS-ADJ-001",
                 "Who approves an adjustment has made none of its counts.",
                 Code.COUNTER_MAY_NOT_APPROVE, _APPROVE),
    BusinessRule("FRS-ADJ-009", "URS-ADJ-001",
                 "The approval is signed with the user id and password of the signed-in person.",
                 Code.SIGNATURE_REFUSED, _APPROVE),
    BusinessRule("FRS-ADJ-010", "URS-ADJ-001",
                 "Only a difference between book and recount is adjusted.",
                 Code.NO_DIFFERENCE, _APPROVE),
    BusinessRule("FRS-ADJ-011", "URS-ADJ-001",
                 "Where the stock has moved since the recount, it is counted anew.",
                 Code.STOCK_MOVED, _APPROVE),
    BusinessRule("FRS-ADJ-012", "URS-ADJ-001",
                 "A difference is adjusted once.",
                 Code.COUNT_SETTLED, _APPROVE),
    BusinessRule("FRS-ADJ-013", "URS-ADJ-002",
                 "Every adjustment opens an investigation record with its cause.",
                 Code.REASON_TOO_SHORT, ()),
    BusinessRule("FRS-ADJ-014", "URS-ADJ-002",
                 "A difference above the site's percentage of the book, or above its absolute "
                 "amount, opens a deviation that names the affected lots and batches.",
                 Code.NO_DIFFERENCE, ()),
    BusinessRule("FRS-ADJ-015", "URS-ADJ-001",
                 "Counts and samples are given in the base unit of the material.",
                 Code.UNIT_NOT_BASE_UNIT, (*_COUNT, *_SAMPLE)),
    BusinessRule("FRS-ADJ-016", "URS-ADJ-002",
                 "Investigation and deviation numbers are used once.",
                 Code.ALREADY_EXISTS, ("mes/inventory-adjusted",)),
    BusinessRule("FRS-SMP-001", "URS-STA-008",
                 "Samples are taken of material in quarantine or released.",
                 Code.SAMPLING_NOT_ALLOWED, _SAMPLE),
    BusinessRule("FRS-SMP-002", "URS-EXP-001",
                 "Samples are taken of material in date.",
                 Code.LOT_EXPIRED, _SAMPLE),
    BusinessRule("FRS-SMP-003", "URS-REC-002",
                 "A sample is no more than the container holds, so that no book goes below zero.",
                 Code.QUANTITY_ABOVE_CONTENT, _SAMPLE),
    BusinessRule("FRS-SMP-004", "URS-IDM-008",
                 "A sample gets a label that was never used.",
                 Code.CONTAINER_IN_USE, _SAMPLE),
    BusinessRule("FRS-SMP-005", "URS-IDM-008",
                 "A sample number is used once, whichever system gave it.",
                 Code.ALREADY_EXISTS, (*_SAMPLE, "mes/sample-taken", "wms/sample-taken")),
)
