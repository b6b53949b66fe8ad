"""Conversions and roundings as pure functions, over many more values than scenarios can try."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contracts.model.codes import Code, Refusal
from contracts.model.quantities import Quantity, Unit
from contracts.model.units import ROUNDING, Density, PotencyBasis, QuantityType, UnitFactor
from reference_impl.domain.assays import Assay, active_quantity, check_basis
from reference_impl.domain.rounding import divided, posted, rounded
from reference_impl.domain.units import Factors, Missing, ratio

GRAMS = UnitFactor(from_unit=Unit.GRAM, to_unit=Unit.KILOGRAM, numerator=1, denominator=1000)
amounts = st.integers(1, 10**15).map(lambda n: Fraction(n, 10**6))
terms = st.integers(1, 10**6)


def _pieces(numerator, denominator):
    return UnitFactor(from_unit=Unit.EACH, to_unit=Unit.KILOGRAM, numerator=numerator,
                      denominator=denominator)


def _density(value, celsius="20"):
    return Density.model_validate({"value": value, "unit": "B35", "at_celsius": celsius})


@settings(max_examples=100, deadline=None)
@given(st.integers())
def test_there_and_back_again_is_where_it_began_for_ten_thousand_values(seed):
    drawn = Random(seed)
    for _ in range(100):
        amount = Fraction(drawn.randrange(1, 10**drawn.randrange(1, 16) + 1), 10**6)
        _check_way_back(amount, drawn.randrange(1, 10**6 + 1), drawn.randrange(1, 10**6 + 1))


@given(amounts, terms, terms)
def test_there_and_back_again_is_where_it_began(amount, numerator, denominator):
    _check_way_back(amount, numerator, denominator)


def _check_way_back(amount, numerator, denominator):
    factors = Factors((_pieces(numerator, denominator),))
    there = ratio(factors, Unit.EACH, Unit.KILOGRAM)
    back = ratio(factors, Unit.KILOGRAM, Unit.EACH)
    assert amount * there * back == amount
    try:
        middle = rounded(amount * there, Unit.KILOGRAM, QuantityType.SHOWN)
        again = rounded(Fraction(middle.quantity.value) * back, Unit.EACH, QuantityType.SHOWN)
    except ValueError:
        return
    precision = Fraction(1, 2 * 10**6)
    assert abs(Fraction(again.quantity.value) - amount) <= precision * back + precision


@given(st.sampled_from(list(Unit)), st.sampled_from(list(Unit)))
def test_without_a_factor_only_a_unit_itself_converts(one, other):
    found = ratio(Factors(), one, other)
    if one is other:
        assert found == 1
    else:
        assert found in Missing


def test_two_factors_that_contradict_each_other_are_none():
    both = Factors((GRAMS, GRAMS.model_copy(update={"denominator": 100})))
    assert ratio(both, Unit.GRAM, Unit.KILOGRAM) is Missing.FACTOR
    same = Factors((GRAMS, UnitFactor(from_unit=Unit.KILOGRAM, to_unit=Unit.GRAM,
                                      numerator=1000, denominator=1)))
    assert ratio(same, Unit.GRAM, Unit.KILOGRAM) == Fraction(1, 1000)


@given(amounts, st.integers(1, 20_000_000).map(lambda n: f"{Decimal(n) / 10**6:f}"))
def test_mass_becomes_volume_and_mass_again(amount, density):
    factors = Factors((GRAMS,), (_density(density),), Decimal("20.0"))
    there = ratio(factors, Unit.GRAM, Unit.LITRE)
    back = ratio(factors, Unit.LITRE, Unit.GRAM)
    assert there == Fraction(1, 1000) / Fraction(density)
    assert amount * there * back == amount


@pytest.mark.parametrize(("densities", "celsius"), [
    ((), Decimal(20)), ((_density("0.789"),), None), ((_density("0.789"),), Decimal("20.1")),
    ((_density("0.789"), _density("0.788")), Decimal(20)),
])
def test_no_one_density_at_the_temperature_is_refused(densities, celsius):
    factors = Factors((GRAMS,), densities, celsius)
    assert ratio(factors, Unit.KILOGRAM, Unit.LITRE) is Missing.DENSITY


@settings(max_examples=100, deadline=None)
@given(st.integers())
def test_ten_thousand_splits_drift_by_nothing(seed):
    drawn = Random(seed)
    for _ in range(100):
        whole = Fraction(drawn.randrange(1, 10**drawn.randrange(1, 16) + 1), 10**6)
        _check_split(whole, drawn.randrange(1, 1000))


@given(amounts, st.integers(1, 100_000))
def test_parts_and_residue_are_the_whole(whole, parts):
    _check_split(whole, parts)


def _check_split(whole, parts):
    part = divided(whole, Unit.KILOGRAM, parts)
    assert parts * Fraction(part.quantity.value) + part.residue == whole
    if parts > 1:
        assert 0 <= part.residue < parts * Fraction(1, 10**6)


@given(st.fractions(min_value=0, max_value=10**9), st.integers(0, 6))
def test_what_is_posted_is_the_nearest_with_its_residue(exact, digits):
    amount = posted(exact, Unit.KILOGRAM, digits, "gross")
    if isinstance(amount, Refusal):
        assert amount.code is Code.QUANTITY_OUT_OF_RANGE
        assert exact <= Fraction(1, 2 * 10**digits)
        return
    assert Fraction(amount.quantity.value) + amount.residue == exact
    assert abs(amount.residue) <= Fraction(1, 2 * 10**digits)
    assert -amount.quantity.value.as_tuple().exponent <= digits


@pytest.mark.parametrize(("exact", "booked"), [
    ("0.0005", "0"), ("0.0015", "0.002"), ("0.0025", "0.002"), ("0.00251", "0.003"),
])
def test_a_half_goes_to_the_even_neighbour(exact, booked):
    amount = rounded(Fraction(exact), Unit.KILOGRAM, QuantityType.STOCK, 3)
    assert amount.quantity.value == Decimal(booked)


def test_an_amount_beyond_the_contract_is_refused_not_crashed():
    refusal = posted(Fraction(10**15), Unit.GRAM, 6, "gross")
    assert refusal.code is Code.QUANTITY_OUT_OF_RANGE
    with pytest.raises(ValueError, match="15 digits"):
        divided(Fraction(10**40), Unit.GRAM, 3)


def test_each_type_of_quantity_has_one_rule():
    assert sorted(rule.quantity_type for rule in ROUNDING) == sorted(QuantityType)


@given(amounts, st.integers(1000, 999_999))
def test_an_active_quantity_and_its_residue_are_net_times_potency(net, thousandths):
    potency = Decimal(thousandths) / 1000
    weighed = Quantity(value=Decimal(net.numerator) / net.denominator, unit=Unit.KILOGRAM)
    active = active_quantity(weighed, Assay(1, potency, PotencyBasis.AS_IS)) if net < 10**8 else None
    if active is not None:
        whole = Fraction(weighed.value) * Fraction(potency) / 100
        assert Fraction(active.quantity.value) + active.residue == whole


def test_a_potency_counts_on_its_own_basis_alone():
    for stated in (*PotencyBasis, None):
        for wanted in (*PotencyBasis, None):
            counts = check_basis(stated, wanted, "basis") is None
            assert counts is (stated is not None and stated is wanted)


@dataclass
class Book:
    """A container as the ledger has it, and what was really taken out of it."""

    begun: Fraction
    left: Fraction
    booked: Fraction = Fraction(0)
    residues: Fraction = Fraction(0)
    weighed: Fraction = Fraction(0)
    issues: list[Quantity] = field(default_factory=list)


class StockUnderConversions(RuleBasedStateMachine):
    """Random weighings in three units, returns and divisions: nothing is lost, nothing is made."""

    @initialize(
        begun=st.integers(1, 10**9), digits=st.integers(0, 6), numerator=terms, denominator=terms
    )
    def begin(self, begun, digits, numerator, denominator):
        self.factors = Factors((GRAMS, _pieces(numerator, denominator)))
        self.digits = digits
        amount = Fraction(begun, 10**digits)
        self.book = Book(amount, amount)

    @rule(
        amount=amounts, unit=st.sampled_from([Unit.KILOGRAM, Unit.GRAM, Unit.EACH]),
        share=st.integers(1, 10),
    )
    def weigh(self, amount, unit, share):
        factor = ratio(self.factors, unit, Unit.KILOGRAM)
        exact = min(amount * factor, self.book.left / share)
        booked = posted(exact, Unit.KILOGRAM, self.digits, "gross")
        if isinstance(booked, Refusal) or Fraction(booked.quantity.value) > self.book.left:
            return
        self.book.left -= Fraction(booked.quantity.value)
        self.book.booked += Fraction(booked.quantity.value)
        self.book.residues += booked.residue
        self.book.weighed += exact
        self.book.issues.append(booked.quantity)

    @precondition(lambda self: self.book.issues)
    @rule(parts=st.integers(1, 7))
    def give_back_a_part(self, parts):
        issued = self.book.issues.pop()
        exact = Fraction(issued.value) / parts
        back = posted(exact, Unit.KILOGRAM, self.digits, "quantity")
        if isinstance(back, Refusal):
            return
        self.book.left += Fraction(back.quantity.value)
        self.book.booked -= Fraction(back.quantity.value)
        self.book.residues -= back.residue
        self.book.weighed -= exact

    @invariant()
    def mass_is_balanced(self):
        book = getattr(self, "book", None)
        if book is not None:
            assert book.left + book.booked == book.begun
            assert book.booked + book.residues == book.weighed
            assert book.left >= 0


TestStockUnderConversions = StockUnderConversions.TestCase
TestStockUnderConversions.settings = settings(max_examples=50, deadline=None)
