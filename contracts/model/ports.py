"""The ports through which the judge meets a system, and a system meets its surroundings.

Each is a Protocol with few methods. An adapter maps its library's errors to NoAnswer at the
boundary; nothing else crosses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class HttpRequest:
    """One request. Header names are lower case; ``query`` has no question mark."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query as they stand in the request line."""
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True)
class HttpResponse:
    """One response. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoAnswer(Exception):
    """No response arrived: refused connection, timeout, reset. Whether it was done is unknown.

    ``sent`` is False only where it is certain that the request never left.
    """

    def __init__(self, reason: str, *, sent: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


class Transport(Protocol):
    """Carries one request to one system and brings its response. Raises: NoAnswer."""

    def send(self, request: HttpRequest) -> HttpResponse: ...


class AsyncTransport(Protocol):
    """The same for a caller inside an event loop: the shells and runners of a system."""

    async def send(self, request: HttpRequest) -> HttpResponse: ...


class Clock(Protocol):
    """The trusted clock of a site. The result is aware."""

    def now(self) -> datetime: ...


class Recorder(Protocol):
    """Takes down what a check saw. ``observe`` is for people, ``exchange`` keeps the bytes."""

    def observe(self, text: str) -> None: ...

    def exchange(
        self, system: str, request: HttpRequest, response: HttpResponse | None, note: str
    ) -> None: ...
