"""The pure rules of receiving: labels, lines that add up, places that fit."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.formats.element_strings import read_day
from contracts.model.codes import Code, Refusal
from contracts.model.commands import KeyedByHand
from contracts.model.identifiers import Gtin14, LotNumber, Sscc
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Quantity, Unit
from contracts.model.receipts import AsnState, Condition, Discrepancy, KeyedValue
from contracts.model.segregation import TemperatureClass
from contracts.model.stimulus import Purpose
from reference_impl.domain.places import (
    Needs,
    Place,
    allows,
    check_classes,
    check_put_away,
    check_status_allowed,
)
from reference_impl.domain.receipts import (
    AnnouncedLine,
    Label,
    discrepancy_of,
    line_of,
    read_label,
    state_after,
    with_quantity,
)
from reference_impl.domain.scans import scanned_fields

GTIN, OTHER_GTIN = Gtin14.complete("0952000000001"), Gtin14.complete("0952000000002")
SSCC = Sscc.complete("09520000000000001")
EXPIRES = date(2026, 12, 31)
LABEL = Label(SSCC, GTIN, LotNumber("L1"), EXPIRES)


def kg(value):
    return Quantity(value=Decimal(value), unit=Unit.KILOGRAM)


def line(line_id="10", **changed):
    whole = AnnouncedLine(line_id, None, "M", GTIN, "L1", EXPIRES, kg("50"), kg("0"))
    return replace(whole, **changed)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("261231", date(2026, 12, 31)),
        ("260200", date(2026, 2, 28)),
        ("280200", date(2028, 2, 29)),
        ("000131", date(2000, 1, 31)),
    ],
)
def test_a_date_field_is_a_day_and_day_00_the_last_of_its_month(text, day):
    assert read_day(text) == day


def test_a_label_is_read_field_by_field():
    scan = f"]C100{SSCC}02{GTIN}3103025000112512011726123121S1\x1d10L1"
    fields = scanned_fields(scan)
    assert read_label(fields, KeyedByHand()) == replace(
        LABEL, manufactured_on=date(2025, 12, 1), serial="S1",
        contents={Unit.KILOGRAM: kg("25.000")},
    )


@pytest.mark.parametrize("ai_and_weight", [("3100", "25000"), ("3103", "25.000"),
                                           ("3105", "0.25000")])
def test_the_last_digit_of_310n_places_the_point(ai_and_weight):
    ai, weight = ai_and_weight
    label = read_label(scanned_fields(f"]C100{SSCC}{ai}025000172612311" "0L1"), KeyedByHand())
    assert label.contents == {Unit.KILOGRAM: kg(weight)}


def test_a_count_is_no_weight():
    label = read_label(scanned_fields(f"]C100{SSCC}1726123110L1\x1d3724"), KeyedByHand())
    assert label.contents == {Unit.EACH: Quantity(value=Decimal(24), unit=Unit.EACH)}
    refusal = with_quantity(label, None, Unit.KILOGRAM)
    assert isinstance(refusal, Refusal)
    assert refusal.code is Code.LABEL_INCOMPLETE


def test_what_the_label_tells_is_never_keyed():
    fields = scanned_fields(f"]C100{SSCC}02{GTIN}1726123110L1")
    same = KeyedByHand(gtin=GTIN, lot=LotNumber("L1"), expires_on=EXPIRES)
    assert read_label(fields, same).keyed == frozenset()
    refusal = read_label(fields, KeyedByHand(lot=LotNumber("L2")))
    assert (refusal.code, refusal.path) == (Code.LABEL_CONTRADICTED, "keyed.lot")


@pytest.mark.parametrize(
    ("counted", "keyed"),
    [(None, set()), (kg("25.000"), set()), (kg("25"), set()),
     (kg("24.999"), {KeyedValue.QUANTITY})],
)
def test_another_quantity_than_the_printed_one_is_keyed(counted, keyed):
    label = replace(LABEL, contents={Unit.KILOGRAM: kg("25.000")})
    known, amount = with_quantity(label, counted, Unit.KILOGRAM)
    assert (known.keyed, amount) == (keyed, counted or kg("25.000"))


@given(amounts=st.lists(st.integers(1, 60_000_000), max_size=12), expected=st.integers(1, 10**8))
@settings(max_examples=200, deadline=None)
def test_partial_receipts_add_up_and_never_exceed_what_was_announced(amounts, expected):
    """In micrograms: what matched sums exactly, and what would be too much is a discrepancy."""
    micro = Decimal("0.000001")
    present = line(expected=kg(expected * micro))
    matched = 0
    for amount in amounts:
        found = discrepancy_of(LABEL, present, kg(amount * micro), Condition.INTACT)
        fits = matched + amount <= expected
        assert found is (None if fits else Discrepancy.OVER_QUANTITY)
        if fits:
            matched += amount
            present = replace(present, received=present.received + kg(amount * micro))
        assert present.received == kg(matched * micro)
        done = AsnState.COMPLETE if matched == expected else AsnState.OPEN
        assert state_after([present]) is done


@pytest.mark.parametrize(
    ("announced", "condition", "found"),
    [
        (None, Condition.DAMAGED, Discrepancy.UNKNOWN_SSCC),
        (line(sscc="095200000000000029"), Condition.INTACT, Discrepancy.UNKNOWN_SSCC),
        (line(gtin=OTHER_GTIN), Condition.SEAL_BROKEN, Discrepancy.WRONG_ITEM),
        (line(supplier_lot="L2"), Condition.DAMAGED, Discrepancy.WRONG_LOT),
        (line(expires_on=date(2027, 1, 1)), Condition.INTACT, Discrepancy.WRONG_EXPIRY),
        (line(expected=kg("1")), Condition.SEAL_BROKEN, Discrepancy.SEAL_BROKEN),
        (line(expected=kg("1")), Condition.DAMAGED, Discrepancy.DAMAGED),
        (line(expected=kg("1")), Condition.INTACT, Discrepancy.OVER_QUANTITY),
        (line(sscc=SSCC), Condition.INTACT, None),
        (line(gtin=None), Condition.INTACT, None),
    ],
)
def test_what_a_container_is_comes_before_its_condition_and_its_quantity(
    announced, condition, found
):
    assert discrepancy_of(LABEL, announced, kg("25"), condition) is found


def test_a_label_leads_to_its_own_container_else_to_the_open_line_most_like_it():
    named = line("1", sscc=SSCC, supplier_lot="L9")
    done = line("2", received=kg("50"))
    open_line, other_lot = line("3"), line("4", supplier_lot="L2")
    assert line_of(LABEL, [open_line, named]) is named
    assert line_of(LABEL, [other_lot, done, open_line]) is open_line
    assert line_of(LABEL, [other_lot, done]) is done
    assert line_of(LABEL, [other_lot]) is other_lot
    assert line_of(LABEL, [line(gtin=OTHER_GTIN), line(sscc="095200000000000029")]) is None


words = st.frozensets(st.sampled_from(["A", "B", "C"]))
temperatures = st.sampled_from(TemperatureClass)


@given(
    needs=st.builds(Needs, st.just("M"), st.none() | temperatures, words, words),
    place=st.builds(Place, st.just("P"), st.sampled_from(Purpose), temperatures, words, words),
)
@settings(max_examples=200, deadline=None)
def test_a_place_fits_when_it_has_the_temperature_and_may_hold_every_class(needs, place):
    fits = (
        needs.temperature in (None, place.temperature)
        and needs.hazards <= place.hazards
        and needs.allergens <= place.allergens
    )
    assert (check_classes(needs, place, "toLocation") is None) == fits


@pytest.mark.parametrize("status", list(LotStatus))
def test_a_place_that_names_no_status_allows_all_and_one_that_does_those_alone(status):
    anywhere = Place("P", Purpose.STORAGE, TemperatureClass.AMBIENT)
    strict = replace(anywhere, statuses=frozenset({LotStatus.RELEASED}))
    assert allows(anywhere, status)
    assert (check_status_allowed(status, strict, "toLocation") is None) == (
        status is LotStatus.RELEASED
    )


def test_staged_stock_is_not_put_away_unless_it_may_not_stay():
    storage = Place("RACK", Purpose.STORAGE, TemperatureClass.AMBIENT)
    staging = Place("PSA", Purpose.STAGING, TemperatureClass.AMBIENT,
                    statuses=frozenset({LotStatus.RELEASED}))
    refusal = check_put_away(LotStatus.RELEASED, staging, storage, "toLocation")
    assert (refusal.code, refusal.path) == (Code.WRONG_PURPOSE, "scan")
    assert check_put_away(LotStatus.BLOCKED, staging, storage, "toLocation") is None
