"""Shipping, and what a hold does to cases and pallets."""

from __future__ import annotations

from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import ShipUnits
from contracts.model.identifiers import Id
from contracts.model.inspection import Inventory, Lots
from contracts.model.inspection_packing import Aggregations, Shipments
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from contracts.model.stimulus import Customer, Load
from features.bench import Bench
from features.claims import equal, holds
from features.steps.holds import two_have_released
from features.steps.labels import PackingOnBench
from features.steps.lot_status import decision_about
from features.steps.packing import a_case, unit_of
from features.steps.words import LETTER

CUSTOMER = "WHOLESALE-1"


@given(parsers.re(rf"quality has released lot {LETTER}"))
def has_released(bench: Bench, letter: str) -> None:
    """A signed release that both systems know."""
    decide_on_lot(bench, letter, LotStatus.RELEASED)


@given(parsers.re(rf"quality has blocked lot {LETTER}"))
def has_blocked(bench: Bench, letter: str) -> None:
    """A hold that both systems know."""
    decide_on_lot(bench, letter, LotStatus.BLOCKED)


@given(parsers.re(rf"quality has decided that lot {LETTER} is (?P<status>[A-Z]+)"))
def has_decided(bench: Bench, letter: str, status: str) -> None:
    """A decision that both systems know."""
    decide_on_lot(bench, letter, LotStatus(status))


@given(parsers.re(
    rf"case (?P<name>[0-9]+) with (?P<count>[0-9]+) units of lot {LETTER} that was shipped before"
))
def a_shipped_case(bench: Bench, name: str, count: str, letter: str) -> None:
    """A case that is not here any more."""
    a_case(bench, name, count, letter)
    bench.prepare("the shipper", "ship", shipment_of(bench, f"case {name}", 0))
    bench.deliver()


@when(parsers.re(
    r"the shipper ships (?P<unit>the pallet|case [0-9]+|a case that was labelled alone) "
    r"to a customer who wants (?P<days>[0-9]+) days of shelf life"
))
def ships(bench: Bench, unit: str, days: str) -> None:
    """Try to ship one unit."""
    _ship(bench, shipment_of(bench, unit, int(days)))


@when(parsers.re(r"the shipper ships (?P<unit>the pallet|pallet [0-9]+|case [0-9]+)"))
def ships_to_anybody(bench: Bench, unit: str) -> None:
    """Try to ship to a customer without a wish of its own."""
    _ship(bench, shipment_of(bench, unit, 0))


@when(parsers.re(rf"the shipper ships the container of lot {LETTER}"))
def ships_container(bench: Bench, letter: str) -> None:
    """Try to ship a container as it stands in stock."""
    unit = f"the container of lot {letter}"
    bench.part(PackingOnBench).pallets[unit] = bench.lots[letter].container
    _ship(bench, shipment_of(bench, unit, 0))


@when("the shipper ships case 1 to a customer nobody knows")
def ships_to_nobody(bench: Bench) -> None:
    """Try to ship to a consignee that was never loaded."""
    nobody = Id(bench.namespace.id("NOBODY"))
    body = shipment_of(bench, "case 1", 0).model_copy(update={"customer_id": nobody})
    _ship(bench, body)


@then(parsers.re(
    r"after delivery both systems show case (?P<case>[0-9]+) and the pallet as locked, "
    r"cases (?P<one>[0-9]+) and (?P<two>[0-9]+) as free"
))
def locked_and_free(bench: Bench, case: str, one: str, two: str) -> None:
    """At every level of aggregation, in owner and mirror."""
    bench.deliver()
    _both_show_locks(bench, {f"case {case}", "the pallet"}, {f"case {one}", f"case {two}"})


@then(parsers.re(
    rf"when two persons of quality release lot {LETTER} again, both systems show all of them "
    r"as free"
))
def released_again(bench: Bench, letter: str) -> None:
    """The release after the hold frees what it had locked."""
    two_have_released(bench, letter)
    _both_show_locks(bench, set(), {"case 1", "case 2", "case 3", "the pallet"})


