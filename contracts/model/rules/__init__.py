"""The register of business rules: the functional specification (FRS), one rule per line.

A rule states what a schema cannot. It holds no deciding code: the reference decides in its domain,
the judge by its own code, so that one wrong formula cannot pass everywhere.
"""

from __future__ import annotations

from contracts.model.rules import audit, delivery, idempotency, lot_status, picks
from contracts.model.rules.rule import BusinessRule

RULES: tuple[BusinessRule, ...] = (
    *picks.RULES,
    *lot_status.RULES,
    *idempotency.RULES,
    *audit.RULES,
    *delivery.RULES,
)
BY_ID: dict[str, BusinessRule] = {rule.id: rule for rule in RULES}

__all__ = ["BY_ID", "RULES", "BusinessRule"]
