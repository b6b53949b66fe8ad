"""Bills of materials, reports about vulnerabilities, suppliers, and the site profile."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.record.vulnerabilities import (
    SOURCE_AGE_MAX,
    Assessment,
    NoReport,
    Ruling,
    bill_of_materials,
    judge_report,
    read_report,
)
from contracts.wire.baseline import items_of_systems
from contracts.wire.system import StartedWith
from gxproof.dossier import EMPTY, Papers, open_papers
from gxproof.in_process import InProcessPair
from gxproof.installation import CHECKS, Context, run_check
from gxproof.installed import installed_packages

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
PACKAGES = {"one": "1.0", "two": "2.0"}
ONE = "pkg:pypi/one@1.0"


def report(*known: tuple[str, list[str]], days: float = 1, **members: Any) -> dict[str, Any]:
    bill = bill_of_materials(("product", "1"), PACKAGES, NOW - timedelta(days=days))
    return {**bill, "vulnerabilities": [
        {"id": name, "ratings": [{"severity": s} for s in severities], "affects": [{"ref": ONE}]}
        for name, severities in known
    ], **members}


def state(content: dict[str, Any]) -> State:
    installed = [f"pkg:pypi/{name}@{version}" for name, version in PACKAGES.items()]
    return judge_report(read_report(content), installed, (), NOW).state


def test_a_bill_of_materials_is_what_other_tools_read() -> None:
    bill = bill_of_materials(("product", "1"), PACKAGES, NOW)
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert bill["serialNumber"].startswith("urn:uuid:")
    assert bill["metadata"]["component"]["purl"] == "pkg:pypi/product@1"
    assert [(c["type"], c["purl"], c["bom-ref"]) for c in bill["components"]] == [
        ("library", ONE, ONE), ("library", "pkg:pypi/two@2.0", "pkg:pypi/two@2.0"),
    ]


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        (["critical"], State.FAILED), (["low", "critical"], State.FAILED), ([], State.FAILED),
        (["unknown", "low"], State.FAILED), (["made up"], State.FAILED),
        (["high"], State.PASSED), (["none"], State.PASSED),
    ],
)
def test_what_nobody_has_rated_may_be_critical(severities: list[str], expected: State) -> None:
    assert state(report(("EX-1", severities))) is expected


@pytest.mark.parametrize(
    ("ruling", "expected"),
    [(Ruling.MAY_STAND, State.PASSED), (Ruling.TO_BE_MENDED, State.FAILED)],
)
def test_only_a_decision_that_it_may_stand_lets_it_stand(ruling: Ruling, expected: State) -> None:
    signed = Assessment(
        vulnerability="EX-1", component=ONE, reasoning="The code is not reached",
        decision=ruling, approved_by="Example Security", meaning="Assessed", at=NOW,
    )
    content = read_report(report(("EX-1", ["critical"])))
    installed = [f"pkg:pypi/{name}@{version}" for name, version in PACKAGES.items()]
    assert judge_report(content, installed, [signed], NOW).state is expected


def test_the_age_of_a_source_counts_to_the_second() -> None:
    limit = SOURCE_AGE_MAX.days
    assert state(report(days=limit)) is State.PASSED
    assert state(report(days=limit + 1 / 86_400)) is State.FAILED
    assert state(report(days=-1 / 86_400)) is State.FAILED


def test_a_component_that_is_not_installed_is_nobodys_finding() -> None:
    content = report(("EX-1", ["critical"]))
    content["vulnerabilities"][0]["affects"] = [{"ref": "pkg:pypi/other@1"}]
    assert state(content) is State.PASSED


@pytest.mark.parametrize("content", [
    None, [], {}, {"bomFormat": "CycloneDX"}, report(metadata={"timestamp": "yesterday"}),
    report(vulnerabilities=[{}]), report(vulnerabilities=7), report(components=[{"name": "x"}]),
    report(vulnerabilities=[{"id": "x", "affects": [7]}]), report(components=[7]),
])
def test_what_is_no_report_is_refused(content: Any) -> None:
    with pytest.raises(NoReport):
        read_report(content)


# The checks of the installation


def _check(name: str, pair: InProcessPair, papers: Papers | None = None) -> tuple[State, str]:
    check = next(check for check in CHECKS if check.id == name)
    result = run_check(check, Context(pair, open_papers(papers) if papers else EMPTY))
    return result.state, result.reason


@pytest.mark.parametrize("name", ["IQ-17", "IQ-19", "IQ-20"])
def test_what_was_not_handed_in_is_inconclusive(name: str) -> None:
    found, reason = _check(name, InProcessPair(1))
    assert found is State.INCONCLUSIVE
    assert "handed in" in reason


def test_a_limit_that_nobody_approved_fails() -> None:
    assert _check("IQ-18", InProcessPair(1)) == (State.PASSED, "")
    pair = InProcessPair(1, started=StartedWith(values={"recallMaxS": "301"}))
    found, reason = _check("IQ-18", pair)
    assert found is State.FAILED
    assert "MES: recallMaxS is 301; approved is 300" in reason


def test_a_value_that_no_profile_has_cannot_be_started_with() -> None:
    with pytest.raises(ValueError, match="noSuchLimit"):
        InProcessPair(1, started=StartedWith(values={"noSuchLimit": "1"}))


def test_a_report_about_what_is_installed_decides(tmp_path: Path) -> None:
    pair, file = InProcessPair(1), tmp_path / "report.json"
    bill = bill_of_materials(("gxproof", "0"), installed_packages(), datetime.now(UTC))
    bill["metadata"]["timestamp"] = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    first = bill["components"][0]["purl"]
    known = {"id": "EX-1", "ratings": [{"severity": "critical"}], "affects": [{"ref": first}]}
    for vulnerabilities, expected in (([], State.PASSED), ([known], State.FAILED)):
        file.write_text(json.dumps({**bill, "vulnerabilities": vulnerabilities}))
        found, reason = _check("IQ-19", pair, Papers(vulnerabilities=file))
        assert found is expected, reason
    file.write_text(json.dumps({**bill, "components": bill["components"][1:]}))
    assert _check("IQ-19", pair, Papers(vulnerabilities=file))[0] is State.INCONCLUSIVE


def test_assessments_of_suppliers_decide(tmp_path: Path) -> None:
    pair, file = InProcessPair(1), tmp_path / "suppliers.toml"
    items = items_of_systems(pair.client)
    today = datetime.now(UTC).date()
    one = (
        '[[assessments]]\nsystem = "{system}"\nsoftware = "{software}"\nsupplier = "Example"\n'
        'questionnaire = "QA-1"\nquestionnaireSha256 = "' + "0" * 64 + '"\n'
        'conformance = "CONFORMANT"\nconformanceEvidence = "bundle"\nassessedOn = {day}\n'
        'assessedBy = "Example Quality"\ndecision = "{decision}"\n'
    )
    for decision, expected in (("APPROVED", State.PASSED), ("REJECTED", State.FAILED)):
        file.write_text("".join(
            one.format(
                system=items[f"{role}/version/system"], day=today, decision=decision,
                software=items[f"{role}/version/software"],
            ) for role in Role
        ))
        assert _check("IQ-20", pair, Papers(suppliers=file))[0] is expected
