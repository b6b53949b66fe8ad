"""Every golden message of the released version gets its answer where the next one is taken too."""

from __future__ import annotations

import json

import pytest

from contracts.model.roles import Role
from contracts.record.digests import sha256
from contracts.wire.publication import PUBLISHED
from contracts.wire.system import StartedWith
from features.contract_editions import NEXT
from features.steps.rollout import play_golden
from gxproof.in_process import InProcessPair

GOLDENS = [
    json.loads(path.read_bytes()) for path in sorted((PUBLISHED / "golden").glob("*.json"))
]


def _played(started: StartedWith) -> tuple[list[tuple[int, str]], list[str]]:
    """Status and code of every answer, and the digests of what both systems show afterwards."""
    pair = InProcessPair(1, started=started)
    answers = []
    for golden in GOLDENS:
        for answer in play_golden(pair, golden):
            assert answer.raw is not None
            body = json.loads(answer.raw.body)
            answers.append((answer.raw.status, body.get("code") or body["status"]))
    states = []
    for role in Role:
        raw = pair.client(role).call("state").raw
        assert raw is not None
        states.append(sha256(raw.body))
    pair.close()
    return answers, states


@pytest.mark.long
def test_all_of_them_are_answered_and_posted_alike() -> None:
    published = [
        (step["expected"]["status"], step["expected"]["answer"].get("code")
         or step["expected"]["answer"]["status"])
        for golden in GOLDENS for step in golden["steps"]
    ]
    alone, beside = _played(StartedWith()), _played(StartedWith(editions=(NEXT,)))
    assert len(published) > len(GOLDENS) > 0
    assert alone[0] == published
    assert beside == alone
