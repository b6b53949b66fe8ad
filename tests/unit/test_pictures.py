"""What pictures of the systems are held against: what a delivery does to others' messages is nothing."""

from contracts.model.roles import Role
from features.snapshots import Picture, differences


def picture(own=(), others="digest of others", lots=()):
    outbox = {"pending": list(own), "others": [{"export": "outbox", "digest": others}]}
    state = {(Role.MES, "outbox"): outbox, (Role.MES, "lots"): {"rows": list(lots), "others": [others]}}
    return Picture(state, {}, {})


def test_what_waits_of_others_is_compared_where_nothing_was_delivered():
    assert len(differences(picture(), picture(others="tried once more"))) == 2


def test_over_a_delivery_only_what_waits_of_others_is_left_out():
    before, after = picture().over_a_delivery(), picture(others="tried once more").over_a_delivery()
    (found,) = differences(before, after)
    assert found.startswith("lots of MES")


def test_over_a_delivery_what_waits_of_the_scenario_itself_is_compared():
    waiting = {"messageId": "M-1"}
    found = differences(picture().over_a_delivery(), picture(own=[waiting]).over_a_delivery())
    assert found == [f"outbox of MES was without that and is {waiting}"]
