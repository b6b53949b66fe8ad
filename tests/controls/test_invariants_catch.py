"""Each oracle on evidence that was tampered with, and on no evidence at all."""

import base64
import copy
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.model.instants import read_timestamp
from contracts.model.lot_status import LotStatus
from contracts.model.roles import Role
from contracts.model.verdicts import State
from gxproof.in_process import InProcessPair
from simulator.campaign import evidence_of, fault_state, invariant_state, judged, play
from simulator.evidence import Evidence, Inside, Recorded, journal_ends, read_recorded
from simulator.faults import FaultState
from simulator.handling import give_up
from simulator.invariants import INVARIANTS, invariants_for
from simulator.invariants.aggregation_tree import aggregation_tree
from simulator.invariants.agreement import mes_equals_wms
from simulator.invariants.batch_record import batch_record
from simulator.invariants.converged import converged
from simulator.invariants.genealogy import genealogy
from simulator.invariants.hold_times import Travel, hold_times, judge_travels
from simulator.invariants.in_process import in_process
from simulator.invariants.journal import journal
from simulator.invariants.labels import labels
from simulator.invariants.mass_balance import mass_balance
from simulator.invariants.no_orphans import no_orphans
from simulator.invariants.nothing_doubled import nothing_doubled
from simulator.invariants.nothing_lost import nothing_lost
from simulator.invariants.only_usable_used import only_usable_used
from simulator.invariants.serials import serials
from simulator.invariants.statuses import statuses
from simulator.invariants.traces import traces
from simulator.journalled import Journalled
from simulator.ledger import Held, Moving, NotThere, Onto, PhysicalLedger, Sticker
from simulator.namespace import Namespace
from simulator.plant import EXAMPLE, SHORT, FaultPart, read_plant
from simulator.relay import Fate
from simulator.shift import Shift


@pytest.fixture(scope="module")
def played():
    pair, plant, names = InProcessPair(1), read_plant(EXAMPLE), Namespace("C")
    clients = [pair.client(role) for role in Role]
    ends = journal_ends(clients)
    shift = Shift(plant, pair, 1, names).play()
    recorded = {c.role: read_recorded(c, names, ends.position[c.role]) for c in clients}
    yield evidence_of(shift, recorded)
    pair.close()


@pytest.fixture
def evidence(played):
    return copy.deepcopy(played)


@pytest.fixture(scope="module")
def a_packed_day():
    pair = InProcessPair(1)
    yield play(read_plant(SHORT), pair, 1, Namespace("D"))
    pair.close()


@pytest.fixture
def packed(a_packed_day):
    return copy.deepcopy(a_packed_day[1])


def test_a_day_with_everything_gives_no_alarm(a_packed_day):
    campaign = judged(*a_packed_day)
    assert set(campaign.states.values()) == {State.PASSED}
    assert campaign.workload_state is State.PASSED


def test_a_label_that_nobody_issued_is_seen(packed):
    packed.ledger.stickers["L-X"] = Sticker("L-X", "U-X", "PRN-1", applied=True)
    assert [v.subject for v in labels(packed).violations] == ["label L-X"]


def test_a_label_whose_words_are_not_as_asked_for_is_seen(packed):
    stickers = packed.ledger.stickers
    stickers["PO-1-C001"] = replace(stickers["PO-1-C001"], misprint="in utf-8")
    assert [v.observed for v in labels(packed).violations] == ["in utf-8"]


def test_a_label_without_paper_is_seen(packed):
    del packed.ledger.stickers["PO-1-C001"]
    assert [v.expected for v in labels(packed).violations] == ["on no unit"]


def test_one_sscc_on_two_units_is_seen(packed):
    seen = packed.recorded[Role.MES].labels
    seen["PO-1-C003"] = replace(seen["PO-1-C003"], unit=seen["PO-1-C001"].unit)
    assert any("on 2" in v.observed for v in labels(packed).violations)


@pytest.mark.parametrize("role", Role)
def test_a_child_that_was_lost_or_put_elsewhere_is_seen(packed, role):
    links = packed.recorded[role].aggregations
    links[0] = replace(links[0], parent="U-X")
    assert len(aggregation_tree(packed).violations) == 2


def test_a_child_in_two_parents_and_a_circle_are_seen(packed):
    links = packed.recorded[Role.WMS].aggregations
    pallet = next(link for link in links if link.child.startswith("U-"))
    links.append(Inside(pallet.parent, pallet.child))
    links.append(replace(pallet, parent="U-X"))
    observed = [v.observed for v in aggregation_tree(packed).violations]
    assert any("2 parents" in text for text in observed)
    assert sum("circle" in text for text in observed) >= 2


