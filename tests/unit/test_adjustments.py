"""The pure rules of counts, downgraded lots and master data, over many cases."""

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contracts.model.codes import Code
from contracts.model.identifiers import Sscc
from contracts.model.instants import read_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Quantity, Unit
from features.steps.lot_status import LEGAL
from reference_impl.domain.adjustments import Booked, Count, check_approval, opens_deviation
from reference_impl.domain.lot_status import (
    LotInUse,
    check_two_signers,
    is_downgraded,
    stays_downgraded,
)
from reference_impl.domain.master_data import differing_members
from reference_impl.domain.samples import SampledContainer, check_sample
from reference_impl.identifiers import derived_id

SSCC = Sscc.complete("09520000000000001")
PEOPLE = st.sampled_from(["anna", "ben", "carla"])
AMOUNTS = st.decimals("0", "1000", places=3)
LINKS = {a: [b for x, b in LEGAL if x is a] for a in LotStatus}


def kg(value):
    return Quantity(value=Decimal(value), unit=Unit.KILOGRAM)


def count(name, who, book, found):
    return Count(name, who, Booked(SSCC, "RACK", kg(book)), kg(found))


@given(PEOPLE, PEOPLE, PEOPLE, AMOUNTS, AMOUNTS, AMOUNTS)
def test_nothing_is_adjusted_but_a_standing_difference_seen_by_others(
    counter, recounter, approver, book, found, now
):
    first, recount = count("C", counter, book, found), count("R", recounter, book, found)
    refusal = check_approval(first, recount, Booked(SSCC, "RACK", kg(now)), approver)
    may = approver not in {counter, recounter} and found != book and now == book
    assert (refusal is None) == may


def test_without_a_recount_nothing_is_adjusted():
    refusal = check_approval(count("C", "anna", 5, 4), None, Booked(SSCC, "RACK", kg(5)), "carla")
    assert refusal is not None
    assert refusal.code is Code.RECOUNT_MISSING


@given(AMOUNTS, AMOUNTS)
def test_a_deviation_is_opened_above_either_limit_and_only_there(book, found):
    delta = kg(found) - kg(book)
    size = max(found - book, book - found)
    expected = size > Decimal("1") or size > book / 200
    assert opens_deviation(kg(book), delta, Decimal("0.5"), Decimal(1)) == expected


@given(st.data())
@settings(max_examples=500)
def test_no_way_through_the_status_model_washes_a_hold_off(data):
    """Whatever lies between, a release after a hold needs two persons, and after that none."""
    status, flag, held = LotStatus.RELEASED, False, False
    for _ in range(6):
        ways = LINKS[status]
        if not ways:
            break
        wanted = data.draw(st.sampled_from(ways))
        if wanted is LotStatus.RELEASED:
            downgraded = is_downgraded(status, flag)
            assert downgraded == held
            one = check_two_signers(wanted, downgraded, ("anna", None), "x")
            assert (one is not None) == held
            assert check_two_signers(wanted, downgraded, ("anna", "ben"), "x") is None
        flag = stays_downgraded(status, wanted, flag)
        held = wanted is not LotStatus.RELEASED
        status = wanted


def test_a_lot_that_was_never_in_use_needs_one_signature():
    assert not is_downgraded(LotStatus.QUARANTINE, False)
    assert not stays_downgraded(LotStatus.QUARANTINE, LotStatus.RELEASED, False)


CONTENTS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xy"))


@given(CONTENTS, CONTENTS)
def test_what_differs_is_named_alike_from_both_sides(own, other):
    differs = differing_members(own, other)
    assert differs == differing_members(other, own)
    assert (not differs) == (own == other)


@pytest.mark.parametrize("status", list(LotStatus))
def test_only_material_in_quarantine_or_released_is_sampled(status):
    now = read_timestamp("2026-03-31T08:00:00+02:00")
    lot = LotInUse("L", status, read_timestamp("2026-04-01T00:00:00+02:00"))
    refusal = check_sample(SampledContainer(kg(1), lot, status), kg(1), now, label_is_used=False)
    assert (refusal is None) == (status in (LotStatus.QUARANTINE, LotStatus.RELEASED))


@given(st.text("AB", min_size=1, max_size=64), st.text("AB", min_size=1, max_size=64))
def test_derived_identifiers_fit_and_stay_apart(one, other):
    assume(one != other)
    assert len(derived_id(one, "INV")) <= 64
    assert derived_id(one, "INV") != derived_id(other, "INV")
    assert derived_id(one, "INV") != derived_id(one, "DEV")
