"""Genealogy: batches are made, reworked and shipped, and both systems are asked where it went."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from urllib.parse import quote

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import ShipUnits, StartOrder
from contracts.model.identifiers import Id, Sscc
from contracts.model.inspection_packing import ShipmentRow
from contracts.model.inspection_tracing import BackwardTrace, ForwardTrace
from contracts.model.quantities import PositiveQuantity, Unit
from contracts.model.roles import Role
from contracts.model.stimulus import Container, Customer, Load
from contracts.wire.clients import Answer
from features.bench import ITEM, STAGING, Bench, OrderOnBench
from features.claims import equal, holds
from features.steps.dispensing import AtTheScale, dispenser_has_weighed, weigh_pieces
from features.steps.labels import PRODUCT, PackingOnBench, add_packing_order
from features.steps.shipping import has_released
from features.steps.words import AMOUNT, LETTER, amount_of, quantity_of

EXPIRY = date(2026, 12, 31)
CUSTOMER = "RECALL-CUSTOMER"
_LABEL = {"product": "Example tablets", "strength": "5 mg", "batch": "B-0001"}


@dataclass
class Traced:
    """What was asked, and what both answered."""

    answers: dict[Role, ForwardTrace] = field(default_factory=dict)
    seconds: float = 0.0
    refused: dict[Role, Answer] = field(default_factory=dict)
    dispensed: list[Sscc] = field(default_factory=list)


# --- what was made --------------------------------------------------------------------------------


@given(parsers.re(rf"an order that makes lot {LETTER} of tablets out of lactose"))
def an_order_that_makes(bench: Bench, letter: str) -> None:
    """A started order whose material is weighed and whose product is packed."""
    make_order(bench, letter, f"MAKE-{letter}")


@given(parsers.re(rf"an order that reworks lot (?P<source>[A-Z]) into lot {LETTER}"))
def an_order_that_reworks(bench: Bench, source: str, letter: str) -> None:
    """A started order whose material is packed goods, counted piece by piece."""
    line = {
        "line_id": "10", "material_id": bench.namespace.id(PRODUCT),
        "quantity": {"value": "2", "unit": "C62"},
        "tolerance_high": {"value": "0", "unit": "C62"},
    }
    make_order(bench, letter, f"REWORK-{source}{letter}", {"lines": [line]})


@given(parsers.re(rf"the dispenser has weighed {AMOUNT} of lot {LETTER} for lot [A-Z]"))
def weighed_for_product(bench: Bench, amount: str, letter: str) -> None:
    """A part was taken out of the lot's container."""
    dispenser_has_weighed(bench, amount, letter)
    container = bench.part(AtTheScale).container
    assert container is not None
    bench.part(Traced).dispensed.append(container)


@given(parsers.re(rf"lot {LETTER} went into lot [A-Z]"))
def went_into(bench: Bench, letter: str) -> None:
    """Two pieces of it stood at production and went into the order."""
    names, lot = bench.namespace, bench.lots[letter]
    bench.site.load(Load(containers=(Container(
        sscc=lot.container, lot_id=Id(lot.lot_id), location_id=Id(names.id(STAGING)),
        quantity=PositiveQuantity(value=Decimal(2), unit=Unit.EACH),
    ),)))
    has_released(bench, letter)
    weigh_pieces(bench, "2", letter)


@given(parsers.re(r"case (?P<name>[0-9]+) left the site for a customer"))
def left_the_site(bench: Bench, name: str) -> None:
    """A shipment that both systems know."""
    customer = Id(bench.namespace.id(CUSTOMER))
    bench.site.load(Load(customers=(Customer(customer_id=customer, name="Example Hospital"),)))
    case = bench.part(PackingOnBench).cases[name].sscc
    bench.prepare("the shipper", "ship", ShipUnits(
        shipment_id=Id(bench.new_id("SHIP")), customer_id=customer, ssccs=(Sscc(case),),
    ))
    bench.deliver()


# --- both are asked -------------------------------------------------------------------------------


@when(parsers.re(rf"both systems are asked where lot {LETTER} went"))
def both_are_asked(bench: Bench, letter: str) -> None:
    """The forward trace, in both systems, after everything was delivered."""
    bench.deliver()
    traced, lot = bench.part(Traced), bench.lots[letter].lot_id
    started = time.monotonic()
    for role in Role:
        traced.answers[role] = bench.site.client(role).ask(
            "trace-forward", ForwardTrace, f"lotId={quote(lot)}"
        )
    traced.seconds = time.monotonic() - started


@when(parsers.re(r"(?P<what>a lot nobody knows|a unit nobody knows|no lot at all) is traced "
                 r"in both systems"))
def nobody_is_traced(bench: Bench, what: str) -> None:
    """Ask for what is not there."""
    nobody = quote(bench.new_id("NOBODY"))
    name, query = {
        "a lot nobody knows": ("trace-forward", f"lotId={nobody}"),
        "a unit nobody knows": ("trace-backward", f"unit={nobody}"),
        "no lot at all": ("trace-forward", ""),
    }[what]
    for role in Role:
        answer = bench.site.client(role).call(name, query=query)
        bench.part(Traced).refused[role] = answer
        bench.recorder.observe(f"{role.upper()}: {answer}")


@then(parsers.re(r"both refuse it with (?P<code>[A-Z_]+) at (?P<path>\S+)"))
def both_refuse(bench: Bench, code: str, path: str) -> None:
    """Code and path in both systems."""
    refused = bench.part(Traced).refused
    equal(set(refused), set(Role), "systems that were asked")
    for role, answer in refused.items():
        holds(answer.refusal is not None, f"{role.upper()} answered {answer}")
        assert answer.refusal is not None
        shown = (answer.refusal.code.value, answer.refusal.path)
        equal(shown, (code, path), f"refusal of {role.upper()}")


