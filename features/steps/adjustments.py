"""Adjustments: a third person approves what two have counted, and it is investigated."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import Acknowledgement, CommandAnswer
from contracts.model.commands import (
    ApproveAdjustment,
    CountDifferences,
    SignatureComponents,
)
from contracts.model.counts import AdjustmentCause
from contracts.model.identifiers import Id
from contracts.model.inspection import Configuration, Containers
from contracts.model.inspection_adjustments import (
    AdjustmentRow,
    Adjustments,
    DeviationRow,
    Deviations,
    Investigations,
)
from contracts.model.messages.adjustments import InventoryAdjusted
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.quantities import NonNegativeQuantity
from contracts.model.roles import Role
from features.bench import ITEM, STORAGE, UNIT, Attempt, Bench
from features.claims import equal, the_only
from features.snapshots import growth
from features.steps.alarms import has_raised
from features.steps.counts import CountsOnBench
from features.steps.samples import has_sampled
from features.steps.words import AMOUNT, LETTER
from simulator.counterpart import Draft

_MEANING = "Approved"

# --- approving ----------------------------------------------------------------------------------


@given("nothing happens before the approval")
def nothing_happens(bench: Bench) -> None:
    """The stock stays as it was recounted."""
    bench.recorder.observe("nothing")


@given(parsers.re(rf"a sample of {AMOUNT} happens before the approval"))
def a_sample_happens(bench: Bench, amount: str) -> None:
    """The stock moves."""
    has_sampled(bench, amount, "A")


@given("the same adjustment happens before the approval")
def already_adjusted(bench: Bench) -> None:
    """Another supervisor was faster."""
    signature = bench.signature("the second supervisor", _MEANING)
    body = _approval(bench, "bag torn at the rack", signature)
    bench.prepare("the second supervisor", "approve-adjustment", body)
    bench.recorder.observe(f"adjustment {body.adjustment_id} was approved")


@when("the supervisor looks at the differences that wait for approval")
def supervisor_looks(bench: Bench) -> None:
    """The task list of the approver."""
    token = bench.session("the supervisor")
    answer = bench.site.client(Role.WMS).call("count-differences", session=token)
    bench.part(CountsOnBench).differences = answer.as_(CountDifferences).rows
    bench.recorder.observe(f"{len(bench.part(CountsOnBench).differences)} wait for approval")


@then(parsers.re(
    r"one shows (?P<book>[0-9.]+) kg in the book, (?P<first>[0-9.]+) kg by the counter and "
    r"(?P<second>[0-9.]+) kg by the second counter"
))
def list_shows_both(bench: Bench, book: str, first: str, second: str) -> None:
    """The list holds both counts with the persons who made them."""
    kept = bench.part(CountsOnBench)
    rows = [row for row in kept.differences if row.count_id == kept.count_id]
    equal(len(rows), 1, f"rows about {kept.count_id}")
    row = rows[0]
    bench.recorder.observe(
        f"book {row.book}, {row.first_counted} by {row.first_counted_by}, "
        f"{row.recounted} by {row.recounted_by}"
    )
    amounts = (row.book.value, row.first_counted.value, row.recounted.value)
    equal(amounts, (Decimal(book), Decimal(first), Decimal(second)), "book and both counts")
    persons = tuple(bench.person_id(w) for w in ("the counter", "the second counter"))
    equal((row.first_counted_by, row.recounted_by), persons, "who counted")


@when(parsers.re(
    r'(?P<who>the supervisor) approves the adjustment with the reason "(?P<reason>[^"]*)"'
))
def approves(bench: Bench, who: str, reason: str) -> None:
    """Try to approve, with a signature of one's own."""
    _try_approval(bench, who, _approval(bench, reason, bench.signature(who, _MEANING)))


@when(parsers.re(
    r"the supervisor approves the adjustment with (?P<signature>a wrong password|"
    r"the signature of the second supervisor)"
))
def approves_with(bench: Bench, signature: str) -> None:
    """Try to approve with a signature that does not count."""
    components = bench.signature("the second supervisor", _MEANING)
    if signature == "a wrong password":
        components = bench.signature("the supervisor", _MEANING, wrong_password=True)
    _try_approval(bench, "the supervisor", _approval(bench, "bag torn at the rack", components))


@then(parsers.re(rf"after delivery both systems show {AMOUNT} in the container of lot {LETTER}"))
def container_after_delivery(bench: Bench, amount: str, letter: str) -> None:
    """Owner and mirror agree, once everything has arrived."""
    bench.deliver()
    both_show_content(bench, amount, letter)


@then(parsers.re(rf"both systems show {AMOUNT} in the container of lot {LETTER}"))
def both_show_content(bench: Bench, amount: str, letter: str) -> None:
    """Owner and mirror agree on what the container holds."""
    container = bench.lots[letter].container
    for role in Role:
        rows = bench.site.client(role).ask("containers", Containers).rows
        shown = [row.quantity.value for row in rows if row.sscc == container]
        bench.recorder.observe(f"{role.upper()}: {container} holds {shown}")
        equal(shown, [Decimal(amount)], f"content in {role.upper()}")


