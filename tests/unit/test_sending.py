"""Sending what is due: one receiver that takes its time holds nobody else up.

Source: URS-DLQ-002, URS-REL-007, URS-DLQ-003.
"""

import asyncio
import json
import time
from datetime import timedelta

import pytest

from contracts.model.ports import HttpResponse, NoAnswer
from contracts.model.roles import Role
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.link import outbox
from reference_impl.records.work import Cause
from reference_impl.web.sending import PATIENCE_S
from reference_impl.web.stimulating import run_due
from tests.unit.test_outbox import put


class Partner:
    """Takes everything at once but what is about one lot, which it never answers in time."""

    def __init__(self, slow):
        self.slow, self.arrived, self.asked = slow, {}, []

    async def send(self, request):
        name = request.path.rpartition("/")[2]
        if name == "message-status":
            self.asked.append(json.loads(request.body)["messageId"])
            raise NoAnswer("no answer in time")
        message = json.loads(request.body)
        self.arrived.setdefault(message["subject"], time.monotonic())
        if message["subject"] == f"lot/{self.slow}":
            await asyncio.sleep(3)
            raise NoAnswer("no answer in time")
        return HttpResponse(200, {"content-type": "application/json"}, json.dumps({
            "status": "ACCEPTED", "messageId": message["id"], "recordedAt": message["time"],
            "journalPosition": 1, "recordHash": "0" * 64,
        }).encode())


@pytest.fixture
def plant():
    partner = Partner("SLOW")
    system = build(settings_for(Role.MES, make_identities(), None), lambda url: partner)
    yield system, partner
    system.close()


def work_on(system):
    return system.work(system.itself(), Cause("a test", "T-1"))


def test_a_receiver_that_hangs_delays_other_subjects_by_less_than_a_second(plant):
    system, partner = plant
    with work_on(system) as work:
        for lot in ("SLOW", "A", "B", "C"):
            put(work, lot, 1)
    begun = time.monotonic()
    asyncio.run(run_due(system))
    delays = [partner.arrived[f"lot/{lot}"] - begun for lot in "ABC"]
    assert max(delays) < 1.0
    # The slow one did hang: the run waited for it, and it is pending still.
    assert time.monotonic() - begun > 2 * PATIENCE_S
    with work_on(system) as work:
        assert [row["subject"] for row in outbox.pending(work.connection)][0] == "lot/SLOW"


def test_a_second_message_about_the_hanging_subject_waits(plant):
    system, partner = plant
    with work_on(system) as work:
        first, second = put(work, "SLOW", 1), put(work, "SLOW", 2)
    asyncio.run(run_due(system))
    with work_on(system) as work:
        rows = {row["message_id"]: row["attempts"] for row in outbox.pending(work.connection)}
    assert rows[first] == 1
    assert rows[second] == 0
    assert partner.asked == []


def test_what_may_have_arrived_is_asked_about_before_it_is_sent_again(plant):
    system, partner = plant
    with work_on(system) as work:
        message = put(work, "SLOW", 1)
        system.drive(work.connection, work.now)
    asyncio.run(run_due(system))
    with system.database.transaction() as connection:
        system.drive(connection, system.now(connection) + timedelta(seconds=31))
    asyncio.run(run_due(system))
    assert partner.asked == [message]
