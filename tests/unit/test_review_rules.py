"""What a site takes for ordinary, trails in pages, and folders that are written whole."""

from datetime import datetime, time
from types import SimpleNamespace

import pytest
import typer

from contracts.model.inspection import Audit, AuditRow
from gxproof.exceptions import read_rules
from gxproof.folders import written_whole
from simulator.trail.exceptions import ReviewRules
from simulator.trail.whole import AuditRead, holes_in, read_audit

NIGHT = ReviewRules(opens=time(22), closes=time(6), workdays=(0, 4))
ALWAYS = ReviewRules(opens=time(0), closes=time(0), workdays=(0, 1, 2, 3, 4, 5, 6))


@pytest.mark.parametrize(("rules", "at", "is_open"), [
    # 2026-03-30 is a Monday; the shift of Friday ends on Saturday.
    (NIGHT, "2026-03-30T21:59", False), (NIGHT, "2026-03-30T22:00", True),
    (NIGHT, "2026-03-31T05:59", True), (NIGHT, "2026-03-31T06:00", False),
    (NIGHT, "2026-03-31T22:00", False), (NIGHT, "2026-03-30T05:59", False),
    (NIGHT, "2026-04-04T05:59", True), (NIGHT, "2026-04-04T22:00", False),
    (ALWAYS, "2026-03-30T00:00", True), (ALWAYS, "2026-03-29T23:59", True),
    (ReviewRules(), "2026-03-30T06:00", True), (ReviewRules(), "2026-03-30T22:00", False),
    (ReviewRules(), "2026-03-29T12:00", False),
])
def test_people_work_by_the_rules_also_over_midnight(rules, at, is_open):
    assert rules.is_open(datetime.fromisoformat(at)) is is_open


@pytest.mark.parametrize(("text", "words"), [
    ("workdays = [0, 7]", "days from 0 (Monday) to 6"), ("workdays = [-1]", "days from 0 (Monday)"),
    ("workdays = []", "days from 0 (Monday)"), ('workdays = ["Monday"]', "days from 0 (Monday)"),
    ("workdays = [true]", "days from 0 (Monday)"), ("workdays = [0, 0]", "names a day twice"),
    ("corrections_max = -1", "corrections_max is below 0"),
    ("corrections_within_h = -1", "corrections_within_h is below 0"),
    ("late_above_s = -1", "late_above_s is below 0"),
    ('corrections = ["change-lot-statsu"]', "change-lot-statsu is no command"),
    ("corrections = [1]", "1 is no command"), ("opens = 6", "opens has to be a time"),
])
def test_rules_that_nobody_can_review_by_are_refused(tmp_path, capsys, text, words):
    rules = tmp_path / "rules.toml"
    rules.write_text(text)
    with pytest.raises(typer.Exit):
        read_rules(rules)
    assert words in capsys.readouterr().err


def test_the_defaults_and_a_night_shift_are_rules(tmp_path):
    rules = tmp_path / "rules.toml"
    rules.write_text("opens = 22:00:00\ncloses = 06:00:00\nworkdays = [0, 4]\n")
    assert read_rules(rules) == NIGHT
    assert ReviewRules().fault() is None


def entries(*numbers):
    return tuple(AuditRow.model_construct(sequence=number) for number in numbers)


def paged(*numbers, size, last):
    """A client of a system that shows its audit trail in pages."""

    def ask(name, model, query=""):
        after = int(query.removeprefix("after=") or 0)
        rows = entries(*[number for number in numbers if number > after][:size])
        return model.model_construct(rows=rows, last_sequence=last)

    return SimpleNamespace(ask=ask)


@pytest.fixture(autouse=True)
def rows_as_they_are(monkeypatch):
    monkeypatch.setattr(AuditRow, "to_json", lambda row: {"sequence": row.sequence})


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_every_page_of_a_trail_is_read(size):
    read = read_audit(paged(1, 2, 3, 4, 5, size=size, last=5))
    assert [row["sequence"] for row in read.rows] == [1, 2, 3, 4, 5]
    assert list(holes_in(read)) == []


def test_what_was_entered_meanwhile_is_for_the_next_review():
    assert [r["sequence"] for r in read_audit(paged(1, 2, 3, 4, size=9, last=3)).rows] == [1, 2, 3]


@pytest.mark.parametrize(("numbers", "holes"), [
    ((1, 2, 4, 5), ["entries 3 to 3"]), ((2, 3, 4, 5), ["entries 1 to 1"]),
    ((1, 2, 3), ["entries 4 to 5"]), ((), ["entries 1 to 5"]),
    ((1, 4), ["entries 2 to 3", "entries 5 to 5"]),
])
def test_what_is_missing_is_named(numbers, holes):
    read = read_audit(paged(*numbers, size=2, last=5))
    assert [hole.partition(" of ")[0] for hole in holes_in(read)] == holes


def test_an_empty_trail_has_no_holes():
    assert list(holes_in(AuditRead((), 0))) == []
    assert read_audit(paged(size=1, last=0)) == AuditRead((), 0)
    assert Audit(rows=(), last_sequence=0).last_sequence == 0


def test_a_folder_is_written_whole_or_not_at_all(tmp_path):
    with pytest.raises(OSError, match="the disk is full"), written_whole(tmp_path / "out") as folder:
        (folder / "one").write_text("half")
        raise OSError("the disk is full")
    assert list(tmp_path.iterdir()) == []
    with written_whole(tmp_path / "new" / "out") as folder:
        (folder / "one").write_text("all")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out"]
    assert (tmp_path / "new" / "out" / "one").read_text() == "all"


def test_a_folder_that_came_to_exist_meanwhile_is_not_replaced(tmp_path):
    with pytest.raises(FileExistsError), written_whole(tmp_path / "out") as folder:
        (folder / "one").touch()
        (tmp_path / "out").mkdir()
    assert list((tmp_path / "out").iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
