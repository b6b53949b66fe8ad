"""The scripted inbound side: an address that answers what a system sends with what it is told to.

It plays a partner that defers, breaks down, is busy or gone, which the real one would not on
demand. Each answer of the script is given once, the last one for good.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.model.ports import HttpRequest, HttpResponse
from contracts.wire.asgi import CONNECTION, Scope
from simulator.relay import answer_with, read_request

# Makes the response to one request; None drops the connection without an answer.
Reaction = Callable[[HttpRequest], HttpResponse | None]


@dataclass
class Stub:
    """An ASGI application. ``script`` holds, by operation name, what it answers in turn.

    What the script does not name is never answered. ``seen`` are the names of all requests.
    """

    script: Mapping[str, list[Reaction]] = field(default_factory=dict)
    seen: list[tuple[str, HttpRequest]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Answer one request, or drop it."""
        request = await read_request(scope, receive)
        name = request.path.rpartition("/")[2]
        self.seen.append((name, request))
        turns = self.script.get(name, [])
        reaction = (turns.pop(0) if len(turns) > 1 else turns[0]) if turns else nothing
        response = reaction(request)
        if response is None:
            scope["extensions"][CONNECTION]["abort"]()
            await receive()
            return
        await answer_with(response, send)


def nothing(_: HttpRequest) -> HttpResponse | None:
    """The connection breaks."""
    return None


def status(code: int, **headers: str) -> Reaction:
    """An answer of something on the way, with no problem document."""
    content = {"content-type": "text/html", **headers}
    return lambda _: HttpResponse(code, content, b"<h1>sorry</h1>")


def acknowledgement(state: str) -> Reaction:
    """An acknowledgement of whatever message came."""

    def react(request: HttpRequest) -> HttpResponse:
        message = json.loads(request.body)
        return in_json({
            "status": state, "messageId": message["id"], "recordedAt": message["time"],
            "journalPosition": 1, "recordHash": "0" * 64,
        })

    return react


def in_json(content: Mapping[str, object]) -> HttpResponse:
    """A 200 answer."""
    return HttpResponse(200, {"content-type": "application/json"}, json.dumps(content).encode())
