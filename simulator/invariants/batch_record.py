"""Batch records: every lot and container in them is in the movements of the warehouse, and back.

Serves URS-BPR-002.
"""

from __future__ import annotations

from collections import Counter

from contracts.model.roles import Role
from simulator.evidence import Evidence
from simulator.invariants.violation import Judgement, Violation


def batch_record(evidence: Evidence) -> Judgement:
    """Judge every issue, return and packed unit of all batches, to the last digit."""
    judgement = Judgement()
    written = Counter(evidence.recorded[Role.MES].traces.lines)
    moved = Counter(evidence.recorded[Role.WMS].traces.lines)
    for line in sorted(written | moved):
        judgement.compare(
            written[line] == moved[line],
            Violation(
                f"{line.quantity} of lot {line.lot} {line.kind}, {line.container} {line.event}",
                f"{written[line]} in the batch record", f"{moved[line]} in the movements",
                evidence.first_about(line.container), line.lot, str(line.quantity),
            ),
        )
    return judgement
