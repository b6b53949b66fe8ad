"""Rules about the audit trail."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_REASONED = (
    "wms/close-asn",
    "mes/change-lot-status", "wms/approve-adjustment", "wms/override-allocation",
    "mes/publish-master-data", "wms/adopt-master-data",
    "mes/cancel-pick", "mes/replay-dead-letter", "wms/replay-dead-letter",
    "mes/acknowledge-alarm", "wms/acknowledge-alarm",
    "mes/discard-dead-letter", "wms/discard-dead-letter",
)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-AUD-001", "URS-AUD-001",
                 "Every create, change or delete of a GMP record writes its audit entry in the "
                 "same transaction.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-AUD-002", "URS-AUD-002",
                 "A change carries a reason of at least five characters that are not blank.",
                 Code.REASON_TOO_SHORT, _REASONED),
)
