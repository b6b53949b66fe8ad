"""Units are broken and put together again; what was inside what, and where everything went."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import DisaggregateUnit, ReaggregateItems
from contracts.model.identifiers import Id, ItemName, Sscc, UnitName
from contracts.model.inspection import Containers
from contracts.model.inspection_custody import (
    AggregationHistory,
    AggregationPeriod,
    Custody,
    CustodyRow,
)
from contracts.model.inspection_packing import Aggregations
from contracts.model.messages.custody import Breaking, TakenOut, UnitDisaggregated
from contracts.model.messages.packing import UnitAggregated
from contracts.model.roles import Role
from contracts.model.stimulus import Load, Location, Purpose
from features.bench import Bench
from features.claims import equal, holds, the_only
from features.steps.labels import PRODUCT, PackingOnBench
from features.steps.packing import unit_of
from features.steps.words import local_time

_ITEMS = {"3": "SYRINGE", "4": "KIT"}
"""What the cases hold that hold no tablets."""
BENCH, REASON = "REWORK-1", "shrink film is torn"
WHO = r"(?P<who>the packer|the shipper)"
_BREAK = (
    r"(?P<what>all|case [0-9]+|units? [0-9]+(?: and [0-9]+)*)(?P<twice> twice)? out of "
    r"(?P<parent>case [0-9]+|tote [0-9]+|pallet [0-9]+|the pallet)"
    r"(?: into (?P<into>tote [0-9]+|case [0-9]+))?(?: for (?P<purpose>[A-Z]+))"
    r"(?: to (?P<place>a place nobody knows))?(?:, giving \"(?P<reason>[^\"]*)\" as the reason)?"
)
_JOIN = (
    r"(?P<unit>unit [0-9]+ of case [0-9]+) back from (?P<source>tote [0-9]+) into "
    r"(?P<parent>case [0-9]+)"
)


@given("a rework bench and loose totes")
def a_rework_bench(bench: Bench) -> None:
    """Where units stand that were taken out."""
    place = Location(
        location_id=Id(bench.namespace.id(BENCH)), purpose=Purpose.PACKING,
        description="Rework bench",
    )
    bench.site.load(Load(locations=(place,)))


@given("what was done so far is known to both")
def is_known_to_both(bench: Bench) -> None:
    """Nothing is on its way."""
    bench.deliver()


@given(parsers.re(rf"{WHO} has taken {_BREAK}"))
def has_taken(
    bench: Bench, who: str, what: str, twice: str | None, parent: str, into: str | None,
    purpose: str, place: str | None, reason: str | None,
) -> None:
    """A unit that is broken, in both systems."""
    bench.prepare(who, "disaggregate", _breaking(bench, what, parent, into, purpose))
    bench.deliver()


@when(parsers.re(rf"{WHO} takes {_BREAK}"))
def takes(
    bench: Bench, who: str, what: str, twice: str | None, parent: str, into: str | None,
    purpose: str, place: str | None, reason: str | None,
) -> None:
    """Try to take something out of a unit."""
    body = _breaking(bench, what, parent, into, purpose)
    update: dict[str, object] = {}
    if twice:
        update["children"] = (*body.children, *body.children)
    if place:
        update["location_id"] = Id(bench.namespace.id("NOWHERE"))
    if reason is not None:
        update["reason"] = reason
    attempt = bench.command(who, "disaggregate", body.model_copy(update=update))
    bench.recorder.observe(f"{what} out of {body.parent}: {attempt.answer}")


@given(parsers.re(rf"{WHO} has put {_JOIN}"))
def has_put_back(bench: Bench, who: str, unit: str, source: str, parent: str) -> None:
    """Units of sale that are in a case again, in both systems."""
    bench.prepare(who, "reaggregate", _joining(bench, unit, source, parent))
    bench.deliver()


@when(parsers.re(rf"{WHO} puts {_JOIN}"))
def puts_back(bench: Bench, who: str, unit: str, source: str, parent: str) -> None:
    """Try to put a unit of sale into a case."""
    body = _joining(bench, unit, source, parent)
    attempt = bench.command(who, "reaggregate", body)
    bench.recorder.observe(f"{', '.join(body.children)} into {body.parent}: {attempt.answer}")


@when(parsers.re(
    r"a counterpart tells (?P<role>MES|WMS) that case 1 was put onto pallet 2, and then that it "
    r"left pallet 1"
))
def news_in_the_wrong_order(bench: Bench, role: str) -> None:
    """Two true facts; the later one comes first."""
    to, case = Role(role.lower()), UnitName(named(bench, "case 1"))
    broken, by = Id(bench.new_id("BREAK")), bench.person_id("the shipper")
    left = UnitDisaggregated(
        disaggregation_id=broken, parent=unit_of(bench, "pallet 1"),
        taken_out=(TakenOut(unit=case),), whole=True, purpose=Breaking.REWORK, reason=REASON,
        location_id=Id(bench.namespace.id(BENCH)), disaggregated_at=bench.now,
        disaggregated_by=by, station=Id("DOCK-2"),
    )
    joined = UnitAggregated(
        aggregation_id=Id(bench.new_id("PALLET")), parent=unit_of(bench, "pallet 2"),
        children=(case,), follows=(broken,), aggregated_at=bench.now, aggregated_by=by,
        station=Id("DOCK-2"),
    )
    for name, payload in (("unit-aggregated", joined), ("unit-disaggregated", left)):
        draft = bench.counterpart(to).draft(
            name, payload, f"container/{bench.new_id('NEWS')}", bench.now
        )
        attempt = bench.send_unseen(to, draft, payload.business_key)
        bench.recorder.observe(f"{name} to {role}: {attempt.answer}")
        holds(attempt.answer.refusal is None, f"{name} was refused")


@then(parsers.re(r"the (?P<role>MES|WMS) shows case 1 on pallet 2, since it left pallet 1"))
def tree_is_right(bench: Bench, role: str) -> None:
    """The tree, the period that ended, and the link to what it followed on."""
    client = bench.site.client(Role(role.lower()))
    case, both = f"(00){named(bench, 'case 1')}", ("pallet 1", "pallet 2")
    one, two = (unit_of(bench, pallet) for pallet in both)
    inside = [r.parent for r in client.ask("aggregations", Aggregations).rows if r.child == case]
    equal(inside, [two], "what case 1 stands in")
    rows = client.ask("aggregation-history", AggregationHistory).rows
    periods = [(r.parent, r.ended_by, r.follows) for r in rows if r.child == case]
    joined, left = (a.event for a in bench.attempts[-2:])
    bench.recorder.observe(f"case 1: {periods}; {joined} followed {left}")
    equal(set(periods), {(one, left, ()), (two, None, (left,))}, "periods of case 1")
    custody = the_only(
        (r for r in client.ask("custody", Custody).rows if r.disaggregation_id == left),
        "custody rows of the disaggregation",
    )
    equal((custody.now_in, custody.rejoined_by), (two, joined), "where case 1 is, and since what")


@then("after delivery both systems tell, of each instant, what stood in what")
def told_of_each_instant(bench: Bench, datatable: list[list[str]]) -> None:
    """Reckoned by the judge from the exported periods alone."""
    bench.deliver()
    for role, rows in _histories(bench).items():
        for at, unit, wanted in datatable[1:]:
            instant = local_time(at).replace(tzinfo=bench.zone)
            shown = [row.parent for row in rows if _covers(row, key_of(bench, unit), instant)]
            expected = [] if wanted == "nothing" else [named(bench, wanted)]
            equal(shown, expected, f"what {unit} stood in at {at}, says {role.upper()}")
        bench.recorder.observe(f"{role.upper()}: {len(datatable) - 1} instants of {len(rows)} "
                               "periods")


@then("both systems tell the same history, and its open periods are what they show as inside now")
def same_history(bench: Bench) -> None:
    """Owner and mirror agree, and the past leads to the present."""
    histories = _histories(bench)
    equal(histories[Role.MES], histories[Role.WMS], "the history in MES")
    for role, rows in histories.items():
        shown = bench.site.client(role).ask("aggregations", Aggregations).rows
        own = _made_here(bench)
        now = {(row.child, row.parent) for row in shown if row.child in own}
        still = {(row.child, row.parent) for row in rows if row.until is None}
        holds(bool(still), f"{role.upper()} tells of no open period")
        equal(still, now, f"open periods in {role.upper()}")


@then("after delivery both systems show these in stock")
def shown_in_stock(bench: Bench, datatable: list[list[str]]) -> None:
    """Pieces and parents, in owner and mirror."""
    bench.deliver()
    for role in Role:
        client = bench.site.client(role)
        held = {r.sscc: r.quantity.value for r in client.ask("containers", Containers).rows}
        inside = client.ask("aggregations", Aggregations).rows
        parents = {row.child: row.parent for row in inside}
        for unit, pieces, wanted in datatable[1:]:
            sscc = named(bench, unit)
            count = Decimal(0 if pieces == "none" else pieces)
            equal(held.get(sscc, Decimal(0)), count, f"pieces of {unit} in {role.upper()}")
            units = sum(1 for row in inside if row.parent == sscc)
            equal(units, int(count), f"serial numbers in {unit} in {role.upper()}")
            parent = parents.get(f"(00){sscc}", "nothing")
            expected = "nothing" if wanted == "nothing" else named(bench, wanted)
            equal(parent, expected, f"what {unit} stands in, says {role.upper()}")
        bench.recorder.observe(f"{role.upper()}: {len(datatable) - 1} units are as they should be")


@then("after delivery both systems show custody of what was taken out")
def shown_custody(bench: Bench, datatable: list[list[str]]) -> None:
    """What, when, by whom, what for, where it is now, and what followed."""
    bench.deliver()
    for role in Role:
        rows = bench.site.client(role).ask("custody", Custody).rows
        own = {_child(row): row for row in rows if bench.namespace.owns(row.disaggregation_id)}
        equal(len(own), len(datatable) - 1, f"custody rows in {role.upper()}")
        for what, left, when_, by, purpose, now_in, where, followed in datatable[1:]:
            row = own[key_of(bench, what)]
            instant = local_time(when_).replace(tzinfo=bench.zone)
            equal((row.left, row.left_at, row.left_by, row.purpose.value, row.reason),
                  (named(bench, left), instant, bench.person_id(by), purpose, REASON),
                  f"what {role.upper()} tells of {what}")
            equal(row.now_in, named(bench, now_in), f"what {what} is in, says {role.upper()}")
            equal(_where(bench, row), where, f"where {what} is, says {role.upper()}")
            equal(_followed(bench, role, row), followed, f"what followed for {what}")
            bench.recorder.observe(f"{role.upper()}: {row}")


def named(bench: Bench, unit: str) -> Sscc:
    """The SSCC of a case, pallet or tote of the scenario; a new one where it has none."""
    packed = bench.part(PackingOnBench)
    if unit.startswith("case ") and unit.removeprefix("case ") not in packed.cases:
        return bench.namespace.sscc(f"UNIT {unit}")
    return unit_of(bench, unit)


def key_of(bench: Bench, unit: str) -> str:
    """The key of ``case 1``, ``tote 1`` or ``unit 2 of case 1``, as exports show it."""
    if not unit.startswith("unit "):
        return f"(00){named(bench, unit)}"
    number, _, case = unit.removeprefix("unit ").partition(" of ")
    return _item(bench, case, int(number))


def _item(bench: Bench, case: str, number: int) -> ItemName:
    name = case.removeprefix("case ")
    serial = bench.part(PackingOnBench).cases[name].serials[number - 1]
    return ItemName.of(bench.namespace.gtin(_ITEMS.get(name, PRODUCT)), serial)


def _breaking(
    bench: Bench, what: str, parent: str, into: str | None, purpose: str
) -> DisaggregateUnit:
    return DisaggregateUnit(
        disaggregation_id=Id(bench.new_id("BREAK")), parent=named(bench, parent),
        children=_children(bench, what, parent), into=named(bench, into) if into else None,
        location_id=Id(bench.namespace.id(BENCH)), purpose=Breaking(purpose), reason=REASON,
    )


def _children(bench: Bench, what: str, parent: str) -> tuple[UnitName, ...]:
    if what == "all":
        return ()
    if what.startswith("case "):
        return (UnitName(named(bench, what)),)
    numbers = what.partition(" ")[2].split(" and ")
    return tuple(UnitName(_item(bench, parent, int(number))) for number in numbers)


def _joining(bench: Bench, unit: str, source: str, parent: str) -> ReaggregateItems:
    return ReaggregateItems(
        aggregation_id=Id(bench.new_id("BACK")), parent=named(bench, parent),
        source=named(bench, source), children=(ItemName(key_of(bench, unit)),),
    )


def _histories(bench: Bench) -> dict[Role, list[AggregationPeriod]]:
    """The periods of the units that the scenario made, by system."""
    own = _made_here(bench)
    return {
        role: [
            row for row in
            bench.site.client(role).ask("aggregation-history", AggregationHistory).rows
            if row.child in own
        ]
        for role in Role
    }


def _made_here(bench: Bench) -> set[str]:
    """Cases and items of the scenario; a system that was there before holds others as well."""
    packed = bench.part(PackingOnBench)
    cases = {f"(00){case.sscc}" for case in packed.cases.values()}
    gtin = bench.namespace.gtin(PRODUCT)
    return cases | {ItemName.of(gtin, s) for case in packed.cases.values() for s in case.serials}


def _covers(row: AggregationPeriod, child: str, at: datetime) -> bool:
    return row.child == child and row.since <= at and (row.until is None or at < row.until)


def _child(row: CustodyRow) -> str:
    return str(row.child)


def _where(bench: Bench, row: CustodyRow) -> str:
    if row.with_customer is not None:
        return "a customer"
    return "the bench" if row.now_at == bench.namespace.id(BENCH) else str(row.now_at)


def _followed(bench: Bench, role: Role, row: CustodyRow) -> str:
    """The unit that the following aggregation made, as the scenario calls it."""
    if row.rejoined_by is None:
        return "nothing"
    rows = bench.site.client(role).ask("aggregation-history", AggregationHistory).rows
    period = the_only(
        (p for p in rows if p.child == row.child and p.cause == row.rejoined_by), "that period"
    )
    equal(period.follows, (row.disaggregation_id,), "what the aggregation follows on")
    packed = bench.part(PackingOnBench)
    names = {sscc: name for name, sscc in packed.pallets.items()}
    names |= {case.sscc: f"case {name}" for name, case in packed.cases.items()}
    return names[period.parent]
