"""What people write on papers: what is refused says what to write; nothing forges a line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError
from typer.testing import CliRunner

from contracts.model.verdicts import Exit
from contracts.record.baselines import Drift
from contracts.record.signed_words import ChangeId, PrintedName, on_one_line
from contracts.wire.identity import write_private_key
from gxproof.cli import app
from gxproof.deviations import approve as approve_deviation
from gxproof.dossier import Papers
from gxproof.forms import form
from gxproof.keys import Signer
from gxproof.qualification import Qualification, Wanted
from reports.baselines import APPROVAL, APPROVER, ApprovalRefused
from reports.deviations import DeviationRefused
from reports.dsse import public_pem
from reports.findings import Finding
from simulator.plant import EXAMPLE
from tests.sample_approval import approve, baseline_of, put
from tests.sample_run import KEY, PERSON, Wish, write_sample_run

_CHANGE: TypeAdapter[str] = TypeAdapter(ChangeId)
_NAME: TypeAdapter[str] = TypeAdapter(PrintedName)


@pytest.mark.parametrize(
    "number", ["CHG-0001", "CHG0012345", "chg-1", "2026/014", "CC.2026.7", "7", "QA_12:3#4"]
)
def test_a_change_has_the_number_that_its_register_gives(number: str) -> None:
    assert _CHANGE.validate_python(number) == number
    assert _CHANGE.validate_python(f" {number} ") == number


@pytest.mark.parametrize("number", ["", "-1", "CHG 1", "CHG\n1", "x" * 41, "CHG-é", "\u202eGHC"])
def test_another_number_is_refused_and_it_is_said_what_one_is(number: str) -> None:
    with pytest.raises(ValidationError, match=r"1 to 40 letters, digits and \. _ / : # -"):
        _CHANGE.validate_python(number)


@pytest.mark.parametrize("name", ["Łucja Ñandú", "Li", "O'Neil-Smith, QA", "李 四", "x" * 120])
def test_a_name_is_printed_as_it_is_written(name: str) -> None:
    assert _NAME.validate_python(name) == name


@pytest.mark.parametrize(
    "name", ["", "X", "x" * 121, "A\nVERIFIED  run 7", "A\x1b[2J", "A\u202eB", "A\u2028B", "A\tB"]
)
def test_a_name_that_could_show_as_another_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="the printed name of a person on one line"):
        _NAME.validate_python(name)


def test_what_a_system_or_a_file_is_called_forges_no_line() -> None:
    forged = "a\nVERIFIED  run 1\x1b[31m"
    told = "a\\nVERIFIED  run 1\\x1b[31m"
    assert on_one_line(forged) == told
    assert str(Finding(forged, "is missing")) == f"{told}: is missing"
    assert str(Drift(forged, None, forged)) == f"{told} is {told} and stands in no approved baseline"


@pytest.mark.parametrize("kind", ["baseline", "assessment", "deviation"])
def test_a_form_that_is_not_there_is_wrong_usage(tmp_path: Path, kind: str) -> None:
    key = tmp_path / "person.pem"
    write_private_key(key, PERSON)
    called = [kind, "approve", str(tmp_path / "nope"), "--key", str(key),
              "--out", str(tmp_path / "signed")]
    ended = CliRunner().invoke(app, called)
    assert ended.exit_code == Exit.WRONG_USAGE
    assert "nope cannot be read: No such file or directory" in ended.output
    assert not (tmp_path / "signed").exists()


def test_a_folder_that_is_no_run_has_no_deviations(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in ("nowhere", "empty"):
        called = ["deviation", "draft", str(tmp_path / folder), "DEV-0001-01",
                  "--out", str(tmp_path / "form.toml")]
        ended = CliRunner().invoke(app, called)
        assert ended.exit_code == Exit.WRONG_USAGE
        assert "is no run" in ended.output


def test_a_draft_says_where_it_is_and_what_comes_next(tmp_path: Path) -> None:
    out = tmp_path / "a form.toml"
    called = ["assessment", "draft", "EX-1", "pkg:pypi/example@1", "--out", str(out)]
    ended = CliRunner().invoke(app, called)
    assert ended.exit_code == Exit.PASSED
    assert f"Form: {out}" in ended.output
    assert f"gxproof assessment approve '{out}' --key KEY.pem" in ended.output
    assert out.read_text().startswith("#")


def test_a_deviation_is_dated_when_it_is_signed(tmp_path: Path) -> None:
    file = tmp_path / "form.toml"
    file.write_text('at = "2001-01-01T00:00:00Z"\n' + form("assessment", {}), encoding="utf-8")
    with pytest.raises(DeviationRefused, match="leave the time out"):
        approve_deviation(file, PERSON)


def test_an_approval_that_cannot_stand_takes_no_number(tmp_path: Path) -> None:
    run = tmp_path / "formal"
    write_sample_run(run, Wish(small=True, informal=()))
    approve(run)
    put(run, baseline_of(run, target="reference-in-memory"))
    (tmp_path / "person.pub").write_bytes(public_pem(PERSON.public_key()))
    papers = Papers(baseline=run / APPROVAL, approvers=(run / APPROVER,))
    wanted = Wanted("reference-in-memory", EXAMPLE, 1, Signer(KEY, ephemeral=False),
                    tmp_path / "runs", "gxproof qualify", papers=papers)
    with pytest.raises(ApprovalRefused, match="is for another plan"):
        Qualification(wanted).run()
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("kind", ["baseline", "assessment", "review", "deviation"])
@pytest.mark.parametrize("what", ["folder", "pipe", "endless", "nothing"])
def test_what_is_no_form_is_told_in_a_sentence(tmp_path: Path, kind: str, what: str) -> None:
    form, key = tmp_path / "form.toml", tmp_path / "key.pem"
    write_private_key(key, PERSON)
    if what == "folder":
        form.mkdir()
    elif what == "pipe":
        os.mkfifo(form)
    elif what == "endless":
        form.touch()
        os.truncate(form, 1 << 40)
    else:
        form.symlink_to(tmp_path / "nowhere")
    called = [kind, "approve", str(form), "--key", str(key), "--out", str(tmp_path / "signed")]
    ended = CliRunner().invoke(app, called)
    assert (ended.exit_code, "cannot be read" in ended.output) == (Exit.WRONG_USAGE, True)
    assert not (tmp_path / "signed").exists()
