"""A day that has everything in it notices what is wrong with what does not go straight through.

Each message of that kind has a defect that the short day catches, some of them nothing else.
"""

import json
import os
import subprocess
import sys
from functools import cache

import pytest

PLAYED = """
import json, os, sys
from simulator.campaign import run_shift
from simulator.namespace import Namespace
from simulator.plant import SHORT, read_plant
from gxproof import wiring
from gxproof.defects import read_defects
from gxproof.implanting import Loaded
from gxproof.side_by_side import fork

DEFECTS, loaded = {d.id: d for d in read_defects()}, Loaded()

def play(name):
    loaded.implant(DEFECTS[name])
    from gxproof import wiring
    sut = wiring.reference_in_memory("reference-in-memory", 1)
    campaign = run_shift(read_plant(SHORT), sut, 1, Namespace("P"))
    found = [i.id for i, judgement in campaign.judgements if judgement.violations]
    print(json.dumps([name, found]), flush=True)

for name in sys.argv[1:]:
    os.waitpid(fork(lambda: play(name)), 0)
"""
# By message: the defect, and the invariants that notice it, among others.
SEEN = {
    "wip-transferred": ("transfer-of-what-was-weighed", {"INV-IN-PROCESS"}),
    "wip-transferred, kept": ("transfer-in-process-not-kept", {"INV-IN-PROCESS"}),
    "material-scrapped": ("scrap-in-process-forgotten", {"INV-IN-PROCESS"}),
    "material-scrapped, stock": ("scrap-not-mirrored", {"INV-MASS-BALANCE"}),
    "unit-disaggregated": ("opened-case-stays-full", {"INV-NOTHING-DOUBLED"}),
    "unit-aggregated": ("last-news-wins", {"INV-AGGREGATION-TREE"}),
    "return-received": ("what-came-back-stays-on-its-pallet", {"INV-AGGREGATION-TREE"}),
    "return-received, kept": ("kept-units-come-back", {"INV-SERIALS"}),
    "kit-assembled": ("components-stay-in-stock", {"INV-MASS-BALANCE"}),
    "kit-assembled, traced": ("components-not-traced", {"INV-TRACES"}),
    "kit-opened": ("opened-kit-stays-in-its-case", {"INV-MASS-BALANCE"}),
    "warehouse-hold-placed": ("hold-entered-and-not-kept", {"INV-STATUS"}),
    "warehouse-hold-placed, again": ("hold-lifted-by-the-release-of-another", {"INV-STATUS"}),
    "batch record": ("batch-record-as-it-is-now", {"INV-BATCH-RECORD"}),
}


# One of each side in the usual suite; the others take a minute.
FIRST = ("material-scrapped", "return-received, kept", "kit-assembled, traced")


@cache
def found_by_the_day(messages):
    names = sorted({SEEN[message][0] for message in messages})
    done = subprocess.run(
        [sys.executable, "-c", PLAYED, *names], capture_output=True, text=True, check=True,
        env=dict(os.environ),
    )
    return dict(json.loads(line) for line in done.stdout.splitlines())


@pytest.mark.parametrize("message", FIRST)
def test_a_defect_about_this_message_is_seen_by_the_day(message):
    name, noticed = SEEN[message]
    assert noticed <= set(found_by_the_day(FIRST).get(name, []))


@pytest.mark.long
@pytest.mark.parametrize("message", [message for message in SEEN if message not in FIRST])
def test_every_other_defect_of_these_messages_is_seen_as_well(message):
    name, noticed = SEEN[message]
    others = tuple(one for one in SEEN if one not in FIRST)
    assert noticed <= set(found_by_the_day(others).get(name, []))
