"""Zones of the reference's plant and the firewall between them: ``python -m reference_impl.zones``.

Each zone is a network namespace; between them stands one more, which forwards the declared
conduits and turns everything else away. The harness is outside of all zones: it reaches both
systems, and they reach its relay. Everything goes when whoever started the process is gone.
Source: URS-SEC-005.

The settings file is JSON: ``run`` (a short name that no other run has), ``network`` (the first
three numbers of the addresses), ``zones``, ``systems`` (the zones that may call the harness),
``shut_at_harness`` (ports at which they may not), ``conduits`` (source, target, port),
``lifeline_fd``, ``ready`` (a file that is written when everything stands).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HARNESS = "harness"
FIREWALL = "firewall"
_RULES = ("iptables", "-w")
_TURNED_AWAY = ("-j", "REJECT", "--reject-with", "tcp-reset")


def main(arguments: list[str]) -> int:
    """Hold the zones until the maker is gone or SIGTERM. Returns: 0."""
    (path,) = arguments
    plan = json.loads(Path(path).read_text())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        for command in standing_up(plan):
            _run(command)
        Path(plan["ready"]).touch()
        os.read(int(plan["lifeline_fd"]), 1)
    finally:
        for name in (*plan["zones"], FIREWALL):
            with contextlib.suppress(OSError, subprocess.CalledProcessError):
                _run(("ip", "netns", "del", namespace(plan["run"], name)))
    return 0


def namespace(run: str, zone: str) -> str:
    """What the network namespace of a zone is called."""
    return f"gxproof-{run}-{zone}"


def address(network: str, zones: list[str], zone: str) -> str:
    """The address of a zone; the firewall's side of it is the one before."""
    return f"{network}.{4 * [HARNESS, *zones].index(zone) + 2}"


def standing_up(plan: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The commands that make zones and firewall, in their order: first closed, then joined."""
    wall = namespace(plan["run"], FIREWALL)
    yield ("ip", "netns", "add", wall)
    yield from (_inside(wall, command) for command in firewall(plan))
    yield _inside(wall, ("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"))
    for number, zone in enumerate((HARNESS, *plan["zones"])):
        yield from _joined(plan, zone, number)


# implements FRS-SEC-006
def firewall(plan: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """What passes between zones: the conduits, what belongs to them, and nothing else."""
    where = {z: address(plan["network"], plan["zones"], z) for z in (HARNESS, *plan["zones"])}
    for chain in ("FORWARD", "INPUT"):
        yield (*_RULES, "-P", chain, "DROP")
    forward = (*_RULES, "-A", "FORWARD")
    yield (*forward, "-m", "conntrack", "--ctstate", "ESTABLISHED,RELATED", "-j", "ACCEPT")
    for way in plan["conduits"]:
        ends = ("-s", where[way["source"]], "-d", where[way["target"]])
        yield (*forward, *ends, "-p", "tcp", "--dport", str(way["port"]), "-j", "ACCEPT")
    for zone in plan["systems"]:
        to_harness = ("-s", where[zone], "-d", where[HARNESS], "-p", "tcp")
        for port in plan["shut_at_harness"]:
            yield (*forward, *to_harness, "--dport", str(port), *_TURNED_AWAY)
        yield (*forward, *to_harness, "-j", "ACCEPT")
    for chain in ("FORWARD", "INPUT"):
        yield (*_RULES, "-A", chain, "-p", "tcp", *_TURNED_AWAY)


def _joined(plan: dict[str, Any], zone: str, number: int) -> Iterator[tuple[str, ...]]:
    """A zone with its cable to the firewall. The harness's end lies where the harness is."""
    wall, own = namespace(plan["run"], FIREWALL), namespace(plan["run"], zone)
    outer, inner = f"gx{plan['run']}w{number}", f"gx{plan['run']}z{number}"
    reached = address(plan["network"], plan["zones"], zone)
    before = f"{plan['network']}.{4 * number + 1}"
    # Made where it belongs, so that nothing is left behind when the firewall's namespace goes.
    yield ("ip", "-n", wall, "link", "add", outer, "type", "veth", "peer", "name", inner)
    yield ("ip", "-n", wall, "addr", "add", f"{before}/30", "dev", outer)
    yield ("ip", "-n", wall, "link", "set", outer, "up")
    there: tuple[str, ...] = ("ip",)
    if zone == HARNESS:
        yield ("ip", "-n", wall, "link", "set", inner, "netns", str(os.getpid()))
    else:
        there = ("ip", "-n", own)
        yield ("ip", "netns", "add", own)
        yield ("ip", "-n", wall, "link", "set", inner, "netns", own)
        yield (*there, "link", "set", "lo", "up")
    yield (*there, "addr", "add", f"{reached}/30", "dev", inner)
    yield (*there, "link", "set", inner, "up")
    yield (*there, "route", "add", f"{plan['network']}.0/24", "via", before)


def _inside(name: str, command: tuple[str, ...]) -> tuple[str, ...]:
    return ("ip", "netns", "exec", name, *command)


def _run(command: tuple[str, ...]) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)  # noqa: S603


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
