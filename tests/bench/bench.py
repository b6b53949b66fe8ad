"""``make bench``: what one posting costs, beside a yardstick timed in the same run.

CPU time, not wall time; medians of interleaved rounds; the machine and the versions are printed
with the numbers. The yardstick is the bare stack: FastAPI, pydantic and the same number of rows in
one SQLite transaction with ``synchronous=FULL`` through the driver, and none of the controls.
"""

from __future__ import annotations

import json
import platform
import sqlite3
import statistics
import sys
import time
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import FastAPI
from pydantic import BaseModel

from contracts.model.ports import HttpRequest
from contracts.model.roles import Role
from contracts.wire.asgi import AsgiTransport
from contracts.wire.signing import sign
from gxproof.in_process import InProcessPair
from simulator.campaign import run_shift
from simulator.counterpart import Counterpart
from simulator.namespace import Namespace
from simulator.opening import opening_load
from simulator.plant import DAY, EXAMPLE, read_plant
from simulator.schedule import expand
from simulator.site import Site

ROUNDS, PER_ROUND = 15, 20


def machine() -> str:
    """The machine and the versions that the numbers belong to."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    packages = ("starlette", "fastapi", "pydantic", "sqlalchemy", "simpy", "cryptography")
    shown = ", ".join(f"{name} {version(name)}" for name in packages)
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{model}, {platform.system()} {platform.release()}; {python}; {shown}"


class Facts:
    """``pick-confirmed`` postings, ready to be received by the MES of a fresh pair."""

    def __init__(self, folder: Path) -> None:
        self.pair = InProcessPair(1, folder)
        self.names = Namespace("B")
        plant = read_plant(EXAMPLE)
        site = Site(self.pair, self.names)
        site.set_clock(plant.site.start)
        site.load(opening_load(plant, self.names))
        self.counterpart = Counterpart(self.pair.counterpart(Role.MES))
        self._now = plant.site.start
        self._count = 0

    def request(self) -> HttpRequest:
        """One signed message that was never sent: a whole container that changes its place."""
        from contracts.model.messages.picks import PickConfirmed

        self._count += 1
        data = PickConfirmed.model_validate(
            {
                "confirmation_id": self.names.id(f"SCAN-{self._count}"),
                "request_id": self.names.id("REQUEST"),
                "line_id": "10",
                "order_id": self.names.id("PO-1001"),
                "material_id": self.names.id("LACTOSE"),
                "lot_id": self.names.id("LAC-0102"),
                "lot": self.names.lot_number("LAC-0102"),
                "source_container": self.names.sscc("C-03"),
                "container": self.names.sscc("C-03"),
                "quantity": {"value": "25.000", "unit": "KGM"},
                "from_location": self.names.id("RACK-A2"),
                "to_location": self.names.id(f"PLACE-{self._count}"),
                "scanned_at": self._now + timedelta(seconds=self._count),
                "picked_by": self.names.id("EX-PICK-1"),
                "station": "FORKLIFT-1",
            }
        )
        draft = self.counterpart.draft(
            "pick-confirmed", data, f"container/{self._count}", self._now
        )
        client = self.counterpart.client
        headers = {
            "content-type": "application/cloudevents+json", "idempotency-key": draft.key or ""
        }
        request = HttpRequest("POST", "/v1/exchange/pick-confirmed", "", headers, draft.raw)
        return sign(request, client.identity, int(client.wall()), client.nonce())

    def rows(self) -> int:
        """Rows that the receiver wrote so far."""
        return int(self.pair._systems[Role.MES].database._raw.total_changes)


class Bare(BaseModel):
    """The yardstick's body: the message, as loosely as the bare stack would read it."""

    id: str
    source: str
    type: str
    subject: str
    data: dict[str, object]


