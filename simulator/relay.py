"""The relay between the two systems: it reads business messages and loses what it is told to.

It understands HTTP, so it can promise what a TCP proxy cannot: deliver the request, let the
receiver commit, read the whole answer, and then lose it. Signatures pass through unchanged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from contracts.model.answers import REPLAYED_HEADER
from contracts.model.ports import AsyncTransport, HttpRequest, HttpResponse, NoAnswer
from contracts.record.digests import sha256
from contracts.record.strict_json import Unreadable, read_json
from contracts.wire.asgi import CONNECTION, Message, Scope
from simulator.plant import FaultPart

_DROPPED_HEADERS = {"host", "connection", "transfer-encoding", "content-length", "date", "server"}


class Fate(StrEnum):
    """What happened to one attempt."""

    DELIVERED = "delivered"
    REQUEST_LOST = "request lost"
    REPLY_LOST = "reply lost after commit"
    UPSTREAM_LOST = "no answer from the receiver"


@dataclass(frozen=True)
class Passage:
    """One attempt of one message, or one question, as the relay saw it.

    ``status`` is the receiver's answer; None where the request never reached it.
    """

    message: str
    business: dict[str, str]
    key: str
    attempt: int
    fate: Fate
    status: int | None
    replayed: bool
    fault: str | None


@dataclass
class FaultState:
    """One planned fault and what became of it.

    ``fired``: how often it struck. ``felt``: whether a sender noticed, that is, tried again
    after the last strike.
    """

    plan: FaultPart
    fired: int = 0
    felt: bool = False

    def strikes(self, message: str, business: dict[str, str], attempt: int) -> bool:
        """Whether this attempt of this message is to be hit."""
        first, last = self.plan.attempt, self.plan.attempt + self.plan.attempts - 1
        return self.concerns(message, business) and first <= attempt <= last

    def concerns(self, message: str, business: dict[str, str]) -> bool:
        """Whether the fault is anchored to this message."""
        if message != self.plan.message:
            return False
        return all(business.get(name) == value for name, value in self.plan.where.items())


@dataclass
class Relay:
    """An ASGI application in front of one receiver.

    ``name`` maps identifiers on the wire to the plant's names; ``seen`` is told of each passage.
    """

    upstream: AsyncTransport
    faults: tuple[FaultState, ...]
    name: Callable[[str], str]
    seen: Callable[[Passage], None]
    attempts: Counter[str] = field(default_factory=Counter)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass one request on, or lose it, or its reply."""
        request = await read_request(scope, receive)
        message, business, key = self._understand(request)
        self.attempts[key] += 1
        fault = self._struck(message, business, self.attempts[key])
        passage, response = await self._pass_on(request, (message, business, key), fault)
        self.seen(passage)
        if response is None or passage.fate is not Fate.DELIVERED:
            scope["extensions"][CONNECTION]["abort"]()
            await receive()  # the server learns of the end before this call returns
            return
        await answer_with(response, send)

    def _understand(self, request: HttpRequest) -> tuple[str, dict[str, str], str]:
        message = request.path.rpartition("/")[2]
        key = request.headers.get("idempotency-key") or f"question {sha256(request.body)}"
        try:
            content = read_json(request.body)
            # A question has no envelope: its body is all that it says.
            data = content.get("data", content)
        except (Unreadable, AttributeError):
            data = {}
        members = data.items() if isinstance(data, dict) else ()
        business = {k: self.name(v) for k, v in members if isinstance(v, str)}
        return message, business, key

    def _struck(self, message: str, business: dict[str, str], attempt: int) -> FaultState | None:
        struck = None
        for fault in self.faults:
            if fault.strikes(message, business, attempt):
                fault.fired += 1
                struck = struck or fault
            elif fault.concerns(message, business) and fault.fired:
                fault.felt = True
        return struck

    async def _pass_on(
        self, request: HttpRequest, about: tuple[str, dict[str, str], str],
        fault: FaultState | None,
    ) -> tuple[Passage, HttpResponse | None]:
        message, business, key = about
        fate, response = await self._fate(request, fault)
        passage = Passage(
            message=message, business=business, key=key, attempt=self.attempts[key], fate=fate,
            status=response.status if response else None,
            replayed=response is not None and response.headers.get(REPLAYED_HEADER) == "true",
            fault=fault.plan.id if fault else None,
        )
        return passage, response

    async def _fate(
        self, request: HttpRequest, fault: FaultState | None
    ) -> tuple[Fate, HttpResponse | None]:
        if fault and fault.plan.kind == "request lost":
            return Fate.REQUEST_LOST, None
        try:
            response = await self.upstream.send(request)
        except NoAnswer:
            return Fate.UPSTREAM_LOST, None
        return (Fate.REPLY_LOST if fault else Fate.DELIVERED), response


async def read_request(scope: Scope, receive: Any) -> HttpRequest:
    """One request as it came, without the headers of its connection."""
    body = b""
    while True:
        part = await receive()
        body += part.get("body", b"")
        if not part.get("more_body"):
            break
    headers = {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in scope["headers"]
        if name.decode("latin-1") not in _DROPPED_HEADERS
    }
    query = scope["query_string"].decode("latin-1")
    return HttpRequest(scope["method"], scope["path"], query, headers, body)


async def answer_with(response: HttpResponse, send: Any) -> None:
    """Answer with a response, without the headers of another connection."""
    headers = [
        (name.lower().encode(), value.encode("latin-1"))
        for name, value in response.headers.items()
        if name.lower() not in _DROPPED_HEADERS
    ]
    headers.append((b"content-length", str(len(response.body)).encode()))
    start: Message = {
        "type": "http.response.start", "status": response.status, "headers": headers
    }
    await send(start)
    await send({"type": "http.response.body", "body": response.body})
