"""A hundred seeded differences while messages are on their way: each is found, nothing else is."""

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.model.commands import ReconcileStock, TakeSample
from contracts.model.identifiers import Id, Sscc
from contracts.model.inspection_differences import HeldRow, Reconciliations
from contracts.model.instants import read_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.quantities import Quantity, Unit
from contracts.model.roles import Role
from contracts.model.stimulus import Container, Load
from features.bench import STAGING, STORAGE, Bench
from features.recording import ScenarioRecorder
from features.steps.material import add_base, add_lot
from features.steps.words import amount_of, day_of
from gxproof.in_process import InProcessPair
from reference_impl.domain.reconciling import Underway, compare, named_in
from simulator.namespace import Namespace

SEEDED, MOVING, CLEAN = 100, 20, 30


@pytest.fixture
def bench():
    pair = InProcessPair(seed=11)
    made = Bench(pair, Namespace("REC"), ScenarioRecorder(lambda _: None))
    made.site.set_clock(read_timestamp("2026-03-30T09:00:00+02:00"))
    add_base(made)
    yield made
    pair.close()


def seed_difference(bench, chance, number):
    """A lot that both know, and a container that they see differently. Returns: lot, places."""
    letter = f"D{number}"
    lot = add_lot(bench, letter, "9.000", LotStatus.RELEASED, day_of("2026-12-31"))
    kind = chance.choice(["amount", "only MES", "only WMS", "place"])
    amount, other = f"{chance.randrange(1, 9000) / 1000:.3f}", f"{chance.randrange(9001, 10**6)}"
    told = {Role.MES: (amount, STORAGE), Role.WMS: (amount, STORAGE)}
    if kind == "amount":
        told[chance.choice(list(Role))] = (f"{other}.001", STORAGE)
    elif kind == "place":
        told[chance.choice(list(Role))] = (amount, STAGING)
    else:
        del told[Role.WMS if kind == "only MES" else Role.MES]
    for role, (value, place) in told.items():
        bench.site.client(role).call("stimulus/load", Load(containers=(Container(
            sscc=Sscc(bench.namespace.sscc(f"X-{letter}")), lot_id=Id(lot.lot_id),
            location_id=Id(bench.namespace.id(place)), quantity=amount_of(value)),)))
    return lot.lot_id, 2 if kind == "place" else 1


def take_sample(bench, letter):
    bench.prepare("the sampler", "take-sample", TakeSample(
        sample_id=Id(bench.new_id("SAMPLE")), scan=f"]C100{bench.lots[letter].container}",
        quantity=amount_of("0.050"), sample_container=bench.namespace.sscc(bench.new_name("JAR")),
    ))


def differing(bench):
    body = ReconcileStock(reconciliation_id=Id(bench.new_id("COMPARISON")))
    bench.prepare("quality", "reconcile-stock", body)
    shown = bench.site.client(Role.MES).ask("reconciliations", Reconciliations).differences
    return sorted(row.lot_id for row in shown), {row.difference_id for row in shown}


def test_a_hundred_of_a_hundred_are_found_while_messages_are_on_their_way(bench):
    chance = random.Random(5)
    for number in range(MOVING + CLEAN):
        add_lot(bench, f"L{number}", "25.000", LotStatus.RELEASED, day_of("2026-12-31"))
    seeded = [seed_difference(bench, chance, number) for number in range(SEEDED)]
    wanted = sorted(lot for lot, places in seeded for _ in range(places))
    bench.deliver()
    for number in range(MOVING):
        take_sample(bench, f"L{number}")
    found, ids = differing(bench)
    assert found == wanted
    bench.deliver()
    again, later_ids = differing(bench)
    assert (again, later_ids) == (wanted, ids)


def test_a_clean_set_has_no_difference_whatever_is_on_its_way(bench):
    for number in range(MOVING + CLEAN):
        add_lot(bench, f"L{number}", "25.000", LotStatus.RELEASED, day_of("2026-12-31"))
    bench.deliver()
    for number in range(MOVING):
        take_sample(bench, f"L{number}")
        assert differing(bench) == ([], set())
    bench.deliver()
    assert differing(bench) == ([], set())


def test_another_container_of_a_lot_on_its_way_is_compared(bench):
    lot = add_lot(bench, "A", "25.000", LotStatus.RELEASED, day_of("2026-12-31"))
    bench.deliver()
    take_sample(bench, "A")
    bench.site.client(Role.MES).call("stimulus/load", Load(containers=(Container(
        sscc=Sscc(bench.namespace.sscc("X")), lot_id=Id(lot.lot_id),
        location_id=Id(bench.namespace.id(STORAGE)), quantity=amount_of("1.000")),)))
    assert differing(bench)[0] == [lot.lot_id]


PLACES = st.tuples(
    st.integers(0, 40), st.sampled_from("AB"), st.sampled_from("XY"),
    st.sampled_from([LotStatus.RELEASED, LotStatus.BLOCKED]), st.integers(1, 5),
)


def rows(drawn):
    return [
        HeldRow(sscc=Sscc.complete(f"0{number:016d}"), material_id=Id("M"), lot_id=Id(lot),
                location_id=Id(place), status=status,
                quantity=Quantity(value=Decimal(kilograms), unit=Unit.KILOGRAM))
        for number, lot, place, status, kilograms in {one[0]: one for one in drawn}.values()
    ]


@given(st.lists(PLACES), st.lists(PLACES), st.sets(st.integers(0, 40)))
@settings(max_examples=200, deadline=None)
def test_a_place_is_reported_exactly_where_what_is_at_rest_adds_up_differently(mes, wms, moving):
    here, there = rows(mes), rows(wms)
    apart = {Sscc.complete(f"0{number:016d}") for number in moving}
    found, _, set_apart = compare(here, there, Underway(frozenset(apart)))

    def sums(shown):
        totals = {}
        for row in shown:
            if row.sscc not in apart:
                key = (row.location_id, row.material_id, row.lot_id, row.status.value, "KGM")
                totals[key] = totals.get(key, 0) + row.quantity.value
        return totals

    one, other = sums(here), sums(there)
    wanted = {place for place in {*one, *other} if one.get(place, 0) != other.get(place, 0)}
    assert {difference.place for difference in found} == wanted
    for difference in found:
        amounts = (one.get(difference.place, 0), other.get(difference.place, 0))
        assert difference.amounts == amounts
    assert set_apart == len({row.sscc for row in (*here, *there)} & apart)


def test_a_message_names_its_containers_or_else_its_lot():
    sscc = Sscc.complete("09520000000000001")
    named = named_in(b'{"data":{"lotId":"L","parent":"(00)%s","gtin":"09520000000011"}}' % (
        sscc.encode()))
    assert named == Underway(frozenset({sscc}), frozenset())
    assert named_in(b'{"data":{"lotId":"L"}}') == Underway(frozenset(), frozenset({"L"}))
    assert named_in(b'{"data":{}}') == Underway()
