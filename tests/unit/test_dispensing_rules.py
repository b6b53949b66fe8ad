"""The pure rules at the scale: bands, exact sums, potency, the last day, backflush."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model.codes import Code, Refusal
from contracts.model.instants import read_timestamp
from contracts.model.messages.dispensing import IssueMode
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.quantities import Quantity, Unit
from contracts.model.roles import Duty
from contracts.model.stimulus import Risk, RiskRecord
from reference_impl.domain.backflush import check_issue_mode, consumption
from reference_impl.domain.dispensing import (
    OrderLine,
    Portion,
    Scale,
    Worker,
    check_approvals,
    check_band,
    check_scale,
    check_weights,
    check_worker,
)

ZONE = ZoneInfo("Europe/Zurich")
GRAM = Decimal("0.001")
AMOUNTS = st.decimals(min_value="0.001", max_value="99999", places=3)
POTENCIES = st.decimals(min_value="50", max_value="150", places=3)


def kg(value):
    return Quantity(value=Decimal(value), unit=Unit.KILOGRAM)


def line(quantity="10.000", low="0.040", high="0.040", basis=None, before=()):
    return OrderLine("M", kg(quantity), kg(low), kg(high), basis, tuple(before))


def code(refusal):
    return refusal.code if refusal else None


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_gram_decides_at_either_end_of_the_band(quantity, low, high):
    band = line(quantity, min(low, quantity), high)
    most, least = quantity + high, quantity - min(low, quantity)
    assert check_band(band, Portion(most, None), final=True) is None
    above = check_band(band, Portion(most + GRAM, None), final=False)
    assert code(above) is Code.WEIGHT_OUT_OF_TOLERANCE
    if least > GRAM:
        below = Portion(least - GRAM, None)
        assert code(check_band(band, below, final=True)) is Code.WEIGHT_OUT_OF_TOLERANCE
        assert check_band(band, below, final=False) is None


@given(st.lists(AMOUNTS, min_size=1, max_size=6))
def test_parts_are_worth_what_they_are_together(parts):
    whole = line(sum(parts), "0", "0", before=[Portion(part, None) for part in parts[1:]])
    assert check_band(whole, Portion(parts[0], None), final=True) is None
    assert check_band(whole, Portion(parts[0] + GRAM, None), final=False) is not None


@given(st.lists(st.tuples(AMOUNTS, POTENCIES), min_size=1, max_size=6), POTENCIES)
def test_potency_is_counted_exactly(portions, basis):
    target = line("10.000", basis=basis)
    counted = target.worth([Portion(*portion) for portion in portions])
    exact = sum(Fraction(amount) * Fraction(potency) for amount, potency in portions)
    assert Fraction(counted) == exact
    assert target.falls_short([Portion(*p) for p in portions]) == (
        exact < Fraction("9.960") * Fraction(basis)
    )


@given(AMOUNTS, AMOUNTS)
def test_net_is_gross_minus_tare_and_nothing_else(net, tare):
    gross = kg(net + tare)
    assert check_weights(gross, kg(tare), kg(net), kg("1")) is None
    for wrong in (net + Decimal("0.000001"), net - Decimal("0.000001")):
        refusal = check_weights(gross, kg(tare), kg(wrong), kg("1"))
        assert (code(refusal), refusal.path) == (Code.NET_NOT_GROSS_MINUS_TARE, "net")


def test_an_empty_container_and_a_negative_tare_weigh_nothing():
    empty = check_weights(kg("0.450"), kg("0.450"), None, kg("1"))
    assert (code(empty), empty.path) == (Code.NET_NOT_GROSS_MINUS_TARE, "gross")
    negative = check_weights(kg("1"), kg("-0.001"), None, kg("1"))
    assert (code(negative), negative.path) == (Code.NET_NOT_GROSS_MINUS_TARE, "tare")


@pytest.mark.parametrize("last", ["2026-03-28", "2026-03-29", "2026-10-25"])
def test_scale_and_people_end_with_their_day_where_the_site_stands(last):
    day = date.fromisoformat(last)
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=ZONE)
    at_end, before = end.astimezone(UTC), end.astimezone(UTC) - timedelta(microseconds=1)
    scale, worker = Scale("S", "scale", day), Worker("P", frozenset({Duty.DISPENSER}), day)
    assert check_scale(scale, before, ZONE) is None
    assert code(check_scale(scale, at_end, ZONE)) is Code.SCALE_NOT_CALIBRATED
    assert check_worker(worker, before, ZONE, "x") is None
    assert code(check_worker(worker, at_end, ZONE, "x")) is Code.NOT_QUALIFIED


def test_an_override_has_two_persons_and_one_of_quality():
    quality, dispenser = frozenset({Duty.QUALITY}), frozenset({Duty.DISPENSER})
    assert check_approvals([("Q", quality), ("D", dispenser)]) is None
    for signers in ([("Q", quality), ("Q", quality)], [("D", dispenser), ("E", dispenser)]):
        assert code(check_approvals(signers)) is Code.SIGNERS_NOT_DIFFERENT


@given(AMOUNTS, st.integers(1, 10**6), st.integers(1, 10**6))
def test_backflush_is_exact_or_refused(quantity, size, made):
    pieces = [Quantity(value=Decimal(n), unit=Unit.EACH) for n in (size, made)]
    found = consumption(kg(quantity), *pieces)
    exact = Fraction(quantity) * made / size
    if isinstance(found, Refusal):
        assert found.code is Code.QUANTITY_NOT_EXACT
        assert (exact * 10**6).denominator != 1
    else:
        assert Fraction(found.value) == exact


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("risk", list(Risk))
def test_backflush_needs_a_signed_record_and_little_risk(signed, is_active, risk):
    signature = SignatureManifest(
        signature_id="S", person_id="Q", printed_name="Example", role="quality",
        meaning="Approved", signed_at=read_timestamp("2026-03-30T09:00:00+02:00"),
    )
    record = RiskRecord(
        record_id="R", is_active=is_active, risk=risk, signature=signature if signed else None
    )
    allowed = signed and not is_active and risk is not Risk.HIGH
    refusal = check_issue_mode("M", IssueMode.BACKFLUSH, record, "orderId")
    assert code(refusal) == (None if allowed else Code.BACKFLUSH_NOT_ALLOWED)
    assert check_issue_mode("M", IssueMode.REAL_TIME, None, "orderId") is None