def bare_stack(folder: Path, rows: int) -> AsgiTransport:
    """FastAPI, pydantic and ``rows`` inserts in one FULL transaction; nothing else."""
    raw = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("CREATE TABLE posted (n INTEGER PRIMARY KEY, id TEXT, part INTEGER, body TEXT)")
    app = FastAPI()

    @app.post("/post")
    async def post(body: Bare) -> dict[str, str]:
        raw.execute("BEGIN IMMEDIATE")
        text = json.dumps(body.data)
        for part in range(rows):
            raw.execute(
                "INSERT INTO posted (id, part, body) VALUES (?, ?, ?)", (body.id, part, text)
            )
        raw.execute("COMMIT")
        return {"status": "ACCEPTED", "messageId": body.id}

    return AsgiTransport(app, "bench")


def timed(send, requests) -> float:
    """CPU milliseconds for each request."""
    started = time.process_time()
    for request in requests:
        assert send(request).status == 200
    return (time.process_time() - started) * 1000 / len(requests)


def posting(folder: Path) -> None:
    """Receiver's cost of one posting with every control on, against the bare stack."""
    facts = Facts(folder)
    receiver = facts.counterpart.client.transport
    timed(receiver.send, [facts.request() for _ in range(5)])
    before = facts.rows()
    timed(receiver.send, [facts.request()])
    rows = facts.rows() - before
    bare = bare_stack(folder, rows)
    full, yardstick = [], []
    for _ in range(ROUNDS):
        requests = [facts.request() for _ in range(PER_ROUND)]
        plain = [
            HttpRequest("POST", "/post", "", {"content-type": "application/json"}, r.body)
            for r in requests
        ]
        full.append(timed(receiver.send, requests))
        yardstick.append(timed(bare.send, plain))
    ratio = statistics.median(b / f for f, b in zip(full, yardstick, strict=True))
    print(f"posting pick-confirmed at the receiver, all controls on, {rows} rows, SQLite FULL:")
    print(f"  {statistics.median(full):.2f} ms CPU ({1000 / statistics.median(full):.0f} a second)")
    print(f"  bare stack with the same rows: {statistics.median(yardstick):.2f} ms CPU")
    print(f"  ratio (bare / full), median of {ROUNDS} rounds of {PER_ROUND}: {ratio:.2f}")
    facts.pair.close()


def day(folder: Path) -> None:
    """CPU of a plant's simulated day, and the share that the two systems do not use."""
    costs, shares, messages = [], [], []
    for seed in range(1, 4):
        where = folder / f"day-{seed}"
        where.mkdir()
        pair = InProcessPair(seed, where)
        inside = _Inside(pair)
        plant = expand(read_plant(DAY), seed)
        started = time.process_time()
        campaign = run_shift(plant, inside, seed, Namespace("B"))
        total = time.process_time() - started
        messages.append(campaign.counts["messages"])
        costs.append(total * 1000 / messages[-1])
        shares.append(1 - inside.seconds / total)
        pair.close()
    count = int(statistics.median(messages))
    print(f"a plant's day, {count} messages, database files, median of {len(costs)} seeds:")
    print(f"  {statistics.median(costs):.1f} ms CPU for each exchanged message, all calls included")
    print(f"  {statistics.median(shares) * 100:.0f} % of it outside the two systems")


class _Inside:
    """A pair whose clients add up the CPU time that their calls spend inside the systems."""

    def __init__(self, pair: InProcessPair) -> None:
        self._pair = pair
        self.seconds = 0.0

    def __getattr__(self, name: str):
        return getattr(self._pair, name)

    def client(self, role: Role):
        client = self._pair.client(role)
        inner = client.transport.send

        def send(request):
            started = time.process_time()
            try:
                return inner(request)
            finally:
                self.seconds += time.process_time() - started

        client.transport.send = send
        return client


def main() -> int:
    """Print everything."""
    print(machine())
    with TemporaryDirectory(prefix="gxproof-bench-") as name:
        posting(Path(name))
        day(Path(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
