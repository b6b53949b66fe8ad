"""The breaker: as a value against a plain model of the requirement, and in a database file.

Source: URS-CBR-001, URS-CBR-002.
"""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from contracts.model.inspection_delivery import BreakerState
from contracts.model.instants import microseconds
from contracts.model.roles import Role
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.domain.breaker import (
    ORDINARY,
    Breaker,
    BreakerLimits,
    answered,
    entered,
    failed,
    waits_until,
)
from reference_impl.link import way
from reference_impl.records.work import Cause

LIMITS = BreakerLimits()
SECOND = 1_000_000
CLOSED, OPEN, HALF_OPEN = BreakerState.CLOSED, BreakerState.OPEN, BreakerState.HALF_OPEN


def _shut(now: int = 0) -> Breaker:
    breaker = Breaker()
    for _ in range(LIMITS.failures):
        breaker = failed(breaker, ORDINARY, now, LIMITS)
    return breaker


def test_exactly_one_of_a_hundred_callers_is_let_through_half_a_minute_later():
    breaker, tickets = _shut(), []
    for _ in range(100):
        breaker, ticket = entered(breaker, 30 * SECOND, LIMITS)
        tickets.append(ticket)
    assert [ticket for ticket in tickets if ticket is not None] == [1]


def test_a_late_answer_of_before_opens_nothing_and_shuts_nothing():
    breaker = _shut()
    assert answered(breaker, ORDINARY) == breaker
    assert failed(breaker, ORDINARY, SECOND, LIMITS) == breaker
    probing, ticket = entered(breaker, 30 * SECOND, LIMITS)
    assert failed(probing, ORDINARY, 31 * SECOND, LIMITS) == probing
    assert answered(probing, ORDINARY) == probing
    assert answered(probing, ticket).state is CLOSED


def test_failures_that_a_later_call_has_left_behind_count_no_more_when_the_clock_goes_back():
    breaker = Breaker()
    for _ in range(LIMITS.failures - 1):
        breaker = failed(breaker, ORDINARY, 0, LIMITS)
    later, ticket = entered(breaker, 30 * SECOND, LIMITS)
    assert (later.failures, ticket) == ((), ORDINARY)
    assert failed(later, ORDINARY, 0, LIMITS).state is CLOSED
    assert failed(breaker, ORDINARY, 0, LIMITS).state is OPEN


def test_a_probe_that_is_never_heard_of_again_gives_way_to_another():
    probing, first = entered(_shut(), 30 * SECOND, LIMITS)
    assert entered(probing, 59 * SECOND, LIMITS)[1] is None
    probing, second = entered(probing, 60 * SECOND, LIMITS)
    assert (first, second) == (1, 2)
    assert failed(probing, first, 61 * SECOND, LIMITS) == probing
    assert answered(probing, first) == probing


@pytest.mark.parametrize(("apart_s", "state"), [(7, OPEN), (8, CLOSED)])
def test_failures_count_for_thirty_seconds(apart_s, state):
    breaker = Breaker()
    for n in range(LIMITS.failures):
        breaker = failed(breaker, ORDINARY, n * apart_s * SECOND, LIMITS)
    assert breaker.state is state


def test_a_clock_that_was_set_back_holds_nothing_shut():
    assert entered(_shut(now=3600 * SECOND), 0, LIMITS)[1] == 1


