"""Serving an ASGI application over TLS 1.3 with client certificates, for systems and relays.

Stock uvicorn hides the client's certificate from the application; the protocol class below puts
its name into the ASGI TLS extension and adds a way to drop the connection without an answer.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import threading
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from contracts.wire.asgi import CONNECTION, App
from contracts.wire.https import TlsFiles


def server_context(files: TlsFiles) -> ssl.SSLContext:
    """A TLS 1.3 server that demands a client certificate of the given CA."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(files.authority)
    context.load_cert_chain(files.certificate, files.key)
    return context


class TlsProtocol(H11Protocol):
    """HTTP/1.1 whose scope carries the peer's certificate name and an abort function."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _with_connection(self.app, transport)

    def shutdown(self) -> None:
        """Close; an idle connection at once, without waiting for the other side's goodbye."""
        super().shutdown()
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()


def _with_connection(app: Any, transport: asyncio.Transport) -> App:
    tls = transport.get_extra_info("ssl_object")
    extensions = {
        "tls": {
            "tls_version": 0x0304 if tls.version() == "TLSv1.3" else None,
            "client_cert_name": _common_name(tls.getpeercert()),
        },
        CONNECTION: {"abort": transport.abort},
    }

    async def with_connection(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "extensions": extensions}, receive, send)

    return with_connection


def _common_name(certificate: Any) -> str:
    names = [value for rdn in certificate["subject"] for key, value in rdn if key == "commonName"]
    return f"CN={names[0]}" if len(names) == 1 else ""


def configured(
    app: App, context: ssl.SSLContext, protocol: type[H11Protocol] = TlsProtocol
) -> uvicorn.Server:
    """A server for ``app``; the caller binds the socket."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=2,
            ssl_context_factory=lambda _config, _default: context,
        )
    )


def _quiet() -> None:
    """Dropped connections are a relay's work: nothing to report on the terminal of a run."""
    logger = logging.getLogger("uvicorn")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False


LOOPBACK = "127.0.0.1"


def bound_socket(address: str = LOOPBACK, port: int = 0) -> socket.socket:
    """A bound socket; port 0 takes a free one. Raises: OSError."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((address, port))
    return bound


class ThreadedServer:
    """A server in a thread of this process, for the harness's own relays."""

    def __init__(self, app: App, files: TlsFiles, address: str = LOOPBACK) -> None:
        _quiet()
        self._socket = bound_socket(address)
        self._server = configured(app, server_context(files))
        self.url = f"https://{address}:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._run, name=f"relay {self.url}", daemon=True)
        self._socket.listen()
        self._thread.start()

    def _run(self) -> None:
        asyncio.run(self._server.serve([self._socket]))

    def close(self) -> None:
        """Stop serving and wait for the thread."""
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()