def test_a_balance_is_exact_for_what_is_made_and_shipped(packed):
    moves = packed.ledger.moves
    shipped = next(n for n, m in enumerate(moves) if m.moving is Moving.SHIPPED)
    moves[shipped] = replace(moves[shipped], quantity=moves[shipped].quantity - 1)
    assert {v.lot for v in mass_balance(packed).violations} == {"PO-1-LOT"}


@pytest.mark.parametrize("role", Role)
def test_a_serial_number_in_two_places_or_in_none_is_seen(packed, role):
    asides = packed.recorded[role].asides
    ended, state = next(iter(asides.ended.items()))
    component, kit = next(iter(asides.in_kits.items()))
    asides.ended[component] = "DESTROYED"
    del asides.ended[ended]
    wanted = [
        (f"in kit {kit}", f"in kit {kit} and out of use, DESTROYED"),
        (f"out of use, {state}", "nowhere"),
    ]
    found = {(v.expected, v.observed) for v in serials(packed).violations}
    assert found == set(wanted)


@pytest.mark.parametrize("role", Role)
def test_what_is_in_process_elsewhere_or_was_never_brought_there_is_seen(packed, role):
    asides = packed.recorded[role].asides
    moved = asides.transfers.pop()
    asides.places[moved.container] = "PSA-1"
    found = in_process(packed).violations
    assert [(v.expected, v.observed) for v in found] == [("1 times", "0 times"), ("BLENDER", "PSA-1")]


def test_more_given_up_than_was_is_seen(packed):
    lines = packed.recorded[Role.MES].asides.in_process
    line = next(line for line, amounts in lines.items() if amounts.scrapped)
    lines[line] = lines[line]._replace(scrapped=Decimal(0))
    assert [v.lot for v in in_process(packed).violations] == [line[2]]


@pytest.mark.parametrize("role", Role)
def test_a_status_that_nobody_decided_is_seen(packed, role):
    seen = packed.recorded[role]
    seen.lots["PO-1-LOT"] = replace(seen.lots["PO-1-LOT"], status=LotStatus.BLOCKED)
    del seen.statuses["U-PO-1-C001"]
    found = statuses(packed).violations
    assert [(v.expected, v.observed) for v in found] == [
        ("RELEASED", "BLOCKED"), ("REJECTED", "none of its own"),
    ]


def test_a_hold_that_one_side_never_entered_is_seen(packed):
    assert packed.held
    held = packed.recorded[Role.MES].lots
    held["API-0801"] = replace(held["API-0801"], status=LotStatus.RELEASED)
    assert [v.expected for v in statuses(packed).violations] == ["QUARANTINE"]


def test_what_came_back_and_was_shipped_undecided_is_seen(packed):
    moves = packed.ledger.moves
    shipped = next(m for m in moves if m.moving is Moving.SHIPPED and m.container == "U-PO-1-C001")
    back = next(m for m in moves if m.moving is Moving.CAME_BACK)
    moves.append(replace(shipped, at=back.at + timedelta(minutes=1)))
    assert [v.observed for v in only_usable_used(packed).violations] == ["QUARANTINE"]


def test_the_use_of_a_lot_under_a_hold_of_the_warehouse_is_seen(packed):
    at, lot, _ = packed.held[-1]
    moves = packed.ledger.moves
    picked = next(m for m in moves if m.moving is Moving.PICKED and m.lot == lot)
    moves.append(replace(picked, at=at + timedelta(minutes=1)))
    assert [v.observed for v in only_usable_used(packed).violations] == ["QUARANTINE"]


def test_matter_that_is_not_in_a_container_does_not_come_out_of_it(packed):
    ledger, at = packed.ledger, packed.plant.site.start
    for serials_named, amount in ((("NOT-INSIDE",), Decimal(1)), ((), Decimal(1000))):
        with pytest.raises(NotThere):
            give_up(ledger, at, "U-PO-1-C002", amount, serials_named)


def test_the_use_of_a_lot_after_its_last_day_is_seen(packed):
    moves = packed.ledger.moves
    issued = next(n for n, m in enumerate(moves) if m.moving is Moving.ISSUED)
    late = packed.plant.expiry_of(moves[issued].lot)
    moves[issued] = replace(moves[issued], at=late)
    assert any("issued before" in v.expected for v in only_usable_used(packed).violations)


def test_the_reference_gives_no_alarm(evidence):
    for invariant in invariants_for(evidence.plant):
        judgement = invariant.judge(evidence)
        assert judgement.violations == []
        # A shift has few holds; the rest is compared by the dozen.
        assert judgement.checked >= (1 if invariant.judge is hold_times else 10)


