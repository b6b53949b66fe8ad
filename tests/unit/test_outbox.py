"""The outbox: order per subject, retries without end on the declared curve, idempotent settling."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model.instants import microseconds
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages import MESSAGES
from contracts.model.messages.lot_status import LotStatusChanged
from contracts.model.roles import Role
from contracts.model.verdicts import Outcome
from contracts.record.strict_json import read_json
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.link import outbox
from reference_impl.link.pauses import retry_delay
from reference_impl.records.work import Cause
from reference_impl.settings import Retry

OK = outbox.Sent(Outcome.OK, 200, b"{}", "ok")
UNKNOWN = outbox.Sent(Outcome.UNKNOWN, None, b"", "no answer in time")


@pytest.fixture
def system():
    made = build(settings_for(Role.MES, make_identities(), None), lambda url: None)
    yield made
    made.close()


def work_on(system):
    return system.work(system.itself(), Cause("a test", "T-1"))


def put(work, lot, number):
    change = LotStatusChanged.model_validate(
        dict(  # noqa: C408
            change_id=f"{lot}-{number}",
            lot_id=lot,
            material_id="M",
            from_status=LotStatus.RELEASED,
            to_status=LotStatus.BLOCKED,
            reason_code=StatusReason.INVESTIGATION,
            reason="a test",
            decided_by="P",
            decided_at=work.now,
            effective_at=work.now,
            station="S",
        )
    )
    return outbox.put(work, MESSAGES["lot-status-changed"], change, outbox.About(f"lot/{lot}", lot))


def test_messages_of_one_subject_wait_for_each_other(system):
    with work_on(system) as work:
        first, second = put(work, "A", 1), put(work, "A", 2)
        other = put(work, "B", 1)
        now = work.now
        due = [m.message_id for m in outbox.take_due(work.connection, now)]
        assert due == [first, other]
        assert outbox.take_one(work.connection, second, now) is None
        outbox.settle(work, first, OK)
        assert [m.message_id for m in outbox.take_due(work.connection, now)] == [second]


def test_sequence_numbers_have_no_gap_and_count_per_subject(system):
    with work_on(system) as work:
        sent = [put(work, lot, n) for n, lot in enumerate("ABA")]
        bodies = [read_json(outbox.message_of(work.connection, m)[1]) for m in sent]
    assert [b["sequence"] for b in bodies] == ["000000000001", "000000000002", "000000000003"]
    assert [b["subjectsequence"] for b in bodies] == [
        "000000000001",
        "000000000001",
        "000000000002",
    ]


def test_a_message_that_is_being_sent_is_not_taken_twice(system):
    with work_on(system) as work:
        put(work, "A", 1)
        assert len(outbox.take_due(work.connection, work.now)) == 1
        assert outbox.take_due(work.connection, work.now) == []
        later = work.now + outbox.LEASE
        assert len(outbox.take_due(work.connection, later)) == 1


def test_an_unknown_outcome_is_tried_again_without_end_and_with_the_same_bytes(system):
    with work_on(system) as work:
        message = put(work, "A", 1)
        now, bodies = work.now, set()
        for _ in range(50):
            taken = outbox.take_due(work.connection, now)
            assert [m.message_id for m in taken] == [message]
            bodies.add(taken[0].body)
            assert outbox.settle(work, message, UNKNOWN) is False
            now += timedelta(seconds=451)
        assert len(bodies) == 1


def test_a_late_second_answer_changes_nothing(system):
    with work_on(system) as work:
        message = put(work, "A", 1)
        assert outbox.settle(work, message, OK) is True
        assert outbox.settle(work, message, UNKNOWN) is False
        assert outbox.settle(work, message, outbox.Sent(Outcome.REFUSED, 422, b"{}", "no")) is False
        assert outbox.pending(work.connection) == []


def test_the_pause_that_a_receiver_asks_for_is_kept(system):
    with work_on(system) as work:
        message = put(work, "A", 1)
        asked = outbox.Sent(Outcome.UNKNOWN, 429, b"", "slow down", retry_after_s=120)
        outbox.settle(work, message, asked)
        assert outbox.take_due(work.connection, work.now + timedelta(seconds=119)) == []
        assert outbox.take_due(work.connection, work.now + timedelta(seconds=120)) != []


def test_what_was_put_off_before_the_clock_went_back_a_day_is_due_at_once(system):
    with work_on(system) as work:
        message, then = put(work, "A", 1), work.now
        outbox.settle(work, message, UNKNOWN)
        (row,) = outbox.pending(work.connection)
        for back, due_at in ((timedelta(minutes=59), row["due_at"]), (timedelta(days=1), None)):
            now = then - back
            assert outbox.next_due(work.connection, now) == (due_at or microseconds(now))
            taken = outbox.take_due(work.connection, now)
            assert [m.message_id for m in taken] == ([] if due_at else [message])


FAILED = outbox.Sent(Outcome.UNKNOWN, 500, b"", "answered 500", counts_as_failure=True)
DEFERRED = outbox.Sent(Outcome.UNKNOWN, 200, b"{}", "it waits", deferred=True)


def fail(work, message, times):
    for _ in range(times):
        outbox.settle(work, message, FAILED)


def test_the_tenth_answer_against_a_message_makes_it_a_dead_letter_and_holds_its_subject(system):
    with work_on(system) as work:
        first, second, other = put(work, "A", 1), put(work, "A", 2), put(work, "B", 1)
        fail(work, first, 9)
        for _ in range(30):
            outbox.settle(work, first, UNKNOWN)
        assert outbox.counts(work.connection) == (0, 0)
        fail(work, first, 1)
        assert outbox.counts(work.connection) == (0, 1)
        later = work.now + timedelta(minutes=30)
        assert [m.message_id for m in outbox.take_due(work.connection, later)] == [other]
        outbox.send_again(work, first)
        assert [m.message_id for m in outbox.take_due(work.connection, work.now)] == [first]
        outbox.settle(work, first, OK)
        assert outbox.take_one(work.connection, second, later) is not None


def test_a_message_that_was_replayed_has_ten_answers_before_it_again(system):
    with work_on(system) as work:
        message = put(work, "A", 1)
        fail(work, message, 10)
        outbox.send_again(work, message)
        fail(work, message, 9)
        assert outbox.counts(work.connection) == (0, 0)
        fail(work, message, 1)
        assert outbox.counts(work.connection) == (0, 1)


def test_a_deferred_message_is_asked_about_and_not_sent(system):
    with work_on(system) as work:
        message, successor = put(work, "A", 1), put(work, "A", 2)
        assert outbox.settle(work, message, DEFERRED) is False
        later = work.now + timedelta(hours=1)
        assert outbox.take_due(work.connection, later) == []
        assert outbox.to_ask(work.connection, later) == [message]
        assert outbox.to_ask(work.connection, work.now) == []
        assert outbox.conclude(work, message, Outcome.REFUSED) is True
        assert outbox.conclude(work, message, Outcome.OK) is False
        taken = outbox.take_due(work.connection, later)
        assert [m.message_id for m in taken] == [successor]


def test_every_message_is_settled_pending_or_dead_whatever_comes_back(system):
    with work_on(system) as work:
        messages = [put(work, lot, 1) for lot in "ABCDE"]
        outbox.settle(work, messages[0], OK)
        outbox.settle(work, messages[1], DEFERRED)
        fail(work, messages[2], 10)
        outbox.settle(work, messages[3], UNKNOWN)
        settled, dead = outbox.counts(work.connection)
        assert settled + dead + len(outbox.pending(work.connection)) == len(messages)


@given(st.uuids().map(str), st.integers(1, 10_000))
def test_delays_follow_the_declared_curve_within_its_jitter(message_id, attempts):
    retry = Retry(first_delay_s=2, delay_max_s=300)
    curve = min(2 * 2 ** (min(attempts, 40) - 1), 300)
    delay = retry_delay(retry, message_id, attempts).total_seconds()
    assert 0.5 * curve <= delay <= 1.5 * curve
    assert retry_delay(retry, message_id, attempts).total_seconds() == delay


@pytest.mark.parametrize(("first", "last"), [(0, 300), (301, 300), (2, 2401)])
def test_a_curve_that_would_park_a_message_beyond_an_hour_is_refused(first, last):
    with pytest.raises(ValueError, match="pauses are 1 to 2400 s"):
        Retry(first_delay_s=first, delay_max_s=last)
