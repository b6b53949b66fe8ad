"""Calling an ASGI application in process, without an event loop and without httpx.

The application's coroutines must not wait for real I/O: they are driven by ``send(None)`` until
they end, which keeps a simulation deterministic and one call near 20 µs. The caller fills the TLS
extension of ASGI, so identity comes from there exactly as over HTTPS, never from a header.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any, TypeVar

from contracts.model.ports import HttpRequest, HttpResponse, NoAnswer

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
App = Callable[
    [Scope, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]
CONNECTION = "gxproof.connection"
T = TypeVar("T")


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Drive a coroutine that never waits. Raises: RuntimeError when it does."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        value: T = end.value
        return value
    coroutine.close()
    raise RuntimeError("an application in process waited for real input or output")


class AsyncAsgiTransport:
    """Carries requests to an application in the same process, from inside another one.

    ``client_name`` is the common name of the caller's certificate.
    """

    def __init__(self, app: App, client_name: str) -> None:
        self._app = app
        self._client_name = client_name

    async def send(self, request: HttpRequest) -> HttpResponse:
        """One exchange. Raises: NoAnswer when the application dropped the connection."""
        call = _Call(request, self._client_name)
        try:
            await self._app(call.scope, call.receive, call.take)
        except Exception:
            # A server answers 500 and logs; the caller sees the 500, as it would over HTTPS.
            if not call.answered:
                raise
        return call.response()


class AsgiTransport:
    """The same for a caller outside any event loop: the harness."""

    def __init__(self, app: App, client_name: str) -> None:
        self._inner = AsyncAsgiTransport(app, client_name)

    def send(self, request: HttpRequest) -> HttpResponse:
        """One exchange. Raises: NoAnswer when the application dropped the connection."""
        return run(self._inner.send(request))


class _Call:
    """One request on its way through an application."""

    def __init__(self, request: HttpRequest, client_name: str) -> None:
        self._body = request.body
        self._status = 0
        self._headers: dict[str, str] = {}
        self._parts: list[bytes] = []
        self._aborted = False
        self.scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "https",
            "path": request.path,
            "raw_path": request.path.encode("ascii", "replace"),
            "query_string": request.query.encode("ascii", "replace"),
            "root_path": "",
            "headers": [(k.encode(), v.encode("latin-1")) for k, v in request.headers.items()],
            "server": ("in-process", 443),
            "client": ("in-process", 0),
            "extensions": {
                "tls": {"tls_version": 0x0304, "client_cert_name": f"CN={client_name}"},
                CONNECTION: {"abort": self._abort},
            },
        }

    @property
    def answered(self) -> bool:
        """Whether the application began to answer."""
        return bool(self._status)

    def _abort(self) -> None:
        self._aborted = True

    async def receive(self) -> Message:
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = {k.decode(): v.decode("latin-1") for k, v in message["headers"]}
        else:
            self._parts.append(message.get("body", b""))

    def response(self) -> HttpResponse:
        if self._aborted or not self._status:
            raise NoAnswer("the connection was dropped without an answer")
        return HttpResponse(self._status, self._headers, b"".join(self._parts))
