"""The port through which the judge meets a pair of systems, wherever they run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from contracts.model.ports import AsyncTransport
from contracts.model.roles import Role
from contracts.wire.asgi import App
from contracts.wire.clients import SystemClient
from contracts.wire.https import TlsFiles

Mode = Literal["in process", "separate processes", "vendor system"]


class Hosted(Protocol):
    """An application of the harness that the systems can reach at ``url``."""

    url: str

    def close(self) -> None: ...


@dataclass(frozen=True)
class Conduit:
    """A way that is open: from which zone, to which zone, on which TCP port."""

    source: str
    target: str
    port: int


@dataclass(frozen=True)
class Network:
    """What a harness has to know to try the doors themselves. Source: URS-SEC-001, URS-SEC-002.

    ``refused`` are certificates of the site's own authority that its systems have to turn away, by
    what is wrong with them; ``rotate`` is the command that changes certificates and keys.
    """

    doors: Mapping[Role, tuple[str, int]]
    good: TlsFiles
    refused: Mapping[str, TlsFiles]
    rotate: tuple[str, ...] = ()
    conduits: tuple[Conduit, ...] = ()


class SystemUnderTest(Protocol):
    """A MES and a WMS that can be called, and whose messages can be led through the harness.

    ``concurrent`` says whether two callers can be inside a system at once; where they cannot, what
    depends on it is not shown. ``network`` is None where nothing travels over one.
    """

    name: str
    mode: Mode
    concurrent: bool

    @property
    def network(self) -> Network | None:
        """The doors of the systems, as something that can be knocked at."""
        ...

    def client(self, role: Role) -> SystemClient:
        """A client of a system under the harness's own account."""
        ...

    def counterpart(self, role: Role) -> SystemClient:
        """A client that plays the partner of ``role``: its account may call the exchange group.

        Each call gives a client with a connection of its own, so that threads can have one each.
        """
        ...

    def upstream(self, role: Role) -> AsyncTransport:
        """A transport to ``role`` under its real partner's certificate, for a relay."""
        ...

    def host(self, app: App) -> Hosted:
        """Let the systems reach an application of the harness."""
        ...

    def close(self) -> None:
        """End every connection and every hosted application."""
        ...
