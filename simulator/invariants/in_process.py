"""In process: what production was issued is where it was brought, with what is left of it.

Both systems tell of each transfer and of the place where it ended; MES tells of each line what was
issued, given back and given up. Serves URS-WIP-001, URS-ADJ-003 and URS-DSP-002.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

from contracts.model.roles import Role
from simulator.asides import InProcess, Transfer
from simulator.evidence import Evidence
from simulator.invariants.violation import Judgement, Violation
from simulator.ledger import Moving, PhysicalLedger

_KINDS = (Moving.ISSUED, Moving.RETURNED, Moving.LOST_IN_PROCESS)
Line = tuple[str, str, str]


def in_process(evidence: Evidence) -> Judgement:
    """Judge every transfer, every place, and every lot on every line."""
    judgement = Judgement()
    truth = Counter(_transfers(evidence.ledger))
    for role in Role:
        seen = Counter(evidence.recorded[role].asides.transfers)
        for moved in sorted(truth | seen):
            judgement.compare(truth[moved] == seen[moved], Violation(
                f"{moved.quantity} of {moved.lot} in {moved.container} brought to "
                f"{moved.location}, in {role.upper()}",
                f"{truth[moved]} times", f"{seen[moved]} times",
                evidence.first_about(moved.container), moved.lot, str(moved.quantity),
            ))
        _judge_places(judgement, evidence, role)
    _judge_lines(judgement, evidence)
    return judgement


def _judge_places(judgement: Judgement, evidence: Evidence, role: Role) -> None:
    truth = {moved.container: moved.location for moved in _transfers(evidence.ledger)}
    seen = evidence.recorded[role].asides.places
    for name in sorted(truth.keys() | seen.keys()):
        expected, observed = truth.get(name, "at its booth"), seen.get(name, "at its booth")
        judgement.compare(expected == observed, Violation(
            f"{name} in process, in {role.upper()}", expected, observed,
            evidence.first_about(name),
        ))


def _judge_lines(judgement: Judgement, evidence: Evidence) -> None:
    truth = _lines(evidence.ledger)
    seen = evidence.recorded[Role.MES].asides.in_process
    nothing = InProcess(Decimal(0), Decimal(0), Decimal(0))
    for line in sorted(truth.keys() | seen.keys()):
        expected, observed = truth.get(line, nothing), seen.get(line, nothing)
        order, number, lot = line
        judgement.compare(expected == observed, Violation(
            f"lot {lot} on line {number} of {order}, in MES", _told(expected), _told(observed),
            evidence.first_about(lot), lot,
        ))


def _transfers(ledger: PhysicalLedger) -> list[Transfer]:
    return [
        Transfer(m.order, m.container, m.lot, m.quantity, m.location)
        for m in ledger.moves if m.moving is Moving.BROUGHT_ON
    ]


def _lines(ledger: PhysicalLedger) -> dict[Line, InProcess]:
    """What really went to each line; what is lost is known by the container that it was in."""
    sums: dict[Line, dict[Moving, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    line_of: dict[str, Line] = {}
    for moved in ledger.moves:
        if moved.moving not in _KINDS:
            continue
        if moved.moving is Moving.ISSUED:
            line_of[moved.container] = (moved.order, moved.line, moved.lot)
        issued_into = moved.container if moved.moving is Moving.ISSUED else moved.source
        sums[line_of[issued_into]][moved.moving] += moved.quantity
    return {
        line: InProcess(*(amounts[kind] for kind in _KINDS)) for line, amounts in sums.items()
    }


def _told(line: InProcess) -> str:
    return f"{line.issued} issued, {line.returned} given back, {line.scrapped} given up"
