"""A hop on the way to a system: it can keep messages, and change what a restored system is told.

It ends TLS as a broker or a gateway does; what it must not be able to do, signatures prevent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from contracts.model.ports import AsyncTransport, HttpRequest, HttpResponse, NoAnswer
from contracts.record.canonical import canonical_bytes
from contracts.record.strict_json import read_json
from contracts.wire.asgi import CONNECTION, Scope
from simulator.relay import answer_with, read_request

_TOLD = "exchanged-since"


@dataclass
class Hop:
    """An ASGI application in front of one receiver.

    It passes requests on; while it ``keeps``, messages stay with it, and while it ``changes``, the
    reply about what was exchanged is another. ``changed`` counts those.
    """

    upstream: AsyncTransport
    keeps: bool = False
    changes: bool = False
    kept: list[HttpRequest] = field(default_factory=list)
    changed: int = 0

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on, or keep it and break the connection."""
        request = await read_request(scope, receive)
        response = await self._response(request)
        if response is None:
            scope["extensions"][CONNECTION]["abort"]()
            await receive()
            return
        await answer_with(response, send)

    async def _response(self, request: HttpRequest) -> HttpResponse | None:
        if self.keeps and "idempotency-key" in request.headers:
            self.kept.append(request)
            return None
        try:
            response = await self.upstream.send(request)
        except NoAnswer:
            return None
        is_told = request.path.endswith(f"/{_TOLD}") and response.status == 200
        return self._otherwise(response) if self.changes and is_told else response

    def _otherwise(self, response: HttpResponse) -> HttpResponse:
        """The reply with another end of the journal in it, and everything else as it was."""
        self.changed += 1
        content: Any = read_json(response.body)
        content["askerPosition"] += 1
        return replace(response, body=canonical_bytes(content))
