"""A PostgreSQL server in a zone of its own: ``python -m gxproof.database_zone SETTINGS``.

Wherever the server stands, the zones see it at one address and port, behind the firewall: a process
takes connections there and carries their bytes to the server and back, TLS included. The settings
file is JSON: ``listen_fd`` (a socket bound in the zone), ``server`` (path of a local socket, or
host and port), ``lifeline_fd``. Source: URS-SEC-005.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

from reference_impl.store.postgres import connected

_AT_ONCE = 65536  # bytes


@dataclass(frozen=True)
class Whereabouts:
    """Where a server answers: at ``path``, where its host is a folder, else at host and port."""

    host: str
    address: str
    port: int

    @property
    def path(self) -> str:
        """The local socket; empty for a server in a network."""
        return f"{self.host}/.s.PGSQL.{self.port}" if self.host.startswith("/") else ""

    @property
    def server(self) -> list[str | int]:
        """What a process needs to reach it."""
        return [self.path] if self.path else [self.address or self.host, self.port]

    def seen_at(self, url: str, address: str, port: int) -> str:
        """The URL of an account for who reaches the server at another address.

        The server's name stays, because its certificate is made for it.
        """
        name = address if self.path else self.host
        return make_conninfo(url, host=name, hostaddr=address, port=port)


def whereabouts(owner_url: str) -> Whereabouts:
    """Where the server of a URL answered, whatever else the URL names. Raises: psycopg.Error."""
    with connected(owner_url) as connection:
        info = connection.info
        return Whereabouts(info.host, info.hostaddr, info.port)


def main(arguments: list[str]) -> int:
    """Carry bytes until the maker is gone or SIGTERM. Returns: 0."""
    (path,) = arguments
    settings = json.loads(Path(path).read_text())
    bound = socket.socket(fileno=settings["listen_fd"])
    asyncio.run(_carry(bound, settings["server"], settings["lifeline_fd"]))
    return 0


async def _carry(bound: socket.socket, server: list[str | int], lifeline: int) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(lifeline, ended.set)
    loop.add_signal_handler(signal.SIGTERM, ended.set)

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            from_server, to_server = await _reached(server)
            async with asyncio.TaskGroup() as both:
                both.create_task(_one_way(reader, to_server))
                both.create_task(_one_way(from_server, writer))
        writer.close()

    taking = await asyncio.start_server(connection, sock=bound)
    await ended.wait()
    taking.close()


async def _reached(server: list[str | int]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if len(server) == 1:
        return await asyncio.open_unix_connection(str(server[0]))
    host, port = server
    return await asyncio.open_connection(str(host), int(port))


async def _one_way(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What comes from one side goes to the other; where one ends, so does the other."""
    try:
        while carried := await reader.read(_AT_ONCE):
            writer.write(carried)
            await writer.drain()
    except OSError:
        pass  # a connection that breaks is an end like any other
    finally:
        writer.close()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
