"""``gxproof baseline draft``: the configuration as it is, and the plan that is to run on it."""

from __future__ import annotations

from pathlib import Path

from contracts.record.digests import sha256
from contracts.record.folder import model_bytes
from contracts.record.runs import Plan
from contracts.wire.system import SystemUnderTest
from features.plugin import open_target
from gxproof.dossier import EVERY_PAPER
from gxproof.forms import form
from gxproof.observing import observed_items
from gxproof.planning import Scope, make_plan, offers_of
from gxproof.preflight import check_ready
from simulator.plant import DAY, read_plant
from simulator.schedule import expand


def draft(target: str, plant: Path | None, seed: int, scope: Scope) -> str:
    """The form of a baseline, as TOML. Raises: TargetNotReady, PlantError, UnknownTarget."""
    sut = open_target(target, seed)
    try:
        check_ready(sut)
        plan = formal_plan(sut, plant or DAY, seed, scope)
        known = {"target": sut.name, "planSha256": digest_of_plan(plan)}
        return form("baseline", known, observed_items(sut))
    finally:
        sut.close()


def formal_plan(sut: SystemUnderTest, plant: Path, seed: int, scope: Scope) -> Plan:
    """The plan of a run that is started under an approved baseline."""
    return make_plan(
        sut.mode, expand(read_plant(plant), seed), scope, sut.engine, offers_of(sut.network),
        EVERY_PAPER,
    )


def digest_of_plan(plan: Plan) -> str:
    """The digest that a run states for its plan."""
    return sha256(model_bytes(plan))
