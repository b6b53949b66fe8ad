"""Signatures: what is verified of them. Any signature may be asked about, known or not."""

from __future__ import annotations

from typing import Any

from features.contract_checks.domains.facts import Domain, Facts
from features.contract_checks.world import World


def _verify_signature(world: World, _: Any) -> Facts:
    """A signature of somebody, under a record that it is not bound to."""
    return [("recordType", "lots"), ("recordId", world.names.id("HOLD0")), ("content", "{}")]


SIGNATURES = Domain(facts={"verify-signature": _verify_signature})
