"""Rules about checkpoints and proofs of the journal, and an audit trail that takes nothing."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_PROOFS = (
    "mes/journal-inclusion", "wms/journal-inclusion",
    "mes/journal-consistency", "wms/journal-consistency",
)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-JRN-003", "URS-JRN-002",
                 "A signed checkpoint of the journal is kept outside at least every 15 minutes "
                 "and when the system ends.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-JRN-004", "URS-JRN-003",
                 "Inclusion of a row and consistency of two sizes are proven for any rows that the "
                 "journal has.",
                 Code.NOT_IN_JOURNAL, _PROOFS),
    BusinessRule("FRS-JRN-005", "URS-JRN-004",
                 "A checkpoint covers every row that was written before it.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-AUD-005", "URS-AUD-003",
                 "What cannot be entered into the audit trail does not happen.",
                 Code.AUDIT_NOT_WRITTEN, ()),
)
