"""A picture of one run among others: its own rows, and what all other rows come to."""

import pytest

from contracts.model.codes import Code
from contracts.model.inspection_state import State
from contracts.model.roles import Role
from features.snapshots import differences, take_picture
from gxproof.in_process import InProcessPair
from simulator.site import Site
from tests.issues import Issues


@pytest.fixture(scope="module")
def runs():
    """Two runs on one pair, each with an issue that was posted."""
    pair = InProcessPair(1)
    mine, other = Issues(pair, "MINE", 2), Issues(pair, "OTHER", 2)
    for issues in (mine, other):
        post(issues)
    yield pair, mine, other
    pair.close()


def post(issues):
    draft = issues.draft()
    answer = issues.counterpart.client.send("material-issued", draft.raw, key=draft.key)
    assert answer.refusal is None


def shown(pair, query=""):
    return pair.client(Role.WMS).ask("state", State, query)


def test_rows_that_mention_the_run_are_shown_and_the_others_are_counted(runs):
    pair, _, _ = runs
    whole, narrow = shown(pair), shown(pair, "about=MINE")
    assert whole.others == ()
    rows = {row.export: row.rows for row in narrow.others}
    # An SSCC does not carry the letters of a run; an issue does.
    assert [row.sscc for row in narrow.containers.rows] == []
    assert rows["containers"] == len(whole.containers.rows)
    text = narrow.model_dump_json()
    assert "MINE-ISSUE-1" in text
    assert "OTHER-ISSUE" not in text
    assert "OTHER-ISSUE-1" in whole.model_dump_json()
    assert narrow.journal_position == whole.journal_position


def test_what_happens_to_others_changes_what_they_come_to_and_is_found(runs):
    pair, mine, other = runs
    site = Site(pair, mine.names)
    before = take_picture(site)
    assert differences(before, take_picture(site)) == []
    post(other)
    found = differences(before, take_picture(site))
    assert any(text.startswith("inventory of WMS") or text.startswith("containers of WMS")
               for text in found), found
    assert all("digest" in text for text in found if "containers" in text)


def test_a_question_that_names_nothing_is_refused(runs):
    pair, _, _ = runs
    client = pair.client(Role.WMS)
    for query in ("about=", "about=a%20b", "other=MINE", "about=MINE&about=OTHER"):
        refusal = client.call("state", query=query).refusal
        assert refusal is not None, query
        assert (refusal.code, refusal.path) == (Code.SCHEMA_VIOLATION, "query:about")
