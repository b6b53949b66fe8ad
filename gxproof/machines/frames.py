"""Requests and responses over a Unix socket: a header in JSON and a body, each with its length.

It carries what HTTP would, and the name that a certificate would give, at a tenth of the cost. TLS
and HTTP are no subject here; what dies, comes back and repeats itself is.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from pathlib import Path
from typing import Any

from contracts.model.ports import HttpRequest, HttpResponse, NoAnswer

_LENGTHS = struct.Struct(">II")
SCHEME = "asgi://"


def packed(header: dict[str, Any], body: bytes) -> bytes:
    """One frame."""
    head = json.dumps(header).encode()
    return _LENGTHS.pack(len(head), len(body)) + head + body


def request_frame(request: HttpRequest, caller: str) -> bytes:
    """A request under the certificate name of its caller."""
    return packed({
        "method": request.method, "path": request.path, "query": request.query,
        "headers": dict(request.headers), "caller": caller,
    }, request.body)


def response_frame(response: HttpResponse) -> bytes:
    """A response."""
    return packed({"status": response.status, "headers": dict(response.headers)}, response.body)


def read_request(header: dict[str, Any], body: bytes) -> tuple[HttpRequest, str]:
    """The request of a frame, and who sent it."""
    parts = (header["method"], header["path"], header["query"], header["headers"])
    return HttpRequest(*parts, body), header["caller"]


def read_response(header: dict[str, Any], body: bytes) -> HttpResponse:
    """The response of a frame."""
    return HttpResponse(header["status"], header["headers"], body)


def receive(connection: socket.socket) -> tuple[dict[str, Any], bytes]:
    """One frame. Raises: NoAnswer when the other end is gone before its end."""
    head_length, body_length = _LENGTHS.unpack(_exactly(connection, _LENGTHS.size))
    head = _exactly(connection, head_length)
    return json.loads(head), _exactly(connection, body_length)


async def receive_async(reader: asyncio.StreamReader) -> tuple[dict[str, Any], bytes]:
    """The same inside an event loop. Raises: asyncio.IncompleteReadError."""
    head_length, body_length = _LENGTHS.unpack(await reader.readexactly(_LENGTHS.size))
    head = await reader.readexactly(head_length)
    return json.loads(head), await reader.readexactly(body_length)


class SocketTransport:
    """Carries requests from inside a machine to another one, each over a connection of its own."""

    def __init__(self, folder: Path, url: str, caller: str) -> None:
        self._path = str(folder / f"{url.removeprefix(SCHEME)}.sock")
        self._caller = caller

    async def send(self, request: HttpRequest) -> HttpResponse:
        """One exchange. Raises: NoAnswer."""
        try:
            reader, writer = await asyncio.open_unix_connection(self._path)
        except OSError as exc:
            raise NoAnswer(f"nothing answers there: {exc}", sent=False) from exc
        try:
            writer.write(request_frame(request, self._caller))
            await writer.drain()
            return read_response(*await receive_async(reader))
        except (OSError, asyncio.IncompleteReadError) as exc:
            raise NoAnswer("the connection ended without an answer") from exc
        finally:
            writer.close()


def _exactly(connection: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        try:
            part = connection.recv(count - len(parts))
        except OSError as exc:
            raise NoAnswer(f"the connection broke: {exc}") from exc
        if not part:
            raise NoAnswer("the connection ended without an answer")
        parts += part
    return bytes(parts)
