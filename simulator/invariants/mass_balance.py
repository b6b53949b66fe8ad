"""Mass balance: per lot, exact, three ways - physically, by WMS and by MES.

Received + produced + returned = on hand + issued + sampled + scrapped + shipped -
adjustments. What each
system's journal says must lead to what its containers hold, and to what physically happened.
Serves URS-REC-001, URS-DSP-002 and URS-PCK-003.
"""

from __future__ import annotations

from decimal import Decimal

from contracts.model.roles import Role
from simulator.evidence import Evidence
from simulator.flows import balance, flows_of, on_hand
from simulator.invariants.violation import Judgement, Violation
from simulator.ledger import Moving

_TOLD = (
    Moving.RECEIVED, Moving.PRODUCED, Moving.RETURNED, Moving.ISSUED, Moving.SAMPLED,
    Moving.SCRAPPED, Moving.SHIPPED, Moving.SPILLED, Moving.CAME_BACK, Moving.LOST_IN_PROCESS,
    Moving.ASSEMBLED, Moving.TAKEN_APART, Moving.OPENED,
)


def mass_balance(evidence: Evidence) -> Judgement:
    """Judge every lot that ever moved."""
    judgement = Judgement()
    for role in Role:
        flows = flows_of(evidence.recorded[role])
        lots = {m.lot for m in evidence.ledger.moves} | set(flows)
        for lot in sorted(lots):
            _judge(judgement, evidence, role, (lot, dict(flows.get(lot, {}))))
    return judgement


def _judge(
    judgement: Judgement, evidence: Evidence, role: Role,
    recorded: tuple[str, dict[Moving, Decimal]],
) -> None:
    lot, told = recorded
    truth = evidence.ledger.totals(lot)
    for moving in _TOLD:
        if moving not in told and moving not in truth:
            continue
        expected, observed = truth.get(moving, Decimal(0)), told.get(moving, Decimal(0))
        judgement.compare(
            expected == observed,
            Violation(
                f"lot {lot} in {role.upper()}", f"{expected} {moving}", f"{observed} {moving}",
                evidence.first_about(lot), lot, str(observed - expected),
            ),
        )
    told[Moving.STOOD] = truth.get(Moving.STOOD, Decimal(0))
    expected, observed = balance(told), on_hand(evidence.recorded[role], lot)
    judgement.compare(
        expected == observed,
        Violation(
            f"lot {lot} in {role.upper()}", f"{expected} on hand by its own messages",
            f"{observed} on hand", evidence.first_about(lot), lot, str(observed - expected),
        ),
    )
