"""Rules about master data that both systems keep."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_PUBLISHED = ("mes/master-data-published", "wms/master-data-published")

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-MDM-001", "URS-MDM-001",
                 "The published digest is that of the published content.",
                 Code.CONTENT_HASH_DIFFERS, _PUBLISHED),
    BusinessRule("FRS-MDM-002", "URS-MDM-001",
                 "A material whose record differs from the partner's is used in no transaction "
                 "until both are equal again.",
                 Code.MASTER_DATA_DIFFERS,
                 ("wms/pick-requested", "wms/confirm-pick", "wms/take-sample",
                  "mes/request-pick", "wms/confirm-receipt", "wms/put-away", "mes/dispense",
                  "mes/complete-order", "mes/pack-unit", "wms/ship")),
    BusinessRule("FRS-MDM-003", "URS-MDM-001",
                 "What is published or taken over is a material that is known.",
                 Code.UNKNOWN_MATERIAL, ("mes/publish-master-data", "wms/adopt-master-data")),
    BusinessRule("FRS-MDM-004", "URS-MDM-001",
                 "Only what the partner published is taken over.",
                 Code.NOTHING_PUBLISHED, ("wms/adopt-master-data",)),
    BusinessRule("FRS-MDM-005", "URS-MDM-002",
                 "A status, reason or unit code outside the dictionary is refused, never mapped.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-MDM-009", "URS-MDM-001",
                 "A place, a bill of materials or a lot format whose record differs from the "
                 "partner's is used in no transaction until both are equal again.",
                 Code.MASTER_DATA_DIFFERS,
                 ("wms/confirm-receipt", "wms/put-away", "wms/pick-requested", "mes/request-pick",
                  "mes/dispense", "mes/complete-order", "mes/pack-unit")),
    BusinessRule("FRS-MDM-010", "URS-MDM-001",
                 "What is published is a record that is known.",
                 Code.UNKNOWN_MASTER_RECORD, ("mes/publish-master-record",)),
    BusinessRule("FRS-MDM-011", "URS-MDM-001",
                 "A published record that the partner does not answer in time, and one that is "
                 "not held here, cannot be compared and raises an alarm.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-MDM-012", "URS-MDM-001",
                 "Only what can be read in every member is taken over.",
                 Code.MASTER_DATA_UNREADABLE, ("wms/adopt-master-data",)),
)
