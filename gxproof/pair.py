"""``gxproof serve``: MES and WMS of the reference, or one of them, as processes over TLS 1.3.

Four processes (an HTTP process and a runner each) or more, two databases, and a PKI made for this
run. Everything lies in one folder that only its owner can read, and goes when the pair ends; on a
PostgreSQL server, whose owner's URL is given, the schemas and accounts of this run go as well.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from contracts.model.ports import HttpRequest, NoAnswer
from contracts.model.roles import Role
from contracts.wire.https import HttpsTransport, TlsFiles, client_context
from contracts.wire.identity import KnownIdentity, write_private_key
from contracts.wire.serving import bound_socket
from contracts.wire.system import CheckpointPlace, Conduit
from gxproof.database_zone import Whereabouts, whereabouts
from gxproof.in_process import (
    ACCOUNTS,
    CI,
    HARNESS,
    checkpoint_place,
    known_at,
    make_identities,
)
from gxproof.pair_certificates import REFUSED, make_certificates
from gxproof.zoned import (
    DATABASE,
    DATABASE_PORT,
    PORTS,
    ZONES,
    CannotMakeZones,
    Layout,
    Zoned,
    stand_up,
)
from reference_impl.store.postgres_schema import Prepared, prepare, remove
from reference_impl.zones import HARNESS as HARNESS_ZONE

SITE_ZONE = "Europe/Zurich"
READY_S = 180.0
STOP_S = 10.0
RELAY = "relay"


@dataclass(frozen=True)
class Serving:
    """How a pair is served. ``database`` is a PostgreSQL owner's URL; empty: SQLite files.

    ``processes`` of each system answer on one address and share its database. ``code`` is a folder
    whose reference is served instead of the installed one; ``time_server`` what clocks are held to.
    With ``zones`` each system stands in a network namespace of its own, and so does the server of
    ``database``. The firewall between them opens ``conduits``, None for those that ``target.toml``
    declares: they are those of the plant, whatever is open.
    """

    test_mode: bool = True
    database: str = ""
    processes: int = 1
    code: Path | None = None
    time_server: tuple[str, int] | None = None
    zones: bool = False
    conduits: tuple[Conduit, ...] | None = None
    only: Role | None = None
    """One system alone; the other is somebody else's, and answers at ``partner_url``."""
    partner_url: str = ""

    @property
    def roles(self) -> tuple[Role, ...]:
        """The systems that are served."""
        return tuple(Role) if self.only is None else (self.only,)


SERVED = Serving()


class PairDied(RuntimeError):
    """A process of the pair ended by itself; the message says which and shows its last words."""


