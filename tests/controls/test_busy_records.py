"""Others write for too long: a message, a command and the runner wait for a better moment."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from contracts.model.codes import Code
from contracts.model.roles import Role
from gxproof.in_process import InProcessPair
from reference_impl import runner
from simulator.counterpart import Counterpart
from tests.issues import Issues


@pytest.fixture
def pair(tmp_path):
    made = InProcessPair(1, tmp_path)
    yield made
    made.close()


def writer_of(tmp_path, pair, role):
    """Somebody else at the database file; the system waits for a moment only."""
    pair._systems[role].database._raw.execute("PRAGMA busy_timeout = 20")
    return closing(sqlite3.connect(tmp_path / f"{role}.sqlite", isolation_level=None))


def test_a_message_is_refused_for_now_and_posted_once_when_it_comes_again(tmp_path, pair):
    issues = Issues(pair, "BUSY", 1)
    draft = issues.draft()
    sender = Counterpart(pair.counterpart(Role.WMS))
    with writer_of(tmp_path, pair, Role.WMS) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = sender.send(draft)
        other.execute("ROLLBACK")
    assert refused.refusal.code is Code.RECORDS_BUSY
    assert (refused.raw.status, refused.raw.headers["retry-after"]) == (503, "1")
    assert sender.send(draft).raw.status == 200
    assert sender.send(draft).replayed
    assert len(pair.client(Role.WMS).content("movements")["rows"]) == 1


def test_the_runner_goes_on_when_it_can(tmp_path, pair):
    system = pair._systems[Role.MES]
    rounds = iter((False, False, True))
    with writer_of(tmp_path, pair, Role.MES) as other:
        other.execute("BEGIN IMMEDIATE")

        def stopped():
            ended = next(rounds)
            if not ended and other.in_transaction:
                stopped.count += 1
                if stopped.count == 2:
                    other.execute("ROLLBACK")
            return ended

        stopped.count = 0
        asyncio.run(runner.run(system, stopped))
    with system.database.reading() as connection:
        assert runner.runner_id(system, system.get(connection, "runner")) is not None
