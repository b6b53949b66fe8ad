"""What the partner asks and is answered at once."""

from __future__ import annotations

from typing import Any

from features.contract_checks.domains.facts import Domain, Facts
from features.contract_checks.world import World


def _validate(world: World, _: Any) -> Facts:
    return [("lotId", world.names.id("STOCK")), ("container", world.names.sscc("STOCK"))]


DELIVERY = Domain(facts={"validate": _validate})