@then(parsers.re(
    rf"after delivery both systems show (?P<count>[0-9]+) units of lot {LETTER} in "
    r"(?P<cases>[0-9]+) cases on the pallet at the customer"
))
def both_show_shipment(bench: Bench, count: str, letter: str, cases: str) -> None:
    """Content and consignee of what left."""
    bench.deliver()
    lot, pallet = bench.lots[letter].lot_id, unit_of(bench, "the pallet")
    for role in Role:
        rows = bench.site.client(role).ask("shipments", Shipments).rows
        left = [row for row in rows if row.shipment_id == bench.last.event]
        total = sum((row.quantity.value for row in left), Decimal(0))
        bench.recorder.observe(
            f"{role.upper()}: " + ", ".join(f"{r.sscc} {r.quantity} of {r.lot_id}" for r in left)
            + f" for {', '.join(sorted({row.consignee for row in left}))}"
        )
        equal(len(left), int(cases), f"cases that {role.upper()} shows")
        equal(total, Decimal(count), f"units that {role.upper()} shows")
        where = {(row.lot_id, row.unit, row.customer_id, row.consignee) for row in left}
        customer = (bench.namespace.id(f"{CUSTOMER}-30"), "Example Wholesale")
        equal(where, {(lot, pallet, *customer)}, f"what and for whom in {role.upper()}")


@then(parsers.re(rf"neither system shows any stock of lot {LETTER}"))
def no_stock_left(bench: Bench, letter: str) -> None:
    """What left the site is in no inventory."""
    for role in Role:
        rows = bench.site.client(role).ask("inventory", Inventory).rows
        left = [row for row in rows if row.lot_id == bench.lots[letter].lot_id]
        bench.recorder.observe(f"{role.upper()}: {len(left)} rows of lot {letter}")
        equal(left, [], f"stock of lot {letter} in {role.upper()}")


@then(parsers.re(rf"both systems show lot {LETTER} as (?P<status>[A-Z]+)"))
def both_show_lot(bench: Bench, letter: str, status: str) -> None:
    """Owner and mirror agree on the lot that was made."""
    for role in Role:
        rows = bench.site.client(role).ask("lots", Lots).rows
        shown = [row.status.value for row in rows if row.lot_id == bench.lots[letter].lot_id]
        bench.recorder.observe(f"{role.upper()}: lot {letter} is {', '.join(shown)}")
        equal(shown, [status], f"status of lot {letter} in {role.upper()}")


def decide_on_lot(bench: Bench, letter: str, wanted: LotStatus) -> None:
    """Quality decides on the lot, signed, and both systems know it."""
    signature = bench.signature("quality", "Decided on the bench")
    body = decision_about(bench, bench.lots[letter].lot_id, wanted, signature)
    bench.prepare("quality", "change-lot-status", body)
    bench.deliver()
    bench.recorder.observe(f"lot {letter} is {wanted} by change {body.change_id}")


def shipment_of(bench: Bench, unit: str, days: int) -> ShipUnits:
    """A shipment of one unit to a customer who wants so many days of shelf life."""
    customer = Id(bench.namespace.id(f"{CUSTOMER}-{days}"))
    bench.site.load(Load(customers=(
        Customer(customer_id=customer, name="Example Wholesale", minimum_shelf_life_days=days),
    )))
    return ShipUnits(
        shipment_id=Id(bench.new_id("SHIP")), customer_id=customer,
        ssccs=(unit_of(bench, unit),),
    )


def _ship(bench: Bench, body: ShipUnits) -> None:
    attempt = bench.command("the shipper", "ship", body)
    bench.recorder.observe(f"{body.ssccs[0]} to {body.customer_id}: {attempt.answer}")


def _both_show_locks(bench: Bench, locked: set[str], free: set[str]) -> None:
    wanted = {unit_of(bench, unit): unit in locked for unit in sorted(locked | free)}
    known = bench.part(PackingOnBench)
    holds(bool(known.cases), "nothing was packed")
    for role in Role:
        units = bench.site.client(role).ask("aggregations", Aggregations).units
        shown = {unit.sscc: unit.locked for unit in units if unit.sscc in wanted}
        bench.recorder.observe(
            f"{role.upper()}: " + ", ".join(f"{s} {'locked' if on else 'free'}" for s, on
                                            in shown.items())
        )
        equal(shown, wanted, f"locks in {role.upper()}")