def test_no_evidence_is_inconclusive_and_never_passed(evidence):
    empty = Evidence(evidence.plant, PhysicalLedger(), {r: Recorded(r) for r in Role}, [], None)
    for invariant in INVARIANTS:
        assert invariant_state(invariant.judge(empty), healed=True) is State.INCONCLUSIVE


def test_what_did_not_converge_is_not_passed(evidence):
    assert invariant_state(nothing_lost(evidence), healed=False) is State.INCONCLUSIVE


@pytest.mark.parametrize("role", Role)
def test_a_message_that_never_arrived_is_a_loss(evidence, role):
    gone = evidence.recorded[role].received.pop()
    found = nothing_lost(evidence).violations
    assert [gone.message in v.subject and "never received" in v.observed for v in found] == [True]


def test_a_message_that_was_received_and_not_posted_is_a_loss(evidence):
    received = evidence.recorded[Role.MES].received
    received[0] = replace(received[0], answers=())
    assert "received and not posted" in nothing_lost(evidence).violations[0].observed


def test_a_message_still_pending_after_healing_is_a_loss(evidence):
    sender = evidence.recorded[Role.WMS]
    sender.pending = frozenset({sender.sent[0].key})
    assert "still pending" in nothing_lost(evidence).violations[0].observed


@pytest.mark.parametrize("role", Role)
def test_matter_that_is_not_on_record_is_a_loss(evidence, role):
    moved = next(m for m in evidence.ledger.moves if m.moving is Moving.PICKED).container
    held = evidence.recorded[role].containers[moved]
    evidence.recorded[role].containers[moved] = replace(held, location="RACK-A1")
    found = nothing_lost(evidence).violations
    assert len(found) == 1
    assert (found[0].expected, found[0].observed) == ("20.000 at PSA-1", "20.000 at RACK-A1")
    assert "pick-confirmed" in found[0].first_message


@pytest.mark.parametrize("role", Role)
def test_more_on_record_than_was_picked_is_a_doubling(evidence, role):
    line = evidence.recorded[role].picks[0]
    evidence.recorded[role].picks[0] = replace(line, picked=line.picked * 2)
    assert any(line.request in v.subject for v in nothing_doubled(evidence).violations)


def test_two_acknowledgements_of_one_event_are_a_doubling(evidence):
    received = evidence.recorded[Role.MES].received
    received.append(replace(received[0], key="another", answers=(b"another acknowledgement",)))
    assert "2 postings" in nothing_doubled(evidence).violations[0].observed


def test_a_container_that_nobody_ever_made_is_a_doubling(evidence):
    evidence.recorded[Role.MES].containers["T-999"] = Held("T-999", "LAC-0102", Decimal(5), "PSA-1")
    assert "T-999" in nothing_doubled(evidence).violations[0].subject


def test_more_set_aside_than_was_asked_for_is_a_doubling(evidence):
    line = evidence.recorded[Role.WMS].picks[0]
    evidence.recorded[Role.WMS].picks[0] = replace(line, allocated=line.requested)
    assert "set aside" in nothing_doubled(evidence).violations[0].observed


def test_a_pick_at_the_instant_of_expiry_is_a_violation(evidence):
    move = evidence.ledger.moves[-1]
    evidence.ledger.moves[-1] = replace(move, at=evidence.plant.expiry_of(move.lot))
    assert any("picked before" in v.expected for v in only_usable_used(evidence).violations)


def test_a_pick_of_a_blocked_lot_is_a_violation(evidence):
    last = evidence.ledger.moves[-1]
    evidence.ledger.moves.append(replace(last, lot="STA-0202"))
    assert [v.observed for v in only_usable_used(evidence).violations] == ["BLOCKED"]


def test_a_pick_before_the_release_is_a_violation(evidence):
    first = next(m for m in evidence.ledger.moves if m.moving is Moving.PICKED)
    evidence.ledger.moves.insert(0, replace(first, lot="STA-0201"))
    assert [v.observed for v in only_usable_used(evidence).violations] == ["QUARANTINE"]


@pytest.mark.parametrize("role", Role)
def test_a_message_that_says_another_quantity_breaks_the_balance(evidence, role):
    container = evidence.recorded[role].containers["C-05"]
    evidence.recorded[role].containers["C-05"] = replace(
        container, quantity=container.quantity - Decimal("0.001")
    )
    found = mass_balance(evidence).violations
    assert [(v.lot, v.quantity) for v in found] == [("LAC-0102", "-0.001")]


