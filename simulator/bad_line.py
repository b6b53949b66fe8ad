"""A line that is bad in a given way: it loses, repeats and forgets to answer by number.

Beside the relay, whose faults are anchored to business events of a plant; here they are counted, so
that a scenario can say how many of each there were.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from contracts.model.ports import AsyncTransport, HttpRequest, HttpResponse, NoAnswer
from contracts.wire.asgi import CONNECTION, Scope
from simulator.relay import answer_with, read_request


@dataclass
class Line:
    """An ASGI application in front of a receiver: it loses requests or answers, or brings twice.

    ``message`` names the kind that is counted, from 1; everything else passes. ``seen`` counts the
    attempts of each key, ``felt`` what was done to them.
    """

    upstream: AsyncTransport
    message: str
    lost: frozenset[int]
    unanswered: frozenset[int]
    twice: frozenset[int]
    seen: Counter[str] = field(default_factory=Counter)
    felt: Counter[str] = field(default_factory=Counter)
    number: int = 0

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass one request on, or lose it, or its answer, or pass it on twice."""
        request = await read_request(scope, receive)
        response = None
        if request.path.endswith(f"/{self.message}"):
            self.seen[request.headers["idempotency-key"]] += 1
            self.number += 1
            number = self.number
        else:
            number = 0
        if number in self.lost:
            self.felt["lost"] += 1
        else:
            response = await self._passed_on(request)
        if number in self.twice:
            self.felt["twice"] += 1
            await self._passed_on(request)
        if number in self.unanswered:
            self.felt["unanswered"] += 1
            response = None
        if response is None:
            scope["extensions"][CONNECTION]["abort"]()
            await receive()
            return
        await answer_with(response, send)

    async def _passed_on(self, request: HttpRequest) -> HttpResponse | None:
        try:
            return await self.upstream.send(request)
        except NoAnswer:
            return None
