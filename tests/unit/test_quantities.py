from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.model.quantities import PositiveQuantity, Quantity, Unit, UnitMismatch

amounts = st.decimals(
    min_value=Decimal("-999999999"),
    max_value=Decimal("999999999"),
    places=6,
    allow_nan=False,
    allow_infinity=False,
)


@given(amounts, amounts)
def test_sums_are_exact(a, b):
    one, two = (Quantity(value=x, unit=Unit.KILOGRAM) for x in (a, b))
    assert (one + two).value == a + b
    assert (one + two) - two == one


@given(amounts)
def test_the_wire_form_keeps_every_digit(a):
    sent = Quantity(value=a, unit=Unit.LITRE)
    assert Quantity.from_json(sent.to_json()).value.as_tuple() == sent.value.as_tuple()


@pytest.mark.parametrize(
    "bad",
    [
        1,
        1.5,
        "1,5",
        "1e3",
        " 1",
        "1 ",
        "+1",
        "01",
        "1.",
        ".5",
        "NaN",
        "1.0000001",
        "1234567890123456",
        None,
        True,
        "١",
    ],
)
def test_other_forms_are_no_decimal(bad):
    with pytest.raises(ValidationError):
        Quantity.from_json({"value": bad, "unit": "KGM"})


def test_a_keg_is_no_kilogram():
    with pytest.raises(ValidationError):
        Quantity.from_json({"value": "1", "unit": "KG"})


def test_units_do_not_mix():
    with pytest.raises(UnitMismatch):
        Quantity.of("1 KGM") + Quantity.of("1 GRM")


@pytest.mark.parametrize("zero", ["0", "0.000", "-1"])
def test_a_request_is_for_more_than_nothing(zero):
    with pytest.raises(ValidationError):
        PositiveQuantity.from_json({"value": zero, "unit": "KGM"})
