"""One pair for the contract checks and all scenarios, as over TLS: what was before decides nothing.

The requirements are those whose scenarios ask about what a pair has behind it: dead letters,
messages that wait, a way that is shut, conditions that stand, a clock that goes back.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.model.roles import Role
from contracts.model.verdicts import State
from features.contract_checks.domains import DOMAINS
from features.contract_checks.domains.delivery import leave_in_order
from features.contract_checks.world import World
from features.plugin import open_target
from gxproof import oq_work
from gxproof.pair import serving_pair

REQUIREMENTS = (
    "URS-ALM-001", "URS-CBR-001", "URS-CBR-002", "URS-CHG-007", "URS-DLQ-001", "URS-JRN-001",
    "URS-JRN-003", "URS-KPI-001", "URS-MDM-001", "URS-REC-002", "URS-STA-004", "URS-TIM-001",
)


@pytest.mark.long
def test_scenarios_pass_behind_the_contract_checks_and_behind_themselves(tmp_path):
    target = tmp_path / "target.toml"
    with serving_pair(target):
        for role in Role:
            assert _what_checks_leave(target, role) == []
        for prefix in ("FIRST", "SECOND"):
            assert _failed(target, prefix) == {}


def _what_checks_leave(target: Path, role: Role) -> list[str]:
    """Set up what the checks of a role work on, and put in order what comes of it."""
    pair = open_target(str(target), 1)
    try:
        world = World(pair, role, supply=8)
        world.set_up(f"PAST{role[0].upper()}", DOMAINS)
        leave_in_order(world)
        return world.trouble
    finally:
        pair.close()


def _failed(target: Path, prefix: str) -> dict[str, str]:
    """What did not pass of the scenarios of these requirements, one after the other."""
    aim = oq_work.Aim(str(target), 1, namespace=prefix)
    jobs = [oq_work.Job(oq_work.Kind.SCENARIOS, name) for name in REQUIREMENTS]
    found = [result for _, what in oq_work.work_done(aim, jobs) for result in what["results"]]
    assert len(found) > len(jobs)
    return {r["id"]: r["reason"] for r in found if r["state"] != State.PASSED}
