"""Rules about migrations."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_MIGRATE = ("mes/migrate-master-data", "wms/migrate-master-data")

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-MIG-001", "URS-MIG-001",
                 "As many records of each kind are there afterwards as the source has declared, "
                 "and every kind that is migrated is declared.",
                 Code.RECORDS_DIFFER, _MIGRATE),
    BusinessRule("FRS-MIG-002", "URS-MIG-001",
                 "The quantities of the records add up to what the source has declared, by unit.",
                 Code.SUMS_DIFFER, _MIGRATE),
    BusinessRule("FRS-MIG-003", "URS-MIG-001",
                 "The records read back have the content that the source has declared, and what "
                 "was there before is as it was.",
                 Code.CONTENT_HASH_DIFFERS, _MIGRATE),
    BusinessRule("FRS-MIG-004", "URS-MIG-001",
                 "A migration replaces nothing: each of its records is new.",
                 Code.ALREADY_EXISTS, _MIGRATE),
    BusinessRule("FRS-MIG-005", "URS-MIG-001",
                 "A migrated lot is of a material that is there, or comes along.",
                 Code.UNKNOWN_MATERIAL, _MIGRATE),
    BusinessRule("FRS-MIG-006", "URS-MIG-001",
                 "A migrated container is of a lot that is there, or comes along.",
                 Code.UNKNOWN_LOT, _MIGRATE),
    BusinessRule("FRS-MIG-007", "URS-MIG-001",
                 "A migrated container stands at a place that is there, or comes along.",
                 Code.UNKNOWN_LOCATION, _MIGRATE),
    BusinessRule("FRS-MIG-008", "URS-MIG-001",
                 "A migration that is no dry run is approved by signature.",
                 Code.SIGNATURE_REQUIRED, _MIGRATE),
    BusinessRule("FRS-MIG-009", "URS-MIG-001",
                 "A migration is approved by another person than who does it.",
                 Code.VERIFIER_IS_PERFORMER, _MIGRATE),
    BusinessRule("FRS-MIG-010", "URS-MIG-001",
                 "A migration is approved by the quality unit.",
                 Code.SIGNATURE_REFUSED, _MIGRATE),
    BusinessRule("FRS-MIG-011", "URS-MIG-001",
                 "A migration has a reason of at least five characters.",
                 Code.REASON_TOO_SHORT, _MIGRATE),
    BusinessRule("FRS-MIG-012", "URS-MIG-001",
                 "A time of day at which a migrated lot expires is kept, and lies on its expiry "
                 "day.",
                 Code.CONTENT_HASH_DIFFERS, _MIGRATE),
)
