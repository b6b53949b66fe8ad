"""The register of business rules: the functional specification (FRS), one rule per line.

A rule states what a schema cannot. It holds no deciding code: the reference decides in its domain,
the judge by its own code, so that one wrong formula cannot pass everywhere.
"""

from __future__ import annotations

from contracts.model.rules import (
    adjustments,
    audit,
    batch_records,
    controls,
    custody,
    delivery,
    dispensing,
    epcis,
    flows,
    idempotency,
    journal,
    kits,
    link,
    lot_status,
    master_data,
    migration,
    packing,
    people,
    picks,
    quality,
    receipts,
    reconciling,
    recovery,
    scans,
    segregation,
    shipping,
    signatures,
    units,
    watching,
)
from contracts.model.rules.rule import BusinessRule

RULES: tuple[BusinessRule, ...] = (
    *picks.RULES,
    *lot_status.RULES,
    *receipts.RULES,
    *dispensing.RULES,
    *segregation.RULES,
    *idempotency.RULES,
    *audit.RULES,
    *delivery.RULES,
    *link.RULES,
    *packing.RULES,
    *custody.RULES,
    *kits.RULES,
    *scans.RULES,
    *shipping.RULES,
    *flows.RULES,
    *migration.RULES,
    *adjustments.RULES,
    *master_data.RULES,
    *units.RULES,
    *batch_records.RULES,
    *epcis.RULES,
    *controls.RULES,
    *watching.RULES,
    *people.RULES,
    *journal.RULES,
    *quality.RULES,
    *reconciling.RULES,
    *signatures.RULES,
    *recovery.RULES,
)
BY_ID: dict[str, BusinessRule] = {rule.id: rule for rule in RULES}

__all__ = ["BY_ID", "RULES", "BusinessRule"]
