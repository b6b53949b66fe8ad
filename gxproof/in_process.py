"""The reference pair in this process, behind its ASGI interfaces and nothing else."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.model.operations import Group, operations_of
from contracts.model.ports import AsyncTransport
from contracts.model.roles import Role
from contracts.record.checkpoints import journal_origin
from contracts.wire.asgi import App, AsgiTransport, AsyncAsgiTransport
from contracts.wire.clients import SystemClient
from contracts.wire.identity import Account, Identity, KnownIdentity
from contracts.wire.signed_notes import NoteVerifier
from contracts.wire.system import CheckpointPlace, Machines, Mode, StartedWith
from gxproof.memory import memory_folder
from reference_impl import backup  # noqa: F401 - a defect is put into what is loaded
from reference_impl.bootstrap import application, build
from reference_impl.identifiers import Ids
from reference_impl.profile import with_values
from reference_impl.settings import CHEAP, Settings
from simulator.authenticator import EXAMPLE_PEOPLE

HARNESS, CI = "harness", "ci"
AS_EVER = StartedWith()
ACCOUNTS: Mapping[str, Account] = {
    "mes": Account.MES,
    "wms": Account.WMS,
    "mes-counterpart": Account.MES,
    "wms-counterpart": Account.WMS,
    HARNESS: Account.HARNESS,
    CI: Account.CI,
}


def make_identities() -> dict[str, Identity]:
    """A fresh key for each service account of a test set-up."""
    return {
        name: Identity(f"urn:gxproof:{name}", account, f"{name}.test", Ed25519PrivateKey.generate())
        for name, account in ACCOUNTS.items()
    }


def partners_of(role: Role) -> tuple[str, ...]:
    """The accounts that may come in: partner, counterpart, harness, continuous integration."""
    return (role.partner.value, f"{role.partner.value}-counterpart", HARNESS, CI)


def known_at(role: Role, identities: Mapping[str, Identity]) -> tuple[KnownIdentity, ...]:
    """The accounts that may come in to ``role``, each with the list of what it may call."""
    return tuple(
        replace(
            identities[name].known, operations=allow_list(role, ACCOUNTS[name]),
            owner=f"owner of {name}",
        )
        for name in partners_of(role)
    )


def allow_list(role: Role, account: Account) -> frozenset[str]:
    """What an account may call at ``role``; people act over the harness as over a terminal."""
    groups: tuple[Group, ...] = ()
    if account is Account.HARNESS:
        groups = (Group.INSPECTION, Group.OPERATOR, Group.STIMULUS)
    elif account.value == role.partner.value:
        groups = (Group.EXCHANGE, Group.INSPECTION)
    elif account is Account.CI:
        groups = (Group.INSPECTION,)
    # URS-SEC-006: a credential of the partner reads nothing that evidence is made of.
    is_partner = account.value == role.partner.value
    return frozenset(
        operation.id for operation in operations_of(role, *groups)
        if groups and not (is_partner and operation.is_evidence)
    )


@dataclass
class _Hosted:
    """An application that this process serves to itself."""

    url: str
    network: dict[str, App]

    def close(self) -> None:
        """Take it off the network."""
        self.network.pop(self.url, None)


class InProcessPair:
    """MES and WMS of the reference in one process. ``folder`` None keeps databases in memory.

    ``urls`` are PostgreSQL databases in their place.
    """

    mode: Mode = "in process"
    concurrent = False
    network = None
    name = "reference"
    people = EXAMPLE_PEOPLE

    def __init__(
        self, seed: int, folder: Path | None = None, urls: Mapping[Role, str] | None = None,
        started: StartedWith = AS_EVER,
    ) -> None:
        self.engine = "PostgreSQL" if urls else "SQLite"
        self._seed = seed
        self._databases = folder
        self._identities = make_identities()
        self._network: dict[str, App] = {}
        self._outside = temporary_folder()
        # A pair that nobody closed takes its folder along, too.
        weakref.finalize(self, self._outside.cleanup)
        self._systems = {
            role: build(
                replace(
                    settings_for(role, self._identities, folder, started),
                    checkpoints=Path(self._outside.name, role.value),
                    database_url=urls[role] if urls else "",
                ),
                self._connector(role),
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

    def ci(self, role: Role) -> SystemClient:
        """A client under the account of continuous integration."""
        return self._client(role, CI)

    def upstream(self, role: Role) -> AsyncTransport:
        """A transport to ``role`` under its real partner's certificate."""
        return self._connector(role.partner)(f"asgi://{role}")

    def host(self, app: App) -> _Hosted:
        """Put an application of the harness on the network."""
        hosted = _Hosted(f"asgi://relay-{len(self._network)}", self._network)
        self._network[hosted.url] = app
        return hosted

    def checkpoints(self, role: Role) -> CheckpointPlace:
        """Where this pair keeps the checkpoints of a system."""
        return checkpoint_place(self._identities[role.value], Path(self._outside.name, role.value))

    def machines(self) -> Machines | None:
        """The same on machines of their own; power can be cut there."""
        from gxproof.machines.pair import MachinePair  # noqa: PLC0415 - it is made of this module

        return MachinePair(self._seed)

    def started_anew(self, started: StartedWith) -> InProcessPair:
        """The same software, started in another way, with databases of its own of the same kind."""
        folder = self._databases and Path(tempfile.mkdtemp(dir=self._databases))
        return InProcessPair(self._seed, folder, started=started)

    def close(self) -> None:
        """Close the databases."""
        for system in self._systems.values():
            system.close()
        self._outside.cleanup()

    def _client(self, role: Role, account: str) -> SystemClient:
        identity = self._identities[account]
        transport = AsgiTransport(self._network[f"asgi://{role}"], identity.name)
        return SystemClient(role, transport, identity)

    def _connector(self, caller: Role) -> Callable[[str], AsyncTransport]:
        name = self._identities[caller.value].name
        return lambda url: AsyncAsgiTransport(self._network[url], name)


def settings_for(
    role: Role, identities: Mapping[str, Identity], folder: Path | None,
    started: StartedWith = AS_EVER,
) -> Settings:
    """The settings of one system in this process, in test mode unless it is started otherwise.

    Raises: ValueError for a value that the profile does not know.
    """
    settings = Settings(
        role=role,
        identity=identities[role.value],
        partners=known_at(role, identities),
        partner_system=identities[role.partner.value].source,
        partner_url=f"asgi://{role.partner}",
        database=folder / f"{role}.sqlite" if folder else None,
        test_mode=started.test_mode,
        password_cost=CHEAP,
        editions=started.editions,
    )
    return with_values(settings, started.values)


def checkpoint_place(identity: Identity, folder: Path) -> CheckpointPlace:
    """The place of a system's checkpoints, with the key that it signs everything with."""
    origin = journal_origin(identity.source)
    return CheckpointPlace(folder, NoteVerifier(origin, identity.known.public_key))


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for databases that goes with its user, in memory where the machine has room there.

    Such databases are thrown away, so nothing about their durability is shown; writing them through
    to a disk would only take time.
    """
    return tempfile.TemporaryDirectory(prefix="gxproof-", dir=memory_folder())
