"""The validation summary: three verdicts, how they came about, what is open, how to verify."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from contracts.model.verdicts import State, Verdict
from reports.cover import protocol_sentence, summary_cover
from reports.edition import Edition
from reports.matrix import Matrix
from reports.trace import OPEN, Check, RequirementTrace, in_states
from reports.wording import NAMES, SUMMARY_TITLE, VERDICT_RULE

_SECTIONS = (
    ("verdicts", "How the verdicts were reached"), ("requirements", "Requirements"),
    ("open", "What is open"), ("deviations", "Deviations"), ("outside", "What was not tested"),
    ("environment", "Environment"), ("documents", "The documents"),
    ("evidence", "The evidence, and how to verify it"),
)
_OPEN_SECTION, _OUTSIDE_SECTION = (
    number for number, (anchor, _) in enumerate(_SECTIONS, 1) if anchor in ("open", "outside")
)


@dataclass(frozen=True)
class ProtocolLine:
    """What the summary says about one protocol."""

    name: str
    verdict: Verdict
    sentence: str
    open: tuple[Check, ...]
    outside: tuple[tuple[str, str], ...]


def summary(edition: Edition, matrix: Matrix, documents: dict[str, str]) -> str:
    """The HTML of the summary. ``documents`` are those printed before it, with their SHA-256."""
    states = Counter(item.state for item in edition.trace.requirements)
    return edition.page(
        "summary.html", SUMMARY_TITLE,
        cover=summary_cover(edition),
        open_section=_OPEN_SECTION,
        outside_section=_OUTSIDE_SECTION,
        protocols=_protocols(edition),
        rule=VERDICT_RULE,
        requirement_states=[(state, states[state]) for state in State],
        requirements_open=_requirements_open(edition),
        gaps=[gap for gap in matrix.gaps if gap.found],
        documents=documents,
        conclusion=conclusion(edition),
        contents=[(1, anchor, str(number), title) for number, (anchor, title) in
                  enumerate(_SECTIONS, 1)],
    )


def conclusion(edition: Edition) -> str:
    """What the run supports; the decision stays with the approver."""
    verdict, informal = edition.trace.verdict, edition.header.informal
    if verdict not in (Verdict.PASSED, Verdict.PASSED_WITH_DEVIATIONS):
        return (
            f"The run ended {verdict.value}. Its evidence does not support a release of the "
            "systems; what is open is listed in section 3."
        )
    if informal:
        return (
            "The checks passed, but the run is informal, so its evidence does not by itself "
            "support a release of the systems."
        )
    return (
        "The evidence of this run supports the statement that the systems named on page one meet "
        "the requirements in the scope of the plan. Whether they are released for use is the "
        "approver's decision."
    )


def _protocols(edition: Edition) -> tuple[ProtocolLine, ...]:
    return tuple(
        ProtocolLine(
            name=NAMES[part.protocol],
            verdict=part.verdict,
            sentence=protocol_sentence(edition, part),
            open=in_states(part.checks, *OPEN, State.DEVIATION),
            outside=(
                *((item.subject, f"outside the plan: {item.reason}") for item in part.outside),
                *((f"{check.id} {check.planned.title}", f"not applicable: {check.result.reason}")
                  for check in in_states(part.checks, State.NOT_APPLICABLE)),
            ),
        )
        for part in edition.trace.protocols
    )


def _requirements_open(edition: Edition) -> tuple[RequirementTrace, ...]:
    settled = (State.PASSED, State.NOT_APPLICABLE)
    return tuple(item for item in edition.trace.requirements if item.state not in settled)
