"""The reference pair in this process, behind its ASGI interfaces and nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.model.ports import AsyncTransport
from contracts.model.roles import Role
from contracts.wire.asgi import App, AsgiTransport, AsyncAsgiTransport
from contracts.wire.clients import SystemClient
from contracts.wire.identity import Account, Identity
from contracts.wire.system import Mode
from gxproof.memory import memory_folder
from reference_impl.bootstrap import application, build
from reference_impl.identifiers import Ids
from reference_impl.settings import CHEAP, Settings

HARNESS = "harness"
ACCOUNTS: Mapping[str, Account] = {
    "mes": Account.MES,
    "wms": Account.WMS,
    "mes-counterpart": Account.MES,
    "wms-counterpart": Account.WMS,
    HARNESS: Account.HARNESS,
}


def make_identities() -> dict[str, Identity]:
    """A fresh key for each service account of a test set-up."""
    return {
        name: Identity(f"urn:gxproof:{name}", account, f"{name}.test", Ed25519PrivateKey.generate())
        for name, account in ACCOUNTS.items()
    }


def partners_of(role: Role) -> tuple[str, ...]:
    """The accounts that may come in to ``role``: its partner, the counterpart, the harness."""
    return (role.partner.value, f"{role.partner.value}-counterpart", HARNESS)


@dataclass
class _Hosted:
    """An application that this process serves to itself."""

    url: str
    network: dict[str, App]

    def close(self) -> None:
        """Take it off the network."""
        self.network.pop(self.url, None)


class InProcessPair:
    """MES and WMS of the reference in one process. ``folder`` None keeps databases in memory."""

    mode: Mode = "in process"
    concurrent = False
    network = None
    name = "reference"

    def __init__(self, seed: int, folder: Path | None = None) -> None:
        self._identities = make_identities()
        self._network: dict[str, App] = {}
        self._systems = {
            role: build(
                settings_for(role, self._identities, folder), self._connector(role),
                ids=Ids.seeded(f"{seed}/{role}"),
            )
            for role in Role
        }
        for role, system in self._systems.items():
            self._network[f"asgi://{role}"] = application(system)

    def client(self, role: Role) -> SystemClient:
        """A client under the harness's account."""
        return self._client(role, HARNESS)

    def counterpart(self, role: Role) -> SystemClient:
        """A client that plays the partner of ``role``."""
        return self._client(role, f"{role.partner.value}-counterpart")

    def upstream(self, role: Role) -> AsyncTransport:
        """A transport to ``role`` under its real partner's certificate."""
        return self._connector(role.partner)(f"asgi://{role}")

    def host(self, app: App) -> _Hosted:
        """Put an application of the harness on the network."""
        hosted = _Hosted(f"asgi://relay-{len(self._network)}", self._network)
        self._network[hosted.url] = app
        return hosted

    def close(self) -> None:
        """Close the databases."""
        for system in self._systems.values():
            system.close()

    def _client(self, role: Role, account: str) -> SystemClient:
        identity = self._identities[account]
        transport = AsgiTransport(self._network[f"asgi://{role}"], identity.name)
        return SystemClient(role, transport, identity)

    def _connector(self, caller: Role) -> Callable[[str], AsyncTransport]:
        name = self._identities[caller.value].name
        return lambda url: AsyncAsgiTransport(self._network[url], name)


def settings_for(role: Role, identities: Mapping[str, Identity], folder: Path | None) -> Settings:
    """The settings of one system in this process, in test mode."""
    return Settings(
        role=role,
        identity=identities[role.value],
        partners=tuple(identities[name].known for name in partners_of(role)),
        partner_system=identities[role.partner.value].source,
        partner_url=f"asgi://{role.partner}",
        database=folder / f"{role}.sqlite" if folder else None,
        test_mode=True,
        password_cost=CHEAP,
    )


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for databases that goes with its user, in memory where the machine has room there.

    Such databases are thrown away, so nothing about their durability is shown; writing them through
    to a disk would only take time.
    """
    return tempfile.TemporaryDirectory(prefix="gxproof-", dir=memory_folder())
