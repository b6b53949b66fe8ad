"""Dispensing: a dispenser scans and weighs, a second person verifies, the warehouse follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pytest_bdd import given, parsers, when

from contracts.model.commands import (
    ChangeLotStatus,
    Dispense,
    Override,
    SignatureComponents,
)
from contracts.model.identifiers import Id, Sscc
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.quantities import PositiveQuantity, Quantity, Unit
from contracts.model.stimulus import Equipment, EquipmentKind, Load, Person
from features.bench import ITEM, OTHER_ITEM, PEOPLE, STAGING, Attempt, Bench
from features.steps.material import add_base, add_lot, add_order
from features.steps.picks import confirm, scan_of
from features.steps.words import AMOUNT, DAY, LETTER, amount_of, day_of, quantity_of
from simulator.counterpart import Draft
from simulator.site import EXAMPLE_PASSWORD, EXAMPLE_SIGNING

TARE = "0.450"
REASON = "Line loss agreed with quality"
WHO = r"(?:the (?:second )?dispenser|quality)"


@dataclass
class AtTheScale:
    """What the steps of a scenario keep: the scale, the dispensed container, the sent message."""

    scale: str = ""
    container: Sscc | None = None
    command: Dispense | None = None
    draft: Draft | None = None


# --- given --------------------------------------------------------------------------------------


@given(parsers.re(rf"a scale whose calibration ends on {DAY}"))
def a_scale(bench: Bench, day: str) -> None:
    """A scale, and a printer beside it."""
    add_base(bench)
    load_scale(bench, day_of(day))
    printer = Equipment(
        equipment_id=Id(bench.namespace.id("PRINTER-1")), kind=EquipmentKind.PRINTER,
        description="Example printer",
    )
    bench.site.load(Load(equipment=(printer,)))


@given(parsers.re(rf"the scale's calibration ends on {DAY}"))
def scale_calibrated_until(bench: Bench, day: str) -> None:
    """Another scale is used from here on."""
    load_scale(bench, day_of(day))


@given(parsers.re(rf"the qualification of (?P<who>{WHO}) ends on {DAY}"))
def qualified_until(bench: Bench, who: str, day: str) -> None:
    """The account of the person gets an end of its qualification."""
    person, duty, _, _ = PEOPLE[who]
    bench.site.load(Load(people=(Person(
        person_id=Id(bench.namespace.id(person)), printed_name=f"Example {who.title()}",
        duties=(duty,), password=EXAMPLE_PASSWORD, qualified_until=day_of(day),
        signing=EXAMPLE_SIGNING,
    ),)))
    bench.recorder.observe(f"{who} is qualified until {day}")


@given(parsers.re(
    rf"lot {LETTER} of (?P<item>lactose|mannitol|starch), {AMOUNT}, "
    rf"(?P<status>released|in quarantine), expiring on {DAY}, staged"
    r"(?:, potency (?P<potency>[0-9.]+) %)?"
))
def a_staged_lot(
    bench: Bench, letter: str, item: str, amount: str, status: str, day: str,
    potency: str | None,
) -> None:
    """A lot in one container at the production supply area."""
    items = {"lactose": ITEM, "mannitol": OTHER_ITEM, "starch": "STARCH"}
    add_lot(
        bench, letter, amount,
        LotStatus.RELEASED if status == "released" else LotStatus.QUARANTINE, day_of(day),
        item=items[item], place=STAGING, potency=Decimal(potency) if potency else None,
    )


@given(parsers.re(
    rf"a started order for at least (?P<low>[0-9.]+) kg, {AMOUNT} "
    r"and at most (?P<high>[0-9.]+) kg of lactose"
))
def an_order_with_band(bench: Bench, low: str, amount: str, high: str) -> None:
    """An order with a tolerance on either side."""
    target = amount_of(amount)
    add_order(bench, amount, line_members={
        "tolerance_low": target - quantity_of(low), "tolerance_high": quantity_of(high) - target,
    })


@given(parsers.re(
    rf"a started order for exactly {AMOUNT} of lactose at (?P<basis>[0-9]+) % potency"
))
def an_order_with_potency(bench: Bench, amount: str, basis: str) -> None:
    """An order whose quantity is stated for a potency."""
    add_order(bench, amount, line_members={
        "tolerance_high": quantity_of("0.000"), "potency_basis": Decimal(basis),
    })


@given(parsers.re(rf"a planned order for {AMOUNT} of lactose"))
def a_planned_order(bench: Bench, amount: str) -> None:
    """An order that nobody has started."""
    add_order(bench, amount, started=False)


@given(parsers.re(
    rf"a started order for {AMOUNT} of lactose without product, strength and batch"
))
def an_order_without_label(bench: Bench, amount: str) -> None:
    """An order that lacks what its labels have to say."""
    add_order(bench, amount, members={"dispense_label": None})


@given(parsers.re(rf"the dispenser has weighed {AMOUNT} of lot {LETTER}"))
def dispenser_has_weighed(bench: Bench, amount: str, letter: str) -> None:
    """A part was dispensed before."""
    body = good_dispense(bench, amount_of(amount), scan_of_lot(bench, letter))
    bench.prepare("the dispenser", "dispense", body)
    _remember(bench, body)
    bench.recorder.observe(f"{amount} KGM of lot {letter} was dispensed before")


@given(parsers.re(rf"quality has blocked lot {LETTER}"))
def quality_has_blocked(bench: Bench, letter: str) -> None:
    """The lot is put on hold in MES."""
    bench.prepare("quality", "change-lot-status", ChangeLotStatus(
        change_id=Id(bench.new_id("CHANGE")), lot_id=Id(bench.lots[letter].lot_id),
        to_status=LotStatus.BLOCKED, reason_code=StatusReason.INVESTIGATION,
        reason="Held on the bench",
    ))
    bench.deliver()


# --- the dispenser ------------------------------------------------------------------------------


@when(parsers.re(
    rf"the dispenser weighs {AMOUNT} of lot {LETTER}"
    r"(?: as (?P<part>the final part|another part))?"
))
def dispenser_weighs(bench: Bench, amount: str, letter: str, part: str | None) -> None:
    """Weigh out; a part is not the last one unless it is said to be."""
    body = good_dispense(bench, amount_of(amount), scan_of_lot(bench, letter))
    try_dispense(bench, body.model_copy(update={"final": part == "the final part"}))


@when(parsers.re(rf"the dispenser weighs (?P<amount>[0-9]+\.[0-9]{{3}}) g of lot {LETTER}"))
def dispenser_weighs_grams(bench: Bench, amount: str, letter: str) -> None:
    """The scale shows grams."""
    net = PositiveQuantity(value=Decimal(amount), unit=Unit.GRAM)
    try_dispense(bench, good_dispense(bench, net, scan_of_lot(bench, letter)))


@when(parsers.re(
    rf"the dispenser weighs {AMOUNT} of lot {LETTER}, overridden by (?P<override>.+)"
))
def dispenser_overrides(bench: Bench, amount: str, letter: str, override: str) -> None:
    """Weigh out as the final part, with approvals."""
    words, _, without = override.partition(" without ")
    approvals = tuple(_signature(bench, who) for who in words.split(" and "))
    asked = Override(reason="" if without else REASON, approvals=approvals)
    body = good_dispense(bench, amount_of(amount), scan_of_lot(bench, letter))
    try_dispense(bench, body.model_copy(update={"final": True, "override": asked}))


@when(parsers.re(
    r"the dispenser weighs gross (?P<gross>[0-9.]+) kg, tare (?P<tare>[0-9.]+) kg, "
    rf"net (?P<net>[0-9.]+) kg of lot {LETTER}"
))
def dispenser_weighs_in_full(bench: Bench, gross: str, tare: str, net: str, letter: str) -> None:
    """All three weights, as the scale printed them."""
    body = good_dispense(bench, amount_of("1.000"), scan_of_lot(bench, letter))
    try_dispense(bench, body.model_copy(update={
        "gross": amount_of(gross), "tare": quantity_of(tare), "net": amount_of(net),
    }))


@when(parsers.re(
    rf"the dispenser weighs {AMOUNT} of lot {LETTER} on (?P<what>a printer|a scale nobody knows)"
))
def dispenser_weighs_on(bench: Bench, amount: str, letter: str, what: str) -> None:
    """Another device than the scale."""
    name = "PRINTER-1" if what == "a printer" else "NO-SCALE"
    body = good_dispense(bench, amount_of(amount), scan_of_lot(bench, letter))
    try_dispense(bench, body.model_copy(update={"scale_id": Id(bench.namespace.id(name))}))


@when(parsers.re(rf"the dispenser scans (?P<scan>.+) and weighs {AMOUNT}"))
def dispenser_scans(bench: Bench, scan: str, amount: str) -> None:
    """A scan from the list of the scenario."""
    try_dispense(bench, good_dispense(bench, amount_of(amount), _scan_of_words(bench, scan)))


@when(parsers.re(
    rf"the dispenser weighs {AMOUNT} of lot {LETTER} for "
    r"(?P<order>the order that is not started|an order nobody knows|another line)"
))
def dispenser_weighs_for(bench: Bench, amount: str, letter: str, order: str) -> None:
    """Another order or line than there is."""
    body = good_dispense(bench, amount_of(amount), scan_of_lot(bench, letter))
    other = {
        "the order that is not started": {},
        "an order nobody knows": {"order_id": Id(bench.new_id("NOBODY"))},
        "another line": {"line_id": Id("99")},
    }[order]
    try_dispense(bench, body.model_copy(update=other))


@when(parsers.re(
    rf"the dispenser weighs {AMOUNT} of lot {LETTER}, verified by (?P<verifier>{WHO}.*)"
))
def dispenser_verified_by(bench: Bench, amount: str, letter: str, verifier: str) -> None:
    """Another verifier than the second dispenser."""
    body = good_dispense(bench, amount_of(amount), scan_of_lot(bench, letter))
    try_dispense(bench, body.model_copy(update={"verification": _signature(bench, verifier)}))


@when(parsers.re(rf"the dispenser weighs {AMOUNT} of lot {LETTER}, verified by nobody"))
def dispenser_unverified(bench: Bench, amount: str, letter: str) -> None:
    """The command lacks the second person altogether."""
    body = good_dispense(bench, amount_of(amount), scan_of_lot(bench, letter))
    members = {name: getattr(body, name) for name in body.model_fields_set - {"verification"}}
    try_dispense(bench, Dispense.model_construct(**members))


@when(parsers.re(rf"the dispenser weighs {AMOUNT} of lot {LETTER} into the same container"))
def dispenser_into_the_same(bench: Bench, amount: str, letter: str) -> None:
    """The label of the container before is used again."""
    used = bench.part(AtTheScale).container
    body = good_dispense(bench, amount_of(amount), scan_of_lot(bench, letter))
    try_dispense(bench, body.model_copy(update={"to_container": used}))


@when(parsers.re(rf"the picker brings {AMOUNT} of lot {LETTER} in the dispensed container"))
def picker_reuses_label(bench: Bench, amount: str, letter: str) -> None:
    """The label of the scale on a picked part."""
    into = bench.part(AtTheScale).container
    confirm(bench, scan_of_lot(bench, letter), amount, into)


# --- the words of the scale ---------------------------------------------------------------------


def load_scale(bench: Bench, day: date, **members: str) -> None:
    """A scale that is used from here on; ``members`` are what else is to be known of it."""
    scale = bench.new_id("SCALE")
    bench.site.load(Load(equipment=(Equipment.model_validate({
        "equipment_id": scale, "kind": EquipmentKind.SCALE, "description": "Example scale",
        "calibration_due": day, **members,
    }),)))
    bench.part(AtTheScale).scale = scale
    bench.recorder.observe(f"scale {scale} is calibrated until {day}")


def good_dispense(bench: Bench, net: PositiveQuantity, scan: str) -> Dispense:
    """A good dispense of ``net`` into a fresh container, verified by the second dispenser."""
    at = bench.part(AtTheScale)
    tare = Quantity(value=Decimal(TARE), unit=net.unit)
    fresh = bench.namespace.sscc(bench.new_name("DISPENSED"))
    return Dispense(
        dispense_id=Id(bench.new_id("WEIGH")), order_id=Id(bench.the_order.order_id),
        line_id=Id("10"), scan=scan,
        gross=PositiveQuantity(value=(net + tare).value, unit=net.unit), tare=tare,
        scale_id=Id(at.scale), to_container=fresh,
        verification=_signature(bench, "the second dispenser"), final=False,
    )


def try_dispense(bench: Bench, body: Dispense) -> Attempt:
    """The dispenser weighs out; what the scenario asks about later is kept."""
    attempt = bench.command("the dispenser", "dispense", body)
    bench.recorder.observe(f"{body.gross} gross, {body.tare} tare: {attempt.answer}")
    _remember(bench, body)
    return attempt


def _remember(bench: Bench, body: Dispense) -> None:
    at = bench.part(AtTheScale)
    at.command, at.container = body, body.to_container
    bench.new_container = body.to_container


def scan_of_lot(bench: Bench, letter: str) -> str:
    """What a scanner reads from the container of a lot."""
    return scan_of(bench.lots[letter].container)


def _scan_of_words(bench: Bench, words: str) -> str:
    """What the scanner sends in each case. Raises: KeyError for unknown words."""
    if words.startswith("lot ") and "," in words:
        return scan_of_lot(bench, words[4])
    label = bench.lots["A"].container
    return {
        "lot A with the lot of B on its label": scan_of(label, f"10{bench.lots['B'].lot}"),
        "a container nobody knows": scan_of(bench.namespace.sscc("NOBODY")),
        "the digits of the label as plain text": f"00{label}",
    }[words]


def _signature(bench: Bench, words: str) -> SignatureComponents:
    who = words.removesuffix(" with a wrong password")
    return bench.signature(who, "Verified", wrong_password=who != words)


def weigh_pieces(bench: Bench, count: str, letter: str) -> None:
    """Pieces are taken out of a lot's container, counted by the scale."""
    body = good_dispense(
        bench, PositiveQuantity(value=Decimal(count), unit=Unit.EACH), scan_of_lot(bench, letter)
    )
    body = body.model_copy(update={
        "gross": PositiveQuantity(value=Decimal(count), unit=Unit.EACH),
        "tare": Quantity.zero(Unit.EACH),
    })
    bench.prepare("the dispenser", "dispense", body)
    _remember(bench, body)
