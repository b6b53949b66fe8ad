"""Returns, scrap and migrations: the rules over everything that could be named."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from contracts.model.codes import Code
from contracts.model.lot_status import LotStatus
from contracts.model.migration import MigratedKind
from contracts.model.quantities import Quantity, Unit
from reference_impl.domain.customer_returns import Shipped, check_returned
from reference_impl.domain.migration import check_kept, check_new, check_untouched, totals_of
from reference_impl.domain.scrap import check_amount, check_decided, check_second_person
from reference_impl.domain.serials import check_serials
from reference_impl.stock import STRICTNESS, status_of
from simulator.flows import balance, flows_in
from simulator.ledger import Moving

serials = st.lists(st.sampled_from([f"S{n}" for n in range(6)]), max_size=6)
amounts = st.decimals(Decimal("0.001"), Decimal(1000), places=3)


def _pieces(number: int) -> Quantity:
    return Quantity(value=Decimal(number), unit=Unit.EACH)


def _kg(value: Decimal) -> Quantity:
    return Quantity(value=value, unit=Unit.KILOGRAM)


@given(serials, st.sets(st.sampled_from([f"S{n}" for n in range(6)])), st.integers(1, 6))
def test_serials_pass_exactly_where_each_is_inside_once_and_all_are_counted(
    named: list[str], inside: set[str], count: int
) -> None:
    good = len(set(named)) == len(named) and set(named) <= inside
    good = good and (not inside or len(named) == count)
    assert (check_serials(named, inside, _pieces(count)) is None) is good


@given(st.integers(1, 6), st.integers(1, 6))
def test_no_more_comes_back_than_left(shipped: int, back: int) -> None:
    refusal = check_returned(Shipped(_pieces(shipped), ()), _pieces(back), ())
    assert (refusal is None) is (back <= shipped)
    if refusal is not None:
        assert refusal.code is Code.RETURN_ABOVE_SHIPPED


@given(amounts, amounts)
def test_no_more_is_scrapped_than_there_is(wanted: Decimal, held: Decimal) -> None:
    assert (check_amount(_kg(wanted), _kg(held)) is None) is (wanted <= held)


@given(amounts, amounts, st.sampled_from((None, "p.one", "p.two")))
def test_above_the_threshold_another_person_signs(
    wanted: Decimal, threshold: Decimal, verifier: str | None
) -> None:
    refusal = check_second_person(_kg(wanted), threshold, "p.one", verifier)
    good = verifier == "p.two" or (verifier is None and wanted <= threshold)
    assert (refusal is None) is good


def test_what_is_not_decided_on_is_not_scrapped() -> None:
    held = {status for status in LotStatus if check_decided(status, "scan") is not None}
    assert held == {LotStatus.BLOCKED, LotStatus.RECALLED}


@given(st.sampled_from(LotStatus), st.sampled_from([None, *LotStatus]))
def test_a_container_is_never_laxer_than_its_lot(lot: LotStatus, own: LotStatus | None) -> None:
    counted = status_of({"status": own and own.value}, lot.value)
    assert STRICTNESS.index(counted) >= STRICTNESS.index(lot)
    assert counted in (lot, own)
    assert own is None or STRICTNESS.index(counted) >= STRICTNESS.index(own)


@given(st.lists(amounts, min_size=1, max_size=5), st.lists(amounts, max_size=5))
def test_scrap_out_of_stock_leaves_the_balance_and_scrap_in_process_does_not(
    received: list[Decimal], scrapped: list[Decimal]
) -> None:
    totals: dict[Moving, Decimal] = {}
    for name, origin, values in (
        ("receipt-confirmed", "", received), ("material-scrapped", "STOCK", scrapped),
        ("material-scrapped", "IN_PROCESS", scrapped),
    ):
        for value in values:
            data = {"lotId": "L", "origin": origin, "quantity": {"value": f"{value:f}"}}
            for _, moving, quantity in flows_in(name, data):
                totals[moving] = totals.get(moving, Decimal(0)) + quantity
    assert balance(totals) == sum(received) - sum(scrapped)


contents = st.dictionaries(
    st.sampled_from("ABCD"),
    st.fixed_dictionaries({
        "quantity": amounts.map(lambda v: {"value": f"{v:f}", "unit": "KGM"}),
        "words": st.lists(st.sampled_from(["x", "y"]), unique=True),
    }),
    min_size=1,
)


@given(contents, contents)
def test_two_sets_of_records_have_the_same_total_exactly_where_they_are_the_same(
    one: dict[str, object], other: dict[str, object]
) -> None:
    def plain(of: dict[str, object]) -> list[object]:
        return [{**of[k], "words": sorted(of[k]["words"])} for k in sorted(of)]  # type: ignore[dict-item,index]

    kind = MigratedKind.CONTAINER
    refusal = check_kept(totals_of({kind: one}), totals_of({kind: other}))  # type: ignore[dict-item]
    assert (refusal is None) is (plain(one) == plain(other))


@given(contents, contents)
def test_what_was_there_is_as_it_was(one: dict[str, object], other: dict[str, object]) -> None:
    kind = MigratedKind.LOT
    refusal = check_untouched({kind: one}, {kind: other})  # type: ignore[dict-item]
    assert (refusal is None) is all(other.get(key) == value for key, value in one.items())


@given(st.lists(st.sampled_from("ABC"), max_size=4), st.sets(st.sampled_from("ABC")))
def test_a_migrated_record_is_new_and_comes_once(coming: list[str], known: set[str]) -> None:
    refusal = check_new(coming, {name: {} for name in known}, "lots")
    assert (refusal is None) is (len(set(coming)) == len(coming) and not known & set(coming))
