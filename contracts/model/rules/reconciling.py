"""Rules about comparing the stock of both systems, and about closing what differs."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_RECONCILE, _CLOSE = ("mes/reconcile-stock",), ("mes/close-difference",)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-REC-001", "URS-REC-001",
                 "Stock is compared for each location, material, lot, status and unit, exactly; "
                 "containers that a message on its way names are set apart until it has arrived.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-REC-002", "URS-REC-001",
                 "From the first comparison on stock is compared again 24 hours after the last "
                 "one, without being asked; where the warehouse is silent, every 15 minutes and "
                 "with an alarm.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-REC-003", "URS-REC-001",
                 "Stock that the warehouse does not tell is not compared.",
                 Code.PARTNER_SILENT, _RECONCILE),
    BusinessRule("FRS-REC-004", "URS-REC-001",
                 "Each place that differs stands open once, with an alarm and a deviation that "
                 "names its lot, whatever further comparisons find.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-REC-005", "URS-REC-003",
                 "Only a known difference is closed.", Code.UNKNOWN_DIFFERENCE, _CLOSE),
    BusinessRule("FRS-REC-006", "URS-REC-003",
                 "A closed difference is not closed again.", Code.DIFFERENCE_CLOSED, _CLOSE),
    BusinessRule("FRS-REC-007", "URS-REC-003",
                 "The adjustment of a difference names the deviation that the difference opened.",
                 Code.DEVIATION_NOT_LINKED, _CLOSE),
    BusinessRule("FRS-REC-008", "URS-REC-003",
                 "The adjustment states a reason of at least five characters that are not blank.",
                 Code.REASON_TOO_SHORT, _CLOSE),
    BusinessRule("FRS-REC-009", "URS-REC-003",
                 "A difference is closed by the own signature of a person of the quality unit.",
                 Code.SIGNATURE_REFUSED, _CLOSE),
    BusinessRule("FRS-REC-010", "URS-REC-003",
                 "Where the status differs nothing is adjusted: quality owns it.",
                 Code.STATUS_DIFFERS, _CLOSE),
    BusinessRule("FRS-REC-011", "URS-REC-003",
                 "A container that has moved or changed in MES since it was compared is not "
                 "adjusted.",
                 Code.DIFFERENCE_MOVED, _CLOSE),
    BusinessRule("FRS-REC-012", "URS-REC-003",
                 "A lot that MES does not know gets no stock by an adjustment.",
                 Code.UNKNOWN_LOT, _CLOSE),
    BusinessRule("FRS-REC-013", "URS-REC-003",
                 "The adjustment of a difference takes over quantity and place from WMS, which "
                 "owns them, for each container of the place that differs.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-REC-014", "URS-REC-004",
                 "Messages are counted and their sequence numbers added up for each interface and "
                 "hour, at the sender and at the receiver by the hour in which they were written.",
                 Code.SCHEMA_VIOLATION, ()),
)
