"""Aggregation: what both systems say is inside what is a tree, and is what was physically stacked.

Serves URS-AGG-001 and URS-PAK-003.
"""

from __future__ import annotations

from collections import Counter

from contracts.model.roles import Role
from simulator.evidence import Evidence, Inside
from simulator.invariants.violation import Judgement, Violation


def aggregation_tree(evidence: Evidence) -> Judgement:
    """Judge every unit that was put into another, and every record that says so."""
    judgement = Judgement()
    truth = set(_truth(evidence))
    for role in Role:
        seen = evidence.recorded[role].aggregations
        _judge_links(judgement, evidence, role, (truth, set(seen)))
        _judge_shape(judgement, evidence, role, seen)
    return judgement


def _judge_links(
    judgement: Judgement, evidence: Evidence, role: Role, both: tuple[set[Inside], set[Inside]]
) -> None:
    truth, seen = both
    for link in sorted(truth | seen, key=lambda one: (one.parent, one.child)):
        judgement.compare(
            link in truth and link in seen,
            Violation(
                f"{link.child} in {link.parent}, in {role.upper()}",
                "inside" if link in truth else "not inside",
                "inside" if link in seen else "not inside", evidence.first_about(link.parent),
            ),
        )


def _judge_shape(
    judgement: Judgement, evidence: Evidence, role: Role, seen: list[Inside]
) -> None:
    """One parent each, and no way from a unit up to itself."""
    parents = Counter(link.child for link in seen)
    above = {link.child: link.parent for link in seen}
    for link in seen:
        judgement.compare(
            parents[link.child] == 1 and not _is_circular(link, above),
            Violation(
                f"{link.child} in {link.parent}, in {role.upper()}",
                "one parent, and no way back", f"{parents[link.child]} parents, or a circle",
                evidence.first_about(link.parent),
            ),
        )


def _truth(evidence: Evidence) -> list[Inside]:
    units = [Inside(child, parent) for child, parent in evidence.ledger.parents.items()]
    pieces = [
        Inside(serial, held.container)
        for held in evidence.ledger.held() for serial in held.serials
    ]
    return [*units, *pieces]


def _is_circular(link: Inside, above: dict[str, str]) -> bool:
    """Whether a child is reached again on the way up. A tree of units has few floors."""
    at, steps = link.parent, 0
    while at in above and steps < len(above):
        at, steps = above[at], steps + 1
        if at == link.child:
            return True
    return False
