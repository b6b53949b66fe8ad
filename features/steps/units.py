"""Units: materials with factors and densities, what is weighed in another unit, what is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pytest_bdd import given, parsers, then, when

from contracts.model.commands import ConvertQuantity, QuantityConverted
from contracts.model.identifiers import Id
from contracts.model.inspection import Configuration, Containers
from contracts.model.inspection_dispensing import Weighings
from contracts.model.inspection_units import RoundingRow, Roundings
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import PositiveQuantity, Quantity, Unit
from contracts.model.roles import Role
from contracts.model.stimulus import Container, Load, Lot, Material
from contracts.model.units import QuantityType
from features.bench import ITEM, STAGING, Attempt, Bench, LotOnBench
from features.claims import equal, the_only
from features.steps.dispensing import AtTheScale, good_dispense, try_dispense
from features.steps.material import add_base, add_order
from features.steps.picks import scan_of
from features.steps.words import LETTER, day_of

_EXPIRES = day_of("2026-12-31")
_UNITS = {"kg": Unit.KILOGRAM, "g": Unit.GRAM, "L": Unit.LITRE}
_GRAMS = {"from_unit": "GRM", "to_unit": "KGM", "numerator": 1, "denominator": 1000}
_PIECES = {"from_unit": "C62", "to_unit": "KGM", "numerator": 25, "denominator": 3}
_ITEMS: dict[str, dict[str, Any]] = {
    "sugar": {"base_unit": Unit.KILOGRAM, "conversions": (_GRAMS, _PIECES)},
    "colour": {"base_unit": Unit.KILOGRAM, "conversions": (_GRAMS,), "stock_scale": 3},
    "ethanol": {"base_unit": Unit.LITRE, "conversions": (_GRAMS,)},
}
_ASKING = {Role.MES: "production", Role.WMS: "the supervisor"}
ITEM_WORD = r"(?P<item>sugar|colour|ethanol)"
NUMBER = r"[0-9]+(?:\.[0-9]+)?"


@dataclass
class Asked:
    """What was converted last: the item, the unit it came from, and what each system answered."""

    item: str = ""
    unit: Unit = Unit.KILOGRAM
    answers: dict[Role, QuantityConverted] = field(default_factory=dict)


# --- given --------------------------------------------------------------------------------------


@given(parsers.re(
    rf"a staged lot {LETTER} of {ITEM_WORD} with (?P<amount>{NUMBER}) (?P<unit>kg|L)"
    rf"(?:, (?P<one>{NUMBER}) kg/L at (?P<cool>{NUMBER}) °C"
    rf" and (?P<other>{NUMBER}) kg/L at (?P<warm>{NUMBER}) °C)?"
))
def a_staged_lot_of(
    bench: Bench, letter: str, item: str, amount: str, unit: str, one: str | None,
    cool: str | None, other: str | None, warm: str | None,
) -> None:
    """A lot of a material with factors, in one container at hand, with its densities."""
    stated = [(one, cool), (other, warm)] if one and other else []
    densities = [{"value": v, "unit": "B35", "at_celsius": at} for v, at in stated]
    _add_item(bench, item)
    quantity = PositiveQuantity(value=Decimal(amount), unit=_UNITS[unit])
    add_lot_of(bench, letter, bench.namespace.id(item), quantity, {"densities": densities})


@given(parsers.re(
    rf"a staged lot {LETTER} of lactose with a potency of (?P<potency>{NUMBER}) % stated "
    r"(?P<basis>on no basis|on the dried one)"
))
def a_lot_on_another_basis(bench: Bench, letter: str, potency: str, basis: str) -> None:
    """A lot whose potency is not stated as its material wants it."""
    add_base(bench)
    members = {"potency": potency, "potency_basis": "DRIED" if "dried" in basis else None}
    quantity = PositiveQuantity(value=Decimal(25), unit=Unit.KILOGRAM)
    add_lot_of(bench, letter, bench.namespace.id(ITEM), quantity, members)


@given(parsers.re(
    rf"a started order for up to (?P<amount>{NUMBER}) (?P<unit>kg|L) of {ITEM_WORD}"
))
def an_order_up_to(bench: Bench, amount: str, unit: str, item: str) -> None:
    """An order that takes any weight up to an amount."""
    most = Quantity(value=Decimal(amount), unit=_UNITS[unit])
    add_order(bench, amount, line_members={
        "material_id": bench.namespace.id(item),
        "quantity": PositiveQuantity(value=most.value, unit=most.unit),
        "tolerance_high": Quantity.zero(most.unit), "tolerance_low": most,
    })


# --- at the scale -------------------------------------------------------------------------------


@when(parsers.re(
    rf"the dispenser weighs (?P<amount>{NUMBER}) (?P<unit>kg|g) of {ITEM_WORD} of lot {LETTER}"
    rf"(?: at (?P<celsius>{NUMBER}) °C| at a temperature not told)?"
))
def dispenser_weighs_item(
    bench: Bench, amount: str, unit: str, item: str, letter: str, celsius: str | None
) -> None:
    """The scale shows another unit than stock is kept in, or the same."""
    net = PositiveQuantity(value=Decimal(amount), unit=_UNITS[unit])
    body = good_dispense(bench, net, scan_of(bench.lots[letter].container))
    warm = Decimal(celsius) if celsius else None
    try_dispense(bench, body.model_copy(update={"at_celsius": warm}))


@then(parsers.re(
    rf"after delivery both systems show (?P<amount>{NUMBER}) (?P<unit>KGM|LTR) in the container "
    rf"of lot {LETTER}"
))
def both_show_left(bench: Bench, amount: str, unit: str, letter: str) -> None:
    """What is left, in the base unit."""
    bench.deliver()
    wanted = bench.lots[letter].container
    for role in Role:
        rows = bench.site.client(role).ask("containers", Containers).rows
        row = the_only((r for r in rows if r.sscc == wanted), f"containers {wanted}")
        bench.recorder.observe(f"{role.upper()}: {row.quantity}")
        equal(row.quantity, Quantity.of(f"{amount} {unit}"), f"content in {role.upper()}")


@then(parsers.re(
    r"the weighing shows (?P<shown>[0-9.]+ GRM) on the scale and (?P<net>[0-9.]+ KGM) net"
))
def weighing_shows_both(bench: Bench, shown: str, net: str) -> None:
    """Gross minus tare in the unit of the scale, net in the base unit."""
    rows = bench.site.client(Role.MES).ask("weighings", Weighings).rows
    container = bench.part(AtTheScale).container
    row = the_only((r for r in rows if r.container == container), f"weighings into {container}")
    bench.recorder.observe(f"gross {row.gross}, tare {row.tare}, net {row.net}")
    equal(row.gross - row.tare, Quantity.of(shown), "gross minus tare")
    equal(row.net, Quantity.of(net), "net")


# --- what rounding left -------------------------------------------------------------------------


@then(parsers.re(
    r"both systems have posted (?P<amounts>[0-9., and]+) (?P<unit>KGM|LTR) with the residues? "
    r"(?P<residues>[0-9/, and-]+)"
))
def both_posted(bench: Bench, amounts: str, unit: str, residues: str) -> None:
    """Each weighing with what rounding took, to the last digit."""
    booked = [Quantity.of(f"{one} {unit}") for one in re.split(", | and ", amounts)]
    left = [Fraction(one) for one in re.split(", | and ", residues)]
    for role in Role:
        rows = _postings(bench, role)
        shown = [(row.rounded, _residue(row)) for row in rows]
        bench.recorder.observe(f"{role.upper()}: {', '.join(f'{q} + {r}' for q, r in shown)}")
        equal(shown, list(zip(booked, left, strict=True)), f"postings of {role.upper()}")


@then(parsers.re(
    r"booked and residues together are (?P<whole>[0-9.]+) KGM in both systems"
))
def together_the_whole(bench: Bench, whole: str) -> None:
    """The sum of the parts is what was weighed."""
    for role in Role:
        rows = _postings(bench, role)
        total = sum((Fraction(r.rounded.value) + _residue(r) for r in rows), Fraction(0))
        bench.recorder.observe(f"{role.upper()}: {len(rows)} parts and residues give {total}")
        equal(total, Fraction(whole), f"sum in {role.upper()}")


@then("both systems state the same rounding rules, one for each type of quantity")
def both_state_rules(bench: Bench) -> None:
    """The configuration of both, compared rule by rule."""
    stated = {
        role: bench.site.client(role).ask("configuration", Configuration).rounding
        for role in Role
    }
    for role, rules in stated.items():
        shown = "; ".join(f"{r.quantity_type} {r.mode} {r.digits} {r.stage}" for r in rules)
        bench.recorder.observe(f"{role.upper()}: {shown}")
        types = sorted(rule.quantity_type for rule in rules)
        equal(types, sorted(QuantityType), f"types in {role.upper()}")
    equal(stated[Role.WMS], stated[Role.MES], "rounding rules")


# --- what is asked ------------------------------------------------------------------------------


@when(parsers.re(
    rf"each system converts (?P<amount>{NUMBER} [A-Z0-9]+) of {ITEM_WORD} to (?P<unit>[A-Z0-9]+)"
))
def each_converts(bench: Bench, amount: str, item: str, unit: str) -> None:
    """The same question in both systems."""
    given_amount = Quantity.of(amount)
    bench.part(Asked).item, bench.part(Asked).unit = item, given_amount.unit
    _each_answers(bench, {Role.MES: given_amount, Role.WMS: given_amount}, Unit(unit))


@when("each system converts what it got back")
def each_converts_back(bench: Bench) -> None:
    """The way back begins with the answer of the way there."""
    asked = bench.part(Asked)
    got = {role: answer.quantity for role, answer in asked.answers.items()}
    _each_answers(bench, got, asked.unit)


@when(parsers.re(
    rf"each system divides (?P<amount>{NUMBER} [A-Z]+) of {ITEM_WORD} into (?P<parts>[0-9]+) parts"
))
def each_divides(bench: Bench, amount: str, item: str, parts: str) -> None:
    """Equal parts, in the same unit."""
    whole = Quantity.of(amount)
    bench.part(Asked).item, bench.part(Asked).unit = item, whole.unit
    _each_answers(bench, {Role.MES: whole, Role.WMS: whole}, whole.unit, int(parts))


@when(parsers.re(
    rf"(?P<role>MES|WMS) converts (?P<amount>{NUMBER} [A-Z0-9]+) of "
    r"(?P<item>lactose|sugar|nobody knows) to (?P<unit>[A-Z0-9]+)"
))
def one_converts(bench: Bench, role: str, amount: str, item: str, unit: str) -> None:
    """A question that the scenario is about."""
    name = ITEM if item == "lactose" else item.replace(" ", "-")
    _convert(bench, Role(role.lower()), name, Quantity.of(amount), Unit(unit))


@then(parsers.re(rf"both got (?P<amount>{NUMBER} [A-Z0-9]+) with one ratio"))
def both_got(bench: Bench, amount: str) -> None:
    """One answer in both systems, and each is the question times its ratio."""
    answers = bench.part(Asked).answers
    for role, answer in answers.items():
        shown = f"{answer.quantity}, ratio {answer.numerator}/{answer.denominator}"
        bench.recorder.observe(f"{role.upper()}: {shown}")
        equal(answer.quantity, Quantity.of(amount), f"answer of {role.upper()}")
    ratios = {(str(a.numerator), str(a.denominator)) for a in answers.values()}
    equal(len(ratios), 1, "different ratios")


@then(parsers.re(
    rf"both got parts of (?P<part>{NUMBER} [A-Z]+) and the residue (?P<residue>[0-9/]+)"
))
def both_got_parts(bench: Bench, part: str, residue: str) -> None:
    """Parts, and what they leave of the whole."""
    for role, answer in bench.part(Asked).answers.items():
        left = Fraction(int(answer.residue.numerator), int(answer.residue.denominator))
        bench.recorder.observe(f"{role.upper()}: {answer.quantity}, residue {left}")
        equal(answer.quantity, Quantity.of(part), f"part in {role.upper()}")
        equal(left, Fraction(residue), f"residue in {role.upper()}")


# --- what the steps are made of -----------------------------------------------------------------


def add_lot_of(
    bench: Bench, letter: str, material_id: str, quantity: PositiveQuantity,
    members: dict[str, Any],
) -> None:
    """Load a released lot in one container at hand; the mapping sets other members of the lot."""
    names = bench.namespace
    lot = LotOnBench(
        letter, names.id(f"LOT-{letter}"), names.lot_number(f"LOT-{letter}"),
        names.sscc(f"C-{letter}"), quantity.value,
    )
    bench.site.load(Load(
        lots=(Lot.model_validate({
            "lot_id": lot.lot_id, "material_id": material_id, "lot": lot.lot,
            "expires_on": _EXPIRES, "status": LotStatus.RELEASED, **members,
        }),),
        containers=(Container.model_validate({
            "sscc": lot.container, "lot_id": lot.lot_id, "location_id": names.id(STAGING),
            "quantity": quantity,
        }),),
    ))
    bench.lots[letter] = lot
    bench.recorder.observe(f"lot {letter} is {lot.lot_id}: {quantity} in {lot.container}")


def _add_item(bench: Bench, item: str) -> None:
    add_base(bench)
    bench.site.load(Load(materials=(Material.model_validate({
        "material_id": bench.namespace.id(item), "description": f"Example {item}",
        "gtin": bench.namespace.gtin(item), **_ITEMS[item],
    }),)))


def _each_answers(
    bench: Bench, amounts: dict[Role, Quantity], unit: Unit, parts: int = 1
) -> None:
    asked = bench.part(Asked)
    for role, amount in amounts.items():
        attempt = _convert(bench, role, asked.item, amount, unit, parts)
        asked.answers[role] = attempt.answer.as_(QuantityConverted)


def _convert(
    bench: Bench, role: Role, item: str, amount: Quantity, unit: Unit, parts: int = 1
) -> Attempt:
    body = ConvertQuantity(
        conversion_id=Id(bench.new_id("CONVERT")), material_id=Id(bench.namespace.id(item)),
        quantity=PositiveQuantity(value=amount.value, unit=amount.unit), to_unit=unit,
        parts=parts,
    )
    attempt = bench.command(_ASKING[role], "convert-quantity", body)
    bench.recorder.observe(f"{role.upper()}, {amount} to {unit}: {attempt.answer}")
    return attempt


def _postings(bench: Bench, role: Role) -> list[RoundingRow]:
    """What this scenario posted, in the order of its weighings."""
    done = [a.event for a in bench.attempts if a.command and a.command[0] == "dispense"]
    rows = bench.site.client(role).ask("roundings", Roundings).rows
    found = {str(row.cause): row for row in rows}
    return [found[event] for event in done if event in found]


def _residue(row: RoundingRow) -> Fraction:
    return Fraction(int(row.residue.numerator), int(row.residue.denominator))
