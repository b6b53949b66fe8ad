"""A periodic review on the command line: drafted, filled in, signed, handed in; and what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.model.inspection_people import AccessReview
from contracts.model.verdicts import Exit, State
from contracts.record.canonical import canonical_bytes
from contracts.record.reviews import PeriodicReview, Topic
from contracts.wire.identity import write_private_key
from gxproof.cli import app
from gxproof.dossier import Papers, open_papers
from gxproof.in_process import InProcessPair
from gxproof.installation import CHECKS, Context, run_check
from gxproof.planning import make_plan
from gxproof.reviewing import FORM, MATERIAL, PAPER
from gxproof.run_log import RunLog
from reports.baselines import ApprovalRefused
from reports.completeness import read_back, squeezed
from reports.dsse import public_pem
from reports.reviews import open_review, sign_review
from simulator.plant import EXAMPLE, read_plant
from tests.sample_run import OTHER_KEY, PERSON, Wish, write_sample_run

NOBODY = AccessReview(people=(), services=())


def call(*arguments: object) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["review", *map(str, arguments)])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended.exit_code, ended.output


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft of systems that just started, beside runs of which one was formal."""
    folder = tmp_path_factory.mktemp("review")
    (folder / "access.json").write_bytes(canonical_bytes(NOBODY.to_json()))
    write_private_key(folder / "person.pem", PERSON)
    (folder / "person.pub").write_bytes(public_pem(PERSON.public_key()))
    log, now = RunLog(folder / "runs"), datetime.now(UTC)
    log.end(log.begin("run-1", now), "run-1", now, outcome="aborted", why="KeyboardInterrupt")
    states = {"IQ-PYTHON": State.DEVIATION}
    write_sample_run(folder / "runs" / "0002-sample", Wish(small=True, states=states))
    log.end(log.begin("run-2", now), "run-2", now, outcome="finished", bundle="0" * 64)
    ended, told = call(*_draft(folder, folder / "draft"), "--since", "2026-11-01T00:00:00+01:00")
    assert ended == Exit.PASSED, told
    assert "gxproof review approve" in told
    return folder


def _draft(folder: Path, out: Path) -> tuple[object, ...]:
    return ("draft", "--target", "reference-in-memory", "--out", out, "--runs", folder / "runs",
            "--access-mes", folder / "access.json", "--access-wms", folder / "access.json")


def _filled(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    text = (folder / "draft" / FORM).read_text(encoding="utf-8")
    for before, after in (
        ('number = ""', 'number = "REV-1"'), ('conclusion = ""', 'conclusion = "FIT_FOR_USE"'),
        ('approvedBy = ""', 'approvedBy = "Example Quality"'),
        ('meaning = ""', 'meaning = "Reviewed"'),
        ('assessment = ""', 'assessment = "Looked at, in order"'), *changes,
    ):
        assert before in text, before
        text = text.replace(before, after)
    file = folder / "draft" / name
    file.write_text(text, encoding="utf-8")
    return file


def _approve(folder: Path, form: Path, out: str) -> tuple[int, str]:
    return call("approve", form, "--key", folder / "person.pem", "--out", folder / out)


@pytest.fixture(scope="module")
def signed(drafted: Path) -> Path:
    ended, told = _approve(drafted, _filled(drafted, "filled.toml"), "review.dsse.json")
    assert ended == Exit.PASSED, told
    return drafted / "review.dsse.json"


def test_a_draft_shows_the_same_as_data_and_on_paper(drafted: Path) -> None:
    material = json.loads((drafted / "draft" / MATERIAL).read_bytes())
    assert set(material["topics"]) == set(Topic)
    changes = "\n".join(material["topics"]["changes"])
    assert "no approved baseline was handed in" in changes
    assert "run 1 aborted (KeyboardInterrupt)" in changes
    assert "its folder is not there any more" in changes
    assert "run 2 finished" in changes
    assert "recallMaxS" in changes
    assert any("DEV-2026-014 of IQ-PYTHON" in one for one in material["topics"]["deviations"])
    paper = squeezed("".join(read_back((drafted / "draft" / PAPER).read_bytes()).pages))
    assert all(squeezed(one[:60]) in paper for one in material["topics"]["changes"])


def test_a_form_that_nobody_filled_in_is_not_signed(drafted: Path) -> None:
    ended, told = _approve(drafted, drafted / "draft" / FORM, "never.dsse.json")
    assert ended == Exit.WRONG_USAGE
    assert "number" in told
    assert not (drafted / "never.dsse.json").exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("target = ", 'target = "another" # '), "another target or period"),
        (("intervalDays = 365", "intervalDays = 400"), "intervalDays"),
        (("entries = 0", "entries = 7"), "entries in the material"),
        (("[topics.restores]", "[topics.other]"), "topics"),
        (("number = ", 'at = "2001-01-01T00:00:00Z"\nnumber = '), "leave the time out"),
        (("FIT_FOR_USE\"  #", "FIT_WITH_ACTIONS\"  #"), "names none"),
    ],
)
def test_what_is_not_a_review_of_its_material_is_not_signed(
    drafted: Path, change: tuple[str, str], told: str
) -> None:
    ended, said = _approve(drafted, _filled(drafted, "wrong.toml", change), "never.dsse.json")
    assert (ended, told in said) == (Exit.WRONG_USAGE, True), said


