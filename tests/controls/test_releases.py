"""A release to production: only of a verified bundle of a formal run that passed, and only for that."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.model.instants import write_timestamp
from contracts.model.roles import Role
from contracts.model.verdicts import Exit, State
from contracts.record.releases import TEST_MODE
from contracts.wire.identity import write_private_key
from features.plugin import open_target
from gxproof.cli import app
from gxproof.observing import observed_items
from gxproof.releasing import form_of
from reports.baselines import ApprovalRefused
from reports.documents import print_documents
from reports.dsse import public_pem
from reports.protocols import print_protocols
from reports.releases import open_release, releasable
from reports.sealing import seal_bundle, seal_results
from tests.sample_approval import ITEMS, baseline_of, observe, put
from tests.sample_run import KEY, OTHER_KEY, PERSON, Wish, write_sample_run

TARGET, NAME = "reference-in-memory", "reference"
DAY_S = 86_400
WAY_BACK = {
    "software": "reference 0.9",
    "backupTakenAt": write_timestamp(datetime.now(UTC) - timedelta(hours=1)),
    "backupIntervalMaxS": DAY_S,
    "restoreTestedAt": write_timestamp(datetime.now(UTC) - timedelta(days=30)),
    "restoreTestAgeMaxS": 90 * DAY_S,
}


def call(*arguments: object) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["release", *map(str, arguments)])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended.exit_code, ended.output


def _items() -> dict[str, str]:
    sut = open_target(TARGET, seed=0)
    try:
        return observed_items(sut)
    finally:
        sut.close()


def _sealed(run: Path, wish: Wish, before: Callable[[Path], None] = lambda run: None) -> Path:
    write_sample_run(run, wish)
    before(run)
    print_protocols(run)
    seal_results(run, KEY)
    print_documents(run)
    seal_bundle(run, KEY)
    return run / "bundle"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A formal run that passed on what is there, sealed, and the keys of everybody."""
    place, items = tmp_path_factory.mktemp("release"), _items()

    def approved(run: Path) -> None:
        observe(run, items)
        put(run, baseline_of(run, items=items))

    _sealed(place / "run", Wish(small=True, informal=()), approved)
    for name, key in (("ci", KEY), ("person", PERSON), ("other", OTHER_KEY)):
        (place / f"{name}.pub").write_bytes(public_pem(key.public_key()))
    write_private_key(place / "person.pem", PERSON)
    return place


def _basis(folder: Path) -> tuple[object, ...]:
    return ("--bundle", folder / "run" / "bundle", "--signed-by", folder / "ci.pub",
            "--approver", folder / "person.pub")


def _form(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    found = releasable(folder / "run" / "bundle", folder / "ci.pub", (folder / "person.pub",))
    text = form_of(found, NAME, dict.fromkeys(Role, WAY_BACK))
    for before, after in (
        ('reason = ""', 'reason = "The line starts on Monday"'),
        ('releasedBy = ""', 'releasedBy = "Example Quality"'),
        ('meaning = ""', 'meaning = "Released to production"'), *changes,
    ):
        assert before in text, before
        text = text.replace(before, after, 1)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def _approve(folder: Path, form: Path, out: str) -> tuple[int, str]:
    return call("approve", form, *_basis(folder), "--key", folder / "person.pem",
                "--out", folder / out)


@pytest.fixture(scope="module")
def signed(folder: Path) -> Path:
    ended, told = _approve(folder, _form(folder, "form.toml"), "release.dsse.json")
    assert ended == Exit.PASSED, told
    return folder / "release.dsse.json"


def test_a_release_is_bound_to_bundle_and_baseline(signed: Path) -> None:
    release = open_release(signed.read_bytes(), PERSON.public_key())
    assert (release.change_id, release.run_number, release.production) == ("CHG-0001", 7, NAME)
    assert release.differs == dict.fromkeys(TEST_MODE, "false")
    raw = signed.read_bytes()
    for place in range(0, len(raw), 97):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1:]
        with pytest.raises(ApprovalRefused):
            open_release(changed, PERSON.public_key())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("bundleSha256 = \"", "bundleSha256 = \"" + "0" * 64 + "\" # "), "bundleSha256 is another"),
        (("runNumber = 7", "runNumber = 8"), "runNumber is another one"),
        (("changeId = \"CHG-0001", "changeId = \"CHG-0002"), "changeId is another one"),
        (("OQ = \"PASSED\"", "OQ = \"FAILED\""), "the OQ came to FAILED"),
        (("OQ = \"PASSED\"", "OQ = \"PASSED WITH DEVIATIONS\""), "verdicts is another one"),
        (("\"mes/profile/recallMaxS\" = \"300\"", "\"mes/profile/recallMaxS\" = \"301\""),
         "do not have the hash"),
        (("\"mes/configuration/testMode\" = \"false\"", "\"mes/configuration/testMode\" = \"true\""),
         "has to be false in production"),
        (("\n[differs]", "\n[differs]\n\"no/such/item\" = \"1\""), "is no item of the baseline"),
        (("[rollback.wms]", "[rollback.xyz]"), "rollback"),
        ((f'backupTakenAt = "{WAY_BACK["backupTakenAt"]}',
          'backupTakenAt = "2026-01-01T00:00:00Z'), "the verified backup of the MES is of 2026-01"),
        ((f'restoreTestedAt = "{WAY_BACK["restoreTestedAt"]}',
          'restoreTestedAt = "2126-01-01T00:00:00Z'), "the restore test of the MES is of 2126-01"),
        (("releasedBy = \"Example Quality", "releasedBy = \"X"), "printed name"),
    ],
)
def test_a_form_that_says_another_thing_than_the_bundle_is_not_signed(
    folder: Path, change: tuple[str, str], told: str
) -> None:
    ended, said = _approve(folder, _form(folder, "wrong.toml", change), "never.dsse.json")
    assert (ended, told in said) == (Exit.WRONG_USAGE, True), said
    assert not (folder / "never.dsse.json").exists()


