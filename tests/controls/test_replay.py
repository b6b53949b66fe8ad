"""A violation is told first, kept, and comes again when it is replayed."""

import json
from dataclasses import replace

import pytest

from contracts.model.verdicts import State, Verdict
from gxproof import simulation
from gxproof.in_process import InProcessPair
from gxproof.simulation import Days, show_days, show_replay
from simulator import campaign
from simulator.invariants import INVARIANTS, invariants_for
from simulator.invariants.violation import Judgement, Violation
from simulator.namespace import Namespace
from simulator.plant import EXAMPLE, SHORT, read_plant
from simulator.replay import ReplayUnreadable, read_replay


def _always_wrong(evidence):
    judgement = Judgement()
    judgement.compare(
        False, Violation("lot L", "1 kg", "2 kg", "pick-confirmed attempt 1", "L", "1.000")
    )
    return judgement


@pytest.fixture
def a_strict_judge(monkeypatch):
    wrong = replace(INVARIANTS[0], id="INV-WRONG", judge=_always_wrong)
    monkeypatch.setattr(campaign, "invariants_for", lambda plant: (wrong, *INVARIANTS[1:7]))


def test_a_sound_day_leaves_no_replay_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    days = Days("reference-in-memory", EXAMPLE, 1, json=tmp_path / "days.json")
    assert show_days(days) is Verdict.PASSED
    document = json.loads((tmp_path / "days.json").read_text())
    assert document["verdict"] == "PASSED"
    # Each of the seven losses of one message is noticed by the question about it.
    assert [cell["felt"] for cell in document["days"][0]["coverage"]] == [1, 1, 7, 1]
    assert list(tmp_path.glob("replay-*")) == []
    assert "VIOLATED" not in capsys.readouterr().out


def test_a_violation_comes_first_then_its_replay_and_comes_again(
    tmp_path, monkeypatch, capsys, a_strict_judge
):
    monkeypatch.chdir(tmp_path)
    assert show_days(Days("reference-in-memory", EXAMPLE, 1)) is Verdict.FAILED
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "VIOLATED  INV-WRONG: lot L"
    assert [line.split()[0] for line in told[1:5]] == ["lot", "expected", "observed", "opened"]
    assert told[5] == "gxproof replay replay-seed-1.json"
    assert show_replay(tmp_path / "replay-seed-1.json", None) is Verdict.FAILED
    assert (
        "1 of 1 violations came again; the history is the same, byte for byte"
        in capsys.readouterr().out
    )


def test_another_history_is_never_passed(tmp_path, monkeypatch, capsys, a_strict_judge):
    monkeypatch.chdir(tmp_path)
    show_days(Days("reference-in-memory", EXAMPLE, 1))
    path = tmp_path / "replay-seed-1.json"
    changed = read_replay(path).model_copy(update={"history_sha256": "0" * 64})
    simulation.write_replay(path, changed)
    monkeypatch.setattr(campaign, "invariants_for", invariants_for)
    assert show_replay(path, None) is Verdict.INCONCLUSIVE
    assert "0 of 1 violations came again; the history is another one" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "{}", '{"format": "gxproof-replay/9"}'])
def test_what_is_no_replay_file_is_named(tmp_path, content):
    path = tmp_path / "replay.json"
    path.write_text(content)
    with pytest.raises(ReplayUnreadable, match="is no replay file"):
        read_replay(path)


def test_a_day_of_everything_goes_the_same_way_under_other_names():
    days = [
        campaign.run_shift(read_plant(SHORT), InProcessPair(3), 3, Namespace(prefix))
        for prefix in ("A", "ANOTHERRUN")
    ]
    assert days[0].events == days[1].events
    assert set(days[0].states.values()) == {State.PASSED}
