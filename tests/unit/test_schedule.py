"""A seed makes one schedule of a day's patterns, in any process, with nothing left to chance."""

import hashlib
import os
import subprocess
import sys

import pytest

from contracts.model.messages import MESSAGES
from simulator.anchors import anchors_for
from simulator.plant import DAY, EXAMPLE, read_plant
from simulator.plant_model import Plant
from simulator.schedule import expand, schedule_bytes

DIGEST = (
    "import hashlib; from simulator.plant import DAY, read_plant;"
    "from simulator.schedule import expand, schedule_bytes;"
    "print(hashlib.sha256(schedule_bytes(expand(read_plant(DAY), 7))).hexdigest())"
)


def test_the_same_seed_gives_the_same_schedule_in_any_process():
    here = hashlib.sha256(schedule_bytes(expand(read_plant(DAY), 7))).hexdigest()
    for hash_seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True,
            env=environment,
        )
        assert done.stdout.strip() == here


def test_another_seed_gives_another_schedule():
    plant = read_plant(DAY)
    assert schedule_bytes(expand(plant, 1)) != schedule_bytes(expand(plant, 2))


def test_a_plant_without_patterns_is_its_own_schedule():
    plant = read_plant(EXAMPLE)
    assert expand(plant, 3) is plant


def test_a_schedule_has_no_patterns_and_reads_back():
    schedule = expand(read_plant(DAY), 4)
    again = Plant.model_validate_json(schedule_bytes(schedule))
    assert schedule.day is None
    assert again == schedule


@pytest.mark.parametrize("seed", range(5))
def test_every_fault_of_the_day_has_an_event_of_its_own(seed):
    schedule = expand(read_plant(DAY), seed)
    anchored = [tuple(sorted(f.where.items())) for f in schedule.faults]
    assert len(anchored) > 50
    assert len(set(anchored)) == len(anchored)
    assert all(fault.where != {"none": "none"} for fault in schedule.faults)


def test_a_day_is_of_the_size_that_was_promised():
    schedule = expand(read_plant(DAY), 1)
    assert len(schedule.deliveries) >= 20
    assert len(schedule.orders) >= 25
    assert {kind for f in schedule.faults for kind in [f.kind.value]} >= {
        "request lost", "reply lost after commit", "outage", "duplicated", "jam before print",
        "jam after print", "jam before verify", "jam after verify",
    }


def test_what_has_no_anchor_is_known_to_have_none():
    assert anchors_for("no such message", expand(read_plant(DAY), 1)) == []
    assert all(anchors_for(name, expand(read_plant(DAY), 1)) for name in MESSAGES if name in SURE)


SURE = {
    "receipt-confirmed", "putaway-completed", "pick-requested", "pick-confirmed",
    "material-issued", "material-returned", "pack-completed", "unit-aggregated",
    "count-completed", "inventory-adjusted", "shipment-confirmed", "sample-taken",
    "master-data-published", "lot-status-changed", "wip-transferred", "material-scrapped",
    "unit-disaggregated", "return-received", "kit-assembled", "kit-opened",
    "warehouse-hold-placed",
}
