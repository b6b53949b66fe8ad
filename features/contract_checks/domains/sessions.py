"""Signing in."""

from __future__ import annotations

from typing import Any

from contracts.model.roles import Duty
from features.contract_checks.domains.facts import Domain, Facts
from features.contract_checks.world import PASSWORD, World


def _sessions(world: World, _: Any) -> Facts:
    duty = next(iter(world.tokens), Duty.PRODUCTION)
    return [("userId", world.person(duty)), ("password", PASSWORD)]


SESSIONS = Domain(facts={"sessions": _sessions})
