"""The port through which the judge meets a pair of systems, wherever they run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from contracts.model.editions import Edition
from contracts.model.ports import AsyncTransport
from contracts.model.roles import Role
from contracts.record.backups import Backup, RestoreTest
from contracts.wire.asgi import App
from contracts.wire.clients import SystemClient
from contracts.wire.https import TlsFiles
from contracts.wire.signed_notes import NoteVerifier

Mode = Literal["in process", "separate processes", "vendor system"]


@dataclass(frozen=True)
class StartedWith:
    """What systems are started with that differs from those that are up.

    ``editions`` are other major versions of the contract that they accept beside the present one;
    ``values`` are values of the site profile by name; outside ``test_mode`` there is no stimulus.
    """

    editions: tuple[Edition, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    test_mode: bool = True


@dataclass(frozen=True)
class PeopleCredentials:
    """What the harness gives the example people of a run, and they show: worth nothing elsewhere.

    ``totp_secret`` is base32, as an authenticator takes it.
    """

    password: str
    totp_secret: str


class Hosted(Protocol):
    """An application of the harness that the systems can reach at ``url``."""

    url: str

    def close(self) -> None: ...


@dataclass(frozen=True)
class Zone:
    """A zone of the network. Source: IEC 62443-3-2 ZCR 3, URS-SEC-005.

    ``python`` is the command that runs Python in the zone, its program read from standard input.
    ``address`` is tried from all other zones on the TCP ``ports`` (first, last); a zone without
    one is a place to try from alone, as the harness's own is.
    """

    name: str
    python: tuple[str, ...]
    address: str = ""
    ports: tuple[int, int] = (1, 65535)


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
    zones: tuple[Zone, ...] = ()
    conduits: tuple[Conduit, ...] = ()


@dataclass(frozen=True)
class CheckpointPlace:
    """Where checkpoints of a system's journal are kept, and the key that signs them."""

    folder: Path
    verifier: NoteVerifier

    def notes(self) -> tuple[bytes, ...]:
        """All notes, in the order of their names. Raises: OSError."""
        if not self.folder.is_dir():
            return ()
        return tuple(path.read_bytes() for path in sorted(self.folder.iterdir()))


class SystemUnderTest(Protocol):
    """A MES and a WMS that can be called, and whose messages can be led through the harness.

    ``concurrent`` says whether two callers can be inside a system at once; where they cannot, what
    depends on it is not shown. ``engine`` is the database engine that is declared for both;
    ``network`` is None where nothing travels over one.
    """

    name: str
    mode: Mode
    concurrent: bool
    people: PeopleCredentials
    engine: str

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

    def ci(self, role: Role) -> SystemClient | None:
        """A client under the account that continuous integration reads with; None: there is none.

        It may inspect and nothing else, and is the one that may be revoked and restored.
        """
        ...

    def upstream(self, role: Role) -> AsyncTransport:
        """A transport to ``role`` under its real partner's certificate, for a relay."""
        ...

    def host(self, app: App) -> Hosted:
        """Let the systems reach an application of the harness."""
        ...

    def checkpoints(self, role: Role) -> CheckpointPlace | None:
        """Where a system's checkpoints are kept; None where the harness has no sight of it."""
        ...

    def machines(self) -> Machines | None:
        """Systems like these on machines of their own; None where there is no host control.

        Whoever asks closes them.
        """
        ...

    def started_anew(self, started: StartedWith) -> SystemUnderTest | None:
        """Systems of the same software, started in another way, that know nothing yet.

        None where nobody can start them for us. Whoever asks closes them.
        """
        ...

    def close(self) -> None:
        """End every connection and every hosted application."""
        ...


class Machines(SystemUnderTest, Protocol):
    """The second port, which vendors do not have: the machines that a MES and a WMS run on.

    What needs it is elsewhere "not tested: no host control". Where ``comes_back`` is set, a machine
    that died is up again before its caller learns that there is no answer; where ``by_power`` is
    set, a machine that died has lost what was not synced. ``deaths`` counts those that died by
    themselves.
    """

    comes_back: bool
    by_power: bool
    deaths: dict[Role, int]

    def known_bad(self, twin: str) -> Machines:
        """Machines whose systems are known to be bad in one way; whoever asks closes them."""
        ...

    def points(self, role: Role) -> tuple[str, ...]:
        """Every place in the code at which a system can be made to die."""
        ...

    def arm(self, role: Role, point: str, occurrence: int = 1) -> None:
        """Let a system die when it reaches a place of its code for the n-th time."""
        ...

    def is_up(self, role: Role) -> bool:
        """Whether a system lives."""
        ...

    def start(self, role: Role) -> None:
        """Start a system on the files that are there."""
        ...

    def kill(self, role: Role) -> None:
        """End a system where it stands."""
        ...

    def cut_power(self, role: Role) -> int:
        """End a system and lose what was not synced. Returns: how many writes were lost."""
        ...

    def syncs(self, role: Role) -> int:
        """How many syncs of a system's database really happened."""
        ...

    def back_up(self, role: Role, to: Path) -> Backup:
        """Take a backup of a system while it runs. Raises: BackupRefused."""
        ...

    def declare_backups(self, role: Role) -> Path:
        """Tell a system where its backups are kept, starting it anew. Returns: that folder."""
        ...

    def try_restore(self, role: Role, folder: Path) -> RestoreTest:
        """Restore a backup where it serves nobody, and try it. Raises: BackupRefused."""
        ...

    def verify_backup(self, role: Role, folder: Path) -> tuple[str, ...]:
        """What is wrong with a backup of a system; nothing where it can be restored."""
        ...

    def restore(
        self, role: Role, folder: Path, *, emptied: bool = True,
        reviewed: Collection[str] | None = None,
    ) -> None:
        """End a system, empty its host, restore a backup there and start it on that.

        Not ``emptied``, the host still has its database. ``reviewed`` are the people whose accounts
        were looked at, so that they stay open; None: all. Raises: BackupRefused; the system is then
        down where its host was emptied.
        """
        ...
