"""The machines can fail: each finds seeded defects, in the very run that the usual suite makes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MACHINES = {
    "test_lot_status_machine.LotStatusMachine": ("crossed-hold-forgotten", "hold-may-loosen"),
    "test_fefo_machine.FefoMachine": ("first-in-first-out", "set-aside-twice"),
    "test_mass_balance_machine.MassBalanceMachine": ("part-taken-twice", "scrap-not-mirrored"),
    "test_aggregation_machine.AggregationMachine": (
        "opened-case-stays-full", "child-in-two-parents",
    ),
    "test_units_machine.UnitsMachine": (
        "residue-unknown-to-warehouse", "density-at-any-temperature",
    ),
}
TRIED = [f"{defect}={machine}" for machine, defects in MACHINES.items() for defect in defects]


@pytest.fixture(scope="module")
def found():
    """What each machine finds on each of its defects."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.properties.on_defects", *TRIED], cwd=ROOT, check=True,
        capture_output=True, text=True,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {TRIED[row["number"]]: row for row in rows}


@pytest.mark.parametrize("tried", TRIED)
def test_a_machine_finds_a_defect(found, tried):
    assert "error" not in found[tried], found[tried]
    assert found[tried]["found"].startswith("AssertionError")
