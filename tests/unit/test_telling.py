"""What a person can mend ends a command as one sentence and an exit code."""

from __future__ import annotations

import pytest
import typer

from contracts.model.verdicts import Exit
from gxproof import telling
from gxproof.keys import KeyUnusable


def test_what_was_told_keeps_its_code_and_is_told_once(monkeypatch, capsys):
    monkeypatch.setattr(telling, "_known", lambda: pytest.fail("was asked about again"))
    with pytest.raises(typer.Exit) as ended, telling.told():
        telling.fail("The plan is not there", Exit.FAILED)
    assert ended.value.exit_code == Exit.FAILED
    assert capsys.readouterr().err == "The plan is not there\n"


@pytest.mark.parametrize(
    ("raised", "code", "words"),
    [
        (KeyUnusable("no key"), Exit.WRONG_USAGE, "no key"),
        (FileNotFoundError(2, "No such file", "plan.toml"), Exit.HARNESS_FAILED, "plan.toml"),
        (KeyboardInterrupt(), Exit.INTERRUPTED, "Interrupted"),
    ],
)
def test_what_can_be_mended_is_told(raised, code, words, capsys):
    with pytest.raises(typer.Exit) as ended, telling.told():
        raise raised
    assert ended.value.exit_code == code
    assert words in capsys.readouterr().err


def test_what_nobody_expected_is_told_by_its_traceback():
    with pytest.raises(ZeroDivisionError), telling.told():
        raise ZeroDivisionError
