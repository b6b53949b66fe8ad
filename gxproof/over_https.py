"""A pair of systems behind HTTPS, whoever made them: the same port as the pair in process."""

from __future__ import annotations

from urllib.parse import urlsplit

from contracts.model.ports import AsyncTransport
from contracts.model.roles import Role
from contracts.wire.asgi import App
from contracts.wire.clients import SystemClient
from contracts.wire.https import AsyncHttpsTransport, HttpsTransport, client_context
from contracts.wire.identity import Account
from contracts.wire.serving import ThreadedServer
from contracts.wire.system import (
    CheckpointPlace,
    Conduit,
    Machines,
    Mode,
    Network,
    PeopleCredentials,
    StartedWith,
    SystemUnderTest,
)
from gxproof.target import ServiceAccount, Target, identity_of
from simulator.authenticator import EXAMPLE_PEOPLE


class HttpsPair:
    """The systems that a target file names."""

    concurrent = True

    def __init__(self, target: Target) -> None:
        self.target = target
        self.name = target.name
        people = target.people
        self.people = (
            PeopleCredentials(people.password, people.totp_secret) if people else EXAMPLE_PEOPLE
        )
        self.engine: str = target.database
        self.mode: Mode = "separate processes" if target.kind == "reference" else "vendor system"
        self._transports: list[HttpsTransport] = []
        self._hosted: list[ThreadedServer] = []

    @property
    def network(self) -> Network:
        """Where the doors are, and what to knock with."""
        target = self.target
        refused = target.refused
        parts = {n: getattr(refused, n) for n in type(refused).model_fields} if refused else {}
        return Network(
            doors={role: _host_and_port(target.url(role)) for role in Role},
            good=target.tls_files(target.harness),
            refused={name: target.tls_files(part) for name, part in parts.items()},
            rotate=target.rotation.command if target.rotation else (),
            conduits=tuple(Conduit(c.source, c.target, c.port) for c in target.conduits),
        )

    def client(self, role: Role) -> SystemClient:
        """A client under the harness's account."""
        return self._client(role, self.target.harness, Account.HARNESS)

    def counterpart(self, role: Role) -> SystemClient:
        """A client that plays the partner of ``role``, with a connection of its own."""
        account: ServiceAccount = getattr(self.target.counterpart, role.partner.value)
        return self._client(role, account, Account(role.partner.value))

    def ci(self, role: Role) -> SystemClient | None:
        """A client under the account of continuous integration, where the target names one."""
        account = self.target.ci
        return None if account is None else self._client(role, account, Account.CI)

    def upstream(self, role: Role) -> AsyncTransport:
        """A transport to ``role`` under its real partner's test certificate."""
        certificate = getattr(self.target.relay, role.partner.value)
        context = client_context(self.target.tls_files(certificate))
        return AsyncHttpsTransport(self.target.url(role), context)

    def host(self, app: App) -> ThreadedServer:
        """Serve an application of the harness over TLS on loopback."""
        hosted = ThreadedServer(app, self.target.tls_files(self.target.relay.server))
        self._hosted.append(hosted)
        return hosted

    def checkpoints(self, role: Role) -> CheckpointPlace | None:
        """Where the target file says that a system's checkpoints are kept."""
        return self.target.checkpoints(role)

    def machines(self) -> Machines | None:
        """For the reference, the same software on machines of the harness; for a vendor none."""
        if self.target.kind != "reference":
            return None
        from gxproof.machines.pair import MachinePair  # noqa: PLC0415 - not loaded for a vendor

        return MachinePair(1)

    def started_anew(self, started: StartedWith) -> SystemUnderTest | None:
        """For the reference, the same software in this process; for a vendor none."""
        if self.target.kind != "reference":
            return None
        from gxproof.in_process import InProcessPair  # noqa: PLC0415 - not loaded for a vendor

        return InProcessPair(1, started=started)

    def close(self) -> None:
        """Close all connections and hosted applications."""
        for transport in self._transports:
            transport.close()
        for hosted in self._hosted:
            hosted.close()

    def _client(self, role: Role, account: ServiceAccount, kind: Account) -> SystemClient:
        context = client_context(self.target.tls_files(account))
        transport = HttpsTransport(self.target.url(role), context)
        self._transports.append(transport)
        return SystemClient(role, transport, identity_of(account, kind))


def _host_and_port(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 443
