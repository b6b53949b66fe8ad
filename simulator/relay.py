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
from simulator.faults import LINK, Cut, Faults, FaultState

_DROPPED_HEADERS = {"host", "connection", "transfer-encoding", "content-length", "date", "server"}


class Fate(StrEnum):
    """What happened to one attempt."""

    DELIVERED = "delivered"
    REQUEST_LOST = "request lost"
    REPLY_LOST = "reply lost after commit"
    DUPLICATED = "duplicated"
    UPSTREAM_LOST = "no answer from the receiver"


@dataclass(frozen=True)
class Passage:
    """One attempt of one message, or one question, as the relay saw it.

    ``subject`` is what the message says it is about; ``status`` is the receiver's answer, None
    where the request never reached it.
    """

    message: str
    subject: str
    business: dict[str, str]
    key: str
    attempt: int
    fate: Fate
    status: int | None
    replayed: bool
    fault: str | None


@dataclass
class Relay:
    """An ASGI application in front of one receiver.

    ``name`` maps identifiers on the wire to the plant's names; ``seen`` is told of each passage.
    """

    upstream: AsyncTransport
    faults: Faults
    name: Callable[[str], str]
    seen: Callable[[Passage], None]
    attempts: Counter[str] = field(default_factory=Counter)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass one request on, or lose it, or its reply, or pass it on twice."""
        request = await read_request(scope, receive)
        read = self._understand(request)
        self.attempts[read.key] += 1
        attempt = self.attempts[read.key]
        # Who asks how a message stands has noticed what befell it, as one who sends it again.
        fault = self.faults.hit(LINK, read.message, read.business, read.about or read.key)
        fate, response = await self._fate(request, read.key, fault)
        self.seen(
            Passage(
                message=read.message, subject=read.subject, business=read.business, key=read.key,
                attempt=attempt, fate=fate, status=response.status if response else None,
                replayed=response is not None and _replayed(response),
                fault=fault.plan.id if fault else None,
            )
        )
        if response is None or fate is Fate.REPLY_LOST:
            scope["extensions"][CONNECTION]["abort"]()
            await receive()  # the server learns of the end before this call returns
            return
        await answer_with(response, send)

    def _understand(self, request: HttpRequest) -> _Read:
        message = request.path.rpartition("/")[2]
        key = request.headers.get("idempotency-key") or f"question {sha256(request.body)}"
        try:
            content = read_json(request.body)
        except Unreadable:
            content = None
        content = content if isinstance(content, dict) else {}
        data = content.get("data", content)  # a question has no envelope
        data = data if isinstance(data, dict) else {}
        members = data.items()
        business = {k: self.name(v) for k, v in members if isinstance(v, str)}
        kind, _, about = str(content.get("subject", "")).partition("/")
        # What the link says of itself names documents by digests, which no other run repeats.
        subject = "link" if kind == "link" else self.name(about)
        about_message = str(data.get("messageId", "")) if message == _STATUS else ""
        subject = subject or business.get("lotId", "unknown")
        return _Read(message, subject, business, key, about_message)

    async def _fate(
        self, request: HttpRequest, key: str, fault: FaultState | None
    ) -> tuple[Fate, HttpResponse | None]:
        cut = fault.cut if fault else None
        if cut is Cut.BEFORE:
            return Fate.REQUEST_LOST, None
        try:
            response = await self.upstream.send(request)
            if cut is Cut.TWICE:
                again = await self.upstream.send(request)
                self.faults.doubled(key, noticed=_recognised(again))
        except NoAnswer:
            return Fate.UPSTREAM_LOST, None
        return _FATES.get(cut, Fate.DELIVERED), response


@dataclass(frozen=True)
class _Read:
    """What the relay understands of a request."""

    message: str
    subject: str
    business: dict[str, str]
    key: str
    about: str = ""


_STATUS = "message-status"
_FATES: dict[Cut | None, Fate] = {Cut.AFTER: Fate.REPLY_LOST, Cut.TWICE: Fate.DUPLICATED}


def _recognised(response: HttpResponse) -> bool:
    """Whether the second copy got the stored answer, or was refused as a replay on the link."""
    return _replayed(response) or response.status != 200


def _replayed(response: HttpResponse) -> bool:
    return response.headers.get(REPLAYED_HEADER) == "true"


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
