"""Converged: after healing nothing is on its way any more, within the plant's stated time.

Serves URS-REL-002 and URS-DEV-001.
"""

from __future__ import annotations

from contracts.model.roles import Role
from simulator.evidence import Evidence
from simulator.invariants.violation import Judgement, Violation


def converged(evidence: Evidence) -> Judgement:
    """Judge each system's outbox after healing, and the time that healing took."""
    judgement = Judgement()
    limit = f"both quiet within {evidence.plant.site.heal_min} min of the end of the shift"
    for role in Role:
        recorded = evidence.recorded[role]
        for message in recorded.sent:
            judgement.compare(
                message.key not in recorded.pending,
                Violation(
                    f"{message.message} {message.business_key} of {role.upper()}", limit,
                    "still on its way", message.message,
                ),
            )
    if judgement.checked:
        judgement.compare(
            evidence.healed_at is not None,
            Violation("the plant", limit, "still at work", "no single message"),
        )
    return judgement
