"""The plugin that carries the evidence: what would pass silently elsewhere is refused here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.model.ports import NoAnswer
from contracts.model.verdicts import State
from contracts.record.runs import Result
from contracts.wire.clients import ContractBroken, Unexpected
from features.catalogue import read_catalogue
from features.plugin import NotTested, UnknownTarget, judge, open_target
from gxproof.oq_work import Aim, Job, Kind, work_done
from gxproof.side_by_side import HarnessFailed

FEATURE = """Feature: F
  @URS-PCK-001 @risk-high @OQ @mes @blackbox
  Rule: R
    It shall be so.
    Clauses: 11.10(a)

    @accepts
    Scenario: S
      Then it holds

    @refuses
    Scenario: T
      Then it holds
"""
SEALED = [
    "-c",
    "/dev/null",
    "--import-mode=importlib",
    "-p",
    "pytest_bdd.plugin",
    "-p",
    "features.plugin",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:schemathesis",
    "-q",
]


def run_feature(tmp_path: Path, module: str, *more: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "x.feature").write_text(FEATURE)
    (tmp_path / "test_x.py").write_text(module)
    catalogue = (
        f"import features.catalogue as c, pathlib; c.FOLDER = pathlib.Path({str(tmp_path)!r}); "
        "c.read_catalogue.__defaults__ = (c.FOLDER,)"
    )
    code = f"{catalogue}; import pytest, sys; sys.exit(pytest.main({[*SEALED, *more, str(tmp_path)]!r}))"
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        env=environment,
    )


def test_a_sync_step_runs(tmp_path):
    done = run_feature(
        tmp_path,
        "from pytest_bdd import scenarios, then\nscenarios('.')\n"
        "@then('it holds')\ndef it_holds():\n    pass\n",
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_async_step_is_refused_before_anything_runs(tmp_path):
    done = run_feature(
        tmp_path,
        "from pytest_bdd import scenarios, then\nscenarios('.')\n"
        "@then('it holds')\nasync def it_holds():\n    assert False\n",
    )
    assert done.returncode != 0
    assert "never await" in done.stdout + done.stderr


def test_a_scenario_that_is_not_bound_is_missed(tmp_path):
    done = run_feature(
        tmp_path,
        "from pytest_bdd import scenario, then\n"
        "@scenario('x.feature', 'S')\ndef test_s():\n    pass\n"
        "@then('it holds')\ndef it_holds():\n    pass\n",
    )
    assert done.returncode != 0
    assert "2 scenarios are written, 1 would run" in done.stdout + done.stderr


def test_a_step_that_nobody_tells_is_an_error(tmp_path):
    records = tmp_path / "records.jsonl"
    done = run_feature(
        tmp_path,
        "from pytest_bdd import scenarios\nscenarios('.')\n",
        "--urs-records",
        str(records),
    )
    assert done.returncode == 1
    assert records.read_text().count('"state":"error"') == 2


@pytest.mark.parametrize(
    ("exception", "state"),
    [
        (AssertionError("a claim"), State.FAILED),
        (Unexpected("something else"), State.FAILED),
        (ContractBroken("no such answer"), State.FAILED),
        (NoAnswer("reset"), State.INCONCLUSIVE),
        (NotTested("no device"), State.NOT_TESTED),
        (KeyError("ours"), State.ERROR),
        (RuntimeError("ours"), State.ERROR),
    ],
)
def test_what_an_exception_stands_for(exception, state):
    try:
        raise exception
    except BaseException as exc:
        assert judge(exc)[0] is state


def test_an_unknown_target_is_named_with_the_known_ones():
    with pytest.raises(
        UnknownTarget, match=r"no system is called 'refrence'; known are: .*reference"
    ):
        open_target("refrence", 1)


def test_what_lies_in_the_folder_takes_no_part_and_each_scenario_of_a_requirement_runs(
    tmp_path, monkeypatch
):
    """And what breaks in one job of the OQ is told and ends no other."""
    (tmp_path / "conftest.py").write_text("raise RuntimeError('a foreign conftest was read')")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--nonsense")
    aim = Aim("reference-in-memory", 1, "T", str(tmp_path), renewable=True)
    names = ("URS-STA-003", "URS-IDM-003")
    broken = Job(Kind.CONTRACT, "erp")
    done = dict(work_done(aim, [broken, *(Job(Kind.SCENARIOS, name) for name in names)]))
    assert "'erp' is not a valid Role" in done.pop(broken)["error"]
    found = {
        job.name: [Result.from_json(result) for result in did["results"]]
        for job, did in done.items()
    }
    for name in names:
        written = [item.id for item in read_catalogue() if item.requirement.id == name]
        assert [result.id for result in found[name]] == written
        assert {result.state for result in found[name]} == {State.PASSED}
    wire = (tmp_path / "URS-STA-003.1.jsonl").read_text()
    assert "example-only-password" not in wire
    assert "(taken out)" in wire


def test_a_worker_that_ends_before_its_work_is_done_is_the_harness_s_failure():
    with pytest.raises(HarnessFailed, match=r"0 of 1 pieces .* no system is called 'nothing'"):
        list(work_done(Aim("nothing", 1), [Job(Kind.SCENARIOS, "URS-IDM-003")]))
