"""A nonce and what its message changed are one transaction: both stay, or neither does.

Whatever becomes of a message, it is spent; only a death before the commit leaves nothing at all.
"""

import pytest

from contracts.model.ports import HttpRequest
from contracts.model.questions import Use
from contracts.model.roles import Role
from contracts.model.stimulus_faults import FailAudit
from contracts.record.strict_json import read_json
from contracts.wire.signing import sign
from gxproof.in_process import InProcessPair
from reference_impl.records.asking import Question, Unanswered
from reference_impl.web import asking, receiving
from tests.issues import Issues

USED = "the nonce was used before"
POINTS = (
    "inbox.before-posting", "inbox.before-record", "inbox.after-record", "inbox.before-commit",
)


class Died(BaseException):
    """Stands for the end of the process: no handler of the code may see it."""


@pytest.fixture
def issues(tmp_path):
    pair = InProcessPair(1, tmp_path)
    yield Issues(pair, "N", 1)
    pair.close()


def signed(issues, raw=None):
    client, draft = issues.counterpart.client, issues.draft()
    headers = {
        "content-type": "application/cloudevents+json", "idempotency-key": draft.key or ""
    }
    request = HttpRequest(
        "POST", "/v1/exchange/material-issued", "", headers, draft.raw if raw is None else raw
    )
    return sign(request, client.identity, int(client.wall()), client.nonce())


def anew(issues, request):
    """The same message under a new signature."""
    client = issues.counterpart.client
    bare = {k: v for k, v in request.headers.items() if not k.startswith("signature")}
    again = HttpRequest(request.method, request.path, "", bare, request.body)
    return sign(again, client.identity, int(client.wall()), client.nonce())


def sent(issues, request):
    answer = issues.counterpart.client.transport.send(request)
    return answer.status, read_json(answer.body).get("detail", "")


def counted(issues):
    raw = issues.sut._systems[Role.WMS].database._raw
    return {
        table: raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("nonces", "journal", "inbox", "movements", "events", "audit")
    }


def change(before, after):
    return {table for table in before if before[table] != after[table]}


def handle(issues, monkeypatch, handler):
    handlers = issues.sut._systems[Role.WMS].handlers.messages
    monkeypatch.setitem(handlers, "material-issued", handler)


def test_the_nonce_of_a_posted_message_is_spent(issues):
    request = signed(issues)
    assert sent(issues, request)[0] == 200
    assert sent(issues, request) == (401, USED)
    assert sent(issues, anew(issues, request))[0] == 200


@pytest.mark.parametrize("raw", [b"{", b"{}", b'{"specversion": "1.0"}'])
def test_the_nonce_of_a_refused_message_is_spent(issues, raw):
    request = signed(issues, raw)
    before = counted(issues)
    status, detail = sent(issues, request)
    assert 400 <= status < 500
    assert detail != USED
    assert change(before, counted(issues)) == {"nonces", "journal", "audit"}
    assert sent(issues, request) == (401, USED)


def test_the_nonce_is_spent_and_nothing_else_stays_where_the_handler_breaks(issues, monkeypatch):
    def breaks(work, envelope):
        work.changed("lots", "L-1", "status", "RELEASED", "BLOCKED")
        raise RuntimeError("a fault of the code")

    request = signed(issues)
    with monkeypatch.context() as broken:
        handle(issues, broken, breaks)
        before = counted(issues)
        assert issues.counterpart.client.transport.send(request).status == 500
        assert change(before, counted(issues)) == {"nonces"}
    assert sent(issues, request) == (401, USED)
    assert sent(issues, anew(issues, request))[0] == 200


def test_the_nonce_is_spent_where_the_audit_trail_takes_nothing(issues):
    request, harness = signed(issues), issues.sut.client(Role.WMS)
    harness.call("stimulus/fail-audit", FailAudit(entry=1))
    before = counted(issues)
    assert sent(issues, request)[0] == 503
    assert change(before, counted(issues)) == {"nonces"}
    harness.call("stimulus/fail-audit", FailAudit(entry=None))
    assert sent(issues, request) == (401, USED)
    assert sent(issues, anew(issues, request))[0] == 200


def test_the_nonce_is_spent_before_the_partner_is_asked(issues, monkeypatch):
    """While it is waited for, the same request is refused; the work then begins anew once."""
    question, during = Question("LOT-1", None, next(iter(Use))), []
    post = issues.sut._systems[Role.WMS].handlers.messages["material-issued"]
    request = signed(issues)

    def asks(work, envelope):
        if question not in work.answers:
            work.changed("lots", "L-1", "status", "RELEASED", "BLOCKED")
            raise Unanswered((question,))
        return post(work, envelope)

    async def answered(system, asked):
        assert asked is question
        during.append(sent(issues, request))

    reached = []
    handle(issues, monkeypatch, asks)
    monkeypatch.setattr(asking, "_validate", answered)
    monkeypatch.setattr(receiving, "crash_point", reached.append)
    before = counted(issues)
    assert sent(issues, request)[0] == 200
    assert during == [(401, USED)]
    # The first time the nonce alone was committed; a message is, once it is answered.
    assert reached.count("inbox.after-commit") == 1
    after = counted(issues)
    assert after["nonces"] == before["nonces"] + 1
    assert after["movements"] == before["movements"] + 1
    assert after["inbox"] == before["inbox"] + 1


def died_at(point, issues, request, monkeypatch):
    """The receiver dies at a crash point of the request."""
    def dies(name):
        if name == point:
            raise Died(name)

    with monkeypatch.context() as armed:
        armed.setattr(receiving, "crash_point", dies)
        with pytest.raises(Died):
            issues.counterpart.client.transport.send(request)


@pytest.mark.parametrize("point", POINTS)
def test_a_death_before_the_commit_leaves_neither_nonce_nor_posting(issues, monkeypatch, point):
    request = signed(issues)
    before = counted(issues)
    died_at(point, issues, request, monkeypatch)
    assert change(before, counted(issues)) == set()
    assert sent(issues, request)[0] == 200
    assert sent(issues, request) == (401, USED)
    after = counted(issues)
    assert after["movements"] == before["movements"] + 1
    assert after["nonces"] == before["nonces"] + 1


def test_a_death_after_the_commit_leaves_both(issues, monkeypatch):
    request = signed(issues)
    before = counted(issues)
    died_at("inbox.after-commit", issues, request, monkeypatch)
    assert sent(issues, request) == (401, USED)
    assert sent(issues, anew(issues, request))[0] == 200
    assert counted(issues)["movements"] == before["movements"] + 1


def test_entries_of_what_is_taken_back_are_not_written(issues):
    """Those before and after it are, in their order and without a gap in their numbers."""
    system = issues.sut._systems[Role.WMS]
    with system.work(system.itself(), receiving.Cause("a test", "T-1")) as work:
        work.changed("lots", "first", "status", "a", "b")
        with work.connection.attempt() as attempt:
            work.changed("lots", "taken back", "status", "a", "b")
            attempt.take_back()
        with pytest.raises(ValueError), work.connection.attempt():
            work.changed("lots", "broken off", "status", "a", "b")
            raise ValueError("broken off")
        with work.connection.attempt():
            work.changed("lots", "second", "status", "a", "b")
        work.changed("lots", "third", "status", "a", "b")
    rows = system.database._raw.execute(
        "SELECT sequence, record_id FROM audit WHERE correlation_id = 'T-1' ORDER BY sequence"
    ).fetchall()
    assert [row["record_id"] for row in rows] == ["first", "second", "third"]
    first = rows[0]["sequence"]
    assert [row["sequence"] for row in rows] == [first, first + 1, first + 2]
