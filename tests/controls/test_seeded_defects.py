"""The harness can fail a bad system: every requirement and every invariant has one that it catches."""

import pytest

from contracts.model.verdicts import State
from features.catalogue import read_catalogue, requirements_of
from gxproof.defects import (
    Defect,
    DefectError,
    Edit,
    edited_texts,
    one_for_each,
    read_defects,
)
from gxproof.prove import prove
from gxproof.zoned import why_no_zones
from simulator.invariants import INVARIANTS


def caught(challenges):
    states = {c.defect.id if c.defect else "faithful": (c.state, c.error) for c in challenges}
    assert {name: s for name, s in states.items() if s != (State.PASSED, "")} == {}
    return {c.defect.requirement for c in challenges if c.defect and c.caught_by_its_rule}


def judging_systems(*, in_zones):
    """What qualifies the tool alone judges no system; its controls are scenarios and tests of ours."""
    return {
        r.id for r in requirements_of(read_catalogue())
        if r.applies_to != ("tool",) and ("zones" in r.needs) is in_zones
    }


def test_every_requirement_catches_a_defect_by_its_own_scenarios():
    requirements = judging_systems(in_zones=False)
    chosen = one_for_each(read_defects(), sorted(requirements))
    assert caught(prove(chosen, 1, faithful_for="URS-PCK-001")) == requirements


def test_the_requirement_of_the_zones_catches_a_defect_where_there_can_be_zones():
    reason = why_no_zones()
    if reason:
        pytest.skip(f"no zones: {reason}")
    requirements = judging_systems(in_zones=True)
    assert requirements
    chosen = one_for_each(read_defects(), sorted(requirements))
    assert caught(prove(chosen, 1, faithful_for="URS-PCK-001")) == requirements


@pytest.fixture(scope="module")
def bank():
    """All defects; where there can be no zones, without those whose requirement needs them."""
    beyond = judging_systems(in_zones=True) if why_no_zones() else set()
    return [defect for defect in read_defects() if defect.requirement not in beyond]


@pytest.fixture(scope="module")
def challenges(bank):
    return prove(bank, 1, faithful_for="URS-PCK-001")


@pytest.mark.long
def test_every_defect_is_caught_and_a_faithful_copy_is_not(bank, challenges):
    assert caught(challenges)
    assert len(challenges) == len(bank) + 1


@pytest.mark.long
def test_every_invariant_catches_a_defect(challenges):
    caught = {name for c in challenges for name in c.caught_by}
    assert {invariant.id for invariant in INVARIANTS} <= caught


def test_a_defect_names_a_scenario_of_the_requirement_that_it_breaks():
    scenarios = {(item.requirement.id, item.id) for item in read_catalogue()}
    named = {(d.requirement, d.caught_by) for d in read_defects() if d.caught_by}
    assert named - scenarios == set()
    assert all(d.caught_by or d.faults or d.plants for d in read_defects()), "only a plant can catch those"


def test_every_defect_fits_the_code_as_it_is():
    assert all(edited_texts(defect) for defect in read_defects())


def test_a_defect_that_no_longer_fits_is_an_error():
    defect = Defect("x", "t", "URS-PCK-001", "s", (), (Edit("domain/picks.py", "not there", ""),))
    with pytest.raises(DefectError, match="stands 0 times"):
        edited_texts(defect)
    twice = Defect("x", "t", "URS-PCK-001", "s", (), (Edit("domain/picks.py", "return None", ""),))
    with pytest.raises(DefectError, match="expected once"):
        edited_texts(twice)
