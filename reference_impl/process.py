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
import ssl
import sys
import threading
from pathlib import Path

from contracts.wire.serving import configured
from reference_impl import runner
from reference_impl.bootstrap import application, build
from reference_impl.process_settings import read_settings, read_trust
from reference_impl.rotation import Connector, Rotation
from reference_impl.system import System
from reference_impl.web.doors import accepted_names, client_context, door_protocol


def main(arguments: list[str]) -> int:
    """Run one process until SIGTERM. Returns: 0."""
    logging.basicConfig(level=logging.WARNING)
    part, path = arguments
    content = json.loads(Path(path).read_text())
    _end_with_maker(int(content["lifeline_fd"]))
    trust, settings = read_trust(content), read_settings(content)
    connector = Connector(trust, settings.role.partner)
    system = build(settings, connector, process_id=process_id())
    rotation = Rotation(Path(path), system, connector)
    if part == "broker":
        asyncio.run(_receive(system, content["broker"], rotation, client_context(trust)))
    elif part == "http":
        bound = socket.socket(fileno=int(content["listen_fd"]))
        asyncio.run(_serve(system, rotation, bound))
    else:
        asyncio.run(_run(system, rotation))
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


async def _serve(system: System, rotation: Rotation, bound: socket.socket) -> None:
    door = door_protocol(accepted_names(lambda: system.settings))
    server = configured(application(system), rotation.doors, door)
    watching = asyncio.create_task(rotation.watch(lambda: False))
    try:
        await server.serve([bound])
    finally:
        watching.cancel()


async def _receive(
    system: System, broker: dict[str, str], rotation: Rotation, context: ssl.SSLContext
) -> None:
    """Take what the partner sends out of the broker until SIGTERM."""
    from contracts.wire.broker import BrokerReceiver  # noqa: PLC0415

    url = broker["url"]
    receiver = BrokerReceiver(
        url, system.settings.role, application(system), broker["sender"],
        tls=context if url.startswith("tls:") else None,
    )
    receiving = asyncio.create_task(receiver.run())
    watching = asyncio.create_task(rotation.watch(lambda: False))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, receiving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await receiving
    watching.cancel()


async def _run(system: System, rotation: Rotation) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    watching = asyncio.create_task(rotation.watch(stop.is_set))
    try:
        await runner.run(system, stop.is_set)
    finally:
        watching.cancel()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
