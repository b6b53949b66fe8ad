"""``make bench``: what a ``material-issued`` costs its receiver and its sender, on both databases.

CPU time of the process, medians of interleaved rounds, beside the bare stack on the same database:
FastAPI, a pydantic model of the message, and as many rows in one transaction by the driver. On
PostgreSQL the server does its part in a process of its own, which is told beside it for both.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from contracts.model.answers import Acknowledgement, AckStatus
from contracts.model.identifiers import MessageId
from contracts.model.messages import MESSAGES
from contracts.model.ports import HttpRequest, HttpResponse
from contracts.model.roles import Role
from contracts.record.canonical import canonical_bytes
from contracts.wire.signing import sign
from gxproof.in_process import InProcessPair
from reference_impl.link.outbox import About, put
from reference_impl.records.work import Cause
from reference_impl.store.postgres import connected
from reference_impl.web.stimulating import run_due
from tests.bench.bare_stack import Insert, bare
from tests.bench.bench import PER_ROUND, ROUNDS, machine, timed
from tests.issues import Issues
from tests.postgres_server import NoServer, schemas, server

CONTAINERS = 5


@dataclass(frozen=True)
class Engine:
    """A database, and the CPU seconds that its own processes have used so far."""

    name: str
    pair: InProcessPair
    insert: Insert
    beside: Callable[[], float]


def requests_of(issues: Issues, count: int) -> list[HttpRequest]:
    """Signed facts that were never sent."""
    client, made = issues.counterpart.client, []
    for _ in range(count):
        draft = issues.draft()
        headers = {
            "content-type": "application/cloudevents+json", "idempotency-key": draft.key or ""
        }
        request = HttpRequest("POST", "/v1/exchange/material-issued", "", headers, draft.raw)
        made.append(sign(request, client.identity, int(client.wall()), client.nonce()))
    return made


def receiving(engine: Engine, rows: int) -> None:
    """Receiver's cost with every control on, against the bare stack."""
    issues = Issues(engine.pair, "B", CONTAINERS)
    receiver = issues.counterpart.client.transport
    yardstick = bare(engine.insert, rows)
    timed(receiver.send, requests_of(issues, 10))
    full, plain, beside = [], [], [0.0, 0.0]
    for _ in range(ROUNDS):
        requests = requests_of(issues, PER_ROUND)
        bodies = [
            HttpRequest("POST", "/post", "", {"content-type": "application/json"}, r.body)
            for r in requests
        ]
        for place, (send, sent, kept) in enumerate(
            ((receiver.send, requests, full), (yardstick.send, bodies, plain))
        ):
            before = engine.beside()
            kept.append(timed(send, sent))
            beside[place] += engine.beside() - before
    count = ROUNDS * PER_ROUND
    server_ms = [1000 * seconds / count for seconds in beside]
    told = f" + {server_ms[0]:.2f} ms of the server" if any(server_ms) else ""
    bare_told = f" + {server_ms[1]:.2f} ms of the server" if any(server_ms) else ""
    ratio = statistics.median(b / f for f, b in zip(full, plain, strict=True))
    median = statistics.median(full)
    print(f"material-issued at the receiver, all controls on, {rows} rows, {engine.name}:")
    print(f"  {median:.2f} ms CPU{told} ({1000 / median:.0f} a CPU-second)")
    print(f"  bare stack with the same rows: {statistics.median(plain):.2f} ms CPU{bare_told}")
    print(f"  ratio (bare / full), median of {ROUNDS} rounds of {PER_ROUND}: {ratio:.2f}")


class _Accepting:
    """A partner that acknowledges at once, so that the sender alone is measured."""

    async def send(self, request: HttpRequest) -> HttpResponse:
        answer = Acknowledgement(
            status=AckStatus.ACCEPTED, message_id=MessageId(request.headers["idempotency-key"]),
            recorded_at=datetime.now(UTC), journal_position=1, record_hash="0" * 64,
        )
        body = canonical_bytes(answer.to_json())
        return HttpResponse(200, {"content-type": "application/json"}, body)


