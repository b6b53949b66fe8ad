"""Each oracle on evidence that was tampered with, and on no evidence at all."""

import copy
from dataclasses import replace
from decimal import Decimal

import pytest

from contracts.model.roles import Role
from contracts.model.verdicts import State
from gxproof.in_process import InProcessPair
from simulator.campaign import fault_state, invariant_state
from simulator.evidence import Evidence, Recorded, journal_ends, read_recorded
from simulator.faults import FaultState
from simulator.invariants import INVARIANTS
from simulator.invariants.nothing_doubled import nothing_doubled
from simulator.invariants.nothing_lost import nothing_lost
from simulator.invariants.only_usable_picked import only_usable_picked
from simulator.ledger import Held, Moving, Onto, PhysicalLedger
from simulator.namespace import Namespace
from simulator.plant import EXAMPLE, FaultPart, read_plant
from simulator.shift import Shift


@pytest.fixture(scope="module")
def played():
    pair, plant, names = InProcessPair(1), read_plant(EXAMPLE), Namespace("C")
    clients = [pair.client(role) for role in Role]
    ends = journal_ends(clients)
    shift = Shift(plant, pair, 1, names).play()
    recorded = {c.role: read_recorded(c, names, ends.position[c.role]) for c in clients}
    yield Evidence(plant, shift.ledger, recorded, shift.passages, shift.healed_at)
    pair.close()


@pytest.fixture
def evidence(played):
    return copy.deepcopy(played)


def test_the_reference_gives_no_alarm(evidence):
    for invariant in INVARIANTS:
        judgement = invariant.judge(evidence)
        assert judgement.violations == []
        assert judgement.checked > 10


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
    assert any("picked before" in v.expected for v in only_usable_picked(evidence).violations)


def test_a_pick_of_a_blocked_lot_is_a_violation(evidence):
    last = evidence.ledger.moves[-1]
    evidence.ledger.moves.append(replace(last, lot="STA-0202"))
    assert [v.observed for v in only_usable_picked(evidence).violations] == ["BLOCKED"]


def test_a_pick_before_the_release_is_a_violation(evidence):
    first = next(m for m in evidence.ledger.moves if m.moving is Moving.PICKED)
    evidence.ledger.moves.insert(0, replace(first, lot="STA-0201"))
    assert [v.observed for v in only_usable_picked(evidence).violations] == ["QUARANTINE"]


def test_matter_cannot_be_invented():
    ledger, at = PhysicalLedger(), read_plant(EXAMPLE).site.start
    ledger.put(Held("C", "L", Decimal(5), "A"), at)
    with pytest.raises(ValueError, match="holds 5, not 6"):
        ledger.take(at, "C", Decimal(6), Moving.PICKED, Onto("T", "B"))


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
