"""Serial numbers: each unit of sale is in one container, in one kit, or out of use for a reason.

What both systems say of a serial number, in all that they show, is held against where the unit
really is. Serves URS-AGG-002, URS-AGG-003, URS-ADJ-003 and URS-RET-002.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from contracts.model.roles import Role
from simulator.evidence import Evidence, Recorded
from simulator.invariants.violation import Judgement, Violation
from simulator.ledger import PhysicalLedger

Place = tuple[str, str]


def serials(evidence: Evidence) -> Judgement:
    """Judge every serial number that really exists or is on record."""
    judgement = Judgement()
    truth = _by_serial(_truth(evidence.ledger))
    for role in Role:
        seen = _by_serial(_seen(evidence.recorded[role]))
        for serial in sorted(truth.keys() | seen.keys()):
            judgement.compare(truth[serial] == seen[serial], Violation(
                f"serial number {serial}, in {role.upper()}",
                _told(truth[serial]), _told(seen[serial]), evidence.first_about(serial),
            ))
    return judgement


def _truth(ledger: PhysicalLedger) -> Iterator[Place]:
    for held in ledger.held():
        yield from ((serial, f"in {held.container}") for serial in held.serials)
    for kit, components in ledger.kits.items():
        yield from ((serial, f"in kit {kit}") for serial in components)
    yield from ((serial, f"out of use, {state.value}") for serial, state in ledger.ended.items())


def _seen(recorded: Recorded) -> Iterator[Place]:
    yield from (
        (link.child, f"in {link.parent}")
        for link in recorded.aggregations if not link.is_logistic
    )
    asides = recorded.asides
    yield from ((serial, f"in kit {kit}") for serial, kit in asides.in_kits.items())
    yield from ((serial, f"out of use, {state}") for serial, state in asides.ended.items())


def _by_serial(places: Iterator[Place]) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for serial, place in places:
        found[serial].append(place)
    for named in found.values():
        named.sort()
    return found


def _told(places: list[str]) -> str:
    return " and ".join(places) or "nowhere"
