"""First expired, first out: what is set aside, and who may set something else aside."""

from __future__ import annotations

import re
from decimal import Decimal

from pytest_bdd import parsers, then, when

from contracts.model.codes import Code
from contracts.model.commands import OverrideAllocation
from contracts.model.identifiers import Id
from contracts.model.inspection import Picks
from contracts.model.roles import Role
from features.bench import Bench
from features.claims import equal
from features.snapshots import growth
from features.steps.words import LETTER

_SHARE = re.compile(r"([0-9.]+) kg of ([A-Z])")


@when(parsers.re(
    rf'(?P<who>the supervisor|the picker) sets lot {LETTER} aside with the reason '
    r'"(?P<reason>[^"]*)"'
))
def sets_aside(bench: Bench, who: str, letter: str, reason: str) -> None:
    """Try to override what was proposed for the request."""
    body = OverrideAllocation(
        override_id=Id(bench.new_id("OVERRIDE")), request_id=Id(bench.request_id),
        line_id=Id("10"), lot_id=Id(bench.lots[letter].lot_id), reason=reason,
    )
    attempt = bench.command(who, "override-allocation", body)
    bench.recorder.observe(f"override by {who} with lot {letter}: {attempt.answer}")


@then(parsers.re(r"the warehouse has set aside exactly (?P<shares>.+)"))
def set_aside_exactly(bench: Bench, shares: str) -> None:
    """These amounts of these lots, and nothing else."""
    wanted = {bench.lots[letter].lot_id: Decimal(amount)
              for amount, letter in _SHARE.findall(shares)}
    found = {
        str(a.lot_id): a.quantity.value
        for row in bench.site.client(Role.WMS).ask("picks", Picks).rows
        if row.request_id == bench.request_id
        for a in row.allocations
    }
    bench.recorder.observe(", ".join(f"{q:f} of {lot}" for lot, q in found.items()) or "nothing")
    equal(found, wanted, "set aside")


@then("it is refused because this account may not do it")
def refused_by_role(bench: Bench) -> None:
    """The permission is missing, whatever the content."""
    bench.recorder.observe(f"{bench.last.refusal.code}: {bench.last.refusal.detail}")
    equal(bench.last.refusal.code, Code.NOT_PERMITTED, "the refusal")


@then(parsers.re(
    r'the WMS audit trail gives the reason "(?P<reason>[^"]*)" by the supervisor'
))
def audit_gives_reason(bench: Bench, reason: str) -> None:
    """The changes of what is set aside carry the person's own words."""
    assert bench.before is not None
    rows = [row for row in growth(bench.site, bench.before, Role.WMS).audit
            if row.record_type == "allocations"]
    bench.recorder.observe("; ".join(f"{r.action} {r.record_id} for {r.reason!r}" for r in rows))
    equal({row.reason for row in rows}, {reason}, "reasons of the changes")
    supervisor = bench.person_id("the supervisor")
    equal({row.account for row in rows}, {supervisor}, "by whom")
    equal({row.role for row in rows}, {"supervisor"}, "in which role")
