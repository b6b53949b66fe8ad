"""Amounts go from unit to unit and back, over factors and densities, and nothing of them is lost.

The model reckons with fractions. Both systems are asked and weigh alike; what rounding takes stands
beside the posting. Sources: URS-UOM-002, URS-UOM-003, URS-UOM-004, URS-UOM-005.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from contracts.model.codes import Code
from contracts.model.commands import ConvertQuantity, QuantityConverted
from contracts.model.identifiers import Id
from contracts.model.inspection import Containers
from contracts.model.inspection_units import Roundings
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import PositiveQuantity, Quantity, Unit
from contracts.model.roles import Role
from contracts.model.stimulus import Load, Material
from features.steps.dispensing import good_dispense, load_scale
from features.steps.material import add_base, add_order
from features.steps.picks import scan_of
from features.steps.units import add_lot_of
from features.steps.words import day_of
from tests.properties.machines import OverAPair, long, run, short

KG, G, L, PIECES = Unit.KILOGRAM, Unit.GRAM, Unit.LITRE, Unit.EACH
ASKING = {Role.MES: "production", Role.WMS: "the supervisor"}
AMOUNTS = st.integers(1, 10**9).map(lambda n: Decimal(n).scaleb(-6))
TERMS = st.integers(1, 10**6)
WARM = {20: Decimal("20.0"), 25: Decimal(25), None: None}
ITEM, HELD = "SYRUP", 100_000


class UnitsMachine(OverAPair):
    """A material with a factor of its own for pieces, a lot with densities at two temperatures."""

    @initialize(
        base=st.sampled_from([KG, L]), digits=st.integers(0, 6), terms=st.tuples(TERMS, TERMS),
        densities=st.tuples(st.integers(1, 5_000_000), st.integers(1, 5_000_000)),
    )
    def a_material(self, base, digits, terms, densities):
        self.base, self.digits = base, digits
        self.pieces = Fraction(*terms)
        self.densities = {
            celsius: Fraction(n, 10**6) for celsius, n in zip((20, 25), densities, strict=True)
        }
        add_base(self.bench)
        self._load(terms, densities)
        load_scale(self.bench, day_of("2026-12-31"))
        most = Quantity(value=Decimal(HELD), unit=base)
        add_order(self.bench, str(HELD), line_members={
            "material_id": self.bench.namespace.id(ITEM),
            "quantity": PositiveQuantity(value=most.value, unit=base),
            "tolerance_high": Quantity.zero(base), "tolerance_low": most,
        })
        self.weighed, self.posted, self.residues = Fraction(0), Fraction(0), Fraction(0)
        for who in (*ASKING.values(), "the dispenser"):
            self.bench.session(who)

    @rule(amount=AMOUNTS, role=st.sampled_from(Role), pair=st.permutations([KG, G, L, PIECES]),
          celsius=st.sampled_from([20, 25, 30, None]))
    def somebody_converts_there_and_back(self, amount, role, pair, celsius):
        unit, to = pair[:2]
        ratio = self._ratio(unit, to, celsius)
        there = self._asked(role, (amount, unit), to, celsius, ratio)
        if there is None or not there.quantity.value:
            return
        exact = Fraction(there.quantity.value) + _exact(there.residue)
        assert exact == Fraction(amount) * ratio
        assert abs(_exact(there.residue)) <= Fraction(1, 2 * 10**6)
        assert Fraction(int(there.numerator), int(there.denominator)) == ratio
        back = self._asked(role.partner, (there.quantity.value, to), unit, celsius, 1 / ratio)
        if back is not None:
            again = Fraction(back.quantity.value) + _exact(back.residue)
            assert again + _exact(there.residue) / ratio == Fraction(amount)

    @rule(amount=AMOUNTS, role=st.sampled_from(Role), parts=st.integers(2, 1000))
    def somebody_divides(self, amount, role, parts):
        answer = self.done(
            ASKING[role], "convert-quantity", self._question((amount, KG), KG, None, parts)
        ).as_(QuantityConverted)
        left = _exact(answer.residue)
        assert parts * Fraction(answer.quantity.value) + left == Fraction(amount)
        assert 0 <= left < Fraction(parts, 10**6)

    @rule(amount=AMOUNTS, unit=st.sampled_from([KG, G, L, PIECES]),
          celsius=st.sampled_from([20, 25, 30, None]))
    def dispenser_weighs(self, amount, unit, celsius):
        shown = PositiveQuantity(value=amount, unit=unit)
        body = good_dispense(self.bench, shown, scan_of(self.container)).model_copy(update={
            "gross": shown, "tare": Quantity.zero(unit), "at_celsius": WARM.get(celsius, Decimal(30)),
        })
        ratio = self._ratio(unit, self.base, celsius)
        if isinstance(ratio, Code):
            wanted = Code.UNIT_NOT_BASE_UNIT if ratio is Code.CONVERSION_MISSING else ratio
            self.refused("the dispenser", "dispense", body, wanted)
            return
        exact = Fraction(amount) * ratio
        booked = exact if unit is self.base else _half_even(exact, self.digits)
        code = self._fault(booked)
        if self.tried("the dispenser", "dispense", body, code):
            self.weighed += exact
            self.posted += booked
            self.residues += exact - booked

    @invariant()
    def what_was_weighed_is_what_is_posted_and_what_rounding_took(self):
        if not hasattr(self, "posted"):
            return
        assert self.weighed == self.posted + self.residues
        self.bench.deliver()
        for role in Role:
            client = self.bench.site.client(role)
            rows = {r.sscc: r.quantity for r in client.ask("containers", Containers).rows}
            assert Fraction(rows[self.container].value) == HELD - self.posted, role
            taken = sum(
                (_exact(row.residue) for row in client.ask("roundings", Roundings).rows),
                Fraction(0),
            )
            assert taken == self.residues, role

    def _load(self, terms, densities):
        names = self.bench.namespace
        self.bench.site.load(Load(materials=(Material.model_validate({
            "material_id": names.id(ITEM), "description": "Example syrup",
            "gtin": names.gtin(ITEM), "base_unit": self.base, "stock_scale": self.digits,
            "conversions": (
                {"from_unit": "GRM", "to_unit": "KGM", "numerator": 1, "denominator": 1000},
                {"from_unit": "C62", "to_unit": "KGM", "numerator": terms[0],
                 "denominator": terms[1]},
            ),
        }),)))
        add_lot_of(
            self.bench, "S", names.id(ITEM),
            PositiveQuantity(value=Decimal(HELD), unit=self.base),
            {"status": LotStatus.RELEASED, "densities": [
                {"value": f"{Decimal(n).scaleb(-6):f}", "unit": "B35", "at_celsius": str(at)}
                for at, n in zip((20, 25), densities, strict=True)
            ]},
        )
        self.container = self.bench.lots["S"].container

    def _ratio(self, unit, to, celsius):
        """How many ``to`` one ``unit`` is, or why nobody can say."""
        kilograms = {KG: Fraction(1), G: Fraction(1, 1000), PIECES: self.pieces}
        if unit is to:
            return Fraction(1)
        if L not in (unit, to):
            if {unit, to} == {G, PIECES}:
                return Code.CONVERSION_MISSING
            return kilograms[unit] / kilograms[to]
        if PIECES in (unit, to):
            return Code.CONVERSION_MISSING
        density = self.densities.get(celsius)
        if density is None:
            return Code.DENSITY_UNKNOWN
        return kilograms[unit] / density if to is L else density / kilograms[to]

    def _fault(self, booked):
        if not booked:
            return Code.QUANTITY_OUT_OF_RANGE
        return Code.QUANTITY_ABOVE_CONTENT if booked > HELD - self.posted else None

    def _asked(self, role, amount, to, celsius, ratio):
        """The answer; None where it is refused, as the model says it is."""
        body = self._question(amount, to, celsius, 1)
        if isinstance(ratio, Code):
            self.refused(ASKING[role], "convert-quantity", body, ratio)
            return None
        if Fraction(amount[0]) * ratio >= 10**15:
            self.refused(ASKING[role], "convert-quantity", body, Code.QUANTITY_OUT_OF_RANGE)
            return None
        return self.done(ASKING[role], "convert-quantity", body).as_(QuantityConverted)

    def _question(self, amount, to, celsius, parts):
        value, unit = amount
        return ConvertQuantity(
            conversion_id=Id(self.bench.new_id("CONVERT")),
            material_id=Id(self.bench.namespace.id(ITEM)),
            lot_id=Id(self.bench.lots["S"].lot_id),
            quantity=PositiveQuantity(value=value, unit=unit), to_unit=to,
            at_celsius=WARM.get(celsius, Decimal(30)), parts=parts,
        )


def _exact(amount):
    return Fraction(int(amount.numerator), int(amount.denominator))


def _half_even(exact, digits):
    """The nearest number with so many digits; of two equally near ones the even one."""
    scaled = exact * 10**digits
    below = scaled.numerator // scaled.denominator
    rest = scaled - below
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and below % 2 == 1)
    return Fraction(below + up, 10**digits)


USUAL = short(examples=10, steps=15)


def test_an_amount_that_goes_there_and_back_is_what_it_was_and_postings_lose_nothing():
    run(UnitsMachine, USUAL)


@pytest.mark.long
def test_nothing_is_lost_between_units_in_many_more_materials():
    run(UnitsMachine, long(examples=300, steps=30))
