"""Nothing lost: what was sent is posted, what was picked is on record in both systems.

Serves URS-IDM-002 and URS-PCK-003.
"""

from __future__ import annotations

from contracts.model.roles import Role
from simulator.evidence import Evidence, Recorded
from simulator.invariants.violation import Judgement, Violation
from simulator.journalled import Journalled
from simulator.ledger import Held, Standing


def nothing_lost(evidence: Evidence) -> Judgement:
    """Judge every message by the journals of both systems, every container by the ledger."""
    judgement = Judgement()
    for role in Role:
        received = {m.key: m for m in evidence.recorded[role.partner].received}
        for message in evidence.recorded[role].sent:
            _judge_message(judgement, evidence.recorded[role], message, received)
    for held in evidence.ledger.held(Standing.STOCK):
        for role in Role:
            _judge_container(judgement, evidence, role, held)
    return judgement


def _judge_message(
    judgement: Judgement, sender: Recorded, message: Journalled,
    received: dict[str, Journalled],
) -> None:
    arrived = received.get(message.key)
    posted = arrived is not None and bool(arrived.answers or arrived.refusals)
    observed = "posted" if posted else "received and not posted" if arrived else "never received"
    if message.key in sender.pending:
        observed += ", still pending after healing"
    settled = posted and message.key not in sender.pending
    judgement.compare(
        settled,
        Violation(
            f"{message.message} {message.business_key} of {sender.role.upper()}",
            f"posted by {sender.role.partner.upper()}", observed, message.message,
        ),
    )


def _judge_container(judgement: Judgement, evidence: Evidence, role: Role, held: Held) -> None:
    seen = evidence.recorded[role].containers.get(held.container)
    truth = f"{held.quantity} at {held.location}"
    record = f"{seen.quantity} at {seen.location}" if seen else "no such container"
    # More than is there is the other oracle's finding; less, or elsewhere, is a loss.
    holds = seen is not None and seen.location == held.location and seen.quantity >= held.quantity
    judgement.compare(
        holds,
        Violation(
            f"lot {held.lot}, container {held.container} in {role.upper()}", truth, record,
            evidence.first_message(container=held.container),
        ),
    )
