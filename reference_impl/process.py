"""One process of a system: ``python -m reference_impl.process http|runner|broker SETTINGS``.

The settings file is JSON, written by whoever starts the process; keys and certificates are files.
The HTTP process serves on an inherited socket, so that its port is known before it starts. The
broker process, for plants that have one, takes messages and questions out of NATS; the settings
then hold ``broker``: its ``url``, and as ``sender`` the name in the certificate of the partner.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import sys
import threading
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from contracts.model.ports import AsyncTransport
from contracts.model.roles import Role
from contracts.wire.https import AsyncHttpsTransport, TlsFiles, client_context
from contracts.wire.identity import Account, Identity, KnownIdentity, read_private_key
from contracts.wire.serving import configured
from reference_impl import runner
from reference_impl.bootstrap import application, build
from reference_impl.settings import CHEAP, PasswordCost, Settings
from reference_impl.system import System

_BROKERS = ("nats:", "tls:")


def main(arguments: list[str]) -> int:
    """Run one process until SIGTERM. Returns: 0."""
    logging.basicConfig(level=logging.WARNING)
    part, path = arguments
    content = json.loads(Path(path).read_text())
    _end_with_maker(int(content["lifeline_fd"]))
    tls = TlsFiles(*(Path(content["tls"][n]) for n in ("authority", "certificate", "key")))
    settings = _settings(content)
    system = build(settings, _connector(tls, settings.role.partner), process_id=process_id())
    if part == "broker":
        asyncio.run(_receive(system, content["broker"], tls))
    elif part == "http":
        bound = socket.socket(fileno=int(content["listen_fd"]))
        asyncio.run(configured(application(system), tls).serve([bound]))
    else:
        asyncio.run(_run(system))
    system.close()
    return 0


def _end_with_maker(lifeline: int) -> None:
    """End in an orderly way when whoever started this process is gone."""

    def watch() -> None:
        os.read(lifeline, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def process_id() -> str:
    """This process, named so that a later one with the same number has another name."""
    started = Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]
    return f"pid {os.getpid()} started at tick {started}"


async def _receive(system: System, broker: dict, tls: TlsFiles) -> None:  # type: ignore[type-arg]
    """Take what the partner sends out of the broker until SIGTERM."""
    from contracts.wire.broker import BrokerReceiver  # noqa: PLC0415

    url = broker["url"]
    context = client_context(tls) if url.startswith("tls:") else None
    receiver = BrokerReceiver(
        url, system.settings.role, application(system), broker["sender"], tls=context
    )
    receiving = asyncio.create_task(receiver.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, receiving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await receiving


async def _run(system: System) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await runner.run(system, stop.is_set)


def _connector(tls: TlsFiles, to: Role):  # type: ignore[no-untyped-def]
    """The way to the partner by the scheme of its address: HTTPS, or a broker."""
    context = client_context(tls)

    @lru_cache(maxsize=16)
    def connect(url: str) -> AsyncTransport:
        if url.startswith(_BROKERS):
            # A plant without a broker needs none of its libraries.
            from contracts.wire.broker import BrokerTransport  # noqa: PLC0415

            return BrokerTransport(url, to, context if url.startswith("tls:") else None)
        return AsyncHttpsTransport(url, context)

    return connect


def _settings(content: dict) -> Settings:  # type: ignore[type-arg]
    own = content["identity"]
    return Settings(
        role=Role(content["role"]),
        identity=Identity(
            own["source"], Account(content["role"]), own["name"],
            read_private_key(Path(own["signing_key"])),
        ),
        partners=tuple(
            KnownIdentity(p["source"], Account(p["account"]), p["name"],
                          bytes.fromhex(p["public_key"]), frozenset(p["operations"]),
                          p["owner"])
            for p in content["partners"]
        ),
        partner_system=content["partner_system"],
        partner_url=content["partner_url"],
        checkpoints=Path(content["checkpoints"]) if "checkpoints" in content else None,
        database=Path(content["database"]) if "database" in content else None,
        database_url=content.get("database_url", ""),
        site_zone=ZoneInfo(content["site_zone"]),
        test_mode=content["test_mode"],
        password_cost=CHEAP if content["test_mode"] else PasswordCost(),
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
