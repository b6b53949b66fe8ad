"""A pair of the reference on machines of its own: the port ``Machines``.

Each system is a real process on a real database file. It is killed by SIGKILL; what comes up again
finds the same files and nothing else.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from contracts.model.inspection import ClockState
from contracts.model.ports import AsyncTransport, HttpRequest, HttpResponse, NoAnswer
from contracts.model.roles import Role
from contracts.model.stimulus import Arm, Armed
from contracts.record.backups import Backup, RestoreTest
from contracts.wire.asgi import App
from contracts.wire.clients import SystemClient
from contracts.wire.identity import Identity
from contracts.wire.system import CheckpointPlace, Mode, StartedWith
from gxproof.in_process import CI, HARNESS, checkpoint_place, make_identities, settings_for
from gxproof.machines.machine import Plan, start
from gxproof.machines.network import Hosted, Network
from gxproof.machines.power import Watch, sync_carelessly
from gxproof.machines.twins import TWINS
from gxproof.memory import memory_folder
from reference_impl import backup, restore_tests
from reference_impl.settings import Settings
from simulator.authenticator import EXAMPLE_PEOPLE

DIES_MAX_S = 10.0


class MachinePair:
    """MES and WMS on machines of their own. ``urls``: PostgreSQL databases; None: a new file each.

    ``watched``: power can be cut, which takes notes of every write. ``twin`` names what makes it a
    pair that is known to be bad.
    """

    mode: Mode = "separate processes"
    concurrent = False
    network = None
    name = "reference on machines"
    people = EXAMPLE_PEOPLE

    def __init__(
        self, seed: int, urls: Mapping[Role, str] | None = None, *,
        watched: bool | None = None, twin: str = "",
        identities: dict[str, Identity] | None = None,
    ) -> None:
        self._seed = seed
        self.engine = "PostgreSQL" if urls else "SQLite"
        self.comes_back = False
        self.by_power = False
        self._twin = twin
        self.folder = Path(tempfile.mkdtemp(prefix="gxp-", dir=memory_folder()))
        self.identities = identities or make_identities()
        self._settings = {role: self._settings_of(role, urls) for role in Role}
        self._network = Network(self.folder)
        self._boots: dict[Role, int] = dict.fromkeys(Role, 0)
        self._processes: dict[Role, int] = {}
        self.deaths = dict.fromkeys(Role, 0)
        self._watches = {role: Watch(self.folder / f"{role}-power") for role in Role}
        self._watched = urls is None if watched is None else watched
        self._chance = random.Random(seed)
        for role in Role:
            self.start(role)

    def client(self, role: Role) -> SystemClient:
        """A client under the harness's account."""
        return self._client(role, HARNESS)

    def counterpart(self, role: Role) -> SystemClient:
        """A client that plays the partner of ``role``."""
        return self._client(role, f"{role.partner.value}-counterpart")

    def ci(self, role: Role) -> SystemClient | None:
        """A client under the account of continuous integration."""
        return self._client(role, CI)

    def checkpoints(self, role: Role) -> CheckpointPlace | None:
        """Where a system's checkpoints are kept, outside its database."""
        return checkpoint_place(self.identities[role.value], self.folder / f"{role}-checkpoints")

    def upstream(self, role: Role) -> AsyncTransport:
        """A transport to ``role`` under its real partner's certificate."""
        return _Upstream(_Caller(self, role, self.identities[role.partner.value].name))

    def host(self, app: App) -> Hosted:
        """Let the machines reach an application of the harness."""
        return self._network.host(app)

    def machines(self) -> MachinePair | None:
        """A pair like this one."""
        return MachinePair(self._seed)

    def started_anew(self, started: StartedWith) -> None:
        """Machines start as they were set up."""
        return

    def close(self) -> None:
        """Kill both machines and remove what they kept."""
        for role in Role:
            self.kill(role)
        self._network.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def known_bad(self, twin: str) -> MachinePair:
        """The same, with something that makes it bad. Raises: KeyError for an unknown twin."""
        return MachinePair(self._seed, watched=TWINS[twin] is sync_carelessly, twin=twin)

    # --- what a host can do -------------------------------------------------------------------

    def database_file(self, role: Role) -> Path:
        """The database file of a system."""
        path = self._settings[role].database
        assert path is not None
        return path

    def points(self, role: Role) -> tuple[str, ...]:
        """Every place in the code at which a system can be made to die."""
        return self.client(role).call("stimulus/arm", Arm()).as_(Armed).points

    def arm(self, role: Role, point: str, occurrence: int = 1) -> None:
        """Let a system die when it reaches a place. Raises: Unexpected where it has none such."""
        body = Arm.model_validate({"point": point, "occurrence": occurrence})
        self.client(role).call("stimulus/arm", body).as_(Armed)

    def is_up(self, role: Role) -> bool:
        """Whether the process of a system lives."""
        process = self._processes.get(role)
        if process is None:
            return False
        ended, _ = os.waitpid(process, os.WNOHANG)
        if ended:
            del self._processes[role]
            self.deaths[role] += 1
        return not ended

    def start(self, role: Role) -> None:
        """Start a system on the files that are there. Raises: DidNotStart."""
        assert role not in self._processes, f"{role} is up"
        self._boots[role] += 1
        first = (
            *((self._watches[role].begin,) if self._watched else ()),
            *((TWINS[self._twin],) if self._twin else ()),
        )
        plan = Plan(
            self._settings[role], self.folder, f"{self._seed}/{role}/{self._boots[role]}", first
        )
        self._processes[role] = start(plan)

    def stop(self, role: Role) -> None:
        """End a system in an orderly way."""
        self._end(role, signal.SIGTERM)

    def kill(self, role: Role) -> None:
        """End a system where it stands."""
        self._end(role, signal.SIGKILL)

    def cut_power(self, role: Role) -> int:
        """End a system and lose what was not synced. Returns: how many writes were lost."""
        assert self._watched, "nobody took notes of what was synced"
        self.kill(role)
        return self._watches[role].lose(self.database_file(role), self._chance)

    def back_up(self, role: Role, to: Path) -> Backup:
        """Take a backup of a system while it runs. Raises: BackupRefused."""
        return backup.back_up(self._settings[role], to, self._site_time(role))

    def declare_backups(self, role: Role) -> Path:
        """Tell a system where its backups are kept, and start it anew."""
        folder = self.folder / f"{role}-backups"
        folder.mkdir()
        self._settings[role] = replace(self._settings[role], backups=folder)
        self.stop(role)
        self.start(role)
        return folder

    def try_restore(self, role: Role, folder: Path) -> RestoreTest:
        """Restore a backup where it serves nobody, and try it. Raises: BackupRefused."""
        return restore_tests.restore_and_try(
            folder, self._settings[role], self._site_time(role)
        )[0]

    def verify_backup(self, role: Role, folder: Path) -> tuple[str, ...]:
        """What is wrong with a backup of a system."""
        return backup.verify_backup(folder, self.identities[role.value].known)

    def restore(
        self, role: Role, folder: Path, *, emptied: bool = True,
        reviewed: Collection[str] | None = None,
    ) -> None:
        """Restore a backup and start the system on it. Raises: BackupRefused."""
        if emptied:
            self.kill(role)
            database = self.database_file(role)
            for path in database.parent.glob(f"{database.name}*"):
                path.unlink()
            shutil.rmtree(self._watches[role].folder, ignore_errors=True)
        backup.restore(folder, self._settings[role], reviewed)
        self.start(role)

    def watch(self, role: Role) -> Watch:
        """The notes of what a system wrote and synced."""
        return self._watches[role]

    def syncs(self, role: Role) -> int:
        """How many syncs of a system's database really happened."""
        return self._watches[role].syncs(self.database_file(role))

    def exchange(self, role: Role, request: HttpRequest, caller: str) -> HttpResponse:
        """One request to a machine. Raises: NoAnswer, also where the machine died of it."""
        try:
            return self._network.exchange(role.value, request, caller)
        except NoAnswer:
            if self._died(role) and self.comes_back:
                self._come_back(role)
            raise

    def _come_back(self, role: Role) -> None:
        """Start a dead machine again; where it died of lost power, on what was synced."""
        if self.by_power:
            self._watches[role].lose(self.database_file(role), self._chance)
        self.start(role)

    def _site_time(self, role: Role) -> datetime:
        """What the clock of a site reads on the host of its system."""
        return self.client(role).ask("clock", ClockState).now

    # --- inside ---------------------------------------------------------------------------------

    def _died(self, role: Role) -> bool:
        """Whether a machine that gave no answer is dead; it may be about to be."""
        deadline = time.monotonic() + DIES_MAX_S
        while self.is_up(role):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.001)
        return True

    def _end(self, role: Role, how: signal.Signals) -> None:
        process = self._processes.pop(role, None)
        if process is not None:
            os.kill(process, how)
            os.waitpid(process, 0)

    def _client(self, role: Role, account: str) -> SystemClient:
        identity = self.identities[account]
        return SystemClient(role, _Caller(self, role, identity.name), identity)

    def _settings_of(self, role: Role, urls: Mapping[Role, str] | None) -> Settings:
        settings = replace(
            settings_for(role, self.identities, self.folder),
            checkpoints=self.folder / f"{role}-checkpoints",
        )
        return replace(settings, database=None, database_url=urls[role]) if urls else settings


class _Caller:
    """Carries requests to one machine under one certificate name."""

    def __init__(self, pair: MachinePair, role: Role, caller: str) -> None:
        self._pair = pair
        self._role = role
        self._caller = caller

    def send(self, request: HttpRequest) -> HttpResponse:
        """One exchange. Raises: NoAnswer."""
        return self._pair.exchange(self._role, request, self._caller)


class _Upstream:
    """The same for a relay, which awaits; the harness serves meanwhile."""

    def __init__(self, caller: _Caller) -> None:
        self._caller = caller

    async def send(self, request: HttpRequest) -> HttpResponse:
        """One exchange. Raises: NoAnswer."""
        return self._caller.send(request)
