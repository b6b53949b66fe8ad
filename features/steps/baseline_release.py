"""Releases to production: what a run lets anybody release, and production held against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from pytest_bdd import given, parsers, then, when

from contracts.model.inspection_watching import BackupReading
from contracts.model.instants import from_microseconds, write_timestamp
from contracts.model.requirements import Protocol
from contracts.model.roles import Role
from contracts.model.verdicts import Verdict
from contracts.record.baselines import ApprovedBaseline, baseline_digest
from contracts.record.digests import sha256
from contracts.record.releases import (
    TEST_MODE,
    BaselineRelease,
    production_findings,
    rollback_findings,
    unreleasable,
)
from contracts.record.runs import (
    EPHEMERAL_KEY,
    PART_ALONE,
    Environment,
    Outside,
    Plan,
    ProtocolPlan,
    RunHeader,
)
from contracts.wire.baseline import items_of_contract, items_of_systems
from contracts.wire.system import StartedWith
from features.bench import Bench
from features.claims import equal, holds
from features.steps.baselines import Baselines

_STARTED = from_microseconds(1_774_936_800_000_000)
_APPROVED, _NOW = _STARTED - timedelta(days=1), _STARTED + timedelta(days=1)
_PLAN, _BUNDLE = sha256(b"plan"), sha256(b"bundle")
_DAY_S = 86_400


@dataclass
class Release:
    """The run that is to be released, and what stands against it or is found in production."""

    header: RunHeader | None = None
    against: list[str] = field(default_factory=list)


@given("a formal run passed on the approved configuration")
def formal_run_passed(bench: Bench) -> None:
    """Its header, as such a run leaves it."""
    environment = Environment(
        mode="separate processes", target="validation", systems=(), harness_process="pid 1",
        tool="gxproof", python="CPython", platform="Linux",
    )
    bench.part(Release).header = RunHeader(
        run_id="run-7", number=7, command="gxproof qualify", started_at=_STARTED,
        finished_at=_STARTED, environment=environment, seed=1, plan_sha256=_PLAN,
        verdicts=dict.fromkeys(Protocol, Verdict.PASSED), signer="key", ephemeral_key=False,
        informal=(),
    )


@given("production runs with the value 301 of recallMaxS")
def production_runs_with(bench: Bench) -> None:
    """Started as for production, but with another limit than was approved."""
    other = StartedWith(values={"recallMaxS": "301"}, test_mode=False)
    bench.move_to(bench.started_anew(other))


@when("it is released, with test mode closed, and held against production")
def release_and_hold(bench: Bench) -> None:
    """The systems that are up now are production."""
    _release(bench, "")


@when(parsers.re(r"it is released, with test mode closed, where (?P<what>.+)"))
def release_where(bench: Bench, what: str) -> None:
    """With one thing that is not as it has to be."""
    _release(bench, what)


@then("nothing stands against the release, and nothing in production is other")
def nothing_against(bench: Bench) -> None:
    """Every item is as it was released."""
    items = len(bench.part(Baselines).approved)
    bench.recorder.observe(f"{items} items released and found")
    holds(items > 0, "no item was released")
    equal(bench.part(Release).against, [], "what stands against it")


@then("these items of each system are found, and no other one")
def these_items(bench: Bench, datatable: list[list[str]]) -> None:
    """Each by its name, with what was released."""
    wanted = [f"{role}/{row[0]} is 301; approved is 300" for role in Role for row in datatable[1:]]
    equal(bench.part(Release).against, wanted, "what is found in production")


@then(parsers.re(r"it is refused, because (?P<why>.+)"))
def refused_because(bench: Bench, why: str) -> None:
    """For this one reason."""
    against = bench.part(Release).against
    equal(len(against), 1, "reasons")
    holds(why in against[0], f"the reason is {against[0]!r}, and not {why}")


def _release(bench: Bench, what: str) -> None:
    found = bench.part(Release)
    found.against = list(_against(bench, what))
    bench.recorder.observe("; ".join(found.against) or "nothing stands against it")


def _against(bench: Bench, what: str) -> Iterator[str]:
    """What keeps it from being drafted; else from being signed; else from being accepted."""
    items = bench.part(Baselines).approved
    run = _header(bench, what), _plan(what), _approved(bench, what)
    drafted = [
        *unreleasable(*run, _ran_on(bench, what)), *rollback_findings(_backups(what), _NOW),
    ]
    if drafted:
        yield from drafted
        return
    try:
        release = BaselineRelease.from_json(_written(bench, items, what))
    except ValidationError as exc:
        first = exc.errors()[0]
        yield f"{'.'.join(map(str, first['loc']))} {first['msg']}".strip()
        return
    if what:
        items, target = release.expected, "production"
    else:
        items, target = _there(bench), bench.sut.name
    yield from production_findings(release, items, target, _NOW)


def _there(bench: Bench) -> dict[str, str]:
    return {**items_of_systems(bench.site.client), **items_of_contract()}


def _header(bench: Bench, what: str) -> RunHeader:
    header = bench.part(Release).header
    assert header is not None, "nothing was run"
    verdicts = {**header.verdicts, **_VERDICTS.get(what, {})}
    if what == "no OQ was executed":
        del verdicts[Protocol.OQ]
    informal = (EPHEMERAL_KEY,) if what == "nobody knows who signed the run" else ()
    return header.model_copy(update={"verdicts": verdicts, "informal": informal})


_VERDICTS = {
    "the OQ failed": {Protocol.OQ: Verdict.FAILED},
    "the PQ came to nothing certain": {Protocol.PQ: Verdict.INCONCLUSIVE},
}


def _plan(what: str) -> Plan:
    outside = (Outside(subject="171 requirements", reason=PART_ALONE),)
    alone = outside if what == "it tried one requirement alone" else ()
    protocols = tuple(ProtocolPlan(protocol=p, scope=(), outside=alone) for p in Protocol)
    return Plan(protocols=protocols, requirements=(), rules=(), approved=True)


def _approved(bench: Bench, what: str) -> ApprovedBaseline | None:
    if what == "nobody had approved the baseline":
        return None
    return ApprovedBaseline(
        change_id="CHG-0005", target="validation", plan_sha256=_PLAN,
        items=bench.part(Baselines).approved, reason="The scenario asks for it",
        approved_by="Example Quality", meaning="Approved for execution", at=_APPROVED,
    )


def _ran_on(bench: Bench, what: str) -> dict[str, str]:
    approved = bench.part(Baselines).approved
    other = {"mes/profile/recallMaxS": "301"} if what == "it ran on another configuration" else {}
    return {**approved, **other}


def _backups(what: str) -> dict[Role, BackupReading | None]:
    """Of both systems, of an hour ago, each tried within the month."""
    good = BackupReading(
        interval_max_s=_DAY_S, restore_test_age_max_s=90 * _DAY_S,
        taken_at=_NOW - timedelta(hours=1), restore_tested_at=_NOW - timedelta(days=30),
    )
    wrong: dict[str, BackupReading | None] = {
        "no place of backups is declared": None,
        "the last backup is too old": good.model_copy(
            update={"taken_at": _NOW - timedelta(seconds=_DAY_S + 1)}
        ),
        "no restore was ever tried": good.model_copy(update={"restore_tested_at": None}),
    }
    return {Role.MES: good, Role.WMS: wrong.get(what, good)}


def _written(bench: Bench, items: dict[str, str], what: str) -> dict[str, Any]:
    """A release as a person writes it, with one thing wrong about it."""
    closed = dict.fromkeys(TEST_MODE, "false")
    way_back = {
        "software": "reference 0.9", "backupTakenAt": write_timestamp(_NOW - timedelta(hours=1)),
        "backupIntervalMaxS": _DAY_S, "restoreTestAgeMaxS": 90 * _DAY_S,
        "restoreTestedAt": write_timestamp(_NOW - timedelta(days=30)),
    }
    outlived = {**way_back, "backupTakenAt": write_timestamp(_NOW - timedelta(days=2))}
    written: dict[str, Any] = {
        "changeId": "CHG-0005", "runId": "run-7", "runNumber": 7, "bundleSha256": _BUNDLE,
        "baselineSha256": baseline_digest(items), "production": bench.sut.name,
        "verdicts": {p.value: Verdict.PASSED.value for p in Protocol},
        "rollback": {role.value: way_back for role in Role}, "reason": "The line starts on Monday",
        "releasedBy": "Example Quality", "meaning": "Released to production",
        "at": write_timestamp(_NOW), "differs": closed, "items": items,
    }
    changed: dict[str, dict[str, Any]] = {
        "test mode is meant to stay open": {"differs": {**closed, TEST_MODE[0]: "true"}},
        "nobody says who releases it": {"releasedBy": ""},
        "its form waited until the way back was too old": {
            "rollback": {Role.MES.value: way_back, Role.WMS.value: outlived},
        },
        "the items were changed afterwards": {"items": {**items, TEST_MODE[0]: "false"}},
    }
    return {**written, **changed.get(what, {})}
