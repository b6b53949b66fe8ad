"""Labels: every label that was issued is applied, spoiled or void, and on paper it is the same;
what people read on it is in the language that was asked for.

Serves URS-LBL-003, URS-PAK-001, URS-DEV-003 and URS-DEV-005.
"""

from __future__ import annotations

from collections import Counter

from contracts.model.packing import LabelState
from contracts.model.roles import Role
from simulator.evidence import Evidence, LabelSeen
from simulator.invariants.violation import Judgement, Violation
from simulator.ledger import Sticker

_OPEN = (LabelState.ISSUED, LabelState.VERIFIED)


def labels(evidence: Evidence) -> Judgement:
    """Judge every label on record against the paper, and all paper against the record."""
    judgement = Judgement()
    seen = evidence.recorded[Role.MES].labels
    paper = evidence.ledger.stickers
    for name in sorted(seen.keys() | paper.keys()):
        _judge_label(judgement, evidence, name, (seen.get(name), paper.get(name)))
    for name, sticker in sorted(paper.items()):
        judgement.compare(
            not sticker.misprint,
            Violation(
                f"words on label {name}", sticker.custom, sticker.misprint,
                evidence.first_about(name),
            ),
        )
    applied = Counter(row.unit for row in seen.values() if row.state is LabelState.APPLIED)
    for unit, count in sorted(applied.items()):
        judgement.compare(
            count == 1,
            Violation(
                f"SSCC of {unit}", "on one label that is applied", f"on {count}",
                evidence.first_about(unit),
            ),
        )
    return judgement


def _judge_label(
    judgement: Judgement, evidence: Evidence, name: str,
    both: tuple[LabelSeen | None, Sticker | None],
) -> None:
    seen, sticker = both
    expected, observed = _on_paper(sticker), _on_record(seen)
    judgement.compare(
        expected == observed and (seen is None or seen.state not in _OPEN),
        Violation(f"label {name}", expected, observed, evidence.first_about(name)),
    )


def _on_paper(sticker: Sticker | None) -> str:
    return f"on {sticker.unit}" if sticker and sticker.applied else "on no unit"


def _on_record(seen: LabelSeen | None) -> str:
    if seen is None:
        return "never issued"
    if seen.state is LabelState.APPLIED:
        return f"on {seen.unit}"
    return "on no unit" if seen.state not in _OPEN else f"{seen.state}, not accounted for"