def sending(engine: Engine) -> None:
    """Sender's cost: outbox, journal, signature, answer and what is settled by it."""
    issues = Issues(engine.pair, "S", CONTAINERS)
    system = engine.pair._systems[Role.MES]
    system.connect = lambda _: _Accepting()
    message = MESSAGES["material-issued"]
    costs = []
    for _ in range(ROUNDS):
        drafts = [message.envelope.from_json(json.loads(issues.draft().raw)) for _ in range(PER_ROUND)]
        started = time.process_time()
        for draft in drafts:
            with system.work(system.itself(), Cause("bench", "B-1")) as work:
                put(work, message, draft.data, About(f"container/{draft.data.to_container}", "B-1"))
        done = asyncio.run(run_due(system))
        costs.append((time.process_time() - started) * 1000 / PER_ROUND)
        assert done.delivered >= PER_ROUND
    print(f"  its sender: {statistics.median(costs):.2f} ms CPU, from outbox to settled answer")


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Engine]:
    """Database files, every commit synced."""
    raw = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("CREATE TABLE posted (n INTEGER PRIMARY KEY, id TEXT, part INTEGER, body TEXT)")

    def insert(rows: list[tuple[str, int, str]]) -> None:
        raw.execute("BEGIN IMMEDIATE")
        for row in rows:
            raw.execute("INSERT INTO posted (id, part, body) VALUES (?, ?, ?)", row)
        raw.execute("COMMIT")

    pair = InProcessPair(1, folder)
    yield Engine(f"SQLite {sqlite3.sqlite_version} FULL", pair, insert, lambda: 0.0)
    pair.close()


@contextmanager
def on_postgres() -> Iterator[Engine]:
    """A server of the tests; every commit synced. Raises: NoServer."""
    with ExitStack() as stack:
        found = stack.enter_context(server())
        made = stack.enter_context(schemas(found.url))
        raw = stack.enter_context(connected(found.url))
        raw.prepare_threshold = 5  # as psycopg has it by itself; the reference prepares otherwise
        posted = f"{made[Role.WMS].schema}.bare"  # is removed with the schema
        raw.execute(  # no temporary one: its commits would wait for no sync
            f"CREATE TABLE {posted} "
            "(n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text, part bigint, body text)"
        )
        statement = f"INSERT INTO {posted} (id, part, body) VALUES (%s, %s, %s)"

        def insert(rows: list[tuple[str, int, str]]) -> None:
            raw.execute("BEGIN")
            for row in rows:
                raw.execute(statement, row)
            raw.execute("COMMIT")

        pair = InProcessPair(1, urls={role: known.url for role, known in made.items()})
        stack.callback(pair.close)
        name = f"PostgreSQL {pair._systems[Role.WMS].database.engine().version} ({found.kind})"
        yield Engine(name, pair, insert, _server_seconds(raw, pair))


def _server_seconds(
    raw: psycopg.Connection[dict[str, object]], pair: InProcessPair
) -> Callable[[], float]:
    """CPU of the server's processes for these connections, where they run on this machine."""
    numbers = [raw.info.backend_pid]
    numbers += [system.database._connection().info.backend_pid for system in pair._systems.values()]
    stats = [Path(f"/proc/{number}/stat") for number in numbers]

    def seconds() -> float:
        ticks = 0
        for path in stats:
            if path.exists() and "postgres" in path.read_text():
                fields = path.read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks / 100

    return seconds


def rows_of_one(folder: Path) -> int:
    """Rows that one issue writes at its receiver; the same statements run on both engines."""
    pair = InProcessPair(1, folder)
    issues = Issues(pair, "R", CONTAINERS)
    raw = pair._systems[Role.WMS].database._raw
    timed(issues.counterpart.client.transport.send, requests_of(issues, 10))
    before = raw.total_changes
    timed(issues.counterpart.client.transport.send, requests_of(issues, 1))
    written = raw.total_changes - before
    pair.close()
    return int(written)


def main() -> int:
    """Print everything."""
    print(machine())
    with TemporaryDirectory(prefix="gxproof-bench-") as name:
        folder = Path(name)
        (folder / "one").mkdir()
        rows = rows_of_one(folder / "one")
        with on_sqlite(folder) as engine:
            receiving(engine, rows)
            sending(engine)
    try:
        with on_postgres() as engine:
            receiving(engine, rows)
            sending(engine)
    except NoServer as exc:
        print(f"no PostgreSQL to measure on: {exc}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
