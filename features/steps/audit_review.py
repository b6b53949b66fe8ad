"""The exception report: ordinary work, seeded anomalies, what is listed of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from pytest_bdd import given, then, when

from contracts.model.batch_records import EntryKind
from contracts.model.commands import CreateAccount
from contracts.model.identifiers import Id
from contracts.model.inspection import Audit, Version
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Duty, Role
from features.bench import Bench
from features.claims import equal, holds
from features.steps.batch_records import entry_of
from features.steps.lot_status import decision_about
from simulator.evidence import BEYOND
from simulator.trail.exceptions import AuditException, ReviewRules, exceptions_in

_BY_ITSELF = {"MES itself": Role.MES, "WMS itself": Role.WMS}


@dataclass
class Reviewed:
    """How far both audit trails were reviewed."""

    to: dict[Role, int] = field(default_factory=dict)


@given("the audit trails up to here have been reviewed")
def reviewed(bench: Bench) -> None:
    """Where both end; people who act later have signed in before."""
    for who in ("quality", "production", "the administrator"):
        bench.session(who)
    for role in Role:
        shown = bench.site.client(role).ask("audit", Audit, f"after={BEYOND}")
        bench.part(Reviewed).to[role] = shown.last_sequence


# --- what is out of the ordinary ----------------------------------------------------------------


@when("quality changes its mind about lot B three times")
def changes_its_mind(bench: Bench) -> None:
    """A hold, back to quarantine, and a hold once more."""
    for status in (LotStatus.BLOCKED, LotStatus.QUARANTINE, LotStatus.BLOCKED):
        _decide(bench, "B", status)


@when("production enters a line clearance that ended 3 hours ago")
def enters_late(bench: Bench) -> None:
    """Nothing is wrong with it but when it is entered."""
    body = entry_of(bench, EntryKind.LINE_CLEARANCE)
    earlier = {
        name: getattr(body, name) - timedelta(hours=3) for name in ("started_at", "ended_at")
    }
    bench.prepare("production", "record-batch-entry", body.model_copy(update=earlier))


@when("the administrator gives somebody an account")
def gives_account(bench: Bench) -> None:
    """What administrators are there for, and what reviewers look at all the same."""
    body = CreateAccount(
        change_id=Id(bench.new_id("ACCOUNT")), person_id=Id(bench.new_id("NEWCOMER")),
        printed_name="Example Newcomer", duties=(Duty.PACKER,), password=bench.site.password,
        totp_secret=bench.sut.people.totp_secret, reason="joins the packaging line",
    )
    bench.prepare("the administrator", "create-account", body)


@when("at 23:30 quality blocks lot A")
def after_hours(bench: Bench) -> None:
    """The site works until ten in the evening."""
    bench.site.set_clock(bench.now.replace(hour=23, minute=30))
    _decide(bench, "A", LotStatus.BLOCKED)


@when("somebody sets both clocks back to 10:00")
def clocks_set_back(bench: Bench) -> None:
    """By more than thirteen hours."""
    bench.site.set_clock(bench.now.replace(hour=10, minute=0))


def _decide(bench: Bench, letter: str, status: LotStatus) -> None:
    body = decision_about(bench, bench.lots[letter].lot_id, status, None)
    bench.prepare("quality", "change-lot-status", body)


# --- what is listed -----------------------------------------------------------------------------


@then("the exception report lists nothing, over entries of both systems")
def lists_nothing(bench: Bench) -> None:
    """An empty report over nothing would say nothing."""
    found, read = _report(bench)
    holds(min(read.values()) > 0, f"entries read: {read}")
    equal([str(one) for one in found], [], "exceptions")


@then("the exception report lists these and nothing else")
def lists_these(bench: Bench, datatable: list[list[str]]) -> None:
    """Kind, system and account of each."""
    found, _ = _report(bench)
    wanted = sorted(
        (anomaly, system.lower(), _account(bench, who)) for anomaly, system, who in datatable[1:]
    )
    listed = sorted((one.anomaly.value, one.role.value, one.account) for one in found)
    equal(listed, wanted, "exceptions")


def _account(bench: Bench, who: str) -> str:
    if who in _BY_ITSELF:
        return bench.site.client(_BY_ITSELF[who]).ask("version", Version).system
    return str(bench.person_id(who))


def _report(bench: Bench) -> tuple[tuple[AuditException, ...], dict[Role, int]]:
    """The report over what was entered since the last review."""
    trails = {
        role: [row.to_json() for row in bench.site.client(role).ask(
            "audit", Audit, f"after={bench.part(Reviewed).to[role]}"
        ).rows]
        for role in Role
    }
    found = exceptions_in(trails, ReviewRules())
    for one in found:
        bench.recorder.observe(f"{one.anomaly}: {one.role.upper()} {one.account} {one.detail}")
    return found, {role: len(rows) for role, rows in trails.items()}