def test_a_flow_that_never_happened_breaks_the_balance(evidence):
    data = {"lotId": "MGS-0301", "quantity": {"value": "0.5", "unit": "KGM"}}
    evidence.recorded[Role.MES].received.append(
        Journalled("material-issued", "k", "ISSUE-1", data, answers=(b"ack",))
    )
    expected = [v.expected for v in mass_balance(evidence).violations]
    assert any("0 issued" in text for text in expected)


def test_a_mirror_that_differs_is_seen(evidence):
    held = evidence.recorded[Role.MES].containers["C-05"]
    evidence.recorded[Role.MES].containers["C-05"] = replace(held, location="PSA-1")
    assert [v.subject for v in mes_equals_wms(evidence).violations] == ["container C-05"]


def test_a_status_that_differs_is_seen(evidence):
    lots = evidence.recorded[Role.WMS].lots
    lots["LAC-0102"] = replace(lots["LAC-0102"], status=LotStatus.BLOCKED)
    assert [v.subject for v in mes_equals_wms(evidence).violations] == ["lot LAC-0102"]


@pytest.mark.parametrize("role", Role)
def test_a_container_that_one_side_does_not_know_is_an_orphan(evidence, role):
    del evidence.recorded[role].containers["C-05"]
    found = no_orphans(evidence).violations
    assert [v.subject for v in found] == [f"SSCC of C-05 in {role.upper()}"]


def test_a_container_and_a_lot_that_exist_on_paper_alone_are_orphans(evidence):
    mes = evidence.recorded[Role.MES]
    mes.containers["T-999"] = Held("T-999", "LAC-0102", Decimal(5), "PSA-1")
    mes.lots["LAC-9999"] = replace(mes.lots["LAC-0102"], lot="LAC-9999")
    observed = [v.observed for v in no_orphans(evidence).violations]
    assert observed == ["on record, and not there"] * 2


@pytest.mark.parametrize("role", Role)
def test_a_link_that_is_missing_or_made_up_breaks_the_genealogy(evidence, role):
    link = evidence.recorded[role].genealogy.pop()
    evidence.recorded[role].genealogy.append(replace(link, parent="C-05"))
    assert len(genealogy(evidence).violations) == 2


@pytest.mark.parametrize("role", Role)
def test_a_trace_that_misses_or_adds_anything_is_seen(packed, role):
    answers = packed.recorded[role].traces
    lot = next(lot for lot, went in sorted(answers.forward.items()) if went.orders)
    went = answers.forward[lot]
    answers.forward[lot] = replace(went, orders=went.orders | {"PO-X"})
    assert [v.subject for v in traces(packed).violations] == [
        f"batches of lot {lot}, in {role.upper()}"
    ]
    answers.forward[lot] = replace(went, units=frozenset(sorted(went.units)[1:]))
    assert [v.expected for v in traces(packed).violations] == [sorted(went.units)[0]]
    answers.forward[lot] = went
    unit, lots = sorted(answers.backward.items())[0]
    answers.backward[unit] = lots - {sorted(lots)[0]}
    assert [v.subject for v in traces(packed).violations] == [f"lots in {unit}, in {role.upper()}"]


def test_what_was_shipped_and_not_traced_is_seen(packed):
    answers = packed.recorded[Role.WMS].traces
    lot = next(lot for lot, went in sorted(answers.forward.items()) if went.shipped)
    answers.forward[lot] = replace(answers.forward[lot], shipped=frozenset())
    assert [v.subject for v in traces(packed).violations] == [f"consignees of lot {lot}, in WMS"]


@pytest.mark.parametrize("role", Role)
def test_a_line_of_a_batch_that_one_side_lacks_or_has_otherwise_is_seen(packed, role):
    lines = packed.recorded[role].traces.lines
    assert {line.kind for line in lines} == {"issued", "returned", "packed"}
    lines[0] = lines[0]._replace(quantity=lines[0].quantity + 1)
    assert len(batch_record(packed).violations) == 2


def _row_changed(rows):
    rows[3] = rows[3].model_copy(update={"status": 201})


def _row_swapped(rows):
    rows[3], rows[4] = rows[4], rows[3]


def _row_gone(rows):
    del rows[3]


def _body_changed(rows):
    rows[3] = rows[3].model_copy(update={"body": base64.b64encode(b"{}").decode()})


@pytest.mark.parametrize("change", [_row_changed, _row_swapped, _row_gone, _body_changed])
def test_a_journal_that_was_tampered_with_is_seen(evidence, change):
    change(evidence.recorded[Role.WMS].journal)
    assert "of the journal of WMS" in journal(evidence).violations[0].subject


