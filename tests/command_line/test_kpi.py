"""``gxproof kpi`` as a person calls it: a day's journals, the figures, limits, what is refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GXPROOF = str(Path(sys.executable).with_name("gxproof"))


def gxproof(*arguments):
    return subprocess.run(
        [GXPROOF, *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def journals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("journals")
    short = ROOT / "simulator" / "plants" / "short.toml"
    done = gxproof("simulate", "--plant", short, "--journals", folder)
    assert done.returncode in (0, 5), done.stdout + done.stderr
    return sorted(folder.glob("*.json"))


def test_the_same_journals_give_the_same_bytes_in_any_order(journals, tmp_path):
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    done = gxproof("kpi", *journals, "--json", one)
    assert done.returncode == 0, done.stderr
    assert "2-10" not in done.stdout
    assert gxproof("kpi", *reversed(journals), "--json", other).returncode == 0
    assert one.read_bytes() == other.read_bytes()
    figures = {f["id"]: f for f in json.loads(one.read_bytes())["figures"]}
    # The short day loses five requests, which are sent again, and two replies, after which the
    # sender asks how the message stands.
    assert figures["retry-rate"]["measures"]["numerator"] == "5"
    assert figures["reconciliation-differences"]["measures"] == {"count": 0}


def test_what_is_beyond_its_limit_opens_a_deviation(journals, tmp_path):
    limits, out = tmp_path / "limits.toml", tmp_path / "out.json"
    limits.write_text("[[limit]]\nfigure = 'retry-rate'\nmeasure = 'ratio'\natMost = '0.05'\n")
    done = gxproof("kpi", *journals, "--limits", limits, "--json", out)
    assert done.returncode == 1
    assert done.stdout.startswith("BEYOND  Retry rate (ratio) is 0.")
    assert [d["source"] for d in json.loads(out.read_bytes())["deviations"]] == ["kpi/retry-rate"]


def test_a_limit_that_nothing_is_held_against_is_inconclusive(journals, tmp_path):
    limits = tmp_path / "limits.toml"
    limits.write_text("[[limit]]\nfigure = 'recall-time'\nmeasure = 'max'\natMost = '60'\n")
    assert gxproof("kpi", *journals, "--limits", limits).returncode == 5


def test_a_journal_that_was_touched_gives_no_figure(journals, tmp_path):
    journal = json.loads(journals[0].read_bytes())
    del journal["rows"][3]
    (tmp_path / "cut.json").write_text(json.dumps(journal))
    done = gxproof("kpi", tmp_path / "cut.json", journals[1])
    assert done.returncode == 1
    assert "row 4 is missing" in done.stderr


def test_no_journal_is_written_over(journals, tmp_path):
    copy = tmp_path / "mes.json"
    copy.write_bytes(journals[0].read_bytes())
    done = gxproof("kpi", copy, "--json", copy)
    assert (done.returncode, copy.read_bytes()) == (2, journals[0].read_bytes())
    assert gxproof("kpi", tmp_path / "nothing.json").returncode == 3
    (tmp_path / "noise").write_bytes(bytes(range(256)))
    assert gxproof("kpi", tmp_path / "noise").returncode == 2