@then(parsers.re(
    r"both systems show one adjustment of (?P<delta>-?[0-9.]+) kg by three different persons"
))
def both_show_adjustment(bench: Bench, delta: str) -> None:
    """Four eyes and more, in both records."""
    for role in Role:
        row = _adjustment(bench, role)
        bench.recorder.observe(
            f"{role.upper()}: {row.delta}, counted by {row.counted_by}, recounted by "
            f"{row.recounted_by}, approved by {row.approved_by} with {row.signature_id}"
        )
        equal(row.delta.value, Decimal(delta), f"delta in {role.upper()}")
        persons = {row.counted_by, row.recounted_by, row.approved_by}
        names = {bench.person_id(who) for who in
                 ("the counter", "the second counter", "the supervisor")}
        equal(persons, names, f"persons in {role.upper()}")


@then("the MES audit trail names the supervisor at the origin of the new quantity")
def mes_names_supervisor(bench: Bench) -> None:
    """The interface account acted, for a person."""
    assert bench.before is not None
    rows = [
        row for row in growth(bench.site, bench.before, Role.MES).audit
        if row.record_id == bench.lots["A"].container and row.field == "quantity"
    ]
    bench.recorder.observe("; ".join(f"{r.old_value} → {r.new_value} for {r.originator}"
                                     for r in rows))
    supervisor = bench.person_id("the supervisor")
    equal([row.originator for row in rows], [supervisor], "the person at the origin")


def _approval(
    bench: Bench, reason: str, signature: SignatureComponents
) -> ApproveAdjustment:
    kept = bench.part(CountsOnBench)
    kept.adjustment_id = bench.new_id("ADJUST")
    return ApproveAdjustment(
        adjustment_id=Id(kept.adjustment_id), count_id=Id(kept.count_id), reason=reason,
        cause=AdjustmentCause.SPILLAGE, signature=signature,
    )


def _try_approval(bench: Bench, who: str, body: ApproveAdjustment) -> None:
    attempt = bench.command(who, "approve-adjustment", body)
    bench.recorder.observe(f"approval {body.adjustment_id}: {attempt.answer}")


def _adjustment(bench: Bench, role: Role) -> AdjustmentRow:
    wanted = bench.part(CountsOnBench).adjustment_id
    rows = bench.site.client(role).ask("adjustments", Adjustments).rows
    found = (row for row in rows if row.adjustment_id == wanted)
    return the_only(found, f"adjustments {wanted} in {role.upper()}")


# --- investigation and deviation ----------------------------------------------------------------


@given(parsers.re(
    r"the site opens a deviation above (?P<percent>[0-9.]+) percent of the book or "
    r"(?P<amount>[0-9.]+) in the base unit"
))
def site_threshold(bench: Bench, percent: str, amount: str) -> None:
    """The limits that the warehouse runs with."""
    shown = bench.site.client(Role.WMS).ask("configuration", Configuration)
    limits = (shown.deviation_above_percent, shown.deviation_above_amount)
    bench.recorder.observe(f"above {limits[0]} percent or {limits[1]}")
    equal(limits, (Decimal(percent), Decimal(amount)), "the site's threshold")


@then(parsers.re(
    r"after delivery both systems show its investigation with cause (?P<cause>[A-Z_]+)"
))
def both_show_investigation(bench: Bench, cause: str) -> None:
    """The same record, with the cause, on both sides."""
    bench.deliver()
    bench.last.answer.as_(CommandAnswer)
    for role in Role:
        row = _adjustment(bench, role)
        rows = bench.site.client(role).ask("investigations", Investigations).rows
        found = [r for r in rows if r.source == row.adjustment_id]
        bench.recorder.observe(
            f"{role.upper()}: " + ", ".join(f"{r.investigation_id}: {r.cause}" for r in found)
        )
        shown = [(r.investigation_id, r.cause) for r in found]
        equal(shown, [(row.investigation_id, AdjustmentCause(cause))], "investigations")


@then("both systems show no deviation for it")
def both_show_no_deviation(bench: Bench) -> None:
    """Nothing was opened."""
    for role in Role:
        found = _deviations(bench, role)
        bench.recorder.observe(f"{role.upper()}: {len(found)} deviations")
        equal(len(found), 0, f"deviations in {role.upper()}")
        equal(_adjustment(bench, role).deviation_id, None, "the adjustment names the deviation")


@then(parsers.re(
    rf"both systems show an open deviation that names lot {LETTER} and "
    r"(?P<order>no order|the order)"
))
def both_show_deviation(bench: Bench, letter: str, order: str) -> None:
    """The affected lots and batches, on both sides."""
    orders = (bench.the_order.order_id,) if order == "the order" else ()
    for role in Role:
        found = _deviations(bench, role)
        equal(len(found), 1, f"deviations in {role.upper()}")
        row = found[0]
        bench.recorder.observe(
            f"{role.upper()}: {row.deviation_id} {row.state}, lots {row.affected_lots}, "
            f"orders {row.affected_orders}"
        )
        equal(row.affected_lots, (bench.lots[letter].lot_id,), "affected lots")
        equal(row.affected_orders, orders, "affected orders")
        equal(_adjustment(bench, role).deviation_id, row.deviation_id, "the adjustment names")


