"""What came of a dispense: weighing, label and issue, and the warehouse that follows."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.answers import Acknowledgement
from contracts.model.commands import Dispensed
from contracts.model.identifiers import Id, LotNumber
from contracts.model.inspection import Containers
from contracts.model.inspection_dispensing import WeighingRow, Weighings, Wip
from contracts.model.messages.dispensing import IssueMode, MaterialIssued, Weighing
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.quantities import PositiveQuantity
from contracts.model.roles import Role
from contracts.record.strict_json import read_json
from features.bench import ITEM, STAGING, Bench
from features.claims import equal, holds, the_only
from features.snapshots import growth
from features.steps.alarms import has_raised
from features.steps.dispensing import REASON, TARE, WHO, AtTheScale
from features.steps.words import AMOUNT, LETTER, amount_of, quantity_of
from simulator.counterpart import new_message_id

# --- the counterpart ----------------------------------------------------------------------------


@given(parsers.re(rf"the MES counterpart has sent the issue of {AMOUNT} of lot {LETTER}"))
def counterpart_has_issued(bench: Bench, amount: str, letter: str) -> None:
    """An issue that was acknowledged."""
    counterpart_issues(bench, amount, letter)
    bench.last.answer.as_(Acknowledgement)


@when(parsers.re(rf"the MES counterpart sends the issue of {AMOUNT} of lot {LETTER}"))
def counterpart_issues(bench: Bench, amount: str, letter: str) -> None:
    """A valid issue."""
    fact = _issue(bench, amount, letter)
    subject = f"container/{fact.source_container}"
    draft = bench.counterpart(Role.WMS).draft("material-issued", fact, subject, bench.now)
    bench.part(AtTheScale).draft = draft
    attempt = bench.send(Role.WMS, draft, fact.issue_id)
    bench.recorder.observe(f"issue {fact.issue_id} of {amount} KGM: {attempt.answer}")


@when(parsers.re(rf"the MES counterpart sends the same issue of {AMOUNT} under another key"))
def counterpart_issues_again(bench: Bench, amount: str) -> None:
    """The same business event, carried by another message."""
    first = bench.part(AtTheScale).draft
    assert first is not None
    key = new_message_id(bench.now)
    draft = first.changed({"/id": key, "quantity": amount_of(amount).to_json()}, key)
    attempt = bench.send(Role.WMS, draft, key)
    bench.recorder.observe(f"the same issue with {amount} KGM: {attempt.answer}")


# --- what came of it ----------------------------------------------------------------------------


@then(parsers.re(rf"the warehouse holds (?P<amount>-?[0-9.]+) kg of lot {LETTER} in staging"))
def warehouse_holds(bench: Bench, amount: str, letter: str) -> None:
    """The owner's own book."""
    lot, place = bench.lots[letter].lot_id, bench.namespace.id(STAGING)
    rows = bench.site.client(Role.WMS).ask("containers", Containers).rows
    held = sum(r.quantity.value for r in rows if (r.lot_id, r.location_id) == (lot, place))
    bench.recorder.observe(f"WMS: {held:f} KGM of lot {letter} in staging")
    equal(held, Decimal(amount), f"lot {letter} in staging")


@then(parsers.re(r"the warehouse has raised the alarm (?P<name>[A-Z_]+) about the issue"))
def alarm_about_issue(bench: Bench, name: str) -> None:
    """Exactly one alarm names the issue."""
    has_raised(bench, Role.WMS, name, bench.last.event)


@then(parsers.re(
    rf"production shows {AMOUNT} of lot {LETTER} issued(?: to the order)?"
    r"(?: and (?P<returned>[0-9.]+) kg returned)?"
))
def production_shows_issued(
    bench: Bench, amount: str, letter: str, returned: str | None
) -> None:
    """The work in process of the order."""
    rows = [
        row for row in bench.site.client(Role.MES).ask("wip", Wip).rows
        if (row.order_id, row.lot_id) == (bench.the_order.order_id, bench.lots[letter].lot_id)
    ]
    bench.recorder.observe(", ".join(f"{r.issued} issued, {r.returned} returned" for r in rows))
    wanted = [(amount_of(amount), quantity_of(returned or "0.000"))]
    equal([(row.issued, row.returned) for row in rows], wanted, "issued and returned")


@then(parsers.re(
    r"the weighing shows gross (?P<gross>[0-9.]+) kg, tare (?P<tare>[0-9.]+) kg, "
    r"net (?P<net>[0-9.]+) kg, scale and both people"
))
def weighing_shows(bench: Bench, gross: str, tare: str, net: str) -> None:
    """The record of the weighing."""
    row = _weighing(bench)
    bench.recorder.observe(
        f"{row.gross} − {row.tare} = {row.net} on {row.scale_id}, by {row.performed_by}, "
        f"verified by {row.verified_by}"
    )
    shown = tuple(str(q.value) for q in (row.gross, row.tare, row.net))
    equal(shown, (gross, tare, net), "gross, tare, net")
    people = tuple(
        bench.person_id(who) for who in ("the dispenser", "the second dispenser")
    )
    equal((row.performed_by, row.verified_by), people, "performed and verified by")
    equal(row.scale_id, bench.part(AtTheScale).scale, "scale")