class Calls(RuleBasedStateMachine):
    """Callers come, answers and failures arrive in any order, time goes on."""

    def __init__(self):
        super().__init__()
        self.breaker, self.now = Breaker(), 0
        self.in_flight: list[int] = []
        self.failures: list[int] = []
        self.opened_at: int | None = None

    @rule(seconds=st.integers(0, 40))
    def time_passes(self, seconds):
        self.now += seconds * SECOND

    @rule()
    def a_call_wants_to_go(self):
        before = self.breaker
        self.breaker, ticket = entered(before, self.now, LIMITS)
        if ticket is None:
            assert before.state is not CLOSED
            assert self.now < before.until
        else:
            assert (ticket == ORDINARY) is (before.state is CLOSED)
            self.in_flight.append(ticket)

    @precondition(lambda self: self.in_flight)
    @rule(data=st.data())
    def a_call_is_answered(self, data):
        ticket = self.in_flight.pop(data.draw(st.integers(0, len(self.in_flight) - 1)))
        is_probe = self.breaker.state is HALF_OPEN and ticket == self.breaker.probes
        self.breaker = answered(self.breaker, ticket)
        if is_probe:
            assert self.breaker.state is CLOSED
            self.failures = []

    @precondition(lambda self: self.in_flight)
    @rule(data=st.data())
    def a_call_fails(self, data):
        ticket = self.in_flight.pop(data.draw(st.integers(0, len(self.in_flight) - 1)))
        before = self.breaker
        self.breaker = failed(before, ticket, self.now, LIMITS)
        if before.state is CLOSED and ticket == ORDINARY:
            self.failures.append(self.now)
            lately = [at for at in self.failures if at > self.now - 30 * SECOND]
            assert (self.breaker.state is OPEN) is (len(lately) >= 5)
        if self.breaker.state is OPEN and before.state is not OPEN:
            assert self.breaker.until == self.now + 30 * SECOND
            self.failures = []

    @invariant()
    def at_most_one_live_probe(self):
        live = [t for t in self.in_flight if t == self.breaker.probes and t != ORDINARY]
        assert len(live) <= 1

    @invariant()
    def never_shut_for_longer_than_half_a_minute(self):
        assert waits_until(self.breaker, self.now, LIMITS) <= self.now + 30 * SECOND


TestCalls = Calls.TestCase
TestCalls.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


# --- in a database file -------------------------------------------------------------------------


def _system(folder):
    return build(settings_for(Role.MES, make_identities(), folder), lambda url: None)


def _fail(system, times):
    for _ in range(times):
        with system.work(system.itself(), Cause("a test", "T-1")) as work:
            ticket = way.enter(work)
            if ticket is not None:
                way.leave(work, ticket, way_failed=True, note="no answer in time")


def test_a_restart_leaves_an_open_breaker_open(tmp_path):
    system = _system(tmp_path)
    _fail(system, 5)
    system.close()
    again = _system(tmp_path)
    try:
        with again.database.reading() as connection:
            assert way.show_breaker(connection, again.settings).state is OPEN
        with again.work(again.itself(), Cause("a test", "T-1")) as work:
            assert way.enter(work) is None
    finally:
        again.close()


def test_two_processes_on_one_database_let_one_probe_through(tmp_path):
    one, other = _system(tmp_path), _system(tmp_path)
    try:
        _fail(one, 5)
        with one.database.transaction() as connection:
            one.drive(connection, one.now(connection) + timedelta(seconds=31))
        tickets = []
        for n in range(100):
            system = (one, other)[n % 2]
            with system.work(system.itself(), Cause("a test", "T-1")) as work:
                tickets.append(way.enter(work))
        assert len([t for t in tickets if t is not None]) == 1
    finally:
        one.close()
        other.close()


def test_a_retry_counts_in_the_minute_that_ends_with_it(tmp_path):
    system = _system(tmp_path)
    budget = system.settings.budget
    try:
        with system.work(system.itself(), Cause("a test", "T-1")) as work:
            connection, now = work.connection, microseconds(work.now)
            for n in range(100):
                way.note_attempt(connection, f"M-{n}", now, again=False)
            for n in range(10):
                assert way.may_try_again(connection, budget, now)
                way.note_attempt(connection, f"M-{n}", now + n, again=True)
            assert not way.may_try_again(connection, budget, now + 10)
            later = now + 61 * SECOND
            assert way.may_try_again(connection, budget, later)
            assert way.budget_frees_at(connection, now + 10) == now + 60 * SECOND
    finally:
        system.close()