def test_a_copy_with_other_bytes_is_seen(evidence):
    received = evidence.recorded[Role.MES].received
    received[0] = replace(received[0], body=received[0].body + b" ")
    assert [v.observed for v in journal(evidence).violations] == ["other bytes"]


def test_what_is_still_on_its_way_has_not_converged(evidence):
    sender = evidence.recorded[Role.MES]
    sender.pending = frozenset({sender.sent[0].key})
    assert [v.observed for v in converged(evidence).violations] == ["still on its way"]


def test_a_plant_that_never_came_to_rest_has_not_converged(evidence):
    evidence.healed_at = None
    assert [v.subject for v in converged(evidence).violations] == ["the plant"]


def test_matter_cannot_be_invented():
    ledger, at = PhysicalLedger(), read_plant(EXAMPLE).site.start
    ledger.put(Held("C", "L", Decimal(5), "A"), at)
    with pytest.raises(ValueError, match="holds 5, not 6"):
        ledger.take(at, "C", Decimal(6), Moving.PICKED, Onto("T", "B"))
    with pytest.raises(NotThere, match="no container X"):
        ledger.content("X")
    with pytest.raises(NotThere):
        ledger.spill(at, "C", Decimal(6))


@pytest.mark.parametrize(
    ("fired", "felt", "state"),
    [
        (0, False, State.INCONCLUSIVE),
        (1, False, State.INCONCLUSIVE),
        (1, True, State.PASSED),
    ],
)
def test_a_fault_that_nobody_felt_shows_nothing(fired, felt, state):
    plan = FaultPart(id="F", kind="request lost", message="pick-requested", where={})
    assert fault_state(FaultState(plan, fired, felt)) is state


START = read_timestamp("2026-03-30T09:00:00+02:00")
LIMIT = timedelta(seconds=5)


def travels(*seconds):
    """One hold for each, None: it never arrived."""
    return [
        Travel(f"LOT-{n}", Role.WMS, START, None if s is None else START + timedelta(seconds=s))
        for n, s in enumerate(seconds)
    ]


@pytest.mark.parametrize(
    ("seconds", "beyond"),
    [
        ([5] * 100, 0), ([5.000001] * 100, 100), ([1] * 99 + [60], 0), ([1] * 98 + [60, 60], 2),
        ([1] * 198 + [60] * 2, 0), ([1] * 197 + [60] * 3, 3), ([1] * 98 + [None, None], 2),
        ([1] * 49 + [60], 1), ([6] * 10, 10), ([1] * 9 + [5.5], 1), ([None], 1),
    ],
)
def test_the_99th_percentile_of_holds_is_held_against_the_limit(seconds, beyond):
    judgement = judge_travels(travels(*seconds), LIMIT)
    assert len(judgement.violations) == beyond
    assert judgement.checked == len(seconds)
    assert judgement.seen.startswith(f"p99 of {len(seconds)} holds is ")


def a_hold(evidence):
    """The key of a hold that quality decided, as both journals have it."""
    return next(
        m.key for m in evidence.recorded[Role.MES].sent
        if m.message == "lot-status-changed" and m.data["toStatus"] in ("BLOCKED", "REJECTED")
    )


def test_a_hold_that_was_entered_late_is_seen(packed):
    key, wms = a_hold(packed), packed.recorded[Role.WMS]
    assert hold_times(packed).violations == []
    wms.journal = [
        row.model_copy(update={"at": row.at + timedelta(seconds=30)}) if row.key == key else row
        for row in wms.journal
    ]
    (found,) = hold_times(packed).violations
    assert (found.observed, found.expected[:16]) == ("31.000 s", "entered within 5")


def test_a_hold_that_never_arrived_is_slower_than_any_limit(packed):
    key, wms = a_hold(packed), packed.recorded[Role.WMS]
    wms.journal = [row for row in wms.journal if row.key != key]
    assert [v.observed for v in hold_times(packed).violations] == ["for ever"]


def test_a_hold_behind_a_planned_fault_is_set_apart_and_counted(packed):
    key, before = a_hold(packed), hold_times(packed)
    at, passage = next((at, p) for at, p in packed.passages if p.key == key)
    lost = replace(passage, fate=Fate.REQUEST_LOST, status=None)
    packed.passages.insert(packed.passages.index((at, passage)), (at, lost))
    after = hold_times(packed)
    assert after.checked == before.checked - 1
    assert after.seen.endswith("; 1 more while a planned fault kept the way shut")
