"""A port scan from each zone, held against the declared conduits. Source: URS-SEC-005."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from contracts.wire.system import Conduit, Zone
from features.claims import NotTested

SCAN_S = 300.0
_PROGRAM = Path(__file__).with_name("open_ports.py")


def open_ways(zones: Sequence[Zone]) -> frozenset[Conduit]:
    """Every way between two zones on which a connection comes about.

    Raises: NotTested where a zone's command does not run.
    """
    pairs = [(a, b) for a in zones for b in zones if b.address and a.name != b.name]
    with ThreadPoolExecutor(max(1, len(zones))) as pool:
        found = pool.map(lambda pair: _from(*pair), pairs)
        return frozenset(way for ways in found for way in ways)


def differences(
    declared: Iterable[Conduit], found: Iterable[Conduit]
) -> tuple[str, ...]:
    """What is open without being declared, and what is declared and closed, each in a sentence."""
    declared, found = frozenset(declared), frozenset(found)
    order = sorted(declared ^ found, key=lambda way: (way.source, way.target, way.port))
    return tuple(
        f"{shown(way)} is open and not declared" if way in found
        else f"{shown(way)} is declared and closed"
        for way in order
    )


def shown(way: Conduit) -> str:
    """A way as people read it."""
    return f"{way.source} → {way.target}:{way.port}/tcp"


def ports_of(zone: Zone, scanned: Zone) -> frozenset[int]:
    """The ports of ``scanned`` that answer, tried in ``zone``.

    Raises: NotTested where the zone's command does not run.
    """
    first, last = scanned.ports
    call = f"open_ports({scanned.address!r}, {first}, {last})"
    ended = _ran(zone, f"print(__import__('json').dumps({call}))")
    return frozenset(json.loads(ended))


@contextmanager
def opened(zones: Iterable[Zone], port: int) -> Iterator[None]:
    """Somebody listens on a port of each zone's address meanwhile.

    Raises: NotTested where a zone's command cannot do that.
    """
    with ExitStack() as held:
        for zone in zones:
            held.enter_context(_listening(zone, port))
        yield


def _from(zone: Zone, scanned: Zone) -> list[Conduit]:
    return [Conduit(zone.name, scanned.name, port) for port in ports_of(zone, scanned)]


def _ran(zone: Zone, call: str) -> str:
    """What a call of the program says in a zone. Raises: NotTested."""
    try:
        ended = subprocess.run(  # noqa: S603 - the command is the target file's
            zone.python, input=f"{_PROGRAM.read_text(encoding='utf-8')}\n\n{call}\n",
            capture_output=True, text=True, timeout=SCAN_S, check=True,
        )
        json.loads(ended.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as exc:
        said = getattr(exc, "stderr", None) or str(exc)
        last = said.strip().splitlines()[-1] if said.strip() else type(exc).__name__
        raise NotTested(f"nothing can be tried from the zone {zone.name}: {last}") from exc
    return ended.stdout


@contextmanager
def _listening(zone: Zone, port: int) -> Iterator[None]:
    call = f"listen({zone.address!r}, {port})\nprint('ready', flush=True)\ntime.sleep({SCAN_S})"
    program = f"{_PROGRAM.read_text(encoding='utf-8')}\n\n{call}\n"
    try:
        process = subprocess.Popen(  # noqa: S603 - the command is the target file's
            zone.python, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )
    except OSError as exc:
        raise NotTested(f"nothing runs in the zone {zone.name}: {exc}") from exc
    with process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(program)
            process.stdin.close()
            if process.stdout.readline().strip() != "ready":
                raise NotTested(f"nobody can listen at {zone.address}:{port} in {zone.name}")
            yield
        finally:
            process.kill()
