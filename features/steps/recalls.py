"""Recalls: quality decides, both systems hold everything, the time is taken."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import RecallLot
from contracts.model.identifiers import Id
from contracts.model.inspection import Configuration, Lots
from contracts.model.inspection_packing import Aggregations
from contracts.model.inspection_tracing import RecallRow, Recalls
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from features.bench import Bench
from features.claims import equal, holds, the_only
from features.steps.alarms import has_raised
from features.steps.delivery import lead_to
from features.steps.genealogy import check_shipped
from features.steps.labels import PackingOnBench
from features.steps.words import LETTER
from simulator.stub import Stub

REASON = "Foreign matter found in the input lot"


@given("MES does not reach the warehouse")
def mes_cut_off(bench: Bench) -> None:
    """Every connection of MES to the warehouse breaks."""
    lead_to(bench, Role.MES, Stub())
    bench.recorder.observe("what MES sends to the warehouse is lost")


@given(parsers.re(rf"quality has recalled lot {LETTER}"))
def has_recalled(bench: Bench, letter: str) -> None:
    """A recall that both systems know."""
    bench.prepare("quality", "recall-lot", _recall(bench, f"lot {letter}"))
    bench.deliver()


@when(parsers.re(
    r"quality recalls (?P<what>lot [A-Z](?: with a wrong password| without a reason)?|"
    r"a lot nobody knows)"
))
def recalls(bench: Bench, what: str) -> None:
    """Try to recall; nothing is delivered yet."""
    attempt = bench.command("quality", "recall-lot", _recall(bench, what))
    bench.recorder.observe(f"recall of {what}: {attempt.answer}")


@then(parsers.re(
    r"after delivery both systems show lots (?P<one>[A-Z]) and (?P<two>[A-Z]) as RECALLED, "
    r"and case (?P<case>[0-9]+) as locked"
))
def both_show_recalled(bench: Bench, one: str, two: str, case: str) -> None:
    """Lots by their status, the unit by its lock, in owner and mirror."""
    bench.deliver()
    wanted = {bench.lots[letter].lot_id: LotStatus.RECALLED for letter in (one, two)}
    unit = bench.part(PackingOnBench).cases[case].sscc
    for role in Role:
        client = bench.site.client(role)
        rows = client.ask("lots", Lots).rows
        shown = {row.lot_id: row.status for row in rows if row.lot_id in wanted}
        locked = [u.locked for u in client.ask("aggregations", Aggregations).units
                  if u.sscc == unit]
        bench.recorder.observe(f"{role.upper()}: {shown}, {unit} locked: {locked}")
        equal(shown, wanted, f"lots in {role.upper()}")
        equal(locked, [True], f"{unit} locked in {role.upper()}")


@then(parsers.re(
    r"the recall reached everything after (?P<seconds>[0-9]+) seconds, which is in time"
))
def reached_after(bench: Bench, seconds: str) -> None:
    """The time on record, against the limit that the system runs with."""
    client = bench.site.client(Role.MES)
    limit = client.ask("configuration", Configuration).recall_max_s
    row = _shown(bench)
    assert row.reached_at is not None, "the recall has not reached everything"
    took = (row.reached_at - row.recalled_at).total_seconds()
    bench.recorder.observe(f"{len(row.lots)} lots, {len(row.units)} units in {took:.0f} s")
    equal(took, float(seconds), "seconds from decision to the last confirmation")
    holds(took <= limit, f"{took} s is more than {limit} s")


@then(parsers.re(r"the recall lists case (?P<name>[0-9]+) with its customer as shipped"))
def recall_lists_shipped(bench: Bench, name: str) -> None:
    """What has left the site, with its consignee."""
    check_shipped(bench, _shown(bench).shipped, name, "the recall")


@then(parsers.re(rf"MES has raised the alarm RECALL_NOT_CONFIRMED about lot {LETTER}"))
def late_recall_alarmed(bench: Bench, letter: str) -> None:
    """One alarm names the lot; the recall has no end yet."""
    has_raised(bench, Role.MES, "RECALL_NOT_CONFIRMED", bench.lots[letter].lot_id)
    holds(_shown(bench).reached_at is None, "the recall claims to have reached everything")


def _shown(bench: Bench) -> RecallRow:
    recall_id = bench.last.event
    rows = bench.site.client(Role.MES).ask("recalls", Recalls).rows
    return the_only((row for row in rows if row.recall_id == recall_id), f"recall {recall_id}")


def _recall(bench: Bench, what: str) -> RecallLot:
    letter = what[4] if what.startswith("lot ") else ""
    lot_id = bench.lots[letter].lot_id if letter else bench.new_id("NOBODY")
    wrong = what.endswith("with a wrong password")
    return RecallLot(
        recall_id=Id(bench.new_id("RECALL")), lot_id=Id(lot_id),
        reason="" if what.endswith("without a reason") else REASON,
        signature=bench.signature("quality", "I recall this lot", wrong_password=wrong),
    )
