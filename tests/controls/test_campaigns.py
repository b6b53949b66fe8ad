"""Many replays and many broken messages: none is posted, nothing breaks, each names its field.

The scenarios try some hundreds on any system; here it is the number that the requirement names.
"""

import json
import random
import time
from functools import cache

import pytest

from contracts.model.codes import Code
from contracts.model.inspection import InboxCounts, Inventory
from contracts.model.instants import read_timestamp
from contracts.model.operations import OPERATIONS
from contracts.model.ports import HttpRequest
from contracts.model.roles import Role
from contracts.record.canonical import canonical_bytes
from contracts.wire.publication import golden_messages
from contracts.wire.signing import sign
from features.broken_members import broken_members
from simulator.counterpart import new_message_id

NOW = read_timestamp("2026-03-30T09:00:00+02:00")
SEED = 20_261_123
MANY = [
    pytest.param(300, id="short"),
    pytest.param(10_000, id="whole", marks=pytest.mark.long),
]
# Bodies that no strict reader takes, and the status of their refusal.
STRICT = {
    "more than a mebibyte": (b" " * (1 << 20) + b"{}", 413),
    "thirty-three deep": (b"[" * 33 + b"]" * 33, 400),
    "thousands deep": (b"[" * 100_000, 400),
    "a member twice": (b'{"id": 1, "id": 1}', 400),
    "NaN": (b'{"id": NaN}', 400),
    "Infinity": (b'{"id": -Infinity}', 400),
    "no UTF-8": (b'{"id": "\xff\xfe"}', 400),
}
LIMIT_S, TRIES = 0.1, 5


def post(client, operation, raw, key):
    headers = {"content-type": operation.media_type, "idempotency-key": key}
    plain = HttpRequest("POST", operation.path, "", headers, raw)
    return client.transport.send(sign(plain, client.identity, int(client.wall()), client.nonce()))


def books(pair):
    client = pair.client(Role.WMS)
    return client.ask("inbox", InboxCounts).accepted, client.ask("inventory", Inventory)


@pytest.mark.parametrize("count", MANY)
def test_a_replay_is_never_accepted(in_process, count):
    client = in_process.counterpart(Role.WMS)
    operation = OPERATIONS["wms/message-status"]
    body = canonical_bytes({"messageId": str(new_message_id(NOW))})
    plain = HttpRequest("POST", operation.path, "", {"content-type": operation.media_type}, body)
    request = sign(plain, client.identity, int(client.wall()), client.nonce())
    assert client.transport.send(request).status == 200
    before = books(in_process)
    answers = [client.transport.send(request) for _ in range(count)]
    assert {answer.status for answer in answers} == {401}
    assert {json.loads(a.body)["code"] for a in answers} == {Code.UNAUTHENTICATED.value}
    assert books(in_process) == before


@cache
def good_messages():
    """One good message of each kind that the warehouse takes, as plain JSON."""
    found = {}
    for golden in golden_messages():
        step = golden.steps[0]
        is_ours = Role.WMS in golden.message.receivers and golden.to in (None, Role.WMS)
        if is_ours and step.expected.status == 200 and isinstance(step.body, dict):
            body = json.loads(json.dumps(step.body))
            if body["type"] == golden.message.type:
                found.setdefault(golden.message.name, body)
    return found


@cache
def broken_ones(name):
    return broken_members(Role.WMS, name, good_messages()[name])


def bad_messages(count):
    """Broken messages: each one of a kind has one member broken in a way of its own, or two."""
    choice = random.Random(SEED)
    names = sorted(good_messages())
    for n in range(count):
        name = names[n % len(names)]
        case = choice.choice(broken_ones(name))
        raw = bytearray(json.dumps(case.body).encode())
        if n % 3 == 2:  # and some that are cut or garbled besides
            place = choice.randrange(1, len(raw))
            raw = raw[:place] if n % 2 else raw[:place] + bytes([choice.randrange(256)]) + raw[place:]
        yield name, bytes(raw)


@pytest.mark.parametrize("count", MANY)
def test_no_broken_message_is_posted_and_each_refusal_names_its_field(in_process, count):
    client = in_process.counterpart(Role.WMS)
    before = books(in_process)
    pathless = []
    for n, (name, raw) in enumerate(bad_messages(count)):
        operation = OPERATIONS[f"wms/{name}"]
        answer = post(client, operation, raw, str(new_message_id(NOW)))
        assert 400 <= answer.status < 500, f"{n}: {name} {raw!r} got {answer.status}"
        problem = json.loads(answer.body)
        if problem["code"] == Code.SCHEMA_VIOLATION and not problem["path"]:
            pathless.append((n, name, raw))
        else:
            assert problem["path"] or problem["code"] == Code.UNREADABLE, problem
    assert pathless == []
    assert books(in_process) == before


@pytest.mark.parametrize(("raw", "status"), STRICT.values(), ids=STRICT)
def test_what_no_strict_reader_takes_is_refused_at_once(in_process, raw, status):
    client = in_process.counterpart(Role.WMS)
    taken = []
    for _ in range(TRIES):
        started = time.perf_counter()
        answer = post(client, OPERATIONS["wms/pick-requested"], raw, str(new_message_id(NOW)))
        taken.append(time.perf_counter() - started)
        assert answer.status == status
    # The fastest counts, because the machine may be busy with something else.
    assert min(taken) < LIMIT_S
