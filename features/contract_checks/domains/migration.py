"""Migrations: one new material each, with the totals that belong to it."""

from __future__ import annotations

from typing import Any

from contracts.model.quantities import Unit
from contracts.model.roles import Duty
from contracts.record.digests import digest_of
from features.contract_checks.domains.facts import Domain, Facts, member
from features.contract_checks.world import PASSWORD, World


def _migrate(world: World, body: Any) -> Facts:
    material = {
        "materialId": world.fresh("migrated"), "description": "example material",
        "baseUnit": Unit.KILOGRAM.value, "hazardClasses": [], "allergens": [],
        "issueMode": "REAL_TIME", "conversions": [], "stockScale": 6,
    }
    declared = {
        "kind": "MATERIAL", "records": 1, "sums": [], "contentSha256": digest_of([material]),
    }
    facts: Facts = [
        ("migrationId", world.fresh("migration")),
        ("materials", [material]), ("locations", []), ("lots", []), ("containers", []),
        ("declared", [declared]),
        ("approval.userId", world.person(Duty.QUALITY)),
        ("approval.password", PASSWORD),
    ]
    if not isinstance(member(body, "approval"), dict):
        facts.append(("dryRun", True))
    is_short = len("".join(str(member(body, "reason")).split())) < 5
    return [*facts, ("reason", "because a contract check says so")] if is_short else facts


MIGRATION = Domain(facts={"migrate-master-data": _migrate})
