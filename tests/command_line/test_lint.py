"""``gxproof lint`` as a person calls it: what it prints, the file it writes, how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

GXPROOF = str(Path(sys.executable).with_name("gxproof"))
GOLDEN = Path(__file__).parents[2] / "contracts" / "published" / "v1" / "golden"
LOT = """<SyncMaterialLot xmlns="http://www.mesa.org/xml/B2MML" releaseID="V0701">
<ApplicationArea><CreationDateTime>2026-01-01T00:00:00Z</CreationDateTime></ApplicationArea>
<DataArea><Sync/><MaterialLot><ID>L-1</ID><Quantity><QuantityString>1</QuantityString>
<UnitOfMeasure>KGM</UnitOfMeasure></Quantity></MaterialLot></DataArea></SyncMaterialLot>"""


def lint(*arguments, cwd):
    return subprocess.run(
        [GXPROOF, "lint", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path):
    body = json.loads((GOLDEN / "pick-confirmed-accepted.json").read_text())["steps"][0]["body"]
    (tmp_path / "own.json").write_text(json.dumps(body))
    (tmp_path / "lot.xml").write_text(LOT)
    (tmp_path / "keg.xml").write_text(LOT.replace("KGM", "KG"))
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE a [<!ENTITY a0 "aaaaaaaaaa">{entities}]>'
    (tmp_path / "bomb.xml").write_text(bomb + LOT.replace("L-1", "&a9;"))
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 100)
    return tmp_path


def test_a_good_message_ends_with_zero(folder):
    done = lint("own.json", cwd=folder)
    assert (done.returncode, done.stdout) == (
        0, "1 document (message of the contract: 1); 0 errors, 0 notices\n"
    )


def test_notices_alone_end_with_zero(folder):
    done = lint("lot.xml", cwd=folder)
    assert done.returncode == 0
    assert "lot.xml: notice: message-id-missing" in done.stdout
    assert "; 0 errors, 3 notices" in done.stdout


def test_an_error_ends_with_one_and_names_place_rule_and_harm(folder):
    done = lint("keg.xml", "--json", "out.json", cwd=folder)
    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout.startswith(
        "keg.xml: error: unit-deleted\n"
        "    at     /SyncMaterialLot/DataArea/MaterialLot/Quantity/UnitOfMeasure (line 4)\n"
        "    found  unit 'KG' (keg) is deleted in UN/ECE Rec 20, perhaps KGM was meant\n"
        "    breaks by the code list the amount is one of something else\n"
    )
    written = json.loads((folder / "out.json").read_text())
    assert written["errors"] == 1
    assert written["files"][0]["findings"][0]["rule"] in {"unit-deleted", "sender-missing"}


@pytest.mark.parametrize("name", ["bomb.xml", "noise.bin"])
def test_a_hostile_file_is_a_finding(folder, name):
    done = lint(name, "own.json", cwd=folder)
    assert done.returncode == 1
    assert f"{name}: error: not-recognised" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(["absent.xml"], "absent.xml cannot be read"), (["."], "folder"), ([], "Missing argument"), (["--no"], "No such option")],
)
def test_wrong_usage_is_said_plainly(folder, arguments, word):
    done = lint(*arguments, cwd=folder)
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_an_answer_that_cannot_be_written_is_no_pass(folder):
    done = lint("own.json", "--json", folder / "no" / "out.json", cwd=folder)
    assert done.returncode == 3
    assert "No such file" in done.stderr


def test_a_message_is_not_overwritten_by_what_is_found_in_it(folder):
    before = (folder / "keg.xml").read_bytes()
    done = lint("own.json", "--json", "keg.xml", cwd=folder)
    assert done.returncode == 2
    assert "keg.xml holds something else than findings" in done.stderr
    assert (folder / "keg.xml").read_bytes() == before


def test_the_golden_messages_are_judged_by_their_bodies(tmp_path):
    good, bad = GOLDEN / "pick-confirmed-accepted.json", GOLDEN / "count-completed-truncated.json"
    assert lint(good, cwd=tmp_path).returncode == 0
    done = lint(good, bad, cwd=tmp_path)
    assert done.returncode == 1
    assert "    at     /steps/0/bodyText\n" in done.stdout
    assert done.stdout.endswith(
        "2 documents (golden message of the contract: 2); 1 error in 1 of them, 0 notices\n"
    )


def test_the_weighing_centre(shared_data, tmp_path):
    found = sorted((shared_data / "b2mml" / "Examples").glob("Courbon*/*.xml"))
    if not found:
        pytest.skip("no weighing messages")
    done = lint(*found, "--json", "out.json", cwd=tmp_path)
    assert done.returncode == 1
    rules = {
        (finding["rule"], finding["severity"])
        for file in json.loads((tmp_path / "out.json").read_text())["files"]
        for finding in file["findings"]
    }
    assert rules >= {
        ("unit-deleted", "error"), ("sscc-check-digit", "error"), ("lot-sublot-status", "notice"),
        ("time-fraction-too-long", "error"), ("nothing-acknowledged", "error"),
    }


ITEM = "0109521000000018"
KNOWN = "gtin,ai,value,form\n09521000000018,10,ABC,\n09521000000018,21,,S[0-9]{6}\n"


@pytest.fixture
def labels(tmp_path):
    (tmp_path / "known.csv").write_text(KNOWN)
    (tmp_path / "lost.txt").write_text(f"]C1{ITEM}10ABC17261231\n")
    (tmp_path / "whole.txt").write_text(f"]C1{ITEM}10ABC\x1d17261231\n]d2{ITEM}21S123456\x1d10ABC\n")
    (tmp_path / "strange.txt").write_text(f"]C1{ITEM}10XYZ17261231\n")
    return tmp_path


def test_a_missing_separator_is_found_by_who_knows_the_lot(labels):
    assert lint("lost.txt", cwd=labels).returncode == 0
    done = lint("--master-data", "known.csv", "lost.txt", "whole.txt", cwd=labels)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        "lost.txt: error: missing-separator\n"
        "    at     line 1, (10) at 19\n"
        "    found  'ABC17261231' is 'ABC' with (17)261231 behind it\n"
        "    breaks the elements behind it are swallowed and never seen\n"
        "2 documents (GS1 element strings: 2); 1 error in 1 of them, 0 notices\n"
    )


def test_the_same_with_its_separators_has_no_finding(labels):
    done = lint("--master-data", "known.csv", "whole.txt", cwd=labels)
    assert (done.returncode, done.stdout) == (
        0, "1 document (GS1 element strings: 1); 0 errors, 0 notices\n"
    )


def test_what_master_data_does_not_speak_of_is_a_notice(labels):
    done = lint("--master-data", "known.csv", "strange.txt", cwd=labels)
    assert done.returncode == 0
    assert "strange.txt: notice: separator-unjudged\n    at     line 1, (10) at 19\n" in done.stdout


def test_the_example_of_the_readme_is_read(labels):
    text = (Path(__file__).parents[2] / "gxproof" / "README.md").read_text()
    shown = [text.partition(f"```{kind}\n")[2].partition("```")[0] for kind in ("csv", "json")]
    for example in shown:
        (labels / "shown").write_text(example)
        done = lint("--master-data", "shown", "lost.txt", cwd=labels)
        assert done.returncode == 1
        assert "lost.txt: error: missing-separator" in done.stdout


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "known.csv is no master data: line 1: the columns of CSV are gtin,ai,value,form"),
        (b"\x00\xff" * 100, "is no master data: invalid UTF-8"),
        (b'{"gxproofMasterData": 1, "rows": [{"ai": "10", "form": "(a+)+$"}]}', "/rows/0: form"),
        (b"{" * 10_000, "is no master data: it is no JSON"),
        (None, "known.csv cannot be read"),
    ],
)
def test_master_data_that_is_not_right_is_refused_before_anything_is_judged(labels, content, word):
    (labels / "known.csv").unlink()
    if content is not None:
        (labels / "known.csv").write_bytes(content)
    done = lint("--master-data", "known.csv", "lost.txt", cwd=labels)
    assert (done.returncode, done.stdout) == (2, "")
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
