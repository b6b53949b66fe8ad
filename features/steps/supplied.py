"""Packages and what is known against them; suppliers and what was decided about them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import distributions
from typing import Any

from pydantic import ValidationError
from pytest_bdd import given, parsers, then, when

from contracts.model.inspection import Version
from contracts.model.instants import write_timestamp
from contracts.model.roles import Role
from contracts.model.verdicts import State
from contracts.record.suppliers import Connected, SupplierRecords, supplier_findings
from contracts.record.vulnerabilities import (
    Assessment,
    NoReport,
    bill_of_materials,
    judge_report,
    read_report,
)
from features.bench import Bench
from features.claims import equal, holds

_NOW = datetime(2026, 3, 30, 7, tzinfo=UTC)
_PRODUCT = ("gxproof", "0")
_REPORT = (r"(?:(?P<what>a report .+|a critical one .+|a file .+)) is held against it")


@dataclass
class Supplied:
    """The bill of materials, what came of a report; the records of suppliers, and what was found.
    """

    bill: dict[str, Any] = field(default_factory=dict)
    outcome: str = ""
    reasons: list[str] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    connected: dict[Role, Connected] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)


@given("a bill of materials of the installed packages")
def make_bill(bench: Bench) -> None:
    """Of those that are installed where this runs."""
    bench.part(Supplied).bill = bill_of_materials(_PRODUCT, _packages(), _NOW)
    bench.recorder.observe(f"{len(_urls(bench))} packages")
    holds(bool(_urls(bench)), "no package is installed")


@when(parsers.re(_REPORT))
def hold_against(bench: Bench, what: str) -> None:
    """A report as a source would give it, with one thing about it."""
    supplied = bench.part(Supplied)
    content, assessments = _report(bench, what)
    try:
        report = read_report(json.loads(json.dumps(content)))
    except NoReport as exc:
        supplied.outcome, supplied.reasons = "refused", [str(exc)]
    else:
        judged = judge_report(report, _urls(bench), assessments, _NOW)
        supplied.outcome, supplied.reasons = judged.state.value, list(judged.findings)
    bench.recorder.observe(f"{supplied.outcome}: {'; '.join(supplied.reasons) or 'nothing'}")


@then(parsers.re(
    r"the report is found (?P<state>passed|failed|inconclusive|refused)(?:, because (?P<why>.+))?"
))
def report_is(bench: Bench, state: str, why: str | None) -> None:
    """With the one reason that there is."""
    supplied = bench.part(Supplied)
    equal(supplied.outcome, state, "what came of the report")
    if state == State.PASSED.value:
        equal(supplied.reasons, [], "reasons")
    else:
        equal(len(supplied.reasons), 1, "reasons")
        holds(str(why) in supplied.reasons[0], f"the reason is {supplied.reasons[0]!r}")


@then("the bill of materials is the same from the same packages, and names each with its version")
def bill_is_whole(bench: Bench) -> None:
    """Against what is installed, read anew."""
    bill, packages = bench.part(Supplied).bill, _packages()
    equal(bill_of_materials(_PRODUCT, packages, _NOW), bill, "the bill of materials")
    named = {part["name"]: part["version"] for part in bill["components"]}
    equal(named, packages, "packages and versions in the bill")
    other = bill_of_materials(_PRODUCT, {**packages, "one-more": "1"}, _NOW)
    holds(other["serialNumber"] != bill["serialNumber"], "two bills have one serial number")


@given(parsers.re(
    r"an assessment of the supplier of each connected system, (?P<days>[0-9]+) days ago"
))
def assessed(bench: Bench, days: str) -> None:
    """Complete records for what the systems name themselves."""
    supplied = bench.part(Supplied)
    for role in Role:
        shown = bench.site.client(role).ask("version", Version)
        supplied.connected[role] = Connected(shown.system, shown.software)
        supplied.records.append({
            "system": shown.system, "software": shown.software,
            "supplier": "Example Supplier", "questionnaire": "QA-0001",
            "questionnaireSha256": "0" * 64, "conformance": "CONFORMANT",
            "conformanceEvidence": "bundle 0001", "assessedBy": "Example Quality",
            "assessedOn": _day(-int(days)), "decision": "APPROVED",
        })
        bench.recorder.observe(f"{shown.system}: {shown.software}")


@when(parsers.re(
    r"the records are held against the connected systems(?:, and (?P<what>one .+))?"
))
def hold_records(bench: Bench, what: str | None) -> None:
    """The last record is that of the warehouse."""
    supplied = bench.part(Supplied)
    records = list(supplied.records)
    if what == "one is missing":
        records.pop()
    elif what == "one has no questionnaire":
        records[-1] = {k: v for k, v in records[-1].items() if k != "questionnaire"}
    elif what:
        records[-1] = {**records[-1], **_OF_A_SUPPLIER[what]}
    try:
        read = SupplierRecords.from_json({"assessments": records})
    except ValidationError as exc:
        place = exc.errors()[0]["loc"]
        supplied.found = [f"{records[-1]['system']}: {'.'.join(map(str, place))}"]
        return
    today = _NOW.date()
    supplied.found = list(supplier_findings(read, supplied.connected.values(), today))


@then("nothing is found about a supplier")
def nothing_found(bench: Bench) -> None:
    """Of as many systems as are connected."""
    supplied = bench.part(Supplied)
    equal(len(supplied.connected), len(Role), "connected systems")
    equal(supplied.found, [], "what was found")


@then(parsers.re(r"it is found about the warehouse's supplier, because (?P<why>.+)"))
def found_about(bench: Bench, why: str) -> None:
    """That alone, and nothing about the other system."""
    supplied = bench.part(Supplied)
    equal(len(supplied.found), 1, "findings")
    bench.recorder.observe(supplied.found[0])
    name = supplied.connected[Role.WMS].system
    holds(supplied.found[0].startswith(name), f"found is {supplied.found[0]!r}")
    holds(why in supplied.found[0], f"found is {supplied.found[0]!r}, and not {why}")


def _report(bench: Bench, what: str) -> tuple[dict[str, Any], tuple[Assessment, ...]]:
    """A report as ``what`` says, and the assessments that were signed about it."""
    components = bench.part(Supplied).bill["components"]
    first = components[0]["purl"]
    ago = {"a report of 31 days ago": 31, "a report of tomorrow": -1}.get(what, 10)
    content: dict[str, Any] = {
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "metadata": {"timestamp": write_timestamp(_NOW - timedelta(days=ago))},
        "components": components, "vulnerabilities": [_known("EX-0001", "high", first)],
    }
    assessments: tuple[Assessment, ...] = ()
    if "critical one" in what or "something critical" in what:
        content["vulnerabilities"].append(_known("EX-0002", "critical", first))
    if "nobody rated" in what:
        content["vulnerabilities"].append({**_known("EX-0003", "", first), "ratings": []})
    if "assessed" in what:
        version = ".other" if "another version" in what else ""
        assessments = (_assessment("EX-0002", first + version),)
    if what == "a report that left out a package":
        content["components"] = components[1:]
    if what == "a report without a date":
        content["metadata"] = {}
    if what == "a file that is something else":
        content["bomFormat"] = "SPDX"
    return content, assessments


def _known(number: str, severity: str, affects: str) -> dict[str, Any]:
    return {"id": number, "ratings": [{"severity": severity}], "affects": [{"ref": affects}]}


def _assessment(number: str, component: str) -> Assessment:
    return Assessment.from_json({
        "vulnerability": number, "component": component, "reasoning": "The code is not reached",
        "decision": "MAY_STAND", "approvedBy": "Example Security",
        "meaning": "Assessed", "at": "2026-03-29T09:00:00+02:00",
    })


def _packages() -> dict[str, str]:
    return {str(d.metadata["Name"]).lower(): d.version for d in distributions()}


def _urls(bench: Bench) -> list[str]:
    return [part["purl"] for part in bench.part(Supplied).bill["components"]]


def _day(offset: int) -> str:
    day: date = _NOW.date() + timedelta(days=offset)
    return day.isoformat()


_OF_A_SUPPLIER: dict[str, dict[str, str]] = {
    "one was made 1096 days ago": {"assessedOn": _day(-1096)},
    "one is dated tomorrow": {"assessedOn": _day(1)},
    "one came to a rejection": {"decision": "REJECTED"},
    "one is about another release": {"software": "another release 1.0"},
    "one found the system not conformant": {"conformance": "NOT CONFORMANT"},
}
