"""The audit insert fails in 200 postings, at each of its entries: nothing of them stays."""

import pytest

from contracts.model.codes import Code
from contracts.model.messages.picks import PickConfirmed
from contracts.model.ports import HttpRequest
from contracts.model.roles import Role
from contracts.model.stimulus_faults import FailAudit
from contracts.record.strict_json import read_json
from contracts.wire.signing import sign
from tests.bench.bench import Facts

TRIALS = 200
# What is written whatever becomes of a message: nonces, and the fault itself.
_BESIDE = ('INSERT INTO "nonces"', "CREATE TRIGGER audit_fault")


@pytest.fixture
def facts(tmp_path):
    made = Facts(tmp_path)
    yield made
    made.pair.close()


def part_taken(facts, number):
    """A signed message that was never sent: a part of a container, into a container of its own."""
    names = facts.names
    data = PickConfirmed.model_validate({
        "confirmation_id": names.id(f"PART-{number}"), "request_id": names.id("REQUEST"),
        "line_id": "10", "order_id": names.id("PO-1001"), "material_id": names.id("LACTOSE"),
        "lot_id": names.id("LAC-0102"), "lot": names.lot_number("LAC-0102"),
        "source_container": names.sscc("C-03"), "container": names.sscc(f"PART-{number}"),
        "quantity": {"value": "0.010", "unit": "KGM"}, "from_location": names.id("RACK-A2"),
        "to_location": names.id("PLACE"), "scanned_at": facts._now,
        "picked_by": names.id("EX-PICK-1"), "station": "FORKLIFT-1",
    })
    draft = facts.counterpart.draft(
        "pick-confirmed", data, f"container/{names.sscc(f'PART-{number}')}", facts._now
    )
    headers = {"content-type": "application/cloudevents+json", "idempotency-key": draft.key or ""}
    return HttpRequest("POST", "/v1/exchange/pick-confirmed", "", headers, draft.raw)


def sent(facts, request):
    client = facts.counterpart.client
    return client.transport.send(
        sign(request, client.identity, int(client.wall()), client.nonce())
    )


def stored(facts):
    raw = facts.pair._systems[Role.MES].database._raw
    return [line for line in raw.iterdump() if not line.startswith(_BESIDE)]


def fail(facts, entry):
    answer = facts.pair.client(Role.MES).call("stimulus/fail-audit", FailAudit(entry=entry))
    assert answer.refusal is None, answer


def test_nothing_of_200_postings_stays_whose_entry_failed(facts):
    sent(facts, part_taken(facts, -2))
    before = stored(facts)
    sent(facts, part_taken(facts, -1))
    entries = sum('INSERT INTO "audit"' in line for line in set(stored(facts)) - set(before))
    assert entries > 1
    orphans, tried = [], set()
    for trial in range(TRIALS):
        entry = trial % entries + 1
        before = stored(facts)
        fail(facts, entry)
        answer = sent(facts, part_taken(facts, trial))
        fail(facts, None)
        assert answer.status == 503
        assert read_json(answer.body)["code"] == Code.AUDIT_NOT_WRITTEN
        orphans += sorted(set(stored(facts)) ^ set(before))
        tried.add(entry)
    assert orphans == []
    assert tried == set(range(1, entries + 1))


def test_the_same_message_is_posted_once_entries_are_taken_again(facts):
    request = part_taken(facts, 1)
    fail(facts, 2)
    assert sent(facts, request).status == 503
    fail(facts, None)
    assert sent(facts, request).status == 200