def test_without_its_material_or_with_another_one_nothing_is_signed(
    drafted: Path, tmp_path: Path
) -> None:
    form = tmp_path / FORM
    form.write_bytes(_filled(drafted, "moved.toml").read_bytes())
    ended, said = _approve(drafted, form, "never.dsse.json")
    assert (ended, "cannot be read" in said) == (Exit.WRONG_USAGE, True), said
    raw = (drafted / "draft" / MATERIAL).read_bytes()
    for changed, why in (
        (raw.replace(b"aborted", b"finished"), "another one than the review was drafted from"),
        (b"[]", "no material"), (b"", "no material"), (b"\xff", "no material"),
    ):
        (tmp_path / MATERIAL).write_bytes(changed)
        ended, said = _approve(drafted, form, "never.dsse.json")
        assert (ended, why in said) == (Exit.WRONG_USAGE, True), said


def _checked(pair: InProcessPair, review: Path, key: Path) -> tuple[State, str]:
    check = next(check for check in CHECKS if check.id == "IQ-21")
    dossier = open_papers(Papers(review=review, approvers=(key,)))
    result = run_check(check, Context(pair, dossier))
    return result.state, result.reason


def test_a_review_in_time_passes_and_an_overdue_one_fails(signed: Path, tmp_path: Path) -> None:
    key, pair = signed.with_name("person.pub"), InProcessPair(1)
    review = open_review(signed.read_bytes(), PERSON.public_key())
    own = review.model_copy(update={"target": pair.name})
    file = tmp_path / "review.dsse.json"
    for changes, state, why in (
        ({}, State.PASSED, ""),
        ({"target": "other"}, State.FAILED, "is of the target other"),
        (_days_earlier(own, 366), State.FAILED, "the periodic review is overdue"),
    ):
        file.write_bytes(sign_review(own.model_copy(update=changes), PERSON))
        found, reason = _checked(pair, file, key)
        assert (found, why in reason) == (state, True), reason


def _days_earlier(review: PeriodicReview, days: int) -> dict[str, datetime]:
    by = timedelta(days=days)
    return {name: getattr(review, name) - by for name in ("covers_from", "covers_until", "at")}


def test_one_that_nobody_known_has_signed_is_refused(signed: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pub"
    other.write_bytes(public_pem(OTHER_KEY.public_key()))
    with pytest.raises(ApprovalRefused, match="not the key you gave"):
        open_papers(Papers(review=signed, approvers=(other,)))
    raw = signed.read_bytes()
    for place in range(0, len(raw), 13):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1:]
        with pytest.raises(ApprovalRefused):
            open_review(changed, PERSON.public_key())


def test_the_next_one_goes_on_where_the_last_one_ended(signed: Path, tmp_path: Path) -> None:
    folder, out = signed.parent, tmp_path / "next"
    ended, told = call(*_draft(folder, out), "--previous", signed, "--approver",
                       folder / "person.pub")
    assert ended == Exit.PASSED, told
    material = json.loads((out / MATERIAL).read_bytes())
    before = open_review(signed.read_bytes(), PERSON.public_key())
    assert material["coversFrom"] == before.to_json()["coversUntil"]
    assert material["topics"]["deviations"][0] == "review REV-1 came to FIT_FOR_USE"
    assert not any("run 1" in one for one in material["topics"]["changes"])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "name --previous, or --since"),
        (("--since", "2026-11-01"), "RFC 3339"),
        (("--since", "2199-01-01T00:00:00Z"), "which is to come"),
        (("--previous", "nowhere"), "cannot be read"),
    ],
)
def test_a_period_that_is_none_is_refused(
    drafted: Path, tmp_path: Path, options: tuple[str, ...], told: str
) -> None:
    ended, said = call(*_draft(drafted, tmp_path / "out"), *options)
    assert (ended, told in said) == (Exit.WRONG_USAGE, True), said
    assert not (tmp_path / "out").exists()


def test_an_access_review_that_is_none_is_refused(drafted: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"people": []}', encoding="utf-8")
    ended, said = call(*_draft(drafted, tmp_path / "out"), "--access-wms", bad,
                       "--since", "2026-11-01T00:00:00Z")
    assert (ended, "no access review as a system exports it" in said) == (Exit.WRONG_USAGE, True)


def test_the_plan_of_a_formal_run_wants_a_review() -> None:
    informal = make_plan("in process", read_plant(EXAMPLE))
    asked = make_plan("in process", read_plant(EXAMPLE), given=Papers(review=Path("x")).given)
    assert "IQ-21" not in {item.id for item in informal.protocols[0].scope}
    assert "IQ-21" in {item.id for item in asked.protocols[0].scope}
    assert "review" in Papers(baseline=Path("x")).given
