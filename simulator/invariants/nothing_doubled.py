"""Nothing doubled: one posting for one business event, and no more on record than was picked.

Serves URS-IDM-002, URS-IDM-008 and URS-PCK-003.
"""

from __future__ import annotations

from collections import defaultdict

from contracts.model.roles import Role
from simulator.evidence import Evidence
from simulator.invariants.violation import Judgement, Violation
from simulator.journalled import Journalled
from simulator.ledger import Standing


def nothing_doubled(evidence: Evidence) -> Judgement:
    """Judge every business event by its acknowledgements, every quantity by the ledger."""
    judgement = Judgement()
    for role in Role:
        _judge_events(judgement, evidence, role)
        _judge_lines(judgement, evidence, role)
        _judge_containers(judgement, evidence, role)
    return judgement


def _judge_events(judgement: Judgement, evidence: Evidence, role: Role) -> None:
    """Two different acknowledgements of one business event are two postings of it."""
    events: dict[tuple[str, str], list[Journalled]] = defaultdict(list)
    for message in evidence.recorded[role].received:
        events[(message.message, message.business_key)].append(message)
    for (name, business_key), messages in events.items():
        answers = {answer for message in messages for answer in message.answers}
        judgement.compare(
            len(answers) <= 1,
            Violation(
                f"{name} {business_key} in {role.upper()}", "one posting",
                f"{len(answers)} postings", name,
            ),
        )


def _judge_lines(judgement: Judgement, evidence: Evidence, role: Role) -> None:
    for line in evidence.recorded[role].picks:
        picked = evidence.ledger.picked(line.order, line.line)
        judgement.compare(
            line.picked <= picked,
            Violation(
                f"request {line.request} line {line.line} in {role.upper()}",
                f"{picked} picked", f"{line.picked} picked",
                evidence.first_message(requestId=line.request, lineId=line.line),
            ),
        )
        judgement.compare(
            line.picked + line.allocated <= max(line.requested, picked),
            Violation(
                f"request {line.request} line {line.line} in {role.upper()}",
                f"{line.requested} set aside or picked",
                f"{line.picked} picked and {line.allocated} set aside",
                evidence.first_message(requestId=line.request),
            ),
        )


def _judge_containers(judgement: Judgement, evidence: Evidence, role: Role) -> None:
    truth = {held.container: held for held in evidence.ledger.held(Standing.STOCK)}
    for name, seen in evidence.recorded[role].containers.items():
        held = truth.get(name)
        there = held.quantity if held else 0
        judgement.compare(
            seen.quantity <= there,
            Violation(
                f"lot {seen.lot}, container {name} in {role.upper()}", f"{there}",
                f"{seen.quantity}", evidence.first_message(container=name),
            ),
        )