@then(parsers.re(
    rf"the label carries item, receiving number, weight {AMOUNT}, product, strength and batch"
))
def label_carries(bench: Bench, amount: str) -> None:
    """What the label of the dispensed container says."""
    label = bench.last.answer.as_(Dispensed).label
    lot = bench.lots["A"]
    bench.recorder.observe(str(label.to_json()))
    equal((label.material_id, label.item), (bench.namespace.id(ITEM), ITEM.title()), "item")
    equal((label.receiving_number, label.lot), (lot.lot_id, lot.lot), "receiving number and lot")
    equal(label.weight, amount_of(amount), "weight")
    made = (label.product, label.strength, label.batch)
    equal(made, ("Example tablets", "5 mg", "B-0001"), "product, strength and batch")
    equal(label.container, bench.part(AtTheScale).container, "container")


@then("after delivery the issue carries the signature of the second dispenser")
def issue_carries_verification(bench: Bench) -> None:
    """What the warehouse received about the second person."""
    bench.deliver()
    signature = _received(bench).verification
    assert signature is not None, "the issue carries no verification"
    bench.recorder.observe(f"{signature.signature_id}: {signature.printed_name}")
    equal(signature.person_id, bench.person_id("the second dispenser"), "verified by")
    equal(signature.meaning, "Verified", "meaning")
    equal(signature.signed_at, bench.now, "time of signing")


@then(parsers.re(
    rf"the issue carries the reason and the signatures of (?P<one>{WHO}) and (?P<two>{WHO})"
))
def issue_carries_override(bench: Bench, one: str, two: str) -> None:
    """What the warehouse received about the override."""
    override = _received(bench).override
    assert override is not None, "the issue carries no override"
    people = [signature.person_id for signature in override.signatures]
    bench.recorder.observe(f"{override.reason!r}, signed by {', '.join(people)}")
    equal(override.reason, REASON, "reason")
    equal(people, [bench.person_id(one), bench.person_id(two)], "signed by")
    holds(all(s.meaning for s in override.signatures), "a signature has no meaning")


@then(parsers.re(r"after delivery the issue carries the potency (?P<potency>[0-9.]+) %"))
def issue_carries_potency_then(bench: Bench, potency: str) -> None:
    """The same, once the message has arrived."""
    bench.deliver()
    issue_carries_potency(bench, potency)


@then(parsers.re(r"the issue carries the potency (?P<potency>[0-9.]+) %"))
def issue_carries_potency(bench: Bench, potency: str) -> None:
    """The potency that was confirmed at the scale."""
    carried = _received(bench).potency
    bench.recorder.observe(f"potency {carried} %")
    equal(carried, Decimal(potency), "potency")


# --- the words of the issue ---------------------------------------------------------------------


def _weighing(bench: Bench) -> WeighingRow:
    rows = bench.site.client(Role.MES).ask("weighings", Weighings).rows
    found = (row for row in rows if row.container == bench.part(AtTheScale).container)
    return the_only(found, "weighings into the container")


def _received(bench: Bench) -> MaterialIssued:
    """The last issue that the warehouse received since the picture was taken."""
    assert bench.before is not None
    for row in reversed(growth(bench.site, bench.before, Role.WMS).journal):
        content: Any = read_json(base64.b64decode(row.body)) if row.kind == "message" else {}
        if "issueId" in content.get("data", {}):
            return MaterialIssued.from_json(content["data"])
    raise AssertionError("the warehouse received no issue")


def _issue(bench: Bench, amount: str, letter: str) -> MaterialIssued:
    lot = bench.lots[letter]
    net = amount_of(amount)
    signature = SignatureManifest(
        signature_id=Id(bench.new_id("SIG")),
        person_id=bench.person_id("the second dispenser"),
        printed_name="Example The Second Dispenser", role=Id("dispenser"), meaning="Verified",
        signed_at=bench.now,
    )
    return MaterialIssued(
        issue_id=Id(bench.new_id("ISSUE")), mode=IssueMode.REAL_TIME,
        order_id=Id(bench.new_id("ORDER")), line_id=Id("10"),
        material_id=Id(bench.namespace.id(ITEM)), lot_id=Id(lot.lot_id), lot=LotNumber(lot.lot),
        source_container=lot.container, to_container=bench.namespace.sscc("DISPENSED"),
        quantity=net,
        weighing=Weighing(
            gross=PositiveQuantity(value=net.value + Decimal(TARE), unit=net.unit),
            tare=quantity_of(TARE), scale_id=Id(bench.part(AtTheScale).scale),
        ),
        verification=signature, issued_at=bench.now,
        issued_by=bench.person_id("the dispenser"),
        station=Id("BOOTH-1"),
    )
