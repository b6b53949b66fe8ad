"""Zones and conduits: what is open between them, tried from each of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pytest_bdd import then, when

from contracts.wire.system import Conduit, Zone
from features.bench import Bench
from features.claims import NotTested, equal, holds
from features.port_scan import differences, open_ways, opened, ports_of, shown
from features.steps.doors import network_of


@dataclass
class TriedZones:
    """What was found open, by whom a port was opened, and what the site declares."""

    declared: frozenset[Conduit] = frozenset()
    found: frozenset[Conduit] = frozenset()
    port: int = 0
    reached_at_home: list[str] = field(default_factory=list)
    seeded: tuple[Conduit, Conduit] | None = None


@when("every port of each zone is tried from all others")
def every_port(bench: Bench) -> None:
    """The whole range that the target declares for each zone."""
    network, kept = network_of(bench), bench.part(TriedZones)
    zones = _zones(bench)
    kept.declared = frozenset(network.conduits)
    kept.found = open_ways(zones)
    for zone in zones:
        first, last = zone.ports
        seen = f"{zone.address}, ports {first} to {last}" if zone.address else "not tried itself"
        bench.recorder.observe(f"zone {zone.name}: {seen}")


@then("open is what the site declares as a conduit, and nothing else")
def as_declared(bench: Bench) -> None:
    """No undeclared way is open, no declared one is closed; an empty declaration shows nothing."""
    kept = bench.part(TriedZones)
    for way in sorted(map(shown, kept.found)):
        bench.recorder.observe(f"open: {way}")
    holds(bool(kept.declared), "the target declares zones and not one conduit between them")
    wrong = differences(kept.declared, kept.found)
    holds(not wrong, "; ".join(wrong))


@when("somebody opens a port in each zone that no conduit leads to")
def opens_a_port(bench: Bench) -> None:
    """It answers inside its own zone, so that a way into the zone would show."""
    network, kept = network_of(bench), bench.part(TriedZones)
    zones = _zones(bench)
    declared = {way.port for way in network.conduits}
    kept.port = next(port for port in range(18080, 18180) if port not in declared)
    alone = [replace(zone, ports=(kept.port, kept.port)) for zone in zones]
    with opened([zone for zone in alone if zone.address], kept.port):
        kept.reached_at_home = [z.name for z in alone if z.address and ports_of(z, z)]
        kept.found = open_ways(alone)
    bench.recorder.observe(f"port {kept.port} opened in {', '.join(kept.reached_at_home)}")


@then("it is reached from no other zone")
def not_reached(bench: Bench) -> None:
    """The conduits are held by something between the zones, not by who happens to listen."""
    kept = bench.part(TriedZones)
    there = [zone.name for zone in _zones(bench) if zone.address]
    equal(kept.reached_at_home, there, f"zones in which port {kept.port} answers at home")
    holds(not kept.found, "; ".join(f"{way} is open" for way in sorted(map(shown, kept.found))))


@when("one conduit is struck out of the declaration, and one that is closed is added to it")
def change_declaration(bench: Bench) -> None:
    """A declaration that the network does not keep, tried on the ports that it names."""
    network, kept = network_of(bench), bench.part(TriedZones)
    zones = _zones(bench)
    holds(bool(network.conduits), "the target declares zones and not one conduit between them")
    struck = network.conduits[0]
    taken = {way.port for way in network.conduits}
    free = next(port for port in range(18080, 18180) if port not in taken)
    added = replace(struck, port=free)
    kept.seeded = struck, added
    kept.declared = frozenset(network.conduits) - {struck} | {added}
    kept.found = frozenset(
        Conduit(way.source, way.target, way.port)
        for way in {struck, *kept.declared} if _answers(zones, way)
    )


@then("both are named, each with what is wrong with it")
def both_named(bench: Bench) -> None:
    """The comparison finds a difference in either direction, and these alone."""
    kept = bench.part(TriedZones)
    assert kept.seeded is not None
    struck, added = kept.seeded
    named = differences(kept.declared, kept.found)
    for sentence in named:
        bench.recorder.observe(sentence)
    expected = {
        f"{shown(struck)} is open and not declared", f"{shown(added)} is declared and closed",
    }
    equal(set(named), expected, "differences that are named")


def _zones(bench: Bench) -> tuple[Zone, ...]:
    """The zones of the target. Raises: NotTested where it declares none."""
    zones = network_of(bench).zones
    if not zones:
        raise NotTested("the target declares no zones and conduits")
    return zones


def _answers(zones: tuple[Zone, ...], way: Conduit) -> bool:
    by_name = {zone.name: zone for zone in zones}
    scanned = replace(by_name[way.target], ports=(way.port, way.port))
    return bool(ports_of(by_name[way.source], scanned))