class ServedPair:
    """A pair that is being served. ``target`` is the text of its ``target.toml``."""

    def __init__(self, folder: Path, serving: Serving = SERVED) -> None:
        self._serving = serving
        self._prepared = _prepared(serving)
        folder.mkdir(mode=0o700, parents=True)
        self.folder = folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        # The processes end when the other end of this pipe is gone, however their maker ended.
        self._lifeline, self._own_end = os.pipe()
        self._server = self._whereabouts()
        self._zoned = self._stand_up()
        self._identities = make_identities()
        names = {n: self._certificate_name(n) for n in (*ACCOUNTS, RELAY)}
        make_certificates(folder, names, self._addresses())
        for name, identity in self._identities.items():
            write_private_key(folder / f"{name}.signing.key", identity.key)
        self._sockets = {
            role: self._zoned.door(role, PORTS[role]) if self._zoned else bound_socket()
            for role in serving.roles
        }
        self.urls = {
            role: "https://{}:{}".format(*s.getsockname()) for role, s in self._sockets.items()
        }
        self._open_database()
        if serving.only:
            self.urls[serving.only.partner] = serving.partner_url.rstrip("/")
            self._write_settings(serving.only.partner)
        for role in serving.roles:
            self._start(role)

    @property
    def target(self) -> str:
        """The ``target.toml`` that names this pair, with absolute paths."""
        return "\n".join(self._target_lines()) + "\n"

    def wait_until_ready(self) -> None:
        """Wait until both answer and both runners live. Raises: PairDied, TimeoutError."""
        deadline = time.monotonic() + READY_S
        waiting = set(self._serving.roles)
        while waiting:
            self.check_alive()
            waiting = {role for role in waiting if not self._is_ready(role)}
            if waiting and time.monotonic() > deadline:
                raise TimeoutError(f"{', '.join(waiting)} did not answer within {READY_S:.0f} s")
            time.sleep(0.1)

    def check_alive(self) -> None:
        """Raises: PairDied when a process has ended."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                words = (self.folder / f"{name}.log").read_text(errors="replace").strip()
                last = words.splitlines()[-1] if words else "it said nothing"
                raise PairDied(f"{name} ended with {process.returncode}: {last}")

    def zone_command(self, zone: str) -> tuple[str, ...]:
        """What runs a program in a zone; nothing where there are no zones."""
        return self._zoned.command(zone) if self._zoned else ()

    def close(self) -> None:
        """Stop all processes and remove the folder."""
        # What stands between the systems and their records goes after them.
        between = (DATABASE, "zones")
        self._end([p for name, p in self._processes.items() if name not in between])
        self._end([self._processes[name] for name in between if name in self._processes])
        for bound in self._sockets.values():
            bound.close()
        os.close(self._lifeline)
        os.close(self._own_end)
        self._leave_nothing()

    @staticmethod
    def _end(processes: list[subprocess.Popen[bytes]]) -> None:
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        for process in processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _leave_nothing(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        for prepared in self._prepared.values():
            remove(self._serving.database, prepared)

    def _whereabouts(self) -> Whereabouts | None:
        """Where the database server answers, where its place is a zone."""
        serving = self._serving
        return whereabouts(serving.database) if serving.zones and serving.database else None

    def _stand_up(self) -> Zoned | None:
        if not self._serving.zones:
            return None
        server = self._server
        shut = (server.port,) if server and not server.path else ()
        layout = Layout(server is not None, self._serving.conduits, shut)
        try:
            zoned, held = stand_up(self.folder, self._lifeline, self._environment(), layout)
        except CannotMakeZones:
            self._leave_nothing()
            raise
        self._processes["zones"] = held
        return zoned

    def _open_database(self) -> None:
        """In its zone the database server answers at the address of that zone."""
        if self._zoned is None or self._server is None:
            return
        settings, log = (self.folder / f"{DATABASE}.{kind}" for kind in ("json", "log"))
        with self._zoned.door(DATABASE, DATABASE_PORT) as bound, log.open("wb") as said:
            bound.listen()  # before any system asks for it
            given = {"server": self._server.server, "lifeline_fd": self._lifeline}
            settings.write_text(json.dumps({"listen_fd": bound.fileno(), **given}))
            self._processes[DATABASE] = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "gxproof.database_zone", str(settings)],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=self.folder,
                pass_fds=[self._lifeline, bound.fileno()], start_new_session=True,
            )

    def _addresses(self) -> tuple[str, ...]:
        """Where certificates are valid beside loopback."""
        if self._zoned is None:
            return ()
        return tuple(self._zoned.address(zone) for zone in (HARNESS_ZONE, *ZONES))

    def _start(self, role: Role) -> None:
        descriptor = self._sockets[role].fileno()
        inside = self.zone_command(role.value)
        settings = self._write_settings(role)
        for number, part in enumerate((*["http"] * self._serving.processes, "runner"), start=1):
            name = f"{role}-{part}-{number}"
            with (self.folder / f"{name}.log").open("wb") as log:
                self._processes[name] = subprocess.Popen(  # noqa: S603
                    [*inside, sys.executable, "-m", "reference_impl.process", part, str(settings)],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                    pass_fds=[self._lifeline, *([descriptor] if part == "http" else [])],
                    # Ctrl-C is for the one who serves; the processes end in an orderly way after.
                    start_new_session=True, env=self._environment(),
                )

    def _environment(self) -> dict[str, str]:
        if self._serving.code is None:
            return dict(os.environ)
        paths = (str(self._serving.code), os.environ.get("PYTHONPATH"))
        return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}

    def settings_of(self, role: Role) -> Path:
        """The settings file of a system: what it is called, its keys, whom it believes."""
        return self.folder / f"{role}.json"

    def _write_settings(self, role: Role) -> Path:
        path = self.settings_of(role)
        path.write_text(json.dumps(self._settings(role)))
        return path

    def _settings(self, role: Role) -> dict[str, object]:
        own = self._identities[role.value]
        return {
            "role": role.value,
            "identity": {
                "source": own.source, "name": own.name,
                "signing_key": str(self.folder / f"{role}.signing.key"),
            },
            "partners": [_known(known) for known in known_at(role, self._identities)],
            "partner_system": self._identities[role.partner.value].source,
            "partner_url": self.urls[role.partner],
            "checkpoints": str(self._checkpoints(role).folder),
            **self._database(role),
            "site_zone": SITE_ZONE,
            "test_mode": self._serving.test_mode,
            **self._inherited(role),
            "time_server": self._serving.time_server,
            "tls": {
                "authority": str(self.folder / "ca.pem"),
                "certificate": str(self.folder / f"{own.name}.pem"),
                "key": str(self.folder / f"{own.name}.key"),
                "revoked": str(self.folder / "ca.crl"),
            },
        }

    def _inherited(self, role: Role) -> dict[str, int]:
        """What only a process that is started here has."""
        if role not in self._sockets:
            return {}
        return {"listen_fd": self._sockets[role].fileno(), "lifeline_fd": self._lifeline}

    def _checkpoints(self, role: Role) -> CheckpointPlace:
        folder = self.folder / "outside" / role.value
        return checkpoint_place(self._identities[role.value], folder)

    def _database(self, role: Role) -> dict[str, str]:
        if role in self._prepared:
            url = self._prepared[role].url
            if self._zoned and self._server:
                url = self._server.seen_at(url, self._zoned.address(DATABASE), DATABASE_PORT)
            return {"database_url": url}
        return {"database": str(self.folder / f"{role}.sqlite")}

    def _is_ready(self, role: Role) -> bool:
        name = self._certificate_name(HARNESS)
        files = TlsFiles(
            self.folder / "ca.pem", self.folder / f"{name}.pem", self.folder / f"{name}.key"
        )
        transport = HttpsTransport(self.urls[role], client_context(files), timeout_s=2)
        try:
            answer = transport.send(HttpRequest("GET", "/version"))
        except NoAnswer:
            return False
        finally:
            transport.close()
        return answer.status == 200 and "runnerId" in json.loads(answer.body)

    def _certificate_name(self, name: str) -> str:
        return self._identities[name].name if name in self._identities else f"{name}.test"

    def _target_lines(self) -> Iterator[str]:
        yield "# The reference pair, served for tests. It goes when the pair ends."
        only = self._serving.only
        yield f'name = "{f"reference {only.upper()} and a partner" if only else "reference pair"}"'
        yield f'kind = "{"vendor" if only else "reference"}"'
        yield 'level = "Qualified"'
        yield f"site_zone = {json.dumps(SITE_ZONE)}"
        kept = "other" if only else "PostgreSQL" if self._prepared else "SQLite"
        yield f'database = "{kept}"'
        yield f"\n[people]\npassword = {json.dumps(secrets.token_urlsafe(12))}"
        yield f"totp_secret = {json.dumps(base64.b32encode(secrets.token_bytes(20)).decode())}"
        for role in Role:
            yield f"\n[{role}]\nurl = {json.dumps(self.urls[role])}"
            if role not in self._serving.roles:
                continue
            place = self._checkpoints(role)
            yield f"checkpoints = {json.dumps(str(place.folder))}"
            yield f"checkpoint_key = {json.dumps(place.verifier.text)}"
        yield f"\n[tls]\nauthority = {json.dumps(str(self.folder / 'ca.pem'))}"
        for section, name in (
            ("harness", HARNESS),
            ("counterpart.mes", "mes-counterpart"),
            ("counterpart.wms", "wms-counterpart"),
            (CI, CI),
        ):
            yield from self._account_lines(section, name)
        for section, file in (
            ("relay.mes", "relay-as-mes"), ("relay.wms", "relay-as-wms"),
            ("relay.server", self._certificate_name(RELAY)),
            *((f"refused.{name}", file) for name, file in REFUSED.items()),
        ):
            yield from self._file_lines(section, file)
        if only is None:
            command = [sys.executable, "-m", "gxproof.rotating", str(self.folder)]
            yield f"\n[rotation]\ncommand = {json.dumps(command)}"
        if self._zoned:
            yield f"\n[relay]\naddress = {json.dumps(self._zoned.address(HARNESS_ZONE))}"
            yield from self._zoned.target_lines()

    def _account_lines(self, section: str, name: str) -> Iterator[str]:
        yield from self._certificate_lines(section, name)
        yield f"source = {json.dumps(self._identities[name].source)}"
        yield f"signing_key = {json.dumps(str(self.folder / f'{name}.signing.key'))}"

    def _certificate_lines(self, section: str, name: str) -> Iterator[str]:
        yield from self._file_lines(section, self._certificate_name(name))

    def _file_lines(self, section: str, file: str) -> Iterator[str]:
        yield f"\n[{section}]"
        yield f"certificate = {json.dumps(str(self.folder / f'{file}.pem'))}"
        yield f"certificate_key = {json.dumps(str(self.folder / f'{file}.key'))}"


@contextmanager
def serving_pair(out: Path, serving: Serving = SERVED) -> Iterator[ServedPair]:
    """Serve a pair; ``out`` is written when both answer, and removed when the pair ends."""
    folder = out.absolute().with_name(f".{out.stem}-{os.getpid()}")
    pair = ServedPair(folder, serving)
    try:
        pair.wait_until_ready()
        partial = out.with_name(f".{out.name}.partial")
        partial.write_text(pair.target)
        partial.replace(out)
        yield pair
    finally:
        out.unlink(missing_ok=True)
        pair.close()


def _prepared(serving: Serving) -> dict[Role, Prepared]:
    """A schema and an account for each system of this run, where a server is given."""
    if not serving.database:
        return {}
    run = secrets.token_hex(4)
    trial = serving.test_mode
    return {
        role: prepare(serving.database, role, f"gxproof_{run}_{role}", trial=trial)
        for role in serving.roles
    }


def _known(known: KnownIdentity) -> dict[str, object]:
    return {
        "source": known.source, "account": known.account.value, "name": known.name,
        "public_key": known.public_key.hex(), "operations": sorted(known.operations),
        "owner": known.owner,
    }
