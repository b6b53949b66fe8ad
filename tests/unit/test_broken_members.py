"""Every member of every golden message can be broken, and is named as a refusal names it."""

import json

import pytest

from contracts.wire.publication import golden_messages
from features.broken_members import broken_members, member_paths

GOOD = {
    golden.message.name: golden for golden in golden_messages() if golden.name.endswith("-accepted")
}


@pytest.mark.parametrize("name", GOOD)
def test_every_member_is_broken_in_some_way(name):
    golden = GOOD[name]
    body = json.loads(golden.steps[-1].raw)
    cases = broken_members(golden.message.receiver, name, body)
    assert {case.path for case in cases} == set(member_paths(body))
    assert all(case.body != body for case in cases)
    paths = "".join(member_paths(body))
    assert "data." in paths
    assert ".0" not in paths


def test_a_message_that_is_no_good_one_is_not_broken_further():
    golden = GOOD["pick-requested"]
    with pytest.raises(ValueError, match="no good one"):
        broken_members(golden.message.receiver, "pick-requested", {})
