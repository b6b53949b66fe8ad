"""One machine: a system of the reference in a process of its own, forked from the harness.

The harness has everything loaded, so a machine is up in hundredths of a second. It shares nothing
with the harness but the folder of its database and socket, and goes when the harness goes.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from contracts.model.ports import NoAnswer
from contracts.wire.asgi import App, AsyncAsgiTransport
from gxproof.machines import frames
from reference_impl.bootstrap import application, build
from reference_impl.identifiers import Ids
from reference_impl.settings import Settings

_PR_SET_PDEATHSIG = 1
DESCRIPTORS_MAX = 4096


class DidNotStart(RuntimeError):
    """A machine ended before it served."""


@dataclass(frozen=True)
class Plan:
    """What a machine is to run. ``folder`` holds the sockets; ``first`` is done before all."""

    settings: Settings
    folder: Path
    ids: str
    first: tuple[Callable[[], None], ...] = ()


def start(plan: Plan) -> int:
    """Start a machine. Returns: its process id, when it serves. Raises: DidNotStart."""
    told, tells = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if not child:
        os.close(told)
        _live(plan, tells)
    os.close(tells)
    try:
        if not os.read(told, 1):
            os.waitpid(child, 0)
            raise DidNotStart(f"{plan.settings.role} ended before it served")
    finally:
        os.close(told)
    return child


def _live(plan: Plan, tells: int) -> NoReturn:
    status = 1
    try:
        gc.freeze()
        # What the harness holds open is not this machine's; a connection that it drops has to end.
        os.closerange(3, tells)
        os.closerange(tells + 1, DESCRIPTORS_MAX)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for do in plan.first:
            do()
        asyncio.run(_serve(plan, tells))
        status = 0
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    os._exit(status)


async def _serve(plan: Plan, tells: int) -> None:
    own = plan.settings
    system = build(
        own, lambda url: frames.SocketTransport(plan.folder, url, own.identity.name),
        ids=Ids.seeded(plan.ids), process_id=f"machine {os.getpid()}",
    )
    app = application(system)
    path = plan.folder / f"{own.role}.sock"
    path.unlink(missing_ok=True)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    server = await asyncio.start_unix_server(lambda r, w: _answer(app, r, w), str(path))
    os.write(tells, b"1")
    os.close(tells)
    await stop.wait()
    server.close()
    system.close()


async def _answer(
    app: App, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        request, caller = frames.read_request(*await frames.receive_async(reader))
        response = await AsyncAsgiTransport(app, caller).send(request)
        writer.write(frames.response_frame(response))
        await writer.drain()
    except (NoAnswer, OSError, asyncio.IncompleteReadError):
        return
    finally:
        writer.close()
