"""The same messages, many times, by 20 senders at once, to several processes of one system.

All senders begin together, so that the first posting is raced for as well. Source: URS-IDM-002.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import pytest

from contracts.model.codes import Code
from contracts.model.roles import Role
from features.journal_chain import Link, first_fault
from gxproof.over_https import HttpsPair
from gxproof.pair import Serving, serving_pair
from gxproof.target import read_target
from simulator.counterpart import Counterpart
from tests.issues import STOCK, Issues

SENDERS = 20
PROCESSES = 3


@dataclass(frozen=True)
class Campaign:
    """So many messages, each sent so many times by all senders together."""

    messages: int
    repeats: int


SHORT = Campaign(messages=3, repeats=40)
LONG = Campaign(messages=20, repeats=1000)


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def served(request, tmp_path):
    url = "" if request.param == "SQLite" else request.getfixturevalue("postgres").url
    out = tmp_path / "target.toml"
    with serving_pair(out, Serving(database=url, processes=PROCESSES)):
        pair = HttpsPair(read_target(out))
        yield pair
        pair.close()


def test_repeats_of_20_senders_are_posted_once(served):
    run_campaign(served, SHORT)


@pytest.mark.long
def test_1000_repeats_of_each_of_20_messages_are_posted_once(served):
    run_campaign(served, LONG)


def run_campaign(pair, campaign):
    issues = Issues(pair, "CAMP", campaign.messages)
    drafts = [issues.draft() for _ in range(campaign.messages)]
    answers = sent_by_all(pair, [draft for draft in drafts for _ in range(campaign.repeats)])
    bodies = {key: {answer.raw.body for answer in got} for key, got in answers.items()}
    assert {key: len(got) for key, got in answers.items()} == {
        draft.key: campaign.repeats for draft in drafts
    }
    assert [key for key, different in bodies.items() if len(different) != 1] == []
    firsts = {key: sum(not answer.replayed for answer in got) for key, got in answers.items()}
    assert firsts == {draft.key: 1 for draft in drafts}, "each key has one first answer"
    assert all(answer.raw.status == 200 for got in answers.values() for answer in got)
    posted_once(issues, campaign)
    whole(pair, campaign)


def sent_by_all(pair, drafts):
    """Every draft of the list once, by whichever sender comes to it. Returns: answers by key."""
    todo, answers, broken = iter(drafts), {}, []
    lock, start = threading.Lock(), threading.Barrier(SENDERS)

    def send():
        sender = Counterpart(pair.counterpart(Role.WMS))
        start.wait()
        while True:
            with lock:
                draft = next(todo, None)
            if draft is None:
                return
            answer = sender.send(draft)
            while answer.refusal and answer.refusal.code is Code.RECORDS_BUSY:
                answer = sender.send(draft)  # as a sender is told to, under the same key
            with lock:
                answers.setdefault(draft.key, []).append(answer)

    def guarded():
        try:
            send()
        except BaseException as exc:
            broken.append(exc)
            raise

    threads = [threading.Thread(target=guarded) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken
    return answers


def posted_once(issues, campaign):
    """One movement for each issue, and as much less in stock as all of them took once."""
    client = issues.sut.client(Role.WMS)
    moved = Counter(row["cause"] for row in client.content("movements")["rows"])
    assert moved == {issues.names.id(f"ISSUE-{n}"): 1 for n in range(1, campaign.messages + 1)}
    held = [
        Decimal(row["quantity"]["value"])
        for row in client.content("containers")["rows"] if row["sscc"] in issues.containers
    ]
    taken = campaign.messages * Decimal("0.001")
    assert sum(held) == campaign.messages * Decimal(STOCK) - taken


def whole(pair, campaign):
    """The journal is one chain with every message and answer, the audit trail has no gap."""
    client = pair.client(Role.WMS)
    journal = client.content("journal")
    assert first_fault(journal["rows"], Link(), journal["lastPosition"]) is None
    received = [
        row for row in journal["rows"]
        if (row["operation"], row["kind"]) == ("wms/material-issued", "message")
    ]
    assert len(received) == campaign.messages * campaign.repeats
    audit = client.content("audit")
    assert [row["sequence"] for row in audit["rows"]] == list(range(1, audit["lastSequence"] + 1))
