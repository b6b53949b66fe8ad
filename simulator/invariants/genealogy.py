"""Genealogy: what both systems say came out of what is what physically happened.

Serves URS-BPR-002 and URS-PCK-003.
"""

from __future__ import annotations

from collections import Counter

from contracts.model.roles import Role
from simulator.evidence import Descent, Evidence
from simulator.invariants.violation import Judgement, Violation
from simulator.ledger import Moving

_IN_STOCK = (Moving.PICKED, Moving.SAMPLED, Moving.ISSUED, Moving.RETURNED)


def genealogy(evidence: Evidence) -> Judgement:
    """Judge every part that was taken out of a container, and every link that is on record."""
    judgement = Judgement()
    truth = Counter(_truth(evidence))
    for role in Role:
        seen = Counter(evidence.recorded[role].genealogy)
        for link in sorted(truth | seen, key=lambda one: (one.child, one.parent, one.quantity)):
            judgement.compare(
                truth[link] == seen[link],
                Violation(
                    f"{link.quantity} of {link.parent} in {link.child}, in {role.upper()}",
                    f"{truth[link]} times", f"{seen[link]} times",
                    evidence.first_about(link.child), quantity=str(link.quantity),
                ),
            )
    return judgement


def _truth(evidence: Evidence) -> list[Descent]:
    return [
        Descent(moved.container, moved.source, moved.quantity)
        for moved in evidence.ledger.moves
        if moved.moving in _IN_STOCK and moved.container != moved.source
    ]
