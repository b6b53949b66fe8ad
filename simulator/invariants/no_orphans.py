"""No orphans: every lot and every SSCC is known to both systems, and is really there.

Serves URS-REC-002, URS-DEV-001 and URS-DEV-003.
"""

from __future__ import annotations

from contracts.model.roles import Role
from simulator.evidence import Evidence
from simulator.invariants.violation import Judgement, Violation
from simulator.ledger import Standing


def no_orphans(evidence: Evidence) -> Judgement:
    """Judge every lot and container that physically exists or that a system has on record."""
    judgement = Judgement()
    real = {h.container for h in evidence.ledger.held()}
    stock = {h.container for h in evidence.ledger.held(Standing.STOCK)}
    lots = {h.lot for h in evidence.ledger.held()}
    for role in Role:
        seen = evidence.recorded[role]
        for name in sorted(stock | seen.containers.keys()):
            known = (name in real, name in seen.containers)
            _judge(judgement, evidence, f"SSCC of {name}", role, known)
        for name in sorted(lots | seen.lots.keys()):
            known = (name in lots or _announced(evidence, name), name in seen.lots)
            _judge(judgement, evidence, f"lot {name}", role, known)
    return judgement


def _announced(evidence: Evidence, lot: str) -> bool:
    """A lot of the plant file exists on paper, whether any of it has come or been made yet."""
    return any(name == lot for name, _ in evidence.plant.lots_of_all())


def _judge(
    judgement: Judgement, evidence: Evidence, subject: str, role: Role, known: tuple[bool, bool]
) -> None:
    real, recorded = known
    judgement.compare(
        real and recorded,
        Violation(
            f"{subject} in {role.upper()}", "there, and on record",
            "on record, and not there" if recorded else "there, and not on record",
            evidence.first_about(subject.rpartition(" ")[2]),
        ),
    )