def _deviations(bench: Bench, role: Role) -> list[DeviationRow]:
    wanted = bench.part(CountsOnBench).adjustment_id
    rows = bench.site.client(role).ask("deviations", Deviations).rows
    return [row for row in rows if row.source == wanted]


# --- the counterpart ----------------------------------------------------------------------------


@when(parsers.re(
    rf"the WMS counterpart sends an adjustment to {AMOUNT} of lot {LETTER}, "
    r"counted and approved by one person"
))
def counterpart_adjusts_alone(bench: Bench, amount: str, letter: str) -> None:
    """A fact that no warehouse should have let happen."""
    counter = bench.person_id("the counter")
    draft = _adjusted(bench, letter, amount).changed({"approvedBy": counter})
    _send(bench, draft)


@given(parsers.re(rf"the WMS counterpart has sent an adjustment of lot {LETTER}"))
def counterpart_has_adjusted(bench: Bench, letter: str) -> None:
    """An adjustment that was acknowledged."""
    draft = _adjusted(bench, letter, "24.000")
    attempt = bench.send_unseen(Role.MES, draft, bench.part(CountsOnBench).adjustment_id)
    attempt.answer.as_(Acknowledgement)


def counterpart_has_adjusted_above(bench: Bench, letter: str) -> str:
    """The warehouse has told of an adjustment above its threshold. Returns: the deviation's id."""
    draft = _adjusted(bench, letter, "24.000")
    adjustment = bench.part(CountsOnBench).adjustment_id
    deviation = f"{adjustment}-DEV"
    told = draft.changed({"deviationId": deviation})
    bench.send_unseen(Role.MES, told, adjustment).answer.as_(Acknowledgement)
    return deviation


@when(parsers.re(
    rf"the WMS counterpart sends another adjustment of lot {LETTER} with the same investigation"
))
def counterpart_adjusts_again(bench: Bench, letter: str) -> None:
    """Another event under the investigation of the first."""
    before = bench.part(CountsOnBench).adjustment_id
    _send(bench, _adjusted(bench, letter, "23.000").changed({"investigationId": f"{before}-INV"}))


@when(parsers.re(
    rf"the WMS counterpart sends an adjustment of lot {LETTER} with "
    r"(?P<what>no investigation number|no cause|a cause that nobody defined|no affected lot)"
))
def counterpart_leaves_out(bench: Bench, letter: str, what: str) -> None:
    """An adjustment that lacks what has to be investigated."""
    members: dict[str, dict[str, Any]] = {
        "no investigation number": {"investigationId": ""},
        "no cause": {"cause": ""},
        "a cause that nobody defined": {"cause": "BAD LUCK"},
        "no affected lot": {"affectedLots": []},
    }
    _send(bench, _adjusted(bench, letter, "24.000").changed(members[what]))


@then(parsers.re(r"MES has raised the alarm (?P<name>[A-Z_]+) about the adjustment"))
def mes_alarm(bench: Bench, name: str) -> None:
    """Exactly one alarm names it."""
    has_raised(bench, Role.MES, name, bench.part(CountsOnBench).adjustment_id)


def _send(bench: Bench, draft: Draft) -> Attempt:
    attempt = bench.send(Role.MES, draft, bench.part(CountsOnBench).adjustment_id)
    bench.recorder.observe(f"{draft.message} {draft.key}: {attempt.answer}")
    return attempt


def _adjusted(bench: Bench, letter: str, amount: str) -> Draft:
    """An adjustment as a correct warehouse would send it."""
    kept, lot = bench.part(CountsOnBench), bench.lots[letter]
    kept.adjustment_id = bench.new_id("ADJUST")
    adjustment, names = kept.adjustment_id, bench.namespace
    after = NonNegativeQuantity(value=Decimal(amount), unit=UNIT)
    before = NonNegativeQuantity(value=lot.quantity, unit=UNIT)
    supervisor = bench.person_id("the supervisor")
    payload = InventoryAdjusted(
        adjustment_id=Id(adjustment), count_id=Id(bench.new_id("COUNT")),
        recount_id=Id(bench.new_id("RECOUNT")), location_id=Id(names.id(STORAGE)),
        container=lot.container, material_id=Id(names.id(ITEM)), lot_id=Id(lot.lot_id),
        before=before, after=after, delta=after - before, cause=AdjustmentCause.SPILLAGE,
        reason="bag torn at the rack", investigation_id=Id(f"{adjustment}-INV"),
        affected_lots=(Id(lot.lot_id),),
        counted_by=bench.person_id("the counter"),
        recounted_by=bench.person_id("the second counter"), approved_by=supervisor,
        adjusted_at=bench.now, station=Id("OFFICE-1"),
        signature=SignatureManifest(
            signature_id=Id(bench.new_id("SIG")), person_id=supervisor,
            printed_name="Example Supervisor", role=Id("supervisor"), meaning=_MEANING,
            signed_at=bench.now,
        ),
    )
    subject = f"container/{lot.container}"
    return bench.counterpart(Role.MES).draft("inventory-adjusted", payload, subject, bench.now)
