"""The zones in which ``gxproof serve pair --zones`` serves the reference, and their conduits.

MES and WMS stand in a zone each, terminals in a third; where their records lie on a PostgreSQL
server, it has a zone as well. Between them stands a firewall, held by a process of the reference.
Source: URS-SEC-005.
"""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from contracts.model.roles import Role
from contracts.wire.serving import bound_socket
from contracts.wire.system import Conduit
from reference_impl.zones import HARNESS, address, namespace

OFFICE, DATABASE = "office", "database"
ZONES = (*(role.value for role in Role), OFFICE)
PORTS = {Role.MES: 8443, Role.WMS: 8444}
DATABASE_PORT = 5432
CONDUITS = tuple(
    Conduit(source, role.value, PORTS[role])
    for role in Role for source in (HARNESS, role.partner.value, OFFICE)
)
TO_DATABASE = tuple(Conduit(role.value, DATABASE, DATABASE_PORT) for role in Role)
NEEDED = ("ip", "iptables")
STANDING_S = 30.0
_NEW_NETWORK = 0x40000000  # CLONE_NEWNET


class CannotMakeZones(RuntimeError):
    """This machine makes no zones; the message says what is missing."""


def why_no_zones() -> str:
    """Why this machine makes no zones; empty where it does."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        return f"{' and '.join(missing)} are not installed (Debian: iproute2, iptables)"
    if os.geteuid() != 0:
        return "network namespaces are made by root alone"
    name = f"gxproof-try-{secrets.token_hex(3)}"
    tried = _ip("netns", "add", name)
    if tried.returncode:
        return f"the machine makes no network namespace: {tried.stderr.strip()}"
    _ip("netns", "del", name)
    return ""


@dataclass(frozen=True)
class Layout:
    """Which zones there are, and what the firewall lets through.

    ``opened`` is what is open, None where it is what is declared. ``shut_at_harness`` are ports at
    which nothing of the harness answers the systems: there a server listens that has a zone.
    """

    with_database: bool = False
    opened: tuple[Conduit, ...] | None = None
    shut_at_harness: tuple[int, ...] = ()

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones but the harness's own."""
        return (*ZONES, DATABASE) if self.with_database else ZONES

    @property
    def declared(self) -> tuple[Conduit, ...]:
        """The conduits that ``target.toml`` names."""
        return (*CONDUITS, *TO_DATABASE) if self.with_database else CONDUITS


@dataclass(frozen=True)
class Zoned:
    """Zones that stand: how they are called, and in which network."""

    run: str
    network: str
    layout: Layout = Layout()

    def address(self, zone: str) -> str:
        """The address of a zone."""
        return address(self.network, list(self.layout.zones), zone)

    def command(self, zone: str) -> tuple[str, ...]:
        """What runs a program in a zone; nothing for the harness's own."""
        return () if zone == HARNESS else ("ip", "netns", "exec", namespace(self.run, zone))

    def door(self, zone: str, port: int) -> socket.socket:
        """A socket at a port of a zone, bound in it. Raises: OSError."""
        # A thread enters the zone and ends; a socket stays where it was made.
        with ThreadPoolExecutor(1) as aside:
            bound: socket.socket = aside.submit(self._bound_inside, zone, port).result()
            return bound

    def target_lines(self) -> Iterator[str]:
        """The zones and conduits of a ``target.toml``."""
        for zone in (HARNESS, *self.layout.zones):
            python = [*self.command(zone), sys.executable, "-"]
            yield f"\n[[zones]]\nname = {json.dumps(zone)}\npython = {json.dumps(python)}"
            if zone != HARNESS:
                yield f"address = {json.dumps(self.address(zone))}"
        for way in self.layout.declared:
            yield f"\n[[conduits]]\nsource = {json.dumps(way.source)}"
            yield f"target = {json.dumps(way.target)}\nport = {way.port}"

    def _bound_inside(self, zone: str, port: int) -> socket.socket:
        place = f"/run/netns/{namespace(self.run, zone)}"
        with Path(place).open("rb") as entered:
            if ctypes.CDLL(None, use_errno=True).setns(entered.fileno(), _NEW_NETWORK):
                raise OSError(ctypes.get_errno(), f"{place} cannot be entered")
        return bound_socket(self.address(zone), port)


def stand_up(
    folder: Path, lifeline: int, environment: Mapping[str, str], layout: Layout
) -> tuple[Zoned, subprocess.Popen[bytes]]:
    """Zones and the firewall between them; they go with the process or its maker.

    Raises: CannotMakeZones.
    """
    reason = why_no_zones()
    if reason:
        raise CannotMakeZones(reason)
    zoned = Zoned(secrets.token_hex(3), _free_network(), layout)
    conduits = layout.declared if layout.opened is None else layout.opened
    settings, ready, log = (folder / f"zones.{name}" for name in ("json", "ready", "log"))
    settings.write_text(json.dumps({
        "run": zoned.run, "network": zoned.network, "zones": layout.zones,
        "systems": [role.value for role in Role], "lifeline_fd": lifeline, "ready": str(ready),
        "shut_at_harness": layout.shut_at_harness,
        "conduits": [{"source": c.source, "target": c.target, "port": c.port} for c in conduits],
    }))
    with log.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "reference_impl.zones", str(settings)],
            stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=folder, pass_fds=[lifeline],
            start_new_session=True, env=dict(environment),
        )
    deadline = time.monotonic() + STANDING_S
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.terminate()
            process.wait()
            words = log.read_text(errors="replace").strip().splitlines()
            raise CannotMakeZones(words[-1] if words else "the zones were not made in time")
        time.sleep(0.05)
    return zoned, process


def _free_network() -> str:
    """A network of the range for tests between networks (RFC 2544) that nobody uses here."""
    routes = _ip("-4", "route", "show", "table", "all").stdout
    free = [n for n in (f"198.18.{i}" for i in range(256)) if f"{n}." not in routes]
    if not free:
        raise CannotMakeZones("all networks of 198.18.0.0/16 are in use")
    return secrets.choice(free)


def _ip(*words: str) -> subprocess.CompletedProcess[str]:
    command = (shutil.which("ip") or "ip", *words)
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
