"""What became of scans: shown, told to the partner, entered into both audit trails."""

from __future__ import annotations

import json

from pytest_bdd import parsers, then

from contracts.model.inspection import Audit, AuditAction
from contracts.model.inspection_dispensing import Weighings
from contracts.model.inspection_scans import ScanRow, Scans
from contracts.model.roles import Role
from contracts.model.scans import ScanOutcome
from features.bench import PEOPLE, Attempt, Bench
from features.claims import equal, holds, the_only
from features.snapshots import differences, growth, take_picture
from features.steps.dispensing import AtTheScale
from features.steps.scanning import (
    CASE,
    ITEM_FIELDS,
    ScanningOnBench,
    reading,
    symbol_of,
)
from features.steps.words import DAY, day_of


@then("nothing has changed but the record of this scan, which both systems have")
def only_thereading(bench: Bench) -> None:
    """The scan and its refusal in both; every other export as before; the run stands."""
    _check_refused_scans(bench, 1)


@then("a repeat gets the stored answer and is no other scan")
def repeat_is_noreading(bench: Bench) -> None:
    """The very same request again: the same bytes, marked as replayed, and no scan more."""
    before = {role: _shown(bench, role) for role in Role}
    first, again = bench.last.answer.raw, bench.repeat(bench.last)
    assert first is not None
    assert again.raw is not None
    bench.deliver()
    equal((again.raw.status, again.raw.body), (first.status, first.body), "the repeat got")
    holds(again.replayed, "the answer is not marked as replayed")
    equal({role: _shown(bench, role) for role in Role}, before, "scans of both systems")
    bench.recorder.observe(f"status {again.raw.status}, replayed, no other scan")


@then("each is refused, nothing but its record has changed, and the right label is accepted")
def each_difference_refused(bench: Bench) -> None:
    """For all differences at once; then the step goes on as if nothing had been."""
    refusals = [attempt.refusal.code.value for attempt in bench.attempts]
    bench.recorder.observe(f"{len(refusals)} differences: {', '.join(sorted(set(refusals)))}")
    holds(len(refusals) >= 12, f"only {len(refusals)} differences were tried")
    equal({attempt.refusal.path for attempt in bench.attempts}, {"scan"}, "paths of the refusals")
    _check_refused_scans(bench, len(refusals))
    name, _, who = bench.last.command or ("", None, "")
    equal(name, "scan-unit", "the last command")
    label = bench.part(ScanningOnBench).labels["unit 1"]
    bench.prepare(who, "scan-unit", reading(bench, symbol_of(label)))


@then(parsers.re(
    r"after delivery both systems show the (?P<outcome>accepted|refused) scan with its device, "
    rf"(?P<state>[A-Z_]+) until (?:{DAY}|no day)"
))
def shown_with_device(bench: Bench, outcome: str, state: str, day: str | None) -> None:
    """Device, calibration and its day, in both exports."""
    bench.deliver()
    device = bench.namespace.id(bench.part(ScanningOnBench).device)
    for role in Role:
        row = the_only(
            (r for r in _shown(bench, role).rows if r.scan_id == bench.last.event),
            f"scans of that number in {role.upper()}",
        )
        bench.recorder.observe(f"{role.upper()}: {row.device_id} {row.calibration} {row.outcome}")
        wanted = (device, state, day_of(day) if day else None, outcome.upper())
        told = (row.device_id, row.calibration.value, row.calibration_due, row.outcome.value)
        equal(told, wanted, f"what {role.upper()} tells of the scan")


@then(parsers.re(rf"production shows the weighing with its scale, calibrated until {DAY}"))
def weighing_with_scale(bench: Bench, day: str) -> None:
    """Which scale, and until when it counts as calibrated."""
    rows = bench.site.client(Role.MES).ask("weighings", Weighings).rows
    row = the_only((r for r in rows if r.dispense_id == bench.last.event), "weighings")
    bench.recorder.observe(f"{row.scale_id}, calibrated until {row.calibration_due}")
    told = (row.scale_id, row.calibration_due)
    equal(told, (bench.part(AtTheScale).scale, day_of(day)), "scale and calibration")


