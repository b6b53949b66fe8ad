"""The pure rules of the reference: status, expiry, first expired first out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.model.codes import Code
from contracts.model.identifiers import Sscc
from contracts.model.instants import read_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Quantity, Unit
from features.steps.lot_status import LEGAL
from reference_impl.domain.allocation import Candidate, allocate
from reference_impl.domain.lot_status import (
    LotInUse,
    check_transition,
    check_usable,
    expiry_instant,
)

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def kg(value):
    return Quantity(value=Decimal(value), unit=Unit.KILOGRAM)


def test_the_reference_and_the_judge_know_the_same_nineteen_transitions():
    allowed = {
        pair for pair in product(LotStatus, LotStatus) if check_transition(*pair, "x") is None
    }
    assert allowed == set(LEGAL)
    assert len(allowed) == 19


@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        ("Europe/Zurich", "2026-03-31T22:00:00Z"),
        ("UTC", "2026-04-01T00:00:00Z"),
        ("Pacific/Auckland", "2026-03-31T11:00:00Z"),
        ("America/Los_Angeles", "2026-04-01T07:00:00Z"),
    ],
)
def test_the_expiry_day_ends_where_the_site_stands(zone, instant):
    assert expiry_instant(date(2026, 3, 31), ZoneInfo(zone)) == read_timestamp(instant)


@pytest.mark.parametrize(
    ("delta_us", "code"), [(-1, None), (0, Code.LOT_EXPIRED), (1, Code.LOT_EXPIRED)]
)
def test_one_microsecond_decides(delta_us, code):
    lot = LotInUse("L", LotStatus.RELEASED, NOW)
    refusal = check_usable(lot, NOW + timedelta(microseconds=delta_us), "scan")
    assert (refusal.code if refusal else None) == code


lots = st.builds(
    LotInUse,
    lot_id=st.sampled_from("ABCDEFGH"),
    status=st.sampled_from([LotStatus.RELEASED] * 4 + list(LotStatus)),
    expires_at=st.integers(-2, 10).map(lambda days: NOW + timedelta(days=days)),
)


@st.composite
def stocks(draw):
    found = []
    for number in range(draw(st.integers(0, 8))):
        found.append(
            Candidate(
                sscc=Sscc.complete(f"{number:017d}"),
                lot=draw(lots),
                released_at=NOW - timedelta(days=draw(st.integers(0, 3))),
                free=kg(draw(st.integers(0, 20))),
            )
        )
    return found


@settings(max_examples=1000)
@given(stocks(), st.integers(1, 40), st.integers(0, 5))
def test_first_expired_first_out_on_a_thousand_stocks(stock, wanted, minimum_days):
    shares = allocate(kg(wanted), stock, NOW, minimum_days)
    by_label = {candidate.sscc: candidate for candidate in stock}
    usable = [
        c
        for c in stock
        if c.lot.status is LotStatus.RELEASED
        and c.lot.expires_at > NOW
        and c.lot.expires_at >= NOW + timedelta(days=minimum_days)
        and c.free.value > 0
    ]
    if sum(c.free.value for c in usable) < wanted:
        assert shares == ()
        return
    assert sum(share.quantity.value for share in shares) == wanted
    taken = {share.sscc: share.quantity.value for share in shares}
    assert len(taken) == len(shares)
    for label, quantity in taken.items():
        assert by_label[label] in usable
        assert 0 < quantity <= by_label[label].free.value
    # Nothing that expires later is touched while something that expires earlier is left.
    last = max(by_label[label].lot.expires_at for label in taken)
    for candidate in usable:
        if candidate.lot.expires_at < last:
            assert taken.get(candidate.sscc) == candidate.free.value


def test_ties_are_broken_by_the_release_date():
    def candidate(number, released_days_ago):
        return Candidate(
            Sscc.complete(f"{number:017d}"),
            LotInUse("ZA"[number], LotStatus.RELEASED, NOW + timedelta(9)),
            NOW - timedelta(days=released_days_ago),
            kg(5),
        )

    shares = allocate(kg(5), [candidate(0, 1), candidate(1, 3)], NOW, 0)
    assert [share.lot_id for share in shares] == ["A"]