def test_the_key_that_sealed_the_run_releases_nothing(folder: Path) -> None:
    write_private_key(folder / "ci.pem", KEY)
    ended, said = call("approve", _form(folder, "by-ci.toml"), *_basis(folder),
                       "--key", folder / "ci.pem", "--out", folder / "never.dsse.json")
    assert (ended, "a person signs with an own one" in said) == (Exit.WRONG_USAGE, True), said
    assert not (folder / "never.dsse.json").exists()


def test_without_a_way_back_in_production_nothing_is_drafted(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "form.toml"
    ended, said = call("draft", *_basis(folder), "--production", TARGET, "--out", out)
    assert (ended, "the MES was not told where its backups are kept" in said) == (
        Exit.WRONG_USAGE, True
    ), said
    assert not out.exists()


@pytest.mark.parametrize("approver", ["other", "nobody"])
def test_a_bundle_whose_approver_nobody_knows_is_refused(folder: Path, approver: str) -> None:
    bundle, known = folder / "run" / "bundle", (folder / "other.pub",)
    with pytest.raises(ApprovalRefused, match="is not verified"):
        releasable(bundle, folder / "ci.pub", known if approver == "other" else ())
    with pytest.raises(ApprovalRefused, match="is not verified"):
        releasable(bundle, folder / "other.pub", (folder / "person.pub",))


def test_a_bundle_that_was_changed_is_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "run" / "bundle", tmp_path / "bundle")
    (tmp_path / "bundle" / "run.json").write_bytes(b"{}")
    with pytest.raises(ApprovalRefused, match=r"run\.json: was changed after sealing"):
        releasable(tmp_path / "bundle", folder / "ci.pub", (folder / "person.pub",))
    with pytest.raises(ApprovalRefused, match="is not verified"):
        releasable(tmp_path / "nowhere", folder / "ci.pub", (folder / "person.pub",))


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (Wish(small=True), "without an approved baseline"),
        (Wish(small=True, states={"IQ-PYTHON": State.FAILED}), "the IQ came to FAILED"),
    ],
    ids=["informal", "failed"],
)
def test_a_run_that_is_informal_or_failed_is_not_released(
    folder: Path, tmp_path: Path, wish: Wish, told: str
) -> None:
    bundle = _sealed(tmp_path / "run", wish, lambda run: observe(run, ITEMS))
    with pytest.raises(ApprovalRefused, match=told):
        releasable(bundle, folder / "ci.pub", (folder / "person.pub",))


def test_production_is_held_against_the_release(signed: Path, tmp_path: Path) -> None:
    found = tmp_path / "found.json"
    ended, said = call("check", signed, "--approver", signed.with_name("person.pub"),
                       "--production", TARGET, "--json", found)
    assert ended == Exit.FAILED, said
    results = {result["id"]: result for result in json.loads(found.read_bytes())}
    reasons = [f"{name} is true; approved is false" for name in TEST_MODE]
    told, _, way_back = results["REL-01"]["reason"].partition("; the release names a backup")
    assert told == "; ".join(reasons)
    assert (way_back.count("the last one there is none"), "of the WMS" in way_back) == (4, True)
    assert {"IQ-07", "IQ-10", "IQ-13", "IQ-18"} < set(results)
    assert {"IQ-11", "IQ-12", "IQ-17"}.isdisjoint(results)
    assert "Production: FAILED" in said
    ended, said = call("check", signed, "--approver", signed.with_name("other.pub"),
                       "--production", TARGET)
    assert (ended, "not the key you gave" in said) == (Exit.WRONG_USAGE, True), said
