"""Faults: where they strike, when an outage ends, and when one counts as felt."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.faults import LINK, Cut, Faults
from simulator.parts import FaultKind, FaultPart

START = datetime(2026, 3, 31, 12, tzinfo=UTC)
ORDER = {"orderId": "B7"}


class Clock:
    """Stands still until somebody moves it."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


def faults(*plans):
    clock = Clock()
    return Faults(plans, clock), clock


def plan(kind, **more):
    members = {"id": "F", "message": "material-issued", "where": ORDER, "kind": kind} | more
    return FaultPart(**members)


@pytest.mark.parametrize(
    ("kind", "cut"),
    [
        (FaultKind.REQUEST_LOST, Cut.BEFORE),
        (FaultKind.REPLY_LOST, Cut.AFTER),
        (FaultKind.DUPLICATED, Cut.TWICE),
        (FaultKind.OUTAGE, Cut.BEFORE),
    ],
)
def test_each_kind_cuts_where_it_says(kind, cut):
    found, _ = faults(plan(kind, minutes=5))
    assert found.meet(LINK, "material-issued", ORDER, "k") is cut


def test_another_event_and_another_message_pass():
    found, _ = faults(plan(FaultKind.REQUEST_LOST))
    assert found.meet(LINK, "material-issued", {"orderId": "B8"}, "k") is None
    assert found.meet(LINK, "pick-confirmed", ORDER, "k") is None


def test_a_loss_is_felt_when_the_same_sender_tries_again():
    found, _ = faults(plan(FaultKind.REQUEST_LOST))
    state = found.states[0]
    found.meet(LINK, "material-issued", ORDER, "k")
    found.meet(LINK, "material-issued", {"orderId": "B8"}, "another")
    assert (state.fired, state.felt) == (1, False)
    assert found.meet(LINK, "material-issued", ORDER, "k") is None
    assert (state.fired, state.felt) == (1, True)


def test_attempts_say_how_long_it_lasts():
    found, _ = faults(plan(FaultKind.REQUEST_LOST, attempt=2, attempts=2))
    cuts = [found.meet(LINK, "material-issued", ORDER, "k") for _ in range(4)]
    assert cuts == [None, Cut.BEFORE, Cut.BEFORE, None]


def test_an_outage_takes_everything_on_its_conduit_until_it_ends():
    found, clock = faults(plan(FaultKind.OUTAGE, minutes=10))
    assert found.meet("BOOTH-1", "material-issued", ORDER, "k") is Cut.BEFORE
    clock.now = START + timedelta(minutes=9)
    assert found.meet("BOOTH-1", "anything", {}, "other") is Cut.BEFORE
    assert found.meet("BOOTH-2", "anything", {}, "third") is None
    clock.now = START + timedelta(minutes=10)
    assert found.meet("BOOTH-1", "anything", {}, "other") is None
    assert found.meet("BOOTH-1", "material-issued", ORDER, "k") is None
    state = found.states[0]
    assert (state.fired, state.felt) == (2, True)
    assert state.hits == {"material-issued": 1, "anything": 1} == state.noticed


def test_a_fault_behind_an_outage_strikes_after_it():
    found, clock = faults(
        plan(FaultKind.OUTAGE, minutes=10), plan(FaultKind.REPLY_LOST, id="G")
    )
    assert found.meet(LINK, "material-issued", ORDER, "k") is Cut.BEFORE
    clock.now = START + timedelta(minutes=11)
    assert found.meet(LINK, "material-issued", ORDER, "k") is Cut.AFTER


def test_what_came_twice_is_felt_when_its_receiver_says_so():
    found, _ = faults(plan(FaultKind.DUPLICATED))
    found.meet(LINK, "material-issued", ORDER, "k")
    found.doubled("k", noticed=False)
    assert not found.states[0].felt
    found.doubled("k", noticed=True)
    assert found.states[0].felt


def test_a_jam_is_felt_when_the_label_is_printed_again():
    jam = FaultPart(
        id="J", kind=FaultKind.JAM_AFTER_PRINT, message="print-label",
        where={"labelId": "PO-1-C001"},
    )
    found, _ = faults(jam)
    assert found.jam(FaultKind.JAM_BEFORE_PRINT, "PO-1-C001") is None
    assert found.jam(FaultKind.JAM_AFTER_PRINT, "PO-1-C002") is None
    assert found.jam(FaultKind.JAM_AFTER_PRINT, "PO-1-C001") is found.states[0]
    assert found.jam(FaultKind.JAM_AFTER_PRINT, "PO-1-C001") is None
    found.made_good("PO-1-C001")
    assert found.states[0].felt
