"""An approved baseline makes a run formal, and only the run that it was approved for."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contracts.model.verdicts import Exit
from contracts.record.canonical import canonical_bytes
from contracts.record.folder import RunFolder, read_run
from contracts.record.runs import DRIFTED, EPHEMERAL_KEY, NOT_APPROVED
from contracts.record.vulnerabilities import Assessment
from gxproof.cli import app
from gxproof.dossier import (
    EVERY_PAPER,
    NO_PAPERS,
    Papers,
    admit,
    approve_assessment,
    approve_baseline,
    keep,
    open_papers,
)
from gxproof.forms import form
from gxproof.planning import make_plan
from reports.baselines import (
    APPROVAL,
    APPROVER,
    ApprovalRefused,
    open_assessment,
    open_baseline,
    read_approval,
    sign_assessment,
)
from reports.consistency import contradictions, read_trace
from reports.dsse import key_id, public_pem
from simulator.plant import EXAMPLE, read_plant
from tests.sample_approval import ITEMS, approve, baseline_of, observe, put
from tests.sample_run import KEY, OTHER_KEY, PERSON, START, Wish, write_sample_run


def _say(run: Path, *informal: str) -> None:
    header = json.loads((run / "run.json").read_bytes())
    header["informal"] = list(informal)
    (run / "run.json").write_bytes(canonical_bytes(header) + b"\n")


def _found(run: Path) -> list[str]:
    return [str(f) for f in contradictions(read_trace(run), run, key_id(KEY.public_key()))]


@pytest.fixture
def formal(tmp_path: Path) -> Path:
    """A formal run: approved, on the configuration that was approved."""
    run = tmp_path / "formal"
    write_sample_run(run, Wish(small=True, informal=()))
    approve(run)
    return run


# What a verification finds


def test_a_sound_approval_is_no_finding(formal: Path) -> None:
    assert _found(formal) == []


def test_a_run_that_says_it_was_approved_shows_by_whom(formal: Path) -> None:
    (formal / APPROVAL).unlink()
    assert _found(formal) == [
        "plan.json: says that it is approved, and no approval of it is there"
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"plan_sha256": "0" * 64}, "is for another plan"),
        ({"target": "other.toml"}, "is for the target other.toml"),
        ({"at": START + timedelta(seconds=1)}, "was approved after the run had begun"),
    ],
    ids=["plan", "target", "later"],
)
def test_an_approval_of_something_else_is_found(
    formal: Path, changes: dict[str, Any], told: str
) -> None:
    put(formal, baseline_of(formal, **changes))
    assert [told in finding for finding in _found(formal)] == [True]


def test_an_approval_by_the_key_of_the_execution_is_found(formal: Path) -> None:
    put(formal, baseline_of(formal), KEY)
    assert ["a person's own key" in finding for finding in _found(formal)] == [True]


def test_a_run_on_another_configuration_has_to_say_so(formal: Path) -> None:
    observe(formal, {**ITEMS, "package/httpx": "0.29"})
    assert [f"does not say that it was {DRIFTED}" in f for f in _found(formal)] == [True]
    _say(formal, DRIFTED)
    assert _found(formal) == []


def test_a_run_on_the_approved_configuration_says_nothing_else(formal: Path) -> None:
    _say(formal, DRIFTED)
    assert [f"says that it was {DRIFTED}" in finding for finding in _found(formal)] == [True]


def test_items_that_were_rewritten_afterwards_are_found(formal: Path) -> None:
    path = formal / "records/baseline.json"
    path.write_bytes(path.read_bytes().replace(b"0.28", b"0.29"))
    assert any("has another digest" in finding for finding in _found(formal))
    path.write_bytes(b"[]")
    assert any("holds no items" in finding for finding in _found(formal))


def test_an_informal_run_cannot_have_left_a_baseline(tmp_path: Path) -> None:
    run = tmp_path / "informal"
    write_sample_run(run, Wish(small=True))
    assert _found(run) == []
    _say(run, NOT_APPROVED, EPHEMERAL_KEY, DRIFTED)
    assert [f"{DRIFTED}, and there is none" in finding for finding in _found(run)] == [True]


def test_every_changed_byte_of_an_approval_refuses_it(formal: Path) -> None:
    raw = (formal / APPROVAL).read_bytes()
    for place in range(0, len(raw), 7):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1:]
        with pytest.raises(ApprovalRefused):
            open_baseline(changed, PERSON.public_key())
    (formal / APPROVAL).write_bytes(raw[:-9])
    approval, findings = read_approval(formal)
    assert approval is None
    assert [f.file for f in findings] == [APPROVAL]


# What starts a run


def test_the_one_for_this_run_is_admitted_and_kept(formal: Path, tmp_path: Path) -> None:
    file, key = tmp_path / "baseline.dsse.json", tmp_path / "person.pub"
    file.write_bytes((formal / APPROVAL).read_bytes())
    key.write_bytes(public_pem(PERSON.public_key()))
    dossier = open_papers(Papers(baseline=file, approvers=(key,)))
    admit(dossier, read_run(formal).header)
    folder = RunFolder.create(tmp_path / "run")
    keep(dossier, folder)
    assert read_approval(folder.path)[0] == dossier.approval


@pytest.mark.parametrize(
    ("changes", "key", "told"),
    [
        ({"plan_sha256": "0" * 64}, PERSON, "is for another plan"),
        ({"target": "other.toml"}, PERSON, "is for the target other.toml"),
        ({}, KEY, "is signed with the key that signs the execution"),
    ],
    ids=["plan", "target", "key"],
)
def test_another_one_is_not_admitted(
    formal: Path, tmp_path: Path, changes: dict[str, Any], key: Any, told: str
) -> None:
    put(formal, baseline_of(formal, **changes), key)
    papers = Papers(baseline=formal / APPROVAL, approvers=(formal / APPROVER,))
    with pytest.raises(ApprovalRefused, match=told):
        admit(open_papers(papers), read_run(formal).header)


def test_what_nobody_known_has_signed_is_refused(formal: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pub"
    other.write_bytes(public_pem(OTHER_KEY.public_key()))
    with pytest.raises(ApprovalRefused, match="not the key you gave"):
        open_papers(Papers(baseline=formal / APPROVAL, approvers=(other,)))
    with pytest.raises(ApprovalRefused, match="no --approver was named"):
        open_papers(Papers(baseline=formal / APPROVAL))
    with pytest.raises(ApprovalRefused, match="cannot be read"):
        open_papers(Papers(baseline=formal / "nowhere", approvers=(other,)))


def test_one_paper_does_not_stand_for_another(formal: Path) -> None:
    assessment = Assessment(
        vulnerability="EX-0001", component="pkg:pypi/example@1", reasoning="It is not reached",
        decision="MAY_STAND", approved_by="Example Security", meaning="Assessed", at=START,
    )
    raw = sign_assessment(assessment, PERSON)
    assert open_assessment(raw, PERSON.public_key()) == assessment
    with pytest.raises(ApprovalRefused):
        open_baseline(raw, PERSON.public_key())
    with pytest.raises(ApprovalRefused):
        open_assessment((formal / APPROVAL).read_bytes(), PERSON.public_key())


# Forms


def test_a_form_is_signed_only_where_a_person_has_filled_it_in(tmp_path: Path) -> None:
    file = tmp_path / "form.toml"
    text = form("baseline", {"target": "reference", "planSha256": "0" * 64}, {'a "quoted" one': "ü"})
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ApprovalRefused, match="changeId"):
        approve_baseline(file, PERSON)
    for name, said in (("changeId", "CHG-1"), ("reason", "It has changed"),
                       ("approvedBy", "Example"), ("meaning", "Approved")):
        text = text.replace(f'{name} = ""', f'{name} = "{said}"')
    file.write_text(text, encoding="utf-8")
    opened = open_baseline(approve_baseline(file, PERSON), PERSON.public_key()).baseline
    assert opened.items == {'a "quoted" one': "ü"}
    file.write_text(f'at = "2001-01-01T00:00:00Z"\n{text}', encoding="utf-8")
    with pytest.raises(ApprovalRefused, match="leave the time out"):
        approve_baseline(file, PERSON)
    for broken in ("no TOML", f"a = {'[' * 5000}"):
        file.write_text(broken, encoding="utf-8")
        with pytest.raises(ApprovalRefused, match="is not TOML"):
            approve_assessment(file, PERSON)


@pytest.mark.parametrize("kind", ["baseline", "assessment", "deviation"])
def test_a_signature_replaces_no_file(tmp_path: Path, kind: str) -> None:
    key = tmp_path / "person.pem"
    key.write_text("the key", encoding="utf-8")
    (tmp_path / "form.toml").touch()
    called = [kind, "approve", str(tmp_path / "form.toml"), "--key", str(key), "--out", str(key)]
    ended = CliRunner().invoke(app, called)
    assert ended.exit_code == Exit.WRONG_USAGE
    assert "exists already" in ended.output
    assert key.read_text(encoding="utf-8") == "the key"


@pytest.mark.parametrize("content", ["", "[]", '{"bomFormat": "SPDX"}', "\x00", '{"a": 1, "a": 2}'])
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "report.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ApprovalRefused, match="is no vulnerability report"):
        open_papers(Papers(vulnerabilities=file))


# The plan


def test_an_informal_plan_leaves_out_what_was_not_handed_in_and_says_so() -> None:
    informal = make_plan("in process", read_plant(EXAMPLE))
    formal = make_plan("in process", read_plant(EXAMPLE), given=EVERY_PAPER)
    needed = {"IQ-17", "IQ-19", "IQ-20"}
    iq = informal.protocols[0]
    assert not informal.approved
    assert needed.isdisjoint(item.id for item in iq.scope)
    told = {part.subject[:5]: part.reason for part in iq.outside}
    assert all("was handed in" in told[name] or "were handed in" in told[name] for name in needed)
    assert formal.approved
    assert needed <= {item.id for item in formal.protocols[0].scope}
    assert NO_PAPERS.given == frozenset()
    assert Papers(suppliers=Path("x")).given == {"suppliers"}