# --- what they answer -----------------------------------------------------------------------------


@then(parsers.re(
    rf"both name the order of lot {LETTER}, the containers of lot (?P<source>[A-Z]), "
    r"cases 1 and 2, and no other"
))
def both_name_all(bench: Bench, letter: str, source: str) -> None:
    """Batches and units, complete and without a stranger."""
    packed, traced = bench.part(PackingOnBench), bench.part(Traced)
    order, lot = packed.orders[letter], bench.lots[letter].lot_id
    units: dict[str, tuple[str, ...]] = {
        bench.lots[source].container: (bench.lots[source].lot_id,),
        **dict.fromkeys(traced.dispensed, (bench.lots[source].lot_id,)),
        **{case.sscc: (lot,) for case in packed.cases.values()},
    }
    for role, answer in traced.answers.items():
        bench.recorder.observe(
            f"{role.upper()}: {len(answer.batches)} batches, "
            + ", ".join(unit.sscc for unit in answer.units)
        )
        batches = [(batch.order_id, batch.lot_id) for batch in answer.batches]
        equal(batches, [(order, lot)], f"batches in {role.upper()}")
        shown = {unit.sscc: unit.lot_ids for unit in answer.units}
        equal(shown, units, f"units in {role.upper()}")


@then(parsers.re(
    r"both name case (?P<name>[0-9]+) at that customer, and nothing else that left"
))
def both_name_consignee(bench: Bench, name: str) -> None:
    """What left the site, with its consignee."""
    for role, answer in bench.part(Traced).answers.items():
        check_shipped(bench, answer.shipped, name, role.upper())


@then("both name no batch")
def both_name_no_batch(bench: Bench) -> None:
    """Nothing of the lot is in anything that was made."""
    for role, answer in bench.part(Traced).answers.items():
        bench.recorder.observe(f"{role.upper()}: {len(answer.batches)} batches")
        equal(answer.batches, (), f"batches in {role.upper()}")


@then(parsers.re(
    r"both name the orders of lots (?P<letters>[A-Z](?: and [A-Z])+), within "
    r"(?P<seconds>[0-9]+) seconds"
))
def both_name_orders(bench: Bench, letters: str, seconds: str) -> None:
    """Each batch on the way, in time."""
    wanted = sorted(bench.lots[letter].lot_id for letter in letters.split(" and "))
    traced = bench.part(Traced)
    bench.recorder.observe(f"both answers in {traced.seconds * 1000:.0f} ms")
    for role, answer in traced.answers.items():
        found = sorted(batch.lot_id or "" for batch in answer.batches)
        equal(found, wanted, f"lots that {role.upper()} names")
    holds(traced.seconds <= int(seconds), f"it took {traced.seconds:.1f} s")


@then(parsers.re(
    r"from a unit in case (?P<name>[0-9]+) both name lots? "
    r"(?P<letters>[A-Z](?:, [A-Z])*(?: and [A-Z])?), and no other"
))
def both_trace_back(bench: Bench, name: str, letters: str) -> None:
    """From a piece by its serial number, and from the case that it is in."""
    case = bench.part(PackingOnBench).cases[name]
    piece = f"(01){bench.namespace.gtin(PRODUCT)}(21){case.serials[0]}"
    wanted = sorted(bench.lots[one].lot_id for one in letters.replace(" and ", ", ").split(", "))
    for role in Role:
        for unit in (piece, case.sscc):
            query = f"unit={quote(unit, safe='')}"
            found = bench.site.client(role).ask("trace-backward", BackwardTrace, query)
            bench.recorder.observe(f"{role.upper()}: {unit} holds {', '.join(found.lots)}")
            equal(sorted(found.lots), wanted, f"lots in {unit} by {role.upper()}")


# --- how it is done -------------------------------------------------------------------------------


def make_order(
    bench: Bench, letter: str, name: str, members: dict[str, object] | None = None,
    product_members: dict[str, object] | None = None,
) -> None:
    """A started order that makes a lot of tablets, with what its scale labels have to say."""
    line = {
        "line_id": "10", "material_id": bench.namespace.id(ITEM), "quantity": amount_of("10.000"),
        "tolerance_high": quantity_of("0.000"), "tolerance_low": quantity_of("9.999"),
    }
    order = add_packing_order(
        bench, letter, EXPIRY, name=name, product_members=product_members,
        members={"lines": [line], "dispense_label": _LABEL, **(members or {})},
    )
    bench.prepare("production", "start-order", StartOrder(order_id=Id(order)))
    bench.order = OrderOnBench(order, bench.namespace.id("BOM"), 3, Decimal(10), 0)
    bench.recorder.observe(f"order {order} is started: it makes lot {letter}")


def check_shipped(
    bench: Bench, shipped: tuple[ShipmentRow, ...], name: str, where: str
) -> None:
    """Claim that of all traced units this case alone left. Raises: AssertionError in words."""
    case, customer = bench.part(PackingOnBench).cases[name].sscc, bench.namespace.id(CUSTOMER)
    shown = [(row.sscc, row.customer_id, row.consignee) for row in shipped]
    bench.recorder.observe(f"{where}: " + ", ".join(f"{s} for {c}" for s, _, c in shown))
    equal(shown, [(case, customer, "Example Hospital")], f"what left, by {where}")