@then("after delivery both audit trails tell of the scans of case 1, unit 1 and unit 2, in order")
def both_trails_tell(bench: Bench) -> None:
    """Each scan is an entry, in the system that compared it and in its partner."""
    bench.deliver()
    scanning = bench.part(ScanningOnBench)
    wanted = [symbol_of(scanning.labels[unit]) for unit in ("case 1", "unit 1", "unit 2")]
    for role in Role:
        told = [
            content for content in _entries(bench, role, 0)
            if content["runId"] == scanning.run_id
        ]
        bench.recorder.observe(f"{role.upper()}: {len(told)} entries about this run")
        said = [(entry["scan"], entry["position"], entry["outcome"]) for entry in told]
        expected = [(scan, n, "ACCEPTED") for n, scan in enumerate(wanted, 1)]
        equal(said, expected, f"scans in the audit trail of {role.upper()}")


@then("both systems show which scans the step declares, and the run with 3 of 3")
def shown_step_and_run(bench: Bench) -> None:
    """Order and identifiers; the run stands in the system that it belongs to."""
    scanning, who = bench.part(ScanningOnBench), bench.last.command
    assert who is not None
    role = PEOPLE[who[2]][2]
    run = the_only(
        (r for r in _shown(bench, role).runs if r.run_id == scanning.run_id), "runs of that number"
    )
    equal((run.scanned, run.units), (3, scanning.units), "the run")
    for system in Role:
        step = the_only(
            (s for s in _shown(bench, system).steps if s.step_id == run.step_id), "that step"
        )
        said = [(scan.name, scan.identifiers) for scan in step.scans]
        equal(said, [("case", CASE), ("unit", ITEM_FIELDS)], f"order of scans in {system.upper()}")


def _check_refused_scans(bench: Bench, count: int) -> None:
    assert bench.before is not None
    attempts = bench.attempts[-count:]
    own = attempts[0].role
    bench.deliver()
    after = take_picture(bench.site)
    for role in Role:
        before: object = bench.before.state[(role, "scans")]
        grown = _scan_rows(bench, role, attempts)
        said = [(row.outcome, row.code, row.path) for row in grown]
        wanted = [(ScanOutcome.REFUSED, a.refusal.code, a.refusal.path) for a in attempts]
        equal(said, wanted, f"scans that {role.upper()} shows")
        _check_runs(before, after.state[(role, "scans")], role)
        after = after.with_export(role, "scans", before)
        entries = _entries(bench, role, bench.before.audit_end[role])
        equal([e["code"] for e in entries], [a.refusal.code.value for a in attempts],
              f"scans in the audit trail of {role.upper()}")
        refused = growth(bench.site, bench.before, role).refusals
        equal(len(refused), count if role is own else 0, f"refusals of {role.upper()}")
    changed = differences(bench.before.over_a_delivery(), after.over_a_delivery())
    holds(not changed, "; ".join(changed))
    bench.recorder.observe(f"{count} refused scans stand in both; all else is as before")


def _check_runs(before: object, after: object, role: Role) -> None:
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    equal(after["runs"], before["runs"], f"runs of {role.upper()}")


def _scan_rows(bench: Bench, role: Role, attempts: list[Attempt]) -> list[ScanRow]:
    events = [attempt.event for attempt in attempts]
    rows = {str(row.scan_id): row for row in _shown(bench, role).rows if row.scan_id in events}
    return [rows[event] for event in events if event in rows]


def _entries(bench: Bench, role: Role, after: int) -> list[dict[str, object]]:
    """What the audit trail says of scans, in its order."""
    rows = bench.site.client(role).ask("audit", Audit, f"after={after}").rows
    told = [
        json.loads(row.new_value or "{}") for row in rows
        if row.record_type == "scans" and row.action is AuditAction.CREATE
    ]
    return [{"runId": None, "code": None, **content} for content in told]

def _shown(bench: Bench, role: Role) -> Scans:
    return bench.site.client(role).ask("scans", Scans)
